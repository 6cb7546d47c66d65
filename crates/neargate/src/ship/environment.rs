//! An environment on AWS: its manifest, a client that reaches it, and whose account it is.

use super::foundation::Foundation;
use crate::admin::{self, Status};
use crate::failure::{Failure, Kind};
use crate::project::{Project, Sought};
use api::sts::{GetCallerIdentity, GetCallerIdentityRequest};
use apply::stack::Seen;
use apply::{Access, CallError, Client, EndError};
use manifest::Resolved;
use plan::names::Names;
use plan::observed::Observed;
use plan::{Stand, Wish};
use std::collections::BTreeSet;

/// What sessions of roles are called.
const SESSION: &str = "neargate";

/// An environment that was reached.
#[derive(Debug)]
pub(crate) struct Environment {
    /// The manifest as it holds there.
    pub(crate) resolved: Resolved,
    /// What reaches it.
    pub(crate) client: Client,
    /// The local region that stands for it, where one does.
    pub(crate) region: Option<Status>,
    /// Its stack, where it has one.
    pub(crate) stack: Option<Seen>,
    /// What its services stand on.
    pub(crate) stand: Stand,
    /// Who calls, as AWS has it.
    pub(crate) caller: String,
}

/// What was seen of an environment before anything is done.
#[derive(Debug)]
pub(crate) struct Survey {
    /// Everything.
    pub(crate) observed: Observed,
    /// The services that can't be deployed before the stack has changed.
    pub(crate) unfounded: BTreeSet<String>,
}

// === impl Environment ===

impl Environment {
    /// Reaches an environment, with the credentials that AWS's own tools would use.
    pub(crate) async fn open(project: &Project, name: &str) -> Result<Self, Failure> {
        Self::open_as(project, name, None).await
    }

    /// The same with a profile's credentials.
    pub(crate) async fn open_as(
        project: &Project,
        name: &str,
        profile: Option<&str>,
    ) -> Result<Self, Failure> {
        if name == manifest::LOCAL {
            let what = "the environment `local` is the local region, not one on AWS";
            let hint = "`neargate up` runs it, `neargate status` shows it";
            return Err(Failure::new(Kind::Usage, what).hint(hint));
        }
        let resolved = project.resolve(name)?;
        let role = resolved.environment.role.as_ref().map(ToString::to_string);
        let access = Access {
            profile,
            role: role.as_deref(),
            region: resolved.environment.region.as_deref(),
            session: SESSION,
        };
        let client = apply::connect(access).await?;
        let caller = client.call::<GetCallerIdentity>(GetCallerIdentityRequest::default()).await?;
        let account = caller.account.unwrap_or_default();
        if let Some(named) = resolved.environment.account.as_ref().filter(|it| **it != account) {
            let what = format!(
                "the credentials belong to account {account}, and `{name}` is in {named}: nothing was \
                 done"
            );
            return Err(Failure::new(Kind::Machine, what)
                .hint("choose credentials of that account: AWS_PROFILE=…"));
        }
        let region = match client.near() {
            Some(port) => admin::status(port).await,
            None => None,
        };
        let caller = caller.arn.unwrap_or_default();
        let names = Names { app: &resolved.app, environment: &resolved.name };
        let stack = match plan::needs_stack(&resolved) {
            true => apply::stack::look(&client, &names.stack()).await?,
            false => None,
        };
        let stand = Stand::default();
        let mut environment = Self { resolved, client, region, stack: None, stand, caller };
        environment.stands_on(stack);
        Ok(environment)
    }

    /// Takes what the stack tells for what the services stand on, where the manifest names nothing.
    pub(crate) fn stands_on(&mut self, stack: Option<Seen>) {
        let outputs = stack.as_ref().map(|stack| stack.outputs.clone()).unwrap_or_default();
        self.stand = plan::stand(&self.resolved, &outputs);
        self.stack = stack;
    }

    /// The rules of `check` that are not true here: the account of what stands for AWS on this machine
    /// is one that on AWS can only be a placeholder.
    pub(crate) fn untrue_rules(&self) -> &'static [&'static str] {
        if self.client.near().is_some() { &["placeholder"] } else { &[] }
    }

    /// Looks at what the services stand on, and at them.
    pub(crate) async fn look(&self, wish: &Wish) -> Result<Observed, CallError> {
        let sought = Sought::of(wish);
        let scope = sought.scope(wish.names());
        let mut observed = apply::observe_standing(&self.client, scope, &self.stand).await?;
        observed.stack = self.stack.as_ref().map(|stack| stack.changed);
        Ok(observed)
    }

    /// The same; what is in the way is a failure. What the stack is about to bring is not in the way.
    pub(crate) async fn survey(&self, wish: &Wish, ground: &Foundation) -> Result<Survey, Failure> {
        let observed = self.look(wish).await.map_err(EndError::Look)?;
        let mut problems = plan::ship(wish, &observed).problems;
        let mut unfounded = BTreeSet::new();
        if !ground.rests() {
            problems.retain(|problem| !problem.path.contains(".foundation.existing."));
            unfounded = plan::unfounded(wish, &self.stand, &observed);
        }
        match problems.is_empty() {
            true => Ok(Survey { observed, unfounded }),
            false => Err(EndError::Problems(problems).into()),
        }
    }
}
