//! `DescribeStacks`, `ListStacks` and `DescribeStackEvents`.

use super::{drift, fault, find, show};
use crate::Cx;
use crate::page::{Ask, page};
use api::Fault;
use api::cloudformation::*;
use template::Template;
use world::World;
use world::stack::StackStatus;

/// How many events AWS answers at once.
const EVENTS: usize = 100;
/// How many stacks AWS answers at once.
const STACKS: usize = 100;

/// `DescribeStacks`: one, or all that are not deleted, the youngest first.
pub(super) fn stacks(
    world: &World,
    _: &Cx<'_>,
    input: DescribeStacksInput,
) -> Result<DescribeStacksOutput, Fault> {
    if let Some(name) = input.stack_name.as_deref().filter(|name| !name.is_empty()) {
        let stack = find::shown(world, name)?;
        return Ok(DescribeStacksOutput {
            stacks: Some(vec![show::stack(stack)]),
            next_token: None,
        });
    }
    let alive = world.stacks.iter().filter(|it| it.status != StackStatus::DeleteComplete);
    let ask = Ask { listing: "DescribeStacks", token: input.next_token.as_deref(), limit: STACKS };
    let page = page(alive, &ask, |it| it.arn.to_string()).map_err(|_| fault::bad_token())?;
    let stacks = page.rows.into_iter().map(show::stack).collect();
    Ok(DescribeStacksOutput { stacks: Some(stacks), next_token: page.next })
}

/// `ListStacks`: the deleted ones too.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListStacksInput,
) -> Result<ListStacksOutput, Fault> {
    let wanted = input.stack_status_filter.unwrap_or_default();
    let rows = world.stacks.iter().filter(|stack| {
        wanted.is_empty() || wanted.iter().any(|status| status == stack.status.as_str())
    });
    let ask = Ask { listing: "ListStacks", token: input.next_token.as_deref(), limit: STACKS };
    let page = page(rows, &ask, |it| it.arn.to_string()).map_err(|_| fault::bad_token())?;
    let summary = |stack: &world::Stack| StackSummary {
        stack_id: Some(stack.arn.to_string()),
        stack_name: stack.name.clone(),
        template_description: Template::parse(&stack.version.template)
            .ok()
            .and_then(|it| it.description),
        creation_time: stack.created_at,
        last_updated_time: stack.updated_at,
        deletion_time: stack.deleted_at,
        stack_status: stack.status.as_str().to_owned(),
        stack_status_reason: stack.reason.clone(),
        drift_information: Some(StackDriftInformationSummary {
            stack_drift_status: drift::of_stack(stack).0.to_owned(),
            last_check_timestamp: drift::of_stack(stack).1,
        }),
        ..StackSummary::default()
    };
    let summaries = page.rows.into_iter().map(summary).collect();
    Ok(ListStacksOutput { stack_summaries: Some(summaries), next_token: page.next })
}

/// `DescribeStackEvents`: the youngest first.
pub(super) fn events(
    world: &World,
    _: &Cx<'_>,
    input: DescribeStackEventsInput,
) -> Result<DescribeStackEventsOutput, Fault> {
    let name = &input.stack_name;
    let stack = find::any(world, name).ok_or_else(|| fault::no_events(name))?;
    let rows = world.stack_events_of(&stack.arn).rev();
    let token = input.next_token.as_deref();
    let ask = Ask { listing: "DescribeStackEvents", token, limit: EVENTS };
    // Numbers fall, and a page's keys have to rise.
    let page = page(rows, &ask, |it| u64::MAX - it.key.number).map_err(|_| fault::bad_token())?;
    let events = page.rows.into_iter().map(|event| StackEvent {
        stack_id: stack.arn.to_string(),
        event_id: event.id.clone(),
        stack_name: stack.name.clone(),
        logical_resource_id: Some(event.logical.clone()),
        physical_resource_id: event.physical.clone(),
        resource_type: Some(event.kind.clone()),
        timestamp: event.at,
        resource_status: Some(event.status.clone()),
        resource_status_reason: event.reason.clone(),
        client_request_token: event.token.clone(),
        ..StackEvent::default()
    });
    Ok(DescribeStackEventsOutput { stack_events: Some(events.collect()), next_token: page.next })
}
