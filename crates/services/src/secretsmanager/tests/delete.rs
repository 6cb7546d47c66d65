use super::*;
use api::secretsmanager::{
    DescribeSecret, DescribeSecretRequest, ListSecrets, ListSecretsRequest, RestoreSecret,
    RestoreSecretRequest, UpdateSecret, UpdateSecretRequest,
};
use model::Span;

const DAY: Span = Span::minutes(24 * 60);

fn restore(id: &str) -> RestoreSecretRequest {
    RestoreSecretRequest { secret_id: id.to_owned() }
}

fn force(id: &str) -> DeleteSecretRequest {
    DeleteSecretRequest { force_delete_without_recovery: Some(true), ..delete(id) }
}

fn window(days: i64) -> DeleteSecretRequest {
    DeleteSecretRequest { recovery_window_in_days: Some(days), ..delete("s") }
}

#[test]
fn a_deleted_secret_can_be_restored_until_its_day() {
    let mut region = with_secret();
    let answer = region.ok::<DeleteSecret>(window(7));
    let gone = answer.deletion_date.unwrap();
    assert_eq!(gone.since(region.now), Span::minutes(7 * 24 * 60));
    let described =
        region.ok::<DescribeSecret>(DescribeSecretRequest { secret_id: "s".to_owned() });
    assert_eq!(described.deleted_date, Some(gone));
    assert_eq!(region.fault::<GetSecretValue>(ask("s")), GONE);
    assert_eq!(region.fault::<PutSecretValue>(put("v2", "x", None)), GONE);
    let update = UpdateSecretRequest { secret_id: "s".to_owned(), ..Default::default() };
    assert_eq!(region.fault::<UpdateSecret>(update), GONE);
    assert_eq!(region.fault::<DeleteSecret>(delete("s")), GONE);
    assert_eq!(
        region.fault::<CreateSecret>(create("s", "x", "v2")),
        "InvalidRequestException: You can't create this secret because a secret with this name is \
            already scheduled for deletion."
    );
    for _ in 0..6 {
        region.pass(DAY);
    }
    region.ok::<RestoreSecret>(restore("s"));
    assert_eq!(value(&mut region, "s"), "one");
    region.ok::<RestoreSecret>(restore("s"));
}

#[test]
fn a_secret_whose_day_has_come_is_gone_and_its_name_is_free() {
    let mut region = with_secret();
    region.ok::<DeleteSecret>(delete("s"));
    for _ in 0..30 {
        region.pass(DAY);
    }
    assert_eq!(region.fault::<RestoreSecret>(restore("s")), MISSING);
    let everything =
        ListSecretsRequest { include_planned_deletion: Some(true), ..Default::default() };
    assert_eq!(region.ok::<ListSecrets>(everything).secret_list.unwrap().len(), 0);
    region.ok::<CreateSecret>(create("s", "anew", "v2"));
    assert_eq!(value(&mut region, "s"), "anew");
}

#[test]
fn force_deletes_at_once_even_what_is_not_there() {
    let mut region = with_secret();
    let first = region.ok::<DeleteSecret>(force("s"));
    assert_eq!(first.deletion_date, Some(region.now));
    assert!(region.world.secrets.is_empty());
    let made = region.ok::<CreateSecret>(create("s", "one", "v1"));
    assert_ne!(made.arn, first.arn, "a new secret has an ARN of its own");
    region.ok::<DeleteSecret>(delete("s"));
    region.ok::<DeleteSecret>(force("s"));
    let never = region.ok::<DeleteSecret>(force("never"));
    assert!(never.arn.is_some_and(|arn| arn.contains(":secret:never-")));
    assert_eq!(region.fault::<DeleteSecret>(delete("never")), MISSING);
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = with_secret();
    let days = "InvalidParameterException: The RecoveryWindowInDays value must be between 7 and \
        30 days (inclusive).";
    for asked in [6, 31, -1] {
        assert_eq!(region.fault::<DeleteSecret>(window(asked)), days);
    }
    let both = DeleteSecretRequest { recovery_window_in_days: Some(7), ..force("s") };
    assert_eq!(
        region.fault::<DeleteSecret>(both),
        "InvalidParameterException: You can't use ForceDeleteWithoutRecovery in conjunction with \
            RecoveryWindowInDays."
    );
    let named = region.fault::<DeleteSecret>(force("not a name"));
    assert!(named.starts_with("ValidationException: Invalid name."), "{named}");
}
