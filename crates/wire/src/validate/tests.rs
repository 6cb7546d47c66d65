use super::*;
use api::{Call, Field, Record, ecs, elbv2, iam, logs, secretsmanager, ssm, sts};

/// What a service says to a record; nothing when it is satisfied.
fn verdict<C: Call>(input: C::Input) -> Option<String> {
    said(C::OPERATION, &input.into_value())
}

fn said(operation: &'static Operation, input: &Value) -> Option<String> {
    let refusal = validate(operation, input).err()?;
    let dialect = crate::Dialect::of(operation.service);
    let fault = refusal.fault(dialect);
    assert_eq!(fault.status, 400);
    Some(fault.to_string())
}

/// An input with nothing in it.
fn nothing<C: Call>() -> Value {
    Value::Structure(vec![Value::Absent; <C::Input as Record>::SHAPE.members.len()])
}

#[track_caller]
fn check<C: Call>(input: C::Input, expected: &str) {
    assert_eq!(verdict::<C>(input).as_deref(), Some(expected));
}

#[test]
fn what_is_in_order_is_not_refused() {
    let input =
        logs::CreateLogGroupRequest { log_group_name: "/ecs/shop".into(), ..Default::default() };
    assert_eq!(verdict::<logs::CreateLogGroup>(input), None);
    assert_eq!(said(ecs::ListClusters::OPERATION, &nothing::<ecs::ListClusters>()), None);
}

#[test]
fn a_required_member_must_be_there() {
    let said = said(sts::AssumeRole::OPERATION, &nothing::<sts::AssumeRole>()).unwrap();
    assert_eq!(
        said,
        "ValidationError: 2 validation errors detected: Value null at 'roleArn' failed to satisfy \
         constraint: Member must not be null; Value null at 'roleSessionName' failed to satisfy \
         constraint: Member must not be null"
    );
}

#[test]
fn a_required_member_of_a_list_element_is_found_by_its_number() {
    let event = |timestamp: Value| Value::Structure(vec![timestamp, Value::String("hello".into())]);
    let mut input = nothing::<logs::PutLogEvents>();
    let Value::Structure(fields) = &mut input else { unreachable!() };
    fields[0] = Value::String("group".into());
    fields[1] = Value::String("stream".into());
    fields[2] = Value::List(vec![event(Value::Integer(1)), event(Value::Absent)]);
    assert_eq!(
        said(logs::PutLogEvents::OPERATION, &input).as_deref(),
        Some(
            "InvalidParameterException: 1 validation error detected: Value null at \
             'logEvents.2.member.timestamp' failed to satisfy constraint: Member must not be null"
        )
    );
}

#[test]
fn patterns_come_before_lengths() {
    let input = logs::DescribeLogGroupsRequest {
        log_group_name_prefix: Some(String::new()),
        ..Default::default()
    };
    check::<logs::DescribeLogGroups>(
        input,
        r"InvalidParameterException: 2 validation errors detected: Value at 'logGroupNamePrefix' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+; Value at 'logGroupNamePrefix' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
}

#[test]
fn lengths_count_characters() {
    let input = |name: String| sts::AssumeRoleRequest {
        role_arn: "arn:aws:iam::1:role/x".into(),
        role_session_name: name,
        ..Default::default()
    };
    assert_eq!(verdict::<sts::AssumeRole>(input("a".repeat(64))), None);
    let long = "a".repeat(65);
    check::<sts::AssumeRole>(
        input(long.clone()),
        &format!(
            "ValidationError: 1 validation error detected: Value '{long}' at 'roleSessionName' failed \
             to satisfy constraint: Member must have length less than or equal to 64"
        ),
    );
    let arn = sts::AssumeRoleRequest {
        role_arn: "é".repeat(2048),
        role_session_name: "session".into(),
        ..Default::default()
    };
    assert_eq!(verdict::<sts::AssumeRole>(arn), None);
}

#[test]
fn numbers_must_lie_in_their_range() {
    let input = |seconds| sts::AssumeRoleRequest {
        role_arn: "arn:aws:iam::1:role/x".into(),
        role_session_name: "session".into(),
        duration_seconds: Some(seconds),
        ..Default::default()
    };
    assert_eq!(verdict::<sts::AssumeRole>(input(900)), None);
    assert_eq!(verdict::<sts::AssumeRole>(input(43_200)), None);
    check::<sts::AssumeRole>(
        input(-1),
        "ValidationError: 1 validation error detected: Value '-1' at 'durationSeconds' failed to \
         satisfy constraint: Member must have value greater than or equal to 900",
    );
    check::<sts::AssumeRole>(
        input(43_201),
        "ValidationError: 1 validation error detected: Value '43201' at 'durationSeconds' failed to \
         satisfy constraint: Member must have value less than or equal to 43200",
    );
}

#[test]
fn enumerations_take_only_their_words() {
    let input = ecs::CreateServiceRequest {
        service_name: "web".into(),
        launch_type: Some("LAMBDA".into()),
        ..Default::default()
    };
    let said = verdict::<ecs::CreateService>(input).unwrap();
    assert!(said.starts_with(
        "InvalidParameterException: 1 validation error detected: Value 'LAMBDA' at 'launchType' failed \
         to satisfy constraint: Member must satisfy enum value set: [EC2, FARGATE, EXTERNAL"
    ), "{said}");
    let input = elbv2::SetSubnetsInput {
        load_balancer_arn: "arn".into(),
        ip_address_type: Some("ipv5".into()),
        ..Default::default()
    };
    check::<elbv2::SetSubnets>(
        input,
        "ValidationError: 1 validation error detected: Value 'ipv5' at 'ipAddressType' failed to satisfy \
         constraint: Member must satisfy enum value set: [ipv4, dualstack, dualstack-without-public-ipv4]",
    );
}

#[test]
fn elements_of_a_list_are_reported_with_the_list() {
    let input =
        ssm::GetParametersRequest { names: vec![String::new(), "b".into()], ..Default::default() };
    check::<ssm::GetParameters>(
        input,
        "ValidationException: 1 validation error detected: Value '[, b]' at 'names' failed to satisfy \
         constraint: Member must satisfy constraint: [Member must have length less than or equal to 2048, \
         Member must have length greater than or equal to 1]",
    );
}

#[test]
fn lists_and_maps_have_counts() {
    let input = ssm::GetParametersRequest { names: Vec::new(), ..Default::default() };
    check::<ssm::GetParameters>(
        input,
        "ValidationException: 1 validation error detected: Value '[]' at 'names' failed to satisfy \
         constraint: Member must have length greater than or equal to 1",
    );
    let tags = (0..51).map(|n| (n.to_string(), String::new())).collect();
    let input = logs::CreateLogGroupRequest {
        log_group_name: "a".into(),
        tags: Some(tags),
        ..Default::default()
    };
    check::<logs::CreateLogGroup>(
        input,
        "InvalidParameterException: 1 validation error detected: Value at 'tags' failed to satisfy \
         constraint: Member must have length less than or equal to 50",
    );
}

#[test]
fn keys_and_values_of_maps_are_checked() {
    let input = |key: &str, value: &str| logs::CreateLogGroupRequest {
        log_group_name: "a".into(),
        tags: Some([(key.to_owned(), value.to_owned())].into()),
        ..Default::default()
    };
    assert_eq!(verdict::<logs::CreateLogGroup>(input("k", "v")), None);
    check::<logs::CreateLogGroup>(
        input("k*", "v"),
        r"InvalidParameterException: 1 validation error detected: Value at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$]",
    );
    check::<logs::CreateLogGroup>(
        input("k", "v*"),
        r"InvalidParameterException: 1 validation error detected: Value at 'tags' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$]",
    );
}

#[test]
fn secrets_are_never_shown() {
    let input = secretsmanager::CreateSecretRequest {
        name: "shop".into(),
        secret_string: Some("hunter2".repeat(20_000).into()),
        ..Default::default()
    };
    check::<secretsmanager::CreateSecret>(
        input.clone(),
        "ValidationException: 1 validation error detected: Value at 'secretString' failed to satisfy \
         constraint: Member must have length less than or equal to 65536",
    );
    let refusal =
        validate(secretsmanager::CreateSecret::OPERATION, &input.into_value()).unwrap_err();
    assert!(!format!("{refusal:?} {refusal}").contains("hunter2"));
}

#[test]
fn iam_shows_nothing_but_words() {
    let input = iam::GetRoleRequest { role_name: "a".repeat(65) };
    check::<iam::GetRole>(
        input,
        "ValidationError: 1 validation error detected: Value at 'roleName' failed to satisfy constraint: \
         Member must have length less than or equal to 64",
    );
    let said = said(iam::GetRole::OPERATION, &nothing::<iam::GetRole>()).unwrap();
    assert!(
        said.ends_with("Value at 'roleName' failed to satisfy constraint: Member must not be null")
    );
}

#[test]
fn ec2_has_words_of_its_own() {
    let said = said(
        api::ec2::DescribeVpcAttribute::OPERATION,
        &nothing::<api::ec2::DescribeVpcAttribute>(),
    );
    assert_eq!(
        said.as_deref(),
        Some("MissingParameter: The request must contain the parameter attribute")
    );
    let input =
        |max| api::ec2::DescribeVpcsRequest { max_results: Some(max), ..Default::default() };
    check::<api::ec2::DescribeVpcs>(
        input(3),
        "InvalidParameterValue: Value ( 3 ) for parameter maxResults is invalid. Expecting a value \
         greater than 5.",
    );
    check::<api::ec2::DescribeVpcs>(
        input(1001),
        "InvalidParameterValue: Value ( 1001 ) for parameter maxResults is invalid. Expecting a value \
         less than 1000.",
    );
}

#[test]
fn no_refusal_lists_more_than_a_hundred_violations() {
    let event = Value::Structure(vec![Value::Absent, Value::Absent]);
    let mut input = nothing::<logs::PutLogEvents>();
    let Value::Structure(fields) = &mut input else { unreachable!() };
    fields[2] = Value::List(vec![event; 10_000]);
    let Err(Refusal::Invalid { violations, .. }) = validate(logs::PutLogEvents::OPERATION, &input)
    else {
        panic!("accepted")
    };
    assert_eq!(violations.len(), MAX_VIOLATIONS);
}
