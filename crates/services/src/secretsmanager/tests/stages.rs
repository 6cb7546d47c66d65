//! The moves of labels, as they were observed on AWS.

use super::*;
use api::secretsmanager::{
    ListSecretVersionIds, ListSecretVersionIdsRequest, UpdateSecretVersionStage,
    UpdateSecretVersionStageRequest,
};
use model::Span;

fn stage(stage: &str, from: Option<&str>, to: Option<&str>) -> UpdateSecretVersionStageRequest {
    UpdateSecretVersionStageRequest {
        secret_id: "s".to_owned(),
        version_stage: stage.to_owned(),
        remove_from_version_id: from.map(token),
        move_to_version_id: to.map(token),
    }
}

/// The versions of `s`, without or with those that have no label.
fn list(region: &mut Region, include_deprecated: Option<bool>) -> Vec<String> {
    let ask = ListSecretVersionIdsRequest {
        secret_id: "s".to_owned(),
        include_deprecated,
        ..Default::default()
    };
    let versions = region.ok::<ListSecretVersionIds>(ask).versions.unwrap();
    let short = |id: String| id.trim_start_matches('-').to_owned();
    versions.into_iter().flat_map(|version| version.version_id).map(short).collect()
}

#[test]
fn a_new_value_is_current_and_the_one_before_is_previous() {
    let mut region = with_secret();
    put_value(&mut region, "v2", None);
    assert_labels(&region, &[("v1", &["AWSPREVIOUS"]), ("v2", &["AWSCURRENT"])]);
    put_value(&mut region, "v3", None);
    assert_labels(&region, &[("v1", &[]), ("v2", &["AWSPREVIOUS"]), ("v3", &["AWSCURRENT"])]);
}

#[test]
fn a_rotation_goes_through_pending() {
    let mut region = with_secret();
    put_value(&mut region, "v2", Some(&["AWSPENDING"]));
    assert_labels(&region, &[("v1", &["AWSCURRENT"]), ("v2", &["AWSPENDING"])]);
    region.ok::<UpdateSecretVersionStage>(stage("AWSCURRENT", Some("v1"), Some("v2")));
    assert_labels(&region, &[("v1", &["AWSPREVIOUS"]), ("v2", &["AWSCURRENT", "AWSPENDING"])]);
    put_value(&mut region, "v3", Some(&["AWSPENDING"]));
    region.ok::<UpdateSecretVersionStage>(stage("AWSCURRENT", Some("v2"), Some("v3")));
    assert_labels(
        &region,
        &[("v1", &[]), ("v2", &["AWSPREVIOUS"]), ("v3", &["AWSCURRENT", "AWSPENDING"])],
    );
    // A value that is put replaces the current one, which is pending no more either.
    put_value(&mut region, "v4", None);
    assert_labels(
        &region,
        &[("v1", &[]), ("v2", &[]), ("v3", &["AWSPREVIOUS"]), ("v4", &["AWSCURRENT"])],
    );
}

#[test]
fn other_labels_stay_where_they_are_until_they_are_given_again() {
    let mut region = with_secret();
    put_value(&mut region, "v2", Some(&["two", "one", "three"]));
    put_value(&mut region, "v3", Some(&["one", "two", "four"]));
    assert_labels(
        &region,
        &[("v1", &["AWSCURRENT"]), ("v2", &["three"]), ("v3", &["four", "one", "two"])],
    );
    put_value(&mut region, "v4", Some(&["AWSCURRENT", "PUT0"]));
    put_value(&mut region, "v5", Some(&["AWSPENDING", "PUT1"]));
    region.ok::<UpdateSecretVersionStage>(stage("AWSCURRENT", Some("v4"), Some("v5")));
    let labels = labels(&region);
    assert_eq!(labels[3].1, ["AWSPREVIOUS", "PUT0"]);
    assert_eq!(labels[4].1, ["AWSCURRENT", "AWSPENDING", "PUT1"]);
}

#[test]
fn a_label_can_be_added_moved_and_removed() {
    let mut region = with_secret();
    put_value(&mut region, "v2", None);
    region.ok::<UpdateSecretVersionStage>(stage("X", None, Some("v1")));
    assert_labels(&region, &[("v1", &["AWSPREVIOUS", "X"]), ("v2", &["AWSCURRENT"])]);
    region.ok::<UpdateSecretVersionStage>(stage("X", Some("v1"), Some("v2")));
    assert_labels(&region, &[("v1", &["AWSPREVIOUS"]), ("v2", &["AWSCURRENT", "X"])]);
    region.ok::<UpdateSecretVersionStage>(stage("X", None, Some("v2")));
    region.ok::<UpdateSecretVersionStage>(stage("X", Some("v2"), None));
    assert_labels(&region, &[("v1", &["AWSPREVIOUS"]), ("v2", &["AWSCURRENT"])]);
    // Back to what was before: the labels change places.
    region.ok::<UpdateSecretVersionStage>(stage("AWSCURRENT", Some("v2"), Some("v1")));
    assert_labels(&region, &[("v1", &["AWSCURRENT"]), ("v2", &["AWSPREVIOUS"])]);
}

#[test]
fn what_would_lose_the_current_version_is_refused() {
    let mut region = with_secret();
    put_value(&mut region, "v2", None);
    let (v1, v2) = (token("v1"), token("v2"));
    for (ask, expected) in [
        (
            stage("AWSCURRENT", None, Some("v1")),
            format!(
                "The parameter RemoveFromVersionId can't \
            be empty. Staging label AWSCURRENT is currently attached to version {v2}, so you must \
            explicitly reference that version in RemoveFromVersionId."
            ),
        ),
        (
            stage("AWSCURRENT", Some("v1"), Some("v2")),
            format!(
                "Version stage AWSCURRENT not found \
            in version {v1}"
            ),
        ),
        (
            stage("AWSCURRENT", Some("v2"), None),
            "You can only move staging label AWSCURRENT to a \
            different secret version. It can't be completely removed."
                .to_owned(),
        ),
        (stage("X", Some("v9"), None), format!("Not a valid version: {}", token("v9"))),
        (
            stage("X", None, None),
            "You must specify RemoveFromVersionId, MoveToVersionId, or both.".to_owned(),
        ),
    ] {
        let fault = region.fault::<UpdateSecretVersionStage>(ask);
        assert_eq!(fault, format!("InvalidParameterException: {expected}"));
    }
    assert_labels(&region, &[("v1", &["AWSPREVIOUS"]), ("v2", &["AWSCURRENT"])]);
}

#[test]
fn a_repeated_put_changes_nothing_and_a_different_one_is_refused() {
    let mut region = with_secret();
    put_value(&mut region, "v2", None);
    let again = region.ok::<PutSecretValue>(put("v1", "one", None));
    assert_eq!(again.version_stages.unwrap(), ["AWSPREVIOUS"]);
    assert_labels(&region, &[("v1", &["AWSPREVIOUS"]), ("v2", &["AWSCURRENT"])]);
    let fault = region.fault::<PutSecretValue>(put("v1", "other", None));
    assert!(
        fault.starts_with("ResourceExistsException: You can't use ClientRequestToken"),
        "{fault}"
    );
    let nothing = PutSecretValueRequest { secret_string: None, ..put("v3", "", None) };
    assert_eq!(
        region.fault::<PutSecretValue>(nothing),
        "InvalidRequestException: You must provide either SecretString or SecretBinary."
    );
}

#[test]
fn versions_without_a_label_are_listed_when_asked_for_and_forgotten_when_many() {
    let mut region = with_secret();
    for number in 2..=100 {
        region.pass(Span::seconds(1));
        put_value(&mut region, &format!("v{number}"), None);
    }
    assert_eq!(list(&mut region, None), ["v99", "v100"]);
    assert_eq!(list(&mut region, Some(true)).len(), 100);
    region.pass(Span::seconds(1));
    put_value(&mut region, "v101", None);
    let all = list(&mut region, Some(true));
    assert_eq!((all.len(), all[0].as_str()), (100, "v2"));
}

#[test]
fn versions_come_in_pages_with_their_facts() {
    let mut region = with_secret();
    region.pass(Span::seconds(1));
    put_value(&mut region, "v2", None);
    let ask = |max_results, next_token| ListSecretVersionIdsRequest {
        secret_id: "s".to_owned(),
        max_results,
        next_token,
        include_deprecated: None,
    };
    value(&mut region, "s");
    let first = region.ok::<ListSecretVersionIds>(ask(Some(1), None));
    let rest = region.ok::<ListSecretVersionIds>(ask(None, first.next_token));
    let (first, last) = (first.versions.unwrap(), rest.versions.unwrap());
    assert_eq!((first.len(), last.len()), (1, 1));
    assert_eq!(first[0].version_stages.as_deref(), Some(&["AWSPREVIOUS".to_owned()][..]));
    assert_eq!(last[0].kms_key_ids.as_deref(), Some(&["DefaultEncryptionKey".to_owned()][..]));
    assert_eq!(
        (first[0].last_accessed_date, last[0].last_accessed_date.map(|at| at.of_day())),
        (None, Some(0))
    );
    let fault = region.fault::<ListSecretVersionIds>(ask(None, Some("x".to_owned())));
    assert_eq!(fault, "InvalidNextTokenException: The NextToken value is invalid.");
}
