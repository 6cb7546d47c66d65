//! `DescribeStackResource`, `DescribeStackResources` and `ListStackResources`.

use super::{drift, fault, find};
use crate::Cx;
use crate::page::{Ask, page};
use api::Fault;
use api::cloudformation as shown;
use api::cloudformation::*;
use template::Template;
use world::stack::{ResourceStatus, StackResource as Row};
use world::{Stack, World};

/// How many resources AWS answers at once.
const MOST: usize = 100;

/// What is begun of a stack's resources.
fn of<'a>(world: &'a World, stack: &'a Stack) -> impl Iterator<Item = &'a Row> {
    let begun = |held: &&Row| held.is_present() && held.status.is_some();
    world.resources_of(&stack.arn).filter(begun)
}

fn status(held: &Row) -> String {
    held.status.map(ResourceStatus::as_str).unwrap_or_default().to_owned()
}

fn physical(held: &Row) -> Option<String> {
    held.physical().map(str::to_owned)
}

/// `DescribeStackResource`.
pub(super) fn one(
    world: &World,
    _: &Cx<'_>,
    input: DescribeStackResourceInput,
) -> Result<DescribeStackResourceOutput, Fault> {
    let name = &input.stack_name;
    let stack = find::any(world, name).ok_or_else(|| fault::no_such_named_stack(name))?;
    let logical = &input.logical_resource_id;
    let held = of(world, stack).find(|it| it.key.logical == *logical);
    let held = held.ok_or_else(|| fault::no_resource(logical, name))?;
    let template = Template::parse(&stack.version.template).ok();
    let metadata = template.and_then(|it| it.resources.get(logical)?.metadata.clone());
    let detail = StackResourceDetail {
        stack_name: Some(stack.name.clone()),
        stack_id: Some(stack.arn.to_string()),
        logical_resource_id: logical.clone(),
        physical_resource_id: physical(held),
        resource_type: held.kind.clone(),
        last_updated_timestamp: held.at,
        resource_status: status(held),
        resource_status_reason: held.reason.clone(),
        metadata: Some(metadata.map_or_else(|| "{}".to_owned(), |it| it.to_string())),
        drift_information: Some(StackResourceDriftInformation {
            stack_resource_drift_status: drift::of_resource(stack, &held.key.logical).0.to_owned(),
            last_check_timestamp: drift::of_resource(stack, &held.key.logical).1,
        }),
        ..StackResourceDetail::default()
    };
    Ok(DescribeStackResourceOutput { stack_resource_detail: Some(detail) })
}

/// `DescribeStackResources`: of a stack, or of the stack that has a physical resource.
pub(super) fn all(
    world: &World,
    _: &Cx<'_>,
    input: DescribeStackResourcesInput,
) -> Result<DescribeStackResourcesOutput, Fault> {
    let stack = match (&input.stack_name, &input.physical_resource_id) {
        (Some(name), _) => find::shown(world, name)?,
        (None, Some(id)) => {
            let held = world.stack_resources.iter().find(|it| it.physical() == Some(id));
            let stack = held.and_then(|it| world.stacks.get(&it.key.stack));
            stack.ok_or_else(|| fault::no_stack_of(id))?
        }
        (None, None) => return Err(fault::no_name()),
    };
    let wanted =
        |it: &&Row| input.logical_resource_id.as_ref().is_none_or(|id| *id == it.key.logical);
    let resources = of(world, stack).filter(wanted).map(|held| shown::StackResource {
        stack_name: Some(stack.name.clone()),
        stack_id: Some(stack.arn.to_string()),
        logical_resource_id: held.key.logical.clone(),
        physical_resource_id: physical(held),
        resource_type: held.kind.clone(),
        timestamp: held.at,
        resource_status: status(held),
        resource_status_reason: held.reason.clone(),
        drift_information: Some(StackResourceDriftInformation {
            stack_resource_drift_status: drift::of_resource(stack, &held.key.logical).0.to_owned(),
            last_check_timestamp: drift::of_resource(stack, &held.key.logical).1,
        }),
        ..shown::StackResource::default()
    });
    Ok(DescribeStackResourcesOutput { stack_resources: Some(resources.collect()) })
}

/// `ListStackResources`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListStackResourcesInput,
) -> Result<ListStackResourcesOutput, Fault> {
    let stack = find::shown(world, &input.stack_name)?;
    let token = input.next_token.as_deref();
    let ask = Ask { listing: "ListStackResources", token, limit: MOST };
    let page = page(of(world, stack), &ask, |it| it.key.logical.clone());
    let page = page.map_err(|_| fault::bad_token())?;
    let summary = |held: &Row| StackResourceSummary {
        logical_resource_id: held.key.logical.clone(),
        physical_resource_id: physical(held),
        resource_type: held.kind.clone(),
        last_updated_timestamp: held.at,
        resource_status: status(held),
        resource_status_reason: held.reason.clone(),
        drift_information: Some(StackResourceDriftInformationSummary {
            stack_resource_drift_status: drift::of_resource(stack, &held.key.logical).0.to_owned(),
            last_check_timestamp: drift::of_resource(stack, &held.key.logical).1,
        }),
        module_info: None,
    };
    let summaries = page.rows.into_iter().map(summary).collect();
    Ok(ListStackResourcesOutput {
        stack_resource_summaries: Some(summaries),
        next_token: page.next,
    })
}
