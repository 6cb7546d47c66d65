//! Requests and their refusals; what stacks come to is tried with real clients.

use super::table;
use crate::testing::{Region, assert_complete};
use api::Service;
use api::cloudformation::*;

const CLUSTER: &str = "Resources: { C: { Type: 'AWS::ECS::Cluster' } }";

fn region() -> Region {
    Region::of(table())
}

fn new(name: &str, body: &str) -> CreateStackInput {
    CreateStackInput {
        stack_name: name.to_owned(),
        template_body: Some(body.to_owned()),
        ..CreateStackInput::default()
    }
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(Service::CloudFormation, &table());
}

#[test]
fn every_type_is_found_by_its_name_and_names_are_in_order() {
    let names: Vec<&str> = super::kinds().collect();
    for name in &names {
        assert_eq!(super::types::find(name).map(super::types::Kind::name), Some(*name));
    }
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names.len(), sorted.len());
}

#[test]
fn what_is_no_stack_is_refused_in_cloudformations_words() {
    let mut region = region();
    region.ok::<CreateStack>(new("there", CLUSTER));
    let of = |kind: &str, properties: &str| {
        format!("Resources: {{ R: {{ Type: '{kind}', Properties: {{ {properties} }} }} }}")
    };
    for (name, body, expected) in [
        ("there", CLUSTER, "AlreadyExistsException: Stack [there] already exists"),
        (
            "1st",
            CLUSTER,
            "ValidationError: 1 validation error detected: Value '1st' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
        ),
        (
            "new",
            "Resources: {}",
            "ValidationError: Template format error: At least one Resources member must be defined.",
        ),
        (
            "new",
            &of("AWS::Lambda::Function", ""),
            "ValidationError: Template format error: Unrecognized resource types: [AWS::Lambda::Function]",
        ),
        (
            "new",
            &of("AWS::IAM::Role", "A: 1"),
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]",
        ),
        (
            "new",
            &of("AWS::IAM::Role", "RoleName: r"),
            "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]",
        ),
        (
            "new",
            &format!("{CLUSTER}\nOutputs: {{ O: {{ Value: !GetAtt C.Name }} }}"),
            "ValidationError: Template error: resource C does not support attribute type Name in Fn::GetAtt",
        ),
    ] {
        assert_eq!(region.fault::<CreateStack>(new(name, body)), expected, "{body}");
    }
    let gone = DescribeStacksInput { stack_name: Some("gone".to_owned()), next_token: None };
    let expected = "ValidationError: Stack with id gone does not exist";
    assert_eq!(region.fault::<DescribeStacks>(gone), expected);
}

#[test]
fn the_same_request_again_is_answered_with_the_same_stack() {
    let mut region = region();
    let asked = || CreateStackInput {
        client_request_token: Some("once".to_owned()),
        ..new("shop", CLUSTER)
    };
    let first = region.ok::<CreateStack>(asked());
    assert_eq!(region.ok::<CreateStack>(asked()), first);
}

#[test]
fn a_stack_that_is_under_way_takes_no_update() {
    let mut region = region();
    let arn = region.ok::<CreateStack>(new("shop", CLUSTER)).stack_id.unwrap();
    let update = UpdateStackInput {
        stack_name: "shop".to_owned(),
        template_body: Some(CLUSTER.to_owned()),
        ..UpdateStackInput::default()
    };
    let expected = format!(
        "ValidationError: Stack:{arn} is in CREATE_IN_PROGRESS state and can not be updated."
    );
    assert_eq!(region.fault::<UpdateStack>(update), expected);
}
