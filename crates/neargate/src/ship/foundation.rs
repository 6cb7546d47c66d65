//! The stack of an environment: what it would change, and bringing it there.

use super::environment::Environment;
use crate::failure::{Failure, Kind};
use crate::ui::live::faint;
use crate::ui::say;
use api::ec2::{DescribeSubnets, DescribeSubnetsRequest};
use apply::stack::{self, StackError, Wanted};
use plan::Wish;
use plan::stack::Change;
use std::collections::BTreeMap;

/// The longest template that a call takes (AWS's limit, in bytes).
const LONGEST: usize = 51_200;

/// What there is to do about a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Foundation {
    /// Nothing: everything that services stand on is named in the manifest, and is somebody else's.
    Foreign,
    /// It is not there, and is to have this.
    New(Vec<Change>),
    /// It is as it is to be.
    Same,
    /// It changes so; where nothing in particular does, only in what it tells others.
    Changed(Vec<Change>),
}

// === impl Foundation ===

impl Foundation {
    /// Whether there is nothing to do.
    pub(crate) fn rests(&self) -> bool {
        matches!(self, Self::Foreign | Self::Same)
    }

    /// It in lines, under the stack's name.
    pub(crate) fn lines(&self, stack: &str) -> Vec<String> {
        let head = |changes: &[Change], head: String| {
            let changes = changes.iter().map(|change| format!("  {change}"));
            [head].into_iter().chain(changes).collect()
        };
        match self {
            Self::Foreign | Self::Same => Vec::new(),
            Self::New(changes) => {
                head(changes, format!("create stack {stack} with {} resources", changes.len()))
            }
            Self::Changed(changes) if changes.is_empty() => {
                vec![format!("update stack {stack}: only its outputs change")]
            }
            Self::Changed(changes) => head(changes, format!("update stack {stack}")),
        }
    }

    /// What is lost by it that can't be made again.
    pub(crate) fn losses(&self) -> Vec<String> {
        match self {
            Self::Changed(changes) => changes.iter().filter_map(Change::loss).collect(),
            Self::Foreign | Self::Same | Self::New(_) => Vec::new(),
        }
    }
}

/// Looks what there is to do. Of a stack that is there AWS itself says what would change, by a change
/// set that is deleted again.
pub(crate) async fn look(environment: &Environment, wish: &Wish) -> Result<Foundation, Failure> {
    if !plan::needs_stack(&wish.manifest) {
        return Ok(Foundation::Foreign);
    }
    let Some(seen) = &environment.stack else {
        super::teardown::mind_remains(environment, wish).await?;
        return Ok(Foundation::New(plan::foundation(&wish.manifest).additions()));
    };
    check(wish, seen)?;
    let (client, wanted) = (&environment.client, wanted(environment, wish).await?);
    let proposal = stack::propose(client, &wanted, Some(seen), &id()).await.map_err(failed)?;
    stack::withdraw(client, &proposal).await?;
    Ok(proposal.changes.map_or(Foundation::Same, Foundation::Changed))
}

/// Brings the stack to what the manifest asks for, if that is what was agreed to; each event is told.
pub(super) async fn bring(
    environment: &mut Environment,
    wish: &Wish,
    agreed: &Foundation,
) -> Result<(), Failure> {
    let client = environment.client.clone();
    let wanted = wanted(environment, wish).await?;
    let seen = environment.stack.as_ref();
    let proposal = stack::propose(&client, &wanted, seen, &id()).await.map_err(failed)?;
    let Some(changes) = &proposal.changes else {
        stack::withdraw(&client, &proposal).await?;
        return Ok(());
    };
    if let Foundation::Changed(agreed) = agreed
        && agreed != changes
    {
        stack::withdraw(&client, &proposal).await?;
        let what = format!("the stack {} would change otherwise than it was shown", wanted.name);
        return Err(Failure::new(Kind::Deployment, what).hint("look at it again: neargate plan"));
    }
    let seen = stack::carry_out(&client, &proposal, teller(&wanted.name)).await.map_err(failed)?;
    say::done(&format!("the stack {} is {}", wanted.name, seen.status));
    environment.stands_on(Some(seen));
    Ok(())
}

/// Waits for a change of the stack that goes on: that of a program that was killed, perhaps.
pub(super) async fn settle(environment: &mut Environment, wish: &Wish) -> Result<(), Failure> {
    let status = environment.stack.as_ref().map(|it| it.status.as_str()).unwrap_or_default();
    if !status.ends_with("_IN_PROGRESS") || status == "DELETE_IN_PROGRESS" {
        return Ok(());
    }
    let name = wish.names().stack();
    say::note(&format!("the stack {name} is {status}; that is waited for"));
    let seen = stack::settle(&environment.client, &name, teller(&name)).await;
    environment.stands_on(Some(seen.map_err(failed)?));
    Ok(())
}

/// Tells the events of a stack.
pub(crate) fn teller(stack: &str) -> impl FnMut(&str) {
    move |line| say::note(&faint(&format!("  {stack} │ {line}")))
}

/// Whether a stack is the environment's: by its tags, or by its template where somebody made it by hand
/// from that.
pub(super) fn is_own(wish: &Wish, seen: &stack::Seen) -> bool {
    wish.names().own(&seen.tags) || seen.description == plan::description(&wish.manifest)
}

/// Refuses a stack of others, and one that can't be changed as it is.
fn check(wish: &Wish, seen: &stack::Seen) -> Result<(), Failure> {
    let name = wish.names().stack();
    if !is_own(wish, seen) {
        let what = format!("the stack {name} is there, and is not this environment's");
        return Err(Failure::new(Kind::Deployment, what)
            .hint("call the application or the environment differently"));
    }
    let delete = format!("neargate destroy --env {}, then deploy again", wish.manifest.name);
    let (why, hint) = match seen.status.as_str() {
        "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" => {
            ("it was never made in full, and AWS changes no such stack", delete)
        }
        "DELETE_FAILED" => ("a part of it could not be deleted", delete),
        "UPDATE_ROLLBACK_FAILED" | "UPDATE_FAILED" => (
            "its last change failed, and could not be undone",
            format!(
                "see to what hinders it, then: aws cloudformation continue-update-rollback --stack-name {name}"
            ),
        ),
        "DELETE_IN_PROGRESS" => ("somebody deletes it", "deploy again when it is gone".to_owned()),
        status if status.ends_with("_IN_PROGRESS") => {
            ("it is being changed", "wait until that is over; `neargate deploy` does".to_owned())
        }
        _ => return Ok(()),
    };
    let said = seen.reason.iter().map(|reason| format!("\n  {reason}")).collect::<String>();
    let what = format!("the stack {name} is {}: {why}{said}", seen.status);
    Err(Failure::new(Kind::Deployment, what).hint(hint))
}

/// The template of the environment, and what is given to it.
async fn wanted(environment: &Environment, wish: &Wish) -> Result<Wanted, Failure> {
    let template = plan::foundation(&wish.manifest);
    let mut parameters = BTreeMap::new();
    for name in template.parameters() {
        parameters.insert(name.to_owned(), network(environment, wish).await?);
    }
    // Without white space: the limit is one of bytes.
    let text = template.value().to_string();
    if text.len() > LONGEST {
        let what = format!(
            "the template has {} bytes, and AWS takes {LONGEST} without a bucket to put it in",
            text.len()
        );
        return Err(Failure::new(Kind::Refused, what)
            .hint("deploy it yourself: neargate export cloudformation; or split the application"));
    }
    let (name, tags) = (wish.names().stack(), plan::shared_tags(wish));
    Ok(Wanted { name, template: text, parameters, tags })
}

/// The network of the subnets that the manifest names, the one thing that a template is given.
async fn network(environment: &Environment, wish: &Wish) -> Result<String, Failure> {
    let subnet_ids = Some(wish.manifest.environment.foundation.existing.subnets.clone());
    let request = DescribeSubnetsRequest { subnet_ids, ..Default::default() };
    let found = environment.client.call::<DescribeSubnets>(request).await?;
    let mut subnets = found.subnets.into_iter().flatten();
    subnets
        .find_map(|subnet| subnet.vpc_id)
        .ok_or_else(|| Failure::new(Kind::Manifest, "the subnets that are named are not there"))
}

/// A change set's name; it begins with a letter, as AWS asks.
fn id() -> String {
    format!("neargate-{}", super::journal::chance())
}

pub(crate) fn failed(error: StackError) -> Failure {
    match error {
        StackError::Call(why) => why.into(),
        StackError::Proposal(_) => {
            Failure::because(Kind::Refused, "the foundation can't be changed", error)
        }
        StackError::Failed { .. } => {
            Failure::because(Kind::Deployment, "the foundation was not brought about", error)
        }
    }
}
