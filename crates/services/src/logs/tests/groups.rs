use super::*;
use api::logs::{
    DeleteLogGroup, DeleteLogGroupRequest, DeleteRetentionPolicy, DeleteRetentionPolicyRequest,
    DescribeLogGroups, DescribeLogGroupsRequest, LogGroup, PutLogGroupDeletionProtection,
    PutLogGroupDeletionProtectionRequest,
};

fn describe(region: &mut Region, ask: DescribeLogGroupsRequest) -> Vec<LogGroup> {
    region.ok::<DescribeLogGroups>(ask).log_groups.unwrap()
}

fn names(region: &mut Region, ask: DescribeLogGroupsRequest) -> Vec<String> {
    describe(region, ask).into_iter().flat_map(|group| group.log_group_name).collect()
}

fn delete(name: &str) -> DeleteLogGroupRequest {
    DeleteLogGroupRequest { log_group_name: name.to_owned() }
}

#[test]
fn a_group_is_shown_as_aws_shows_it() {
    let mut region = region();
    retain(&mut region, 14);
    fill(&mut region, "s", [1, 2]);
    let arn = "arn:aws:logs:eu-west-1:000000000000:log-group:app";
    let expected = LogGroup {
        log_group_name: Some("app".to_owned()),
        creation_time: Some(region.now.millis()),
        retention_in_days: Some(14),
        metric_filter_count: Some(0),
        arn: Some(format!("{arn}:*")),
        stored_bytes: Some(2 * 27),
        log_group_class: Some("STANDARD".to_owned()),
        log_group_arn: Some(arn.to_owned()),
        deletion_protection_enabled: Some(false),
        ..Default::default()
    };
    assert_eq!(describe(&mut region, Default::default()), [expected]);
}

#[test]
fn groups_are_listed_by_what_is_asked_for() {
    let mut region = Region::of(crate::logs::table());
    for (name, class) in
        [("/ecs/api", None), ("/ecs/web", Some("INFREQUENT_ACCESS")), ("other", Some("ESSENTIALS"))]
    {
        region.ok::<CreateLogGroup>(CreateLogGroupRequest {
            log_group_name: name.to_owned(),
            log_group_class: class.map(str::to_owned),
            kms_key_id: Some("key".to_owned()),
            ..Default::default()
        });
    }
    let ask = DescribeLogGroupsRequest::default;
    let some = |text: &str| Some(text.to_owned());
    let arn = "arn:aws:logs:eu-west-1:000000000000:log-group:other";
    for (ask, expected) in [
        (ask(), &["/ecs/api", "/ecs/web", "other"][..]),
        (
            DescribeLogGroupsRequest { log_group_name_prefix: some("/ecs"), ..ask() },
            &["/ecs/api", "/ecs/web"],
        ),
        (
            DescribeLogGroupsRequest { log_group_name_pattern: some("e"), ..ask() },
            &["/ecs/api", "/ecs/web", "other"],
        ),
        (DescribeLogGroupsRequest { log_group_name_pattern: some("W"), ..ask() }, &[]),
        (DescribeLogGroupsRequest { log_group_class: some("STANDARD"), ..ask() }, &["/ecs/api"]),
        (
            DescribeLogGroupsRequest { log_group_class: some("ESSENTIALS"), ..ask() },
            &["/ecs/web", "other"],
        ),
        (
            DescribeLogGroupsRequest {
                log_group_identifiers: Some(vec![
                    arn.to_owned(),
                    "/ecs/api".to_owned(),
                    "never".to_owned(),
                ]),
                ..ask()
            },
            &["/ecs/api", "other"],
        ),
    ] {
        let told = format!("{ask:?}");
        assert_eq!(names(&mut region, ask), expected, "{told}");
    }
}

#[test]
fn a_search_by_pattern_leaves_out_what_is_dear() {
    let mut region = region();
    let ask = DescribeLogGroupsRequest {
        log_group_name_pattern: Some("p".to_owned()),
        ..Default::default()
    };
    let group = describe(&mut region, ask).remove(0);
    assert_eq!((group.stored_bytes, group.deletion_protection_enabled), (None, None));
}

#[test]
fn groups_come_in_pages() {
    let mut region = region();
    for name in ["b", "c"] {
        create_group(&mut region, name);
    }
    let first = region
        .ok::<DescribeLogGroups>(DescribeLogGroupsRequest { limit: Some(2), ..Default::default() });
    assert_eq!(first.log_groups.unwrap().len(), 2);
    let rest = DescribeLogGroupsRequest { next_token: first.next_token, ..Default::default() };
    assert_eq!(names(&mut region, rest), ["c"]);
    let wrong = DescribeLogGroupsRequest { next_token: Some("x".to_owned()), ..Default::default() };
    assert_eq!(
        region.fault::<DescribeLogGroups>(wrong),
        "InvalidParameterException: The specified nextToken is invalid."
    );
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = region();
    let create = |name: &str| CreateLogGroupRequest {
        log_group_name: name.to_owned(),
        ..Default::default()
    };
    for (name, expected) in [
        ("app", "ResourceAlreadyExistsException: The specified log group already exists"),
        ("AWS/x", "InvalidParameterException: Log groups starting with AWS/ are reserved for AWS."),
    ] {
        assert_eq!(region.fault::<CreateLogGroup>(create(name)), expected);
    }
    let tags = Some([("aws:x".to_owned(), String::new())].into());
    let reserved = region.fault::<CreateLogGroup>(CreateLogGroupRequest { tags, ..create("b") });
    assert!(reserved.starts_with("InvalidParameterException: tag key `aws:x` is reserved"));
    let missing = "ResourceNotFoundException: The specified log group does not exist.";
    assert_eq!(region.fault::<DeleteLogGroup>(delete("never")), missing);
    let both = DescribeLogGroupsRequest {
        log_group_name_prefix: Some("a".to_owned()),
        log_group_name_pattern: Some("a".to_owned()),
        ..Default::default()
    };
    assert_eq!(
        region.fault::<DescribeLogGroups>(both),
        "InvalidParameterException: LogGroup name prefix and LogGroup name pattern are mutually \
            exclusive parameters."
    );
    let retention = |name: &str, retention_in_days| PutRetentionPolicyRequest {
        log_group_name: name.to_owned(),
        retention_in_days,
    };
    assert_eq!(region.fault::<PutRetentionPolicy>(retention("never", 1)), missing);
    let days = region.fault::<PutRetentionPolicy>(retention("app", 2));
    assert!(
        days.starts_with(
            "InvalidParameterException: 1 validation error detected: Value '2' at 'retentionInDays'"
        ),
        "{days}"
    );
    assert!(
        days.ends_with(
            "enum value set: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, \
        545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]"
        ),
        "{days}"
    );
}

#[test]
fn a_group_goes_with_its_streams_and_their_events() {
    let mut region = region();
    create_group(&mut region, "app2");
    fill(&mut region, "s", [1]);
    region.ok::<DeleteLogGroup>(delete("app"));
    assert_eq!(names(&mut region, Default::default()), ["app2"]);
    assert!(region.world.log_streams.is_empty());
    create_group(&mut region, "app");
    create_stream(&mut region, "s");
    assert_eq!(describe(&mut region, Default::default())[0].stored_bytes, Some(0));
}

#[test]
fn a_new_group_begins_empty_whatever_a_crash_left() {
    let mut region = Region::of(crate::logs::table());
    let left = LogEvent { at: region.now, message: "left over".to_owned() };
    let key = LogStreamKey { group: "app".into(), stream: "s".into() };
    region.logs.append(key, vec![left], region.now);
    create_group(&mut region, "app");
    assert_eq!(describe(&mut region, Default::default())[0].stored_bytes, Some(0));
}

#[test]
fn a_protected_group_stays_until_it_is_released() {
    let mut region = region();
    let protect = |identifier: &str, on| PutLogGroupDeletionProtectionRequest {
        log_group_identifier: identifier.to_owned(),
        deletion_protection_enabled: on,
    };
    region.ok::<PutLogGroupDeletionProtection>(protect("app", true));
    assert_eq!(
        describe(&mut region, Default::default())[0].deletion_protection_enabled,
        Some(true)
    );
    assert_eq!(
        region.fault::<DeleteLogGroup>(delete("app")),
        "ValidationException: The log group cannot be deleted because deletion protection is \
            enabled."
    );
    let arn = "arn:aws:logs:eu-west-1:000000000000:log-group:app";
    region.ok::<PutLogGroupDeletionProtection>(protect(arn, false));
    region.ok::<DeleteLogGroup>(delete("app"));
}

#[test]
fn retention_can_be_lifted() {
    let mut region = region();
    retain(&mut region, 1);
    let group = DeleteRetentionPolicyRequest { log_group_name: "app".to_owned() };
    region.ok::<DeleteRetentionPolicy>(group);
    assert_eq!(describe(&mut region, Default::default())[0].retention_in_days, None);
}

#[test]
fn a_broken_store_makes_the_service_unavailable() {
    let mut region = region();
    fill(&mut region, "s", [1]);
    region.logs.broken = true;
    let fault = region.call::<DescribeLogGroups>(Default::default()).unwrap_err();
    assert_eq!((fault.code, fault.status), ("ServiceUnavailableException", 500));
}
