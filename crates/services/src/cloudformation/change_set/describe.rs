//! `DescribeChangeSet` and `ListChangeSets`.

use super::super::differ::{self, Action, Property, Replaces, Tagging};
use super::super::{fault, find, show};
use super::statuses;
use crate::Cx;
use crate::page::{Ask, page};
use api::Fault;
use api::cloudformation::*;
use template::Template;
use world::World;
use world::stack::{ChangeSet, ChangeSetState};

/// How many change sets AWS answers at once.
const MOST: usize = 100;

/// `DescribeChangeSet`. The changes are those that it would make now.
pub(in crate::cloudformation) fn describe(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeChangeSetInput,
) -> Result<DescribeChangeSetOutput, Fault> {
    let set = find::change_set(world, &input.change_set_name, input.stack_name.as_deref())?;
    let stack = find::shown(world, set.stack.as_str())?;
    let changes = match set.state {
        ChangeSetState::Ready => {
            let changes = differ::changes(world, stack, &set.version, cx.now);
            changes.map_err(fault::trouble)?.resources
        }
        ChangeSetState::Failed { .. } | ChangeSetState::Obsolete | ChangeSetState::Executed => {
            Default::default()
        }
    };
    let template = Template::parse(&set.version.template).ok();
    let (status, execution) = statuses(set);
    Ok(DescribeChangeSetOutput {
        change_set_name: Some(set.name.clone()),
        change_set_id: Some(set.arn.to_string()),
        stack_id: Some(stack.arn.to_string()),
        stack_name: Some(stack.name.clone()),
        description: set.description.clone(),
        parameters: Some(show::parameters(&set.version, template.as_ref())),
        creation_time: Some(set.created_at),
        execution_status: Some(execution.to_owned()),
        status: Some(status.to_owned()),
        status_reason: reason(set),
        notification_ar_ns: Some(set.version.notifications.clone()),
        rollback_configuration: Some(RollbackConfiguration::default()),
        capabilities: Some(set.version.capabilities.clone()),
        tags: Some(show::tags(&set.version)),
        changes: Some(changes.into_iter().map(|(name, change)| shown(&name, &change)).collect()),
        include_nested_stacks: Some(false),
        ..DescribeChangeSetOutput::default()
    })
}

fn reason(set: &ChangeSet) -> Option<String> {
    match &set.state {
        ChangeSetState::Failed { reason } => Some(reason.clone()),
        ChangeSetState::Ready | ChangeSetState::Obsolete | ChangeSetState::Executed => None,
    }
}

fn shown(logical: &str, change: &differ::Change) -> Change {
    let (action, replacement, scope, details) = match &change.action {
        Action::Add => ("Add", None, Vec::new(), Vec::new()),
        Action::Remove => ("Remove", None, Vec::new(), Vec::new()),
        Action::Modify { properties, tags } => {
            let mut scope = Vec::new();
            let mut details: Vec<ResourceChangeDetail> = properties.iter().map(detail).collect();
            if !properties.is_empty() {
                scope.push("Properties".to_owned());
            }
            if *tags == Tagging::Changed {
                scope.push("Tags".to_owned());
                details.push(tagged());
            }
            ("Modify", Some(replacement(properties)), scope, details)
        }
    };
    let is_removal = action == "Remove";
    let resource = ResourceChange {
        action: Some(action.to_owned()),
        policy_action: is_removal.then(|| "Delete".to_owned()),
        logical_resource_id: Some(logical.to_owned()),
        physical_resource_id: change.physical.clone(),
        resource_type: Some(change.kind.clone()),
        replacement: replacement.map(str::to_owned),
        scope: Some(scope),
        details: Some(details),
        ..ResourceChange::default()
    };
    Change {
        r#type: Some("Resource".to_owned()),
        hook_invocation_count: None,
        resource_change: Some(resource),
    }
}

fn replacement(properties: &[Property]) -> &'static str {
    let any = |which: Replaces| properties.iter().any(|it| it.replaces == which);
    match (any(Replaces::Always), any(Replaces::Perhaps)) {
        (true, _) => "True",
        (false, true) => "Conditional",
        (false, false) => "False",
    }
}

fn detail(property: &Property) -> ResourceChangeDetail {
    let recreation = match property.replaces {
        Replaces::Never => "Never",
        Replaces::Perhaps | Replaces::Always => "Always",
    };
    let target = ResourceTargetDefinition {
        attribute: Some("Properties".to_owned()),
        name: Some(property.name.clone()),
        requires_recreation: Some(recreation.to_owned()),
        ..ResourceTargetDefinition::default()
    };
    let (evaluation, source) = match &property.follows {
        Some(cause) if cause.contains('.') => ("Dynamic", "ResourceAttribute"),
        Some(_) => ("Dynamic", "ResourceReference"),
        None => ("Static", "DirectModification"),
    };
    ResourceChangeDetail {
        target: Some(target),
        evaluation: Some(evaluation.to_owned()),
        change_source: Some(source.to_owned()),
        causing_entity: property.follows.clone(),
    }
}

fn tagged() -> ResourceChangeDetail {
    let target = ResourceTargetDefinition {
        attribute: Some("Tags".to_owned()),
        requires_recreation: Some("Never".to_owned()),
        ..ResourceTargetDefinition::default()
    };
    ResourceChangeDetail {
        target: Some(target),
        evaluation: Some("Static".to_owned()),
        change_source: Some("DirectModification".to_owned()),
        causing_entity: None,
    }
}

/// `ListChangeSets`.
pub(in crate::cloudformation) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListChangeSetsInput,
) -> Result<ListChangeSetsOutput, Fault> {
    let stack = find::shown(world, &input.stack_name)?;
    let own = world.change_sets.iter().filter(|set| set.stack == stack.arn);
    let ask = Ask { listing: "ListChangeSets", token: input.next_token.as_deref(), limit: MOST };
    let page = page(own, &ask, |set| set.arn.to_string()).map_err(|_| fault::bad_token())?;
    let summary = |set: &ChangeSet| {
        let (status, execution) = statuses(set);
        ChangeSetSummary {
            stack_id: Some(stack.arn.to_string()),
            stack_name: Some(stack.name.clone()),
            change_set_id: Some(set.arn.to_string()),
            change_set_name: Some(set.name.clone()),
            execution_status: Some(execution.to_owned()),
            status: Some(status.to_owned()),
            status_reason: reason(set),
            creation_time: Some(set.created_at),
            description: set.description.clone(),
            include_nested_stacks: Some(false),
            ..ChangeSetSummary::default()
        }
    };
    let summaries = page.rows.into_iter().map(summary).collect();
    Ok(ListChangeSetsOutput { summaries: Some(summaries), next_token: page.next })
}
