//! Inline and managed policies.

use super::*;

const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
const EXECUTION: &str = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";

fn put(name: &str, document: &str) -> PutRolePolicyRequest {
    PutRolePolicyRequest {
        role_name: "web".to_owned(),
        policy_name: name.to_owned(),
        policy_document: document.to_owned(),
    }
}

fn attach(arn: &str) -> AttachRolePolicyRequest {
    AttachRolePolicyRequest { role_name: "web".to_owned(), policy_arn: arn.to_owned() }
}

fn detach(arn: &str) -> DetachRolePolicyRequest {
    DetachRolePolicyRequest { role_name: "web".to_owned(), policy_arn: arn.to_owned() }
}

fn attached(region: &mut Region, prefix: Option<&str>) -> Vec<String> {
    let request = ListAttachedRolePoliciesRequest {
        role_name: "web".to_owned(),
        path_prefix: prefix.map(str::to_owned),
        ..Default::default()
    };
    let policies = region.ok::<ListAttachedRolePolicies>(request).attached_policies;
    policies.unwrap().into_iter().filter_map(|policy| policy.policy_name).collect()
}

#[test]
fn an_inline_policy_is_kept_listed_and_deleted() {
    let mut region = region();
    region.ok::<PutRolePolicy>(put("buckets", POLICY));
    let role_name = "web".to_owned();
    let list = ListRolePoliciesRequest { role_name: role_name.clone(), ..Default::default() };
    assert_eq!(region.ok::<ListRolePolicies>(list).policy_names, ["buckets"]);
    let policy_name = "buckets".to_owned();
    let get =
        GetRolePolicyRequest { role_name: role_name.clone(), policy_name: policy_name.clone() };
    let document = region.ok::<GetRolePolicy>(get.clone()).policy_document;
    assert!(document.contains("%22Action%22%3A%22s3%3A%2A%22"), "{document}");

    let delete = DeleteRolePolicyRequest { role_name, policy_name };
    region.ok::<DeleteRolePolicy>(delete.clone());
    let expected = "NoSuchEntity: The role policy with name buckets cannot be found.";
    assert_eq!(region.fault::<GetRolePolicy>(get), expected);
    assert_eq!(region.fault::<DeleteRolePolicy>(delete), expected);
}

#[test]
fn inline_policies_must_be_policies_and_not_too_long() {
    let mut region = region();
    let fault = region.fault::<PutRolePolicy>(put("a", "{}"));
    assert_eq!(fault, "MalformedPolicyDocument: Syntax errors in policy.");
    let long = POLICY.replace("s3:*", &format!("s3:{}", "x".repeat(6000)));
    region.ok::<PutRolePolicy>(put("a", &long));
    let fault = region.fault::<PutRolePolicy>(put("b", &long));
    assert_eq!(fault, "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role web");
    region.ok::<PutRolePolicy>(put("a", &format!("{long}{}", " ".repeat(9000))));
}

#[test]
fn awss_own_policies_are_attached_by_their_arns() {
    let mut region = region();
    region.ok::<AttachRolePolicy>(attach(EXECUTION));
    region.ok::<AttachRolePolicy>(attach(EXECUTION));
    region.ok::<AttachRolePolicy>(attach("arn:aws:iam::aws:policy/ReadOnlyAccess"));
    let both = ["ReadOnlyAccess", "AmazonECSTaskExecutionRolePolicy"];
    assert_eq!(attached(&mut region, None), both);
    assert_eq!(attached(&mut region, Some("/service-role/")), both[1..]);

    region.ok::<DetachRolePolicy>(detach(EXECUTION));
    let fault = region.fault::<DetachRolePolicy>(detach(EXECUTION));
    assert_eq!(fault, format!("NoSuchEntity: Policy {EXECUTION} was not found."));
}

#[test]
fn what_is_no_policy_can_not_be_attached() {
    let mut region = region();
    let own = "arn:aws:iam::000000000000:policy/mine";
    let role = "arn:aws:iam::000000000000:role/web";
    let china = "arn:aws-cn:iam::aws:policy/ReadOnlyAccess";
    for (arn, expected) in [
        (own, format!("NoSuchEntity: Policy {own} does not exist or is not attachable.")),
        (role, format!("InvalidInput: ARN {role} is not valid.")),
        (china, "ValidationError: Invalid ARN partition".to_owned()),
        ("AmazonECSTaskExecutionRolePolicy", {
            "InvalidInput: ARN AmazonECSTaskExecutionRolePolicy is not valid.".to_owned()
        }),
    ] {
        assert_eq!(region.fault::<AttachRolePolicy>(attach(arn)), expected);
    }
}

#[test]
fn twenty_policies_can_be_attached() {
    let mut region = region();
    let arn = |n: u32| format!("arn:aws:iam::aws:policy/Policy{n}");
    for n in 0..20 {
        region.ok::<AttachRolePolicy>(attach(&arn(n)));
    }
    let fault = region.fault::<AttachRolePolicy>(attach(&arn(20)));
    assert_eq!(fault, "LimitExceeded: Cannot exceed quota for PoliciesPerRole: 20");
}

#[test]
fn a_role_with_policies_is_not_deleted() {
    let mut region = region();
    let delete = || DeleteRoleRequest { role_name: "web".to_owned() };
    region.ok::<AttachRolePolicy>(attach(EXECUTION));
    let fault = region.fault::<DeleteRole>(delete());
    assert_eq!(fault, "DeleteConflict: Cannot delete entity, must detach all policies first.");
    region.ok::<DetachRolePolicy>(detach(EXECUTION));
    region.ok::<PutRolePolicy>(put("a", POLICY));
    let fault = region.fault::<DeleteRole>(delete());
    assert_eq!(fault, "DeleteConflict: Cannot delete entity, must delete policies first.");
    let policy_name = "a".to_owned();
    let role_name = "web".to_owned();
    region.ok::<DeleteRolePolicy>(DeleteRolePolicyRequest { role_name, policy_name });
    region.ok::<DeleteRole>(delete());
    assert!(region.world.roles.is_empty());
}
