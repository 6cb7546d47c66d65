//! Takes an environment away: what runs, what a deployment registered, its stack, its records, and at
//! last its lock. Killed on the way, it goes on where it was the next time.

use super::environment::Environment;
use super::{Consent, agree, foundation, give_back, lock};
use crate::failure::{Failure, Kind};
use crate::ui::say;
use apply::estate::{self, Grounds};
use apply::run::StepError;
use apply::stack::{self, Seen, StackError};
use plan::Wish;
use plan::destroy::{Data, Estate, destroy};
use std::collections::BTreeSet;
use std::time::Duration;

/// From one look to the next, where only time helps.
const PAUSE: Duration = Duration::from_secs(2);

/// An environment that is to go.
#[derive(Debug)]
pub(crate) struct Teardown<'a> {
    environment: &'a Environment,
    wish: &'a Wish,
    data: Data,
    holders: Holders,
}

/// What would hold an environment's data, by name.
#[derive(Debug)]
struct Holders {
    repositories: BTreeSet<String>,
    log_groups: BTreeSet<String>,
}

// === impl Holders ===

impl Holders {
    fn of(wish: &Wish) -> Self {
        let existing = &wish.manifest.environment.foundation.existing;
        let built = wish.services().filter(|(name, service)| {
            service.image.is_none() && !existing.repositories.contains_key(*name)
        });
        let repositories = built.map(|(name, _)| wish.names().repository(name)).collect();
        let log_groups = wish.services().map(|(_, it)| it.logs.group.clone()).collect();
        Self { repositories, log_groups }
    }

    /// Looks what there is of an environment.
    async fn look(
        &self,
        environment: &Environment,
        wish: &Wish,
        stack: Option<&str>,
    ) -> Result<Estate, Failure> {
        let cluster = wish.cluster();
        let grounds = Grounds {
            names: wish.names(),
            cluster: &cluster,
            stack,
            repositories: &self.repositories,
            log_groups: &self.log_groups,
        };
        Ok(estate::look(&environment.client, grounds).await?)
    }
}

/// Refuses to make a stack beside the data that an earlier one has left: CloudFormation makes nothing
/// that is there.
pub(super) async fn mind_remains(environment: &Environment, wish: &Wish) -> Result<(), Failure> {
    let estate = Holders::of(wish).look(environment, wish, None).await?;
    if estate.data.is_empty() {
        return Ok(());
    }
    let lines: String = estate.data.iter().map(|datum| format!("\n  {datum}")).collect();
    let (name, stack) = (&wish.manifest.name, wish.names().stack());
    let what = format!(
        "the stack {stack} can't be made: this is left of an earlier one, and would be in its way{lines}"
    );
    Err(Failure::new(Kind::Deployment, what)
        .hint(format!("to delete it: neargate destroy --env {name} --with-data"))
        .hint(format!(
            "to keep it: neargate export cloudformation --env {name}, and make the stack with \
             `aws cloudformation create-change-set --import-existing-resources`"
        )))
}

// === impl Teardown ===

impl<'a> Teardown<'a> {
    pub(crate) fn new(environment: &'a Environment, wish: &'a Wish, data: Data) -> Self {
        Self { environment, wish, data, holders: Holders::of(wish) }
    }

    /// Shows what goes and what stays, asks, and does it.
    pub(crate) async fn run(&self, consent: Consent) -> Result<(), Failure> {
        let (estate, stack) = (self.look().await?, self.stack().await?);
        self.tell(&estate, stack.as_ref());
        let name = &self.wish.manifest.name;
        agree(consent, &format!("Destroy this in {name}?"), "nothing was destroyed")?;
        let lock = lock::take(self.environment, self.wish).await?;
        let outcome = self.locked().await;
        give_back(lock).await;
        outcome?;
        for datum in estate.kept(self.data) {
            say::note(&format!("{datum} was kept"));
        }
        Ok(())
    }

    fn tell(&self, estate: &Estate, stack: Option<&Seen>) {
        say::note(&format!("{} in {} goes:", self.wish.manifest.app, self.wish.manifest.name));
        let line = |line: &str| say::note(&format!("  {line}"));
        estate.outline().iter().for_each(|it| line(it));
        if stack.is_some() {
            line(&format!("stack {}", self.wish.names().stack()));
        }
        let kept: BTreeSet<_> = estate.kept(self.data).collect();
        for datum in estate.data.iter().filter(|datum| !kept.contains(datum)) {
            line(&format!("{datum}, with all that is in it"));
        }
        line("the records of its deployments");
        if !kept.is_empty() {
            let how = if self.data == Data::Kept { " (--with-data deletes it)" } else { "" };
            say::note(&format!("what holds data stays{how}:"));
            kept.iter().for_each(|datum| line(&datum.to_string()));
        }
    }

    async fn locked(&self) -> Result<(), Failure> {
        self.follow().await?;
        if let Some(seen) = self.stack().await? {
            self.delete(seen).await?;
        }
        let (client, names) = (&self.environment.client, self.wish.names());
        apply::records::forget_all(client, &names.records()).await?;
        Ok(())
    }

    /// Does the steps, stage by stage, until none is left.
    async fn follow(&self) -> Result<(), Failure> {
        let mut waiting = Vec::new();
        loop {
            let plan = destroy(&self.look().await?, self.data);
            if plan.is_done() {
                return Ok(());
            }
            for step in &plan.steps {
                match apply::run::run(&self.environment.client, step).await {
                    Err(why) if is_gone(&why) => {}
                    outcome => outcome.map_err(apply::EndError::from)?,
                }
                say::done(&step.what);
            }
            if plan.steps.is_empty() {
                let held = |it: &plan::Held| format!("… {} waits for {}", it.what, it.for_what);
                let told: Vec<String> = plan.held.iter().map(held).collect();
                told.iter().filter(|line| !waiting.contains(*line)).for_each(|it| say::note(it));
                waiting = told;
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Deletes the stack, when what somebody does to it is done.
    async fn delete(&self, seen: Seen) -> Result<(), Failure> {
        let (client, name) = (&self.environment.client, self.wish.names().stack());
        let mut seen = seen;
        if seen.status.ends_with("_IN_PROGRESS") && seen.status != "DELETE_IN_PROGRESS" {
            say::note(&format!("the stack {name} is {}; that is waited for", seen.status));
            match stack::settle(client, &name, foundation::teller(&name)).await {
                // However that ended, it can be deleted.
                Ok(_) | Err(StackError::Failed { .. }) => {}
                Err(why) => return Err(foundation::failed(why)),
            }
            let Some(now) = self.stack().await? else { return Ok(()) };
            seen = now;
        }
        match stack::delete(client, &seen, foundation::teller(&name)).await {
            Ok(()) => {
                say::done(&format!("the stack {name} is gone"));
                Ok(())
            }
            Err(why @ StackError::Failed { .. }) => {
                let what = "the stack was not deleted in full";
                Err(Failure::because(Kind::Deployment, what, why)
                    .hint("see to what hinders it, and say it again: the rest goes on from here"))
            }
            Err(why) => Err(foundation::failed(why)),
        }
    }

    /// The environment's own stack, also where the manifest needs none any more.
    async fn stack(&self) -> Result<Option<Seen>, Failure> {
        let name = self.wish.names().stack();
        let seen = stack::look(&self.environment.client, &name).await?;
        Ok(seen.filter(|seen| foundation::is_own(self.wish, seen)))
    }

    async fn look(&self) -> Result<Estate, Failure> {
        let stack = self.stack().await?;
        let stack = stack.as_ref().map(|seen| seen.id.as_str());
        self.holders.look(self.environment, self.wish, stack).await
    }
}

/// Whether a step failed because what it takes away has gone meanwhile.
fn is_gone(why: &StepError) -> bool {
    let StepError::Call { source, .. } = why else { return false };
    source.code().is_some_and(|code| {
        [
            "ServiceNotFoundException",
            "ServiceNotActiveException",
            "RepositoryNotFoundException",
            "ResourceNotFoundException",
        ]
        .contains(&code)
    })
}
