//! Security groups come and go.

use super::super::{dry, fault, tags, vpc};
use super::{find, find_named};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use model::{Ids, SecurityGroupId};
use world::task::Attachment;
use world::vpc::{Direction, Peer, SecurityGroup as Row, defaults};
use world::{Draft, RowKey, World};

/// `CreateSecurityGroup`. Whatever its members send is allowed until somebody says otherwise.
pub(in super::super) fn create(
    draft: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: CreateSecurityGroupRequest,
) -> Result<CreateSecurityGroupResult, Fault> {
    dry(input.dry_run)?;
    let vpc = match &input.vpc_id {
        Some(id) => vpc::find(draft, id)?.id,
        None => draft.vpc.id.clone(),
    };
    let name = input.group_name;
    if name.is_empty() || name.len() > 255 || name.starts_with("sg-") {
        return Err(fault::bad_group_name(&name));
    }
    if name.eq_ignore_ascii_case(defaults::GROUP_NAME) {
        return Err(fault::reserved_group_name());
    }
    if draft.all_security_groups().any(|other| other.vpc == vpc && other.name == name) {
        return Err(fault::group_exists(&name, vpc.as_str()));
    }
    let given = tags::new(input.tag_specifications.as_deref(), "security-group")?;
    let id: SecurityGroupId = format!("sg-{}", ids.hex(17)).into();
    let anywhere = Peer::Range(model::Cidr::ALL);
    let out = defaults::every(format!("sgr-{}", ids.hex(17)), Direction::Egress, anywhere);
    let description = input.description;
    draft.put(Row { id: id.clone(), vpc, name, description, rules: vec![out] });
    tags::keep(draft, id.as_str(), given);
    Ok(CreateSecurityGroupResult {
        security_group_arn: Some(draft.place.arn("ec2", &format!("security-group/{id}"))),
        tags: tags::show(draft, id.as_str()),
        group_id: Some(id.to_string()),
    })
}

/// `DeleteSecurityGroup`: one that nothing is in, and that no other group's rule names.
pub(in super::super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteSecurityGroupRequest,
) -> Result<DeleteSecurityGroupResult, Fault> {
    dry(input.dry_run)?;
    let group = match (&input.group_id, &input.group_name) {
        (Some(id), _) => find(draft, id)?,
        (None, Some(name)) => find_named(draft, name)?,
        (None, None) => return Err(fault::no_group_named()),
    };
    if group.name == defaults::GROUP_NAME {
        return Err(fault::default_group(group.id.as_str()));
    }
    if is_used(draft, &group.id) {
        return Err(fault::group_dependency(group.id.as_str()));
    }
    for rule in &group.rules {
        tags::forget(draft, &rule.id);
    }
    draft.remove(RowKey::SecurityGroup(group.id.clone()));
    tags::forget(draft, group.id.as_str());
    let group_id = Some(group.id.to_string());
    Ok(DeleteSecurityGroupResult { r#return: Some(true), group_id })
}

/// Whether a task or a load balancer is in a group, or another group's rule names it.
fn is_used(world: &World, id: &SecurityGroupId) -> bool {
    let named = |group: &Row| {
        let peer = Peer::Group(id.clone());
        group.id != *id && group.rules.iter().any(|rule| rule.peer == peer)
    };
    let task = |task: &world::Task| {
        task.attachment != Attachment::Deleted && task.eni.security_groups.contains(id)
    };
    world.all_security_groups().any(|group| named(&group))
        || world.tasks.iter().any(task)
        || world.load_balancers.iter().any(|balancer| balancer.security_groups.contains(id))
}
