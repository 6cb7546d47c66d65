//! Ends a deployment early whose tasks fail again and again in the same way.
//!
//! ECS's breaker counts many more failures where there are many tasks. Only what is shipped to an
//! environment on AWS is brought back early; the local region shows what ECS itself does.

use super::Watch;
use crate::failure::Failure;
use crate::ui::{finding, say};
use api::ecs::{StopServiceDeployment, StopServiceDeploymentRequest};
use plan::verdict::{attempt, hopeless};
use plan::{Flaw, FlawKind, Verdict};

/// What AWS says of a deployment that has ended meanwhile, or is being brought back already.
const OVER: [&str; 3] =
    ["ConflictException", "ServiceDeploymentNotFoundException", "InvalidParameterException"];

impl Watch<'_> {
    /// Brings the old version back where waiting is hopeless.
    pub(super) async fn give_up(&mut self) -> Result<(), Failure> {
        if self.shipping().is_none() {
            return Ok(());
        }
        for (name, (sight, progress)) in &self.seen {
            if progress.verdict != Verdict::Waiting || self.given_up.contains_key(name) {
                continue;
            }
            let Some(found) = hopeless(self.trouble.of(name)) else { continue };
            let Some(goal) = self.goals.get(name) else { continue };
            let title = finding::title(found);
            let Some(own) = attempt(sight, &goal.definition) else { continue };
            let back = own.source_service_revisions.as_ref().is_some_and(|held| !held.is_empty());
            let words = format!("{} tasks failed in the same way: {title}", found.tasks.len());
            if !back {
                let words = format!("{words}. There is no completed deployment to go back to.");
                self.given_up.insert(name.clone(), Flaw::new(FlawKind::NoWayBack, words));
                continue;
            }
            say::warn(&format!("service {name}: {words}; the old version is brought back"));
            let request = StopServiceDeploymentRequest {
                service_deployment_arn: own.service_deployment_arn.clone().unwrap_or_default(),
                stop_type: Some("ROLLBACK".to_owned()),
            };
            let stopped = self.client.call::<StopServiceDeployment>(request).await;
            match stopped {
                Err(why) if why.code().is_some_and(|code| OVER.contains(&code)) => {}
                stopped => drop(stopped?),
            }
            // It is waited for: the rollback has an end of its own.
            self.given_up.insert(name.clone(), Flaw::new(FlawKind::RollingBack, words));
        }
        Ok(())
    }
}
