//! Identity and Access Management: roles and their policies.
//!
//! A role gives a task or a session a name and credentials. Its policies are checked for their form,
//! kept and echoed; locally no call is allowed or refused by one. What they would say of a call can
//! be asked: the simulator evaluates them.

mod amazon;
mod fault;
mod inline;
mod managed;
mod policies;
mod profile;
mod role;
mod show;
mod simulate;
mod tagging;
#[cfg(test)]
mod tests;
mod trust;
mod usage;
mod versions;

use crate::Table;
use crate::page::{Ask, limit};
use api::Fault;
use api::iam::*;
use world::{Role, World};

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("CreateRole.AssumeRolePolicyDocument", "kept and echoed; whoever calls may assume the role"),
    ("CreateRole.PermissionsBoundary", "kept and echoed; the region refuses no call by policy"),
    ("PutRolePolicy.PolicyDocument", "kept and echoed; the region refuses no call by policy"),
    ("AttachRolePolicy.PolicyArn", "kept and echoed; the region refuses no call by policy"),
    ("CreatePolicy.PolicyDocument", "kept and echoed; the region refuses no call by policy"),
    ("CreatePolicyVersion.PolicyDocument", "kept and echoed; the region refuses no call by policy"),
    (
        "SimulatePrincipalPolicy.CallerArn, SimulateCustomPolicy.CallerArn",
        "it matters to policies of resources, which are not taken",
    ),
    (
        "SimulatePrincipalPolicy.ContextEntries.ContextKeyType",
        "a condition's operator says as what values are read",
    ),
];

/// The operations of IAM.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<CreateRole>(role::create)
        .read::<GetRole>(role::get)
        .read::<ListRoles>(role::list)
        .write::<UpdateRole>(role::update)
        .write::<DeleteRole>(role::delete)
        .write::<UpdateAssumeRolePolicy>(trust::update)
        .write::<PutRolePolicy>(inline::put)
        .read::<GetRolePolicy>(inline::get)
        .read::<ListRolePolicies>(inline::list)
        .write::<DeleteRolePolicy>(inline::delete)
        .write::<AttachRolePolicy>(managed::attach)
        .write::<DetachRolePolicy>(managed::detach)
        .read::<ListAttachedRolePolicies>(managed::list)
        .write::<TagRole>(tagging::tag)
        .write::<UntagRole>(tagging::untag)
        .read::<ListRoleTags>(tagging::list)
        .read::<ListInstanceProfilesForRole>(profile::list)
        .and(managed_policies())
        .read::<SimulatePrincipalPolicy>(simulate::principal)
        .read::<SimulateCustomPolicy>(simulate::custom)
}

fn managed_policies() -> Table {
    Table::default()
        .write::<CreatePolicy>(policies::create)
        .read::<GetPolicy>(policies::get)
        .read::<ListPolicies>(policies::list)
        .write::<DeletePolicy>(policies::delete)
        .read::<ListEntitiesForPolicy>(usage::list)
        .write::<CreatePolicyVersion>(versions::create)
        .read::<GetPolicyVersion>(versions::get)
        .read::<ListPolicyVersions>(versions::list)
        .write::<SetDefaultPolicyVersion>(versions::set_default)
        .write::<DeletePolicyVersion>(versions::delete)
        .write::<TagPolicy>(tagging::tag_policy)
        .write::<UntagPolicy>(tagging::untag_policy)
        .read::<ListPolicyTags>(tagging::list_of_policy)
}

/// The role with this name.
fn find<'a>(world: &'a World, name: &str) -> Result<&'a Role, Fault> {
    world.roles.get(name).ok_or_else(|| fault::no_role(name))
}

/// A page of one of IAM's listings: 100 rows unless asked otherwise, never more than 1000.
fn ask<'a>(listing: &'static str, marker: Option<&'a str>, most: Option<i32>) -> Ask<'a> {
    Ask { listing, token: marker, limit: limit(most, 100, 1000) }
}
