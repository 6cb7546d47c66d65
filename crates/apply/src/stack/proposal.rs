//! Change sets.

use super::{PAUSES, Seen, StackError, Wanted, wait};
use crate::client::{Absent as _, CallError, Client};
use api::cloudformation::{
    Change as Told, CreateChangeSet, CreateChangeSetInput, DeleteChangeSet, DeleteChangeSetInput,
    DescribeChangeSet, DescribeChangeSetInput, Parameter, Tag,
};
use plan::stack::{Change, Replaced};
use std::collections::BTreeSet;

/// A change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub(super) stack: String,
    pub(super) id: String,
    /// What it changes; `None` when the stack is as it is to be. Nothing in particular where only the
    /// stack's outputs change.
    pub changes: Option<Vec<Change>>,
}

/// Makes a change set, and waits until AWS says what it would change. `id` is a name of its own.
///
/// # Errors
/// When a call fails, or AWS can't make sense of the template.
pub async fn propose(
    client: &Client,
    wanted: &Wanted,
    seen: Option<&Seen>,
    id: &str,
) -> Result<Proposal, StackError> {
    match client.call::<CreateChangeSet>(request(wanted, seen, id)).await {
        // A call whose answer was lost was made twice.
        Err(why) if why.code() == Some("AlreadyExistsException") => {}
        outcome => drop(outcome?),
    }
    let mut pause = PAUSES.0;
    let mut proposal = Proposal { stack: wanted.name.clone(), id: id.to_owned(), changes: None };
    loop {
        let mut changes = Vec::new();
        let (status, why) = described(client, &proposal, &mut changes).await?;
        match status.as_str() {
            "CREATE_COMPLETE" => {
                proposal.changes = Some(changes);
                return Ok(proposal);
            }
            "FAILED" if is_nothing(&why) => return Ok(proposal),
            "FAILED" => {
                withdraw(client, &proposal).await?;
                return Err(StackError::Proposal(why));
            }
            _ => wait(&mut pause).await,
        }
    }
}

fn request(wanted: &Wanted, seen: Option<&Seen>, id: &str) -> CreateChangeSetInput {
    let kind = if seen.is_some() { "UPDATE" } else { "CREATE" };
    let parameter = |(key, value): (&String, &String)| Parameter {
        parameter_key: Some(key.clone()),
        parameter_value: Some(value.clone()),
        ..Default::default()
    };
    let tag = |(key, value): (&String, &String)| Tag { key: key.clone(), value: value.clone() };
    CreateChangeSetInput {
        stack_name: wanted.name.clone(),
        change_set_name: id.to_owned(),
        change_set_type: Some(kind.to_owned()),
        template_body: Some(wanted.template.clone()),
        capabilities: Some(vec!["CAPABILITY_NAMED_IAM".to_owned()]),
        parameters: Some(wanted.parameters.iter().map(parameter).collect()),
        tags: Some(wanted.tags.iter().map(tag).collect()),
        ..Default::default()
    }
}

/// How far a change set is, and all that it changes.
async fn described(
    client: &Client,
    proposal: &Proposal,
    changes: &mut Vec<Change>,
) -> Result<(String, String), CallError> {
    let mut next_token = None;
    loop {
        let request = DescribeChangeSetInput {
            change_set_name: proposal.id.clone(),
            stack_name: Some(proposal.stack.clone()),
            next_token,
            ..Default::default()
        };
        let page = client.call::<DescribeChangeSet>(request).await?;
        changes.extend(page.changes.into_iter().flatten().filter_map(read));
        next_token = page.next_token;
        if next_token.is_none() {
            let (status, why) = (page.status, page.status_reason);
            return Ok((status.unwrap_or_default(), why.unwrap_or_default()));
        }
    }
}

/// Whether AWS says that there is nothing to change.
fn is_nothing(why: &str) -> bool {
    ["didn't contain changes", "No updates are to be performed"]
        .iter()
        .any(|text| why.contains(text))
}

fn read(told: Told) -> Option<Change> {
    let change = told.resource_change?;
    let targets = change.details.into_iter().flatten().filter_map(|detail| detail.target);
    let properties = targets.filter_map(|target| target.name.or(target.attribute));
    Some(Change {
        action: change.action?,
        kind: change.resource_type.unwrap_or_default(),
        id: change.logical_resource_id.unwrap_or_default(),
        replaced: match change.replacement.as_deref() {
            Some("True") => Replaced::Always,
            Some("Conditional") => Replaced::Perhaps,
            _ => Replaced::Never,
        },
        // AWS names a property once for each reason that it changes for.
        properties: properties.collect::<BTreeSet<_>>().into_iter().collect(),
    })
}

/// Deletes a change set that nobody carries out.
///
/// # Errors
/// When a call fails.
pub async fn withdraw(client: &Client, proposal: &Proposal) -> Result<(), CallError> {
    let request = DeleteChangeSetInput {
        change_set_name: proposal.id.clone(),
        stack_name: Some(proposal.stack.clone()),
    };
    client.call::<DeleteChangeSet>(request).await.absent(&["ChangeSetNotFound"])?;
    Ok(())
}
