//! Managed policies of the account, and AWS's.

use super::{new_role, region, tag};
use crate::testing::Region;
use api::iam::*;

const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
const ARN: &str = "arn:aws:iam::000000000000:policy/team/reads";

fn create(name: &str) -> CreatePolicyRequest {
    CreatePolicyRequest {
        policy_name: name.to_owned(),
        path: Some("/team/".to_owned()),
        policy_document: READ.to_owned(),
        description: Some("reads".to_owned()),
        tags: Some(vec![tag("team", "a")]),
    }
}

fn get(region: &mut Region, arn: &str) -> Policy {
    let request = GetPolicyRequest { policy_arn: arn.to_owned() };
    region.ok::<GetPolicy>(request).policy.unwrap()
}

fn attach(region: &mut Region, arn: &str) {
    let (role_name, policy_arn) = ("web".to_owned(), arn.to_owned());
    region.ok::<AttachRolePolicy>(AttachRolePolicyRequest { role_name, policy_arn });
}

/// Makes a version, which counts from then on or does not.
fn version(region: &mut Region, set_as_default: Option<bool>) -> PolicyVersion {
    let request = CreatePolicyVersionRequest {
        policy_arn: ARN.to_owned(),
        policy_document: READ.to_owned(),
        set_as_default,
    };
    region.ok::<CreatePolicyVersion>(request).policy_version.unwrap()
}

#[test]
fn a_policy_is_shown_with_who_has_it() {
    let mut region = region();
    let made = region.ok::<CreatePolicy>(create("reads")).policy.unwrap();
    assert_eq!((made.arn.as_deref(), made.description), (Some(ARN), None));
    attach(&mut region, ARN);
    let found = get(&mut region, ARN);
    assert_eq!((found.attachment_count, found.description.as_deref()), (Some(1), Some("reads")));
    assert_eq!(found.default_version_id.as_deref(), Some("v1"));
    let request = ListEntitiesForPolicyRequest { policy_arn: ARN.to_owned(), ..Default::default() };
    let who = region.ok::<ListEntitiesForPolicy>(request).policy_roles.unwrap();
    assert_eq!(who[0].role_name.as_deref(), Some("web"));
}

#[test]
fn names_are_unique_whatever_their_case() {
    let mut region = region();
    region.ok::<CreatePolicy>(create("reads"));
    assert_eq!(
        region.fault::<CreatePolicy>(create("READS")),
        "EntityAlreadyExists: A policy called READS already exists. Duplicate names are not allowed."
    );
    let bad = CreatePolicyRequest { policy_document: "{".to_owned(), ..create("b") };
    assert_eq!(
        region.fault::<CreatePolicy>(bad),
        "MalformedPolicyDocument: Syntax errors in policy."
    );
}

#[test]
fn numbers_of_versions_are_not_given_twice() {
    let mut region = region();
    region.ok::<CreatePolicy>(create("reads"));
    for _ in 2..=5 {
        version(&mut region, None);
    }
    let sixth = CreatePolicyVersionRequest {
        policy_arn: ARN.to_owned(),
        policy_document: READ.to_owned(),
        set_as_default: None,
    };
    let fault = region.fault::<CreatePolicyVersion>(sixth);
    assert!(fault.starts_with("LimitExceeded: A managed policy can have up to 5"), "{fault}");
    let named = |id: &str| DeletePolicyVersionRequest {
        policy_arn: ARN.to_owned(),
        version_id: id.to_owned(),
    };
    region.ok::<DeletePolicyVersion>(named("v5"));
    assert_eq!(version(&mut region, Some(true)).version_id.as_deref(), Some("v6"));
    assert_eq!(
        region.fault::<DeletePolicyVersion>(named("v6")),
        "DeleteConflict: Cannot delete the default version of a policy."
    );
    let fault = region.fault::<DeletePolicyVersion>(named("v5"));
    assert!(fault.starts_with("NoSuchEntity: Policy"), "{fault}");
}

#[test]
fn a_policy_that_somebody_has_stays() {
    let mut region = region();
    region.ok::<CreatePolicy>(create("reads"));
    attach(&mut region, ARN);
    let request = || DeletePolicyRequest { policy_arn: ARN.to_owned() };
    assert_eq!(
        region.fault::<DeletePolicy>(request()),
        "DeleteConflict: Cannot delete a policy attached to entities."
    );
    let (role_name, policy_arn) = ("web".to_owned(), ARN.to_owned());
    region.ok::<DetachRolePolicy>(DetachRolePolicyRequest { role_name, policy_arn });
    version(&mut region, None);
    let fault = region.fault::<DeletePolicy>(request());
    assert!(fault.contains("more than one version"), "{fault}");
    let version_id = "v2".to_owned();
    let gone = DeletePolicyVersionRequest { policy_arn: ARN.to_owned(), version_id };
    region.ok::<DeletePolicyVersion>(gone);
    region.ok::<DeletePolicy>(request());
    assert_eq!(
        region.fault::<GetPolicy>(GetPolicyRequest { policy_arn: ARN.to_owned() }),
        format!("NoSuchEntity: Policy {ARN} was not found.")
    );
}

#[test]
fn what_amazon_publishes_can_be_read() {
    let mut region = region();
    let of_aws = |only_attached| ListPoliciesRequest {
        scope: Some("AWS".to_owned()),
        only_attached,
        ..Default::default()
    };
    let listed = region.ok::<ListPolicies>(of_aws(None)).policies.unwrap();
    for policy in &listed {
        let arn = policy.arn.clone().unwrap();
        let version_id = policy.default_version_id.clone().unwrap();
        let request = GetPolicyVersionRequest { policy_arn: arn, version_id };
        let version = region.ok::<GetPolicyVersion>(request).policy_version.unwrap();
        assert!(version.document.unwrap().contains("2012-10-17"));
    }
    attach(&mut region, "arn:aws:iam::aws:policy/AdministratorAccess");
    let attached = region.ok::<ListPolicies>(of_aws(Some(true))).policies.unwrap();
    assert_eq!(attached.len(), 1);
    assert_eq!(attached[0].policy_name.as_deref(), Some("AdministratorAccess"));
}

#[test]
fn a_boundary_counts_as_a_use_of_its_own() {
    let mut region = region();
    region.ok::<CreatePolicy>(create("reads"));
    let bound =
        CreateRoleRequest { permissions_boundary: Some(ARN.to_owned()), ..new_role("bound") };
    region.ok::<CreateRole>(bound);
    let found = get(&mut region, ARN);
    let counts = (found.attachment_count, found.permissions_boundary_usage_count);
    assert_eq!(counts, (Some(0), Some(1)));
}
