//! Brings a CloudFormation stack to a template, by change sets, and takes it away.
//!
//! A change set says what would change before it does. One that was only looked at is deleted again.

mod drift;
mod events;
mod proposal;

pub use drift::drifts;
pub use proposal::{Proposal, propose, withdraw};

use crate::client::{CallError, Client};
use api::cloudformation::{
    DeleteStack, DeleteStackInput, DescribeStacks, DescribeStacksInput, ExecuteChangeSet,
    ExecuteChangeSetInput, GetTemplate, GetTemplateInput,
};
use events::Events;
use model::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// From one look to the next at first, and at most: AWS answers a few such calls a second, change sets
/// take seconds and changes minutes.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(3));

/// What a stack is to come to.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// The template's text.
    pub template: String,
    /// What is given to it.
    pub parameters: BTreeMap<String, String>,
    /// Tags of everything in it.
    pub tags: BTreeMap<String, String>,
}

/// A stack as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// Its ARN, by which it is also found after it was deleted.
    pub id: String,
    /// Its status, in AWS's words.
    pub status: String,
    /// Why, where AWS says.
    pub reason: Option<String>,
    /// What it tells others.
    pub outputs: BTreeMap<String, String>,
    /// When it was made or changed last.
    pub changed: Timestamp,
    /// What its template says that it is.
    pub description: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// Why a stack did not come to what it was to be.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// AWS can't make a change set of the template.
    #[error("no change set can be made of it: {0}")]
    Proposal(String),
    /// The change failed, and AWS has undone it or could not.
    #[error("the stack {stack} is {status}{}", lines(.why))]
    Failed {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
        /// The resources that failed, with AWS's reasons, the first one first.
        why: Vec<String>,
    },
}

fn lines(why: &[String]) -> String {
    why.iter().map(|line| format!("\n  {line}")).collect()
}

/// Looks at a stack by its name, or by its ARN; `None` when there is none, or only a change set that
/// would make it.
///
/// # Errors
/// When a call fails.
pub async fn look(client: &Client, name: &str) -> Result<Option<Seen>, CallError> {
    let request = DescribeStacksInput { stack_name: Some(name.to_owned()), ..Default::default() };
    let found = client.call::<DescribeStacks>(request).await;
    let found = match found {
        Err(why) if is_missing(&why) => None,
        found => found?.stacks.into_iter().flatten().next(),
    };
    let stack = found.filter(|stack| {
        !["REVIEW_IN_PROGRESS", "DELETE_COMPLETE"].contains(&stack.stack_status.as_str())
    });
    Ok(stack.map(|stack| {
        let outputs = stack.outputs.into_iter().flatten();
        Seen {
            id: stack.stack_id.unwrap_or_default(),
            status: stack.stack_status,
            reason: stack.stack_status_reason,
            outputs: outputs.filter_map(|it| Some((it.output_key?, it.output_value?))).collect(),
            changed: stack.last_updated_time.unwrap_or(stack.creation_time),
            description: stack.description.unwrap_or_default(),
            tags: stack.tags.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect(),
        }
    }))
}

/// The template of a stack, as it was given.
///
/// # Errors
/// When a call fails.
pub async fn template(client: &Client, stack: &str) -> Result<String, CallError> {
    let request = GetTemplateInput { stack_name: Some(stack.to_owned()), ..Default::default() };
    Ok(client.call::<GetTemplate>(request).await?.template_body.unwrap_or_default())
}

/// Carries a change set out, and tells each event until the stack is done.
///
/// # Errors
/// When a call fails, or the stack does not come to its template.
pub async fn carry_out(
    client: &Client,
    proposal: &Proposal,
    tell: impl FnMut(&str),
) -> Result<Seen, StackError> {
    let mut events = Events::of(&proposal.stack);
    events.skip(client).await?;
    let request = ExecuteChangeSetInput {
        change_set_name: proposal.id.clone(),
        stack_name: Some(proposal.stack.clone()),
        ..Default::default()
    };
    match client.call::<ExecuteChangeSet>(request).await {
        // A call whose answer was lost was made twice: the set is being carried out.
        Err(why) if why.code() == Some("InvalidChangeSetStatus") => {
            let under_way = look(client, &proposal.stack).await?;
            under_way.filter(|it| it.status.ends_with("_IN_PROGRESS")).ok_or(why)?;
        }
        outcome => _ = outcome?,
    }
    until_done(client, &proposal.stack, events, tell).await
}

/// Waits for a change that goes on, and tells its events.
///
/// # Errors
/// As [`carry_out`].
pub async fn settle(
    client: &Client,
    stack: &str,
    tell: impl FnMut(&str),
) -> Result<Seen, StackError> {
    until_done(client, stack, Events::of(stack), tell).await
}

/// Deletes a stack, and tells each event until it is gone. One that is gone already, or is going, is
/// no failure.
///
/// # Errors
/// When a call fails, or something of the stack can't be deleted.
pub async fn delete(
    client: &Client,
    seen: &Seen,
    tell: impl FnMut(&str),
) -> Result<(), StackError> {
    let mut events = Events::of(&seen.id);
    if seen.status != "DELETE_IN_PROGRESS" {
        events.skip(client).await?;
        let stack_name = seen.id.clone();
        let request = DeleteStackInput { stack_name, ..Default::default() };
        client.call::<DeleteStack>(request).await?;
    }
    match until_done(client, &seen.id, events, tell).await {
        Err(StackError::Failed { status, .. }) if status == "DELETE_COMPLETE" => Ok(()),
        outcome => outcome.map(drop),
    }
}

/// Tells each event that was not told yet, until a stack is done.
async fn until_done(
    client: &Client,
    stack: &str,
    mut events: Events,
    mut tell: impl FnMut(&str),
) -> Result<Seen, StackError> {
    let mut why = Vec::new();
    let mut pause = PAUSES.0;
    loop {
        // The status first: what it stands for is among the events then.
        let seen = look(client, stack).await?;
        for event in events.fresh(client).await? {
            tell(&event.line);
            why.extend(event.is_cause.then_some(event.line));
        }
        // A stack that was deleted is found no more, or only by its ARN.
        let Some(seen) = seen else {
            let (stack, status) = (stack.to_owned(), "DELETE_COMPLETE".to_owned());
            return Err(StackError::Failed { stack, status, why });
        };
        let status = seen.status.as_str();
        if ["CREATE_COMPLETE", "UPDATE_COMPLETE"].contains(&status) {
            return Ok(seen);
        }
        if !status.ends_with("_IN_PROGRESS") {
            let stack = name_of(stack).to_owned();
            return Err(StackError::Failed { stack, status: seen.status, why });
        }
        wait(&mut pause).await;
    }
}

/// Waits, the next time for longer.
async fn wait(pause: &mut Duration) {
    tokio::time::sleep(*pause).await;
    *pause = (*pause * 3 / 2).min(PAUSES.1);
}

/// The name in a stack's ARN, or the name itself.
fn name_of(stack: &str) -> &str {
    stack.split('/').nth(1).unwrap_or(stack)
}

/// Whether a failure says that there is no such stack: AWS has no code of its own for that.
fn is_missing(why: &CallError) -> bool {
    matches!(why, CallError::Refused { code, message, .. }
        if code == "ValidationError" && message.contains("does not exist"))
}
