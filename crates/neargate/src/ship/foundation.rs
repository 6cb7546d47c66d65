//! The stack of an environment: what it would change, and bringing it there.

use super::environment::Environment;
use crate::failure::{Failure, Kind};
use crate::ui::live::faint;
use crate::ui::say;
use api::ec2::{DescribeSubnets, DescribeSubnetsRequest};
use apply::Client;
use apply::stack::{self, Seen, StackError, Wanted};
use plan::Wish;
use plan::stack::Change;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

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
        let template = plan::foundation(&wish.manifest, &environment.stand);
        return Ok(Foundation::New(template.additions()));
    };
    check(wish, seen)?;
    let (client, aim) = (&environment.client, aim(environment, wish).await?);
    let proposal = stack::propose(client, &aim.wanted, Some(seen), &id()).await.map_err(failed)?;
    stack::withdraw(client, &proposal).await?;
    let changes = proposal.changes.map(|changes| aim.shown(changes));
    Ok(changes.map_or(Foundation::Same, Foundation::Changed))
}

/// Brings the stack to what the manifest asks for, if that is what was agreed to; each event is told.
pub(super) async fn bring(
    environment: &mut Environment,
    wish: &Wish,
    agreed: &Foundation,
) -> Result<(), Failure> {
    let client = environment.client.clone();
    let aim = aim(environment, wish).await?;
    let name = &aim.wanted.name;
    let seen = environment.stack.as_ref();
    let proposal = stack::propose(&client, &aim.wanted, seen, &id()).await.map_err(failed)?;
    let Some(changes) = proposal.changes.clone().map(|changes| aim.shown(changes)) else {
        stack::withdraw(&client, &proposal).await?;
        return Ok(());
    };
    if let Foundation::Changed(agreed) = agreed
        && *agreed != changes
    {
        stack::withdraw(&client, &proposal).await?;
        let what = format!("the stack {name} would change otherwise than it was shown");
        return Err(Failure::new(Kind::Deployment, what).hint("look at it again: neargate plan"));
    }
    let proposal = match &aim.told {
        None => proposal,
        Some(told) => {
            stack::withdraw(&client, &proposal).await?;
            tell_weights(&client, told, seen).await?;
            stack::propose(&client, &aim.wanted, seen, &id()).await.map_err(failed)?
        }
    };
    let seen = stack::carry_out(&client, &proposal, teller(name)).await.map_err(failed)?;
    say::done(&format!("the stack {name} is {}", seen.status));
    environment.stands_on(Some(seen));
    Ok(())
}

/// Has a stack know the weights that hold, before the rules that have them are changed: a change that
/// fails is taken back to what the stack knows.
async fn tell_weights(client: &Client, told: &Wanted, seen: Option<&Seen>) -> Result<(), Failure> {
    let proposal = stack::propose(client, told, seen, &id()).await.map_err(failed)?;
    if proposal.changes.is_none() {
        stack::withdraw(client, &proposal).await?;
        return Ok(());
    }
    say::note(&format!("the stack {} is told which target groups serve", told.name));
    stack::carry_out(client, &proposal, teller(&told.name)).await.map_err(failed)?;
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
pub(super) fn is_own(wish: &Wish, seen: &Seen) -> bool {
    wish.names().own(&seen.tags) || seen.description == plan::description(&wish.manifest)
}

/// Refuses a stack of others, and one that can't be changed as it is.
fn check(wish: &Wish, seen: &Seen) -> Result<(), Failure> {
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

/// What a stack is to come to.
struct Aim {
    wanted: Wanted,
    /// What it is told first, where it does not know which of two target groups serves.
    told: Option<Wanted>,
    /// The rules that this is about.
    rules: BTreeSet<String>,
}

// === impl Aim ===

impl Aim {
    /// Changes without those of weights that only tell the stack what is so.
    fn shown(&self, mut changes: Vec<Change>) -> Vec<Change> {
        for change in changes.iter_mut().filter(|change| self.rules.contains(&change.id)) {
            change.properties.retain(|property| property != "Actions");
        }
        changes
    }
}

/// The template of the environment, and what is given to it.
async fn aim(environment: &Environment, wish: &Wish) -> Result<Aim, Failure> {
    let template = plan::foundation(&wish.manifest, &environment.stand);
    let mut parameters = BTreeMap::new();
    for name in template.parameters() {
        parameters.insert(name.to_owned(), network(environment, wish).await?);
    }
    let mut template = template.value();
    let (told, rules) = weighed(environment, &mut template).await?;
    // Without white space: the limit is one of bytes.
    let text = template.to_string();
    if text.len() > LONGEST {
        let what = format!(
            "the template has {} bytes, and AWS takes {LONGEST} without a bucket to put it in",
            text.len()
        );
        return Err(Failure::new(Kind::Refused, what)
            .hint("deploy it yourself: neargate export cloudformation; or split the application"));
    }
    let (name, tags) = (wish.names().stack(), plan::shared_tags(wish));
    let wanted = Wanted { name, template: text, parameters, tags };
    let told = told.map(|template| Wanted { template, ..wanted.clone() });
    Ok(Aim { wanted, told, rules })
}

/// Puts the weights that hold into a template. Answers what the stack has to be told first, and the
/// rules that this is about.
async fn weighed(
    environment: &Environment,
    template: &mut Value,
) -> Result<(Option<String>, BTreeSet<String>), Failure> {
    let (Some(seen), false) = (&environment.stack, environment.stand.rules.is_empty()) else {
        return Ok((None, BTreeSet::new()));
    };
    let weights = apply::observe::weights(&environment.client, &environment.stand).await?;
    let text = stack::template(&environment.client, &seen.id).await?;
    // A stack that somebody made of YAML is not one of ours: its rules are then taken to change.
    let mut held: Value = serde_json::from_str(&text).unwrap_or_default();
    let rules = plan::weigh(template, &mut held, &weights).map_err(|why| {
        Failure::new(Kind::Deployment, format!("nothing was deployed: {why}"))
            .hint("wait until that deployment is over: neargate status")
    })?;
    let told = (!rules.is_empty()).then(|| held.to_string());
    Ok((told, rules))
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
