use super::*;
use crate::limits::{MAX_NAME_PARTS, MAX_PARAMETERS};
use crate::protocol::naming::Naming;
use crate::refusal::{FormTrouble, Wanted};
use api::{Call, Field, Operation, Value, ec2, elbv2, iam, sts};

fn read_value(operation: &Operation, form: &str) -> Result<Value, FormTrouble> {
    let naming = match operation.service {
        api::Service::Ec2 => Naming::Ec2,
        _ => Naming::Query,
    };
    read(naming, operation.input, &parse(form.as_bytes())?)
}

fn record<C: Call>(form: &str) -> C::Input {
    C::Input::from_value(read_value(C::OPERATION, form).unwrap()).unwrap()
}

#[track_caller]
fn check_trouble<C: Call>(form: &str, expected: &FormTrouble) {
    assert_eq!(read_value(C::OPERATION, form).as_ref(), Err(expected), "{form}");
}

#[test]
fn names_lead_through_structures_lists_and_maps() {
    let form = "Actions.member.1.Type=forward\
        &Actions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn=blue\
        &Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight=90\
        &Actions.member.1.ForwardConfig.TargetGroups.member.2.TargetGroupArn=green\
        &Conditions.member.1.PathPatternConfig.Values.member.1=%2Fapi%2F*\
        &ListenerArn=arn&Priority=10";
    let input = record::<elbv2::CreateRule>(form);
    let forward = input.actions[0].forward_config.clone().unwrap();
    let groups = forward.target_groups.unwrap();
    assert_eq!(groups[0].weight, Some(90));
    assert_eq!(groups[1].target_group_arn.as_deref(), Some("green"));
    let pattern = input.conditions[0].path_pattern_config.clone().unwrap();
    assert_eq!(pattern.values.unwrap(), ["/api/*"]);
    assert_eq!(input.priority, 10);
}

#[test]
fn ec2_writes_lists_flat_and_has_names_of_its_own() {
    let form = "Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.1.Value.2=vpc-2&SubnetId.1=a&SubnetId.2=b";
    let input = record::<ec2::DescribeSubnets>(form);
    let filters = input.filters.unwrap();
    assert_eq!(filters[0].name.as_deref(), Some("vpc-id"));
    assert_eq!(filters[0].values.as_deref(), Some(&["vpc-1".to_owned(), "vpc-2".to_owned()][..]));
    assert_eq!(input.subnet_ids.unwrap(), ["a", "b"]);
}

#[test]
fn texts_are_decoded() {
    let input = record::<iam::GetRole>("RoleName=a+b%2Bc%C3%A9%26%3D");
    assert_eq!(input.role_name, "a b+cé&=");
    assert_eq!(record::<iam::GetRole>("RoleName").role_name, "");
    assert_eq!(record::<iam::GetRole>("%52oleName=x&&").role_name, "x");
}

#[test]
fn the_first_of_two_parameters_counts() {
    assert_eq!(record::<iam::GetRole>("RoleName=a&RoleName=b").role_name, "a");
}

#[test]
fn elements_are_taken_in_the_order_of_their_numbers() {
    let form = "Names.member.10=c&Names.member.2=b&Names.member.1=a";
    assert_eq!(record::<elbv2::DescribeLoadBalancers>(form).names.unwrap(), ["a", "b", "c"]);
}

#[test]
fn a_list_that_is_named_and_has_nothing_is_empty() {
    assert_eq!(record::<elbv2::DescribeLoadBalancers>("Names=").names, Some(Vec::new()));
    assert_eq!(record::<elbv2::DescribeLoadBalancers>("").names, None);
}

#[test]
fn indexes_must_be_numbers_from_one() {
    for token in ["0", "x", "", "01", "-1", "99999999999"] {
        let form = format!("Names.member.{token}=a");
        let expected = FormTrouble::Index { token: token.to_owned() };
        check_trouble::<elbv2::DescribeLoadBalancers>(&form, &expected);
    }
    let flat = FormTrouble::Flat { name: "Names".to_owned() };
    check_trouble::<elbv2::DescribeLoadBalancers>("Names.1=a", &flat);
}

#[test]
fn scalars_must_be_of_their_kind() {
    let trouble = |name: &str, text: &str, wanted| FormTrouble::Kind {
        name: name.to_owned(),
        text: Some(text.to_owned()),
        wanted,
    };
    for text in ["", "abc", "900.0", "2147483648"] {
        let expected = trouble("DurationSeconds", text, Wanted::Integer);
        check_trouble::<sts::AssumeRole>(&format!("DurationSeconds={text}"), &expected);
    }
    let expected = trouble("Matcher.x", "", Wanted::Integer);
    assert_ne!(expected, trouble("Matcher", "", Wanted::Integer));
    for text in ["TRUE", "yes", ""] {
        let expected = trouble("HealthCheckEnabled", text, Wanted::Boolean);
        check_trouble::<elbv2::CreateTargetGroup>(&format!("HealthCheckEnabled={text}"), &expected);
    }
    let expected = trouble("Actions.member.3.Order", "x", Wanted::Integer);
    check_trouble::<elbv2::CreateRule>("Actions.member.3.Order=x", &expected);
    assert_eq!(
        record::<sts::AssumeRole>("RoleArn=a&RoleSessionName=b&DurationSeconds=%2B900")
            .duration_seconds,
        Some(900)
    );
}

#[test]
fn a_form_has_its_limits() {
    let many = "a=b&".repeat(MAX_PARAMETERS + 1);
    check_trouble::<iam::GetRole>(&many, &FormTrouble::TooMuch);
    let deep = format!("{}=1", "a.".repeat(MAX_NAME_PARTS));
    check_trouble::<iam::GetRole>(&deep, &FormTrouble::TooMuch);
    let endless = format!("{}=1", "a.".repeat(1_000_000));
    check_trouble::<iam::GetRole>(&endless, &FormTrouble::TooMuch);
}

#[test]
fn what_is_not_encoded_right_is_refused() {
    for form in ["RoleName=%", "RoleName=%2", "RoleName=%zz", "RoleName=%ff", "%=1"] {
        check_trouble::<iam::GetRole>(form, &FormTrouble::Encoding);
    }
    assert_eq!(parse(b"RoleName=\xff").err(), Some(FormTrouble::Encoding));
}

#[test]
fn forms_are_written_as_they_are_read() {
    let input = elbv2::AddTagsInput {
        resource_arns: vec!["arn:aws:x/y".into()],
        tags: vec![elbv2::Tag { key: "a b".into(), value: Some("é&=".into()) }],
    };
    let value = input.into_value();
    let shape = elbv2::AddTags::OPERATION.input;
    let form = write(Naming::Query, shape, &value, &[("Action", "AddTags")]);
    assert_eq!(
        form,
        "Action=AddTags&ResourceArns.member.1=arn%3Aaws%3Ax%2Fy&Tags.member.1.Key=a%20b\
         &Tags.member.1.Value=%C3%A9%26%3D"
    );
    assert_eq!(read_value(elbv2::AddTags::OPERATION, &form), Ok(value));
}
