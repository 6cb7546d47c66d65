//! The simulator.

use super::{new_role, region};
use crate::testing::Region;
use api::iam::*;

const PASS: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["ecs:*","ecr:Get*"],"Resource":"*"},
    {"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/shop-*",
     "Condition":{"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}},
    {"Effect":"Deny","Action":"ecs:DeleteCluster","Resource":"*"}]}"#;

fn custom(action: &str, resource: &str, context: &[(&str, &str)]) -> SimulateCustomPolicyRequest {
    let entry = |(key, value): &(&str, &str)| ContextEntry {
        context_key_name: Some((*key).to_owned()),
        context_key_values: Some(vec![(*value).to_owned()]),
        context_key_type: Some("string".to_owned()),
    };
    SimulateCustomPolicyRequest {
        policy_input_list: vec![PASS.to_owned()],
        action_names: vec![action.to_owned()],
        resource_arns: Some(vec![resource.to_owned()]),
        context_entries: Some(context.iter().map(entry).collect()),
        ..Default::default()
    }
}

fn decide(region: &mut Region, request: SimulateCustomPolicyRequest) -> EvaluationResult {
    let answer = region.ok::<SimulateCustomPolicy>(request);
    answer.evaluation_results.unwrap().remove(0)
}

#[test]
fn statements_fit_by_action_resource_and_condition() {
    let mut region = region();
    let service = "iam:PassedToService";
    let role = "arn:aws:iam::000000000000:role/shop-task";
    for (action, resource, context, expected) in [
        ("ecs:CreateService", "*", &[][..], "allowed"),
        ("ECS:createservice", "*", &[], "allowed"),
        ("ecs:DeleteCluster", "*", &[], "explicitDeny"),
        ("ecr:GetAuthorizationToken", "*", &[], "allowed"),
        ("ecr:PutImage", "*", &[], "implicitDeny"),
        ("iam:PassRole", role, &[(service, "ecs-tasks.amazonaws.com")], "allowed"),
        ("iam:PassRole", role, &[("IAM:passedtoservice", "ecs-tasks.amazonaws.com")], "allowed"),
        ("iam:PassRole", role, &[(service, "lambda.amazonaws.com")], "implicitDeny"),
        ("iam:PassRole", role, &[], "implicitDeny"),
        ("iam:PassRole", "arn:aws:iam::000000000000:role/other", &[], "implicitDeny"),
    ] {
        let result = decide(&mut region, custom(action, resource, context));
        assert_eq!(result.eval_decision, expected, "{action} on {resource} with {context:?}");
    }
}

#[test]
fn what_was_not_told_and_mattered_is_named() {
    let mut region = region();
    let role = "arn:aws:iam::000000000000:role/shop-task";
    let result = decide(&mut region, custom("iam:PassRole", role, &[]));
    assert_eq!(result.missing_context_values.unwrap(), ["iam:PassedToService"]);
    let result = decide(&mut region, custom("ecs:DeleteCluster", "*", &[]));
    let matched = result.matched_statements.unwrap();
    assert_eq!(matched.len(), 1);
    assert_eq!(matched[0].source_policy_id.as_deref(), Some("PolicyInputList.1"));
}

#[test]
fn a_boundary_allows_nothing_by_itself_and_keeps_the_rest_within() {
    let mut region = region();
    let only_ecr = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ecr:*","Resource":"*"}}"#;
    for (action, expected, within) in [
        ("ecr:GetAuthorizationToken", "allowed", true),
        ("ecr:PutImage", "implicitDeny", true),
        ("ecs:RunTask", "implicitDeny", false),
    ] {
        let request = SimulateCustomPolicyRequest {
            permissions_boundary_policy_input_list: Some(vec![only_ecr.to_owned()]),
            ..custom(action, "*", &[])
        };
        let result = decide(&mut region, request);
        assert_eq!(result.eval_decision, expected, "{action}");
        let detail = result.permissions_boundary_decision_detail.unwrap();
        assert_eq!(detail.allowed_by_permissions_boundary, Some(within), "{action}");
    }
}

#[test]
fn a_roles_own_policies_are_asked() {
    let mut region = region();
    region.ok::<AttachRolePolicy>(AttachRolePolicyRequest {
        role_name: "web".to_owned(),
        policy_arn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
            .to_owned(),
    });
    region.ok::<PutRolePolicy>(PutRolePolicyRequest {
        role_name: "web".to_owned(),
        policy_name: "pass".to_owned(),
        policy_document: PASS.to_owned(),
    });
    let request = |arn: &str| SimulatePrincipalPolicyRequest {
        policy_source_arn: arn.to_owned(),
        action_names: ["logs:PutLogEvents", "ecs:RunTask", "s3:GetObject"]
            .map(str::to_owned)
            .to_vec(),
        max_items: Some(2),
        ..Default::default()
    };
    let web = "arn:aws:iam::000000000000:role/web";
    let first = region.ok::<SimulatePrincipalPolicy>(request(web));
    let decision = |result: &EvaluationResult| result.eval_decision.clone();
    let decisions: Vec<_> = first.evaluation_results.unwrap().iter().map(decision).collect();
    assert_eq!(decisions, ["allowed", "allowed"]);
    let next = SimulatePrincipalPolicyRequest { marker: first.marker, ..request(web) };
    let last = region.ok::<SimulatePrincipalPolicy>(next).evaluation_results.unwrap();
    assert_eq!(last.iter().map(decision).collect::<Vec<_>>(), ["implicitDeny"]);

    region.ok::<CreateRole>(new_role("admin"));
    region.ok::<AttachRolePolicy>(AttachRolePolicyRequest {
        role_name: "admin".to_owned(),
        policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned(),
    });
    for (arn, expected) in [
        ("arn:aws:iam::000000000000:role/none", "NoSuchEntity: The role with name none cannot"),
        ("arn:aws:iam::000000000000:root", "InvalidInput: Invalid Entity Arn: arn:aws:iam::"),
        ("arn:aws:iam::000000000000:user/eve", "NoSuchEntity: The user with name eve cannot"),
        ("arn:aws:iam::000000000000:role/admin", "PolicyEvaluation: the local region does not"),
    ] {
        let fault = region.fault::<SimulatePrincipalPolicy>(request(arn));
        assert!(fault.starts_with(expected), "{fault}");
    }
}

#[test]
fn what_can_not_be_simulated_is_refused() {
    let mut region = region();
    for (request, expected) in [
        (
            SimulateCustomPolicyRequest {
                resource_policy: Some("{}".to_owned()),
                ..custom("ecs:RunTask", "*", &[])
            },
            "InvalidInput: ResourcePolicy is not implemented by the local region's simulator",
        ),
        (custom("ecs:Run*", "*", &[]), "InvalidInput: Invalid Action Name: ecs:Run*"),
        (
            SimulateCustomPolicyRequest {
                policy_input_list: vec!["{}".to_owned()],
                ..custom("ecs:RunTask", "*", &[])
            },
            "InvalidInput: Syntax errors in policy.",
        ),
    ] {
        assert_eq!(region.fault::<SimulateCustomPolicy>(request), expected);
    }
}
