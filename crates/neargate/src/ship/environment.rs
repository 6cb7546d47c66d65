//! An environment on AWS: its manifest, a client that reaches it, and whose account it is.

use crate::admin::{self, Status};
use crate::failure::{Failure, Kind};
use crate::project::{Project, Sought};
use api::sts::{GetCallerIdentity, GetCallerIdentityRequest};
use apply::observe::Standing;
use apply::{Access, CallError, Client, EndError};
use manifest::Resolved;
use plan::Wish;
use plan::observed::Observed;

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
    /// Who calls, as AWS has it.
    pub(crate) caller: String,
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
        let access = Access {
            profile,
            region: resolved.environment.region.as_deref(),
            session: SESSION,
            ..Access::default()
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
        Ok(Self { resolved, client, region, caller })
    }

    /// The rules of `check` that are not true here: the account of what stands for AWS on this machine
    /// is one that on AWS can only be a placeholder.
    pub(crate) fn untrue_rules(&self) -> &'static [&'static str] {
        if self.client.near().is_some() { &["placeholder"] } else { &[] }
    }

    /// Looks at what the services stand on, and at them.
    pub(crate) async fn look(&self, wish: &Wish) -> Result<Observed, CallError> {
        let sought = Sought::of(wish);
        let existing = &self.resolved.environment.foundation.existing;
        let standing = Standing {
            subnets: &existing.subnets,
            security_groups: &existing.security_groups,
            execution_role: existing.execution_role.as_ref(),
            task_role: existing.task_role.as_ref(),
            target_groups: &existing.target_groups,
        };
        apply::observe_standing(&self.client, sought.scope(wish.names()), standing).await
    }

    /// The same; what is in the way is a failure.
    pub(crate) async fn look_without_problems(&self, wish: &Wish) -> Result<Observed, Failure> {
        let observed = self.look(wish).await.map_err(EndError::Look)?;
        let problems = plan::ship(wish, &observed).problems;
        if problems.is_empty() { Ok(observed) } else { Err(EndError::Problems(problems).into()) }
    }
}
