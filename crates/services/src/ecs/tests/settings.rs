//! Account settings.

use super::*;

const ROOT: &str = "arn:aws:iam::000000000000:root";
const USER: &str = "arn:aws:iam::000000000000:user/ada";

fn put(name: &str, value: &str, principal: Option<&str>) -> PutAccountSettingRequest {
    PutAccountSettingRequest {
        name: name.to_owned(),
        value: value.to_owned(),
        principal_arn: principal.map(str::to_owned),
    }
}

fn setting(name: &str, value: &str, principal: &str) -> Setting {
    let kind = if name == "guardDutyActivate" { "aws_managed" } else { "user" };
    Setting {
        name: some(name),
        value: some(value),
        principal_arn: some(principal),
        r#type: some(kind),
    }
}

fn list(region: &mut Region, request: ListAccountSettingsRequest) -> Vec<Setting> {
    region.ok::<ListAccountSettings>(request).settings.unwrap()
}

/// The effective value of a setting for a principal.
fn effective(region: &mut Region, name: &str, principal: &str) -> Vec<Setting> {
    list(
        region,
        ListAccountSettingsRequest {
            name: some(name),
            principal_arn: some(principal),
            effective_settings: Some(true),
            ..ListAccountSettingsRequest::default()
        },
    )
}

#[test]
fn a_principal_s_own_setting_stands_before_the_account_s() {
    let (mut region, name) = (empty(), "containerInsights");
    assert_eq!(effective(&mut region, name, USER), [setting(name, "disabled", USER)]);
    region.ok::<PutAccountSettingDefault>(PutAccountSettingDefaultRequest {
        name: name.to_owned(),
        value: "enabled".to_owned(),
    });
    assert_eq!(effective(&mut region, name, USER), [setting(name, "enabled", USER)]);
    let own = region.ok::<PutAccountSetting>(put(name, "enhanced", Some(USER))).setting;
    assert_eq!(own, Some(setting(name, "enhanced", USER)));
    assert_eq!(effective(&mut region, name, USER), [setting(name, "enhanced", USER)]);
    assert_eq!(effective(&mut region, name, ROOT), [setting(name, "enabled", ROOT)]);
    let delete = DeleteAccountSettingRequest { name: name.to_owned(), principal_arn: some(USER) };
    let left = region.ok::<DeleteAccountSetting>(delete).setting;
    assert_eq!(left, Some(setting(name, "enabled", USER)));
}

#[test]
fn settings_that_were_never_set_are_listed_when_the_effective_ones_are_asked_for() {
    let mut region = empty();
    assert_eq!(list(&mut region, ListAccountSettingsRequest::default()), []);
    let all = ListAccountSettingsRequest {
        effective_settings: Some(true),
        ..ListAccountSettingsRequest::default()
    };
    let first = region.ok::<ListAccountSettings>(all.clone());
    let rest = ListAccountSettingsRequest { next_token: first.next_token, ..all };
    let rest = region.ok::<ListAccountSettings>(rest);
    assert_eq!((first.settings.unwrap().len(), rest.settings.unwrap().len()), (10, 1));
    region.ok::<PutAccountSetting>(put("awsvpcTrunking", "enabled", None));
    let own = list(&mut region, ListAccountSettingsRequest::default());
    assert_eq!(own, [setting("awsvpcTrunking", "enabled", ROOT)]);
}

#[test]
fn a_new_cluster_begins_with_the_account_s_container_insights() {
    let mut region = empty();
    region.ok::<PutAccountSetting>(put("containerInsights", "enhanced", None));
    let cluster = region.ok::<CreateCluster>(CreateClusterRequest::default()).cluster.unwrap();
    assert_eq!(cluster.settings.unwrap()[0].value.as_deref(), Some("enhanced"));
}

#[test]
fn unknown_names_and_values_are_refused() {
    let mut region = empty();
    for (name, value) in [
        ("containerInsights", "on"),
        ("serviceLongArnFormat", "disabled"),
        ("guardDutyActivate", "on"),
        ("fargateTaskRetirementWaitPeriod", "3"),
    ] {
        assert_eq!(
            region.fault::<PutAccountSetting>(put(name, value, None)),
            "InvalidParameterException: Invalid setting 'value'",
            "{name}"
        );
    }
    let refused = region.fault::<PutAccountSetting>(put("colour", "on", None));
    assert!(refused.starts_with("InvalidParameterException: unknown should be one of [awsvpc"));
}

#[test]
fn the_settings_are_those_of_the_model() {
    let Some((_, name)) = <Setting as api::Record>::SHAPE.member("name") else { panic!("a name") };
    let api::Shape::String(text) = name.shape else { panic!("a text") };
    let mut region = empty();
    for word in text.words {
        assert_eq!(effective(&mut region, word, ROOT).len(), 1, "{word}");
    }
    let request =
        ListAccountSettingsRequest { effective_settings: Some(true), ..Default::default() };
    for setting in list(&mut region, request) {
        let name = setting.name.unwrap();
        assert!(text.words.contains(&name.as_str()), "{name}");
    }
}
