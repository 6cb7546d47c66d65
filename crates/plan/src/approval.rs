//! Approval: a new version is up, and a person says whether requests move to it.
//!
//! For ECS this is a hook of type PAUSE (reference §3.8). It stands after the new version is up and
//! before the first request moves: there each deployment comes by once, whatever its strategy is.

use crate::progress::Sight;
use api::ecs::{DeploymentLifecycleHook, DeploymentLifecycleHookTimeoutConfiguration};
use manifest::Service;
use model::Timestamp;

/// Where deployments wait.
const STAGE: &str = "POST_SCALE_UP";

/// How long they wait, in minutes: a day, which is AWS's default.
const PATIENCE: i32 = 1440;

/// A deployment that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The service deployment's ARN.
    pub deployment: String,
    /// The hook's id.
    pub hook: String,
    /// Until when it waits; then it goes back.
    pub until: Option<Timestamp>,
}

/// What a deployment waits for, if it waits for a person.
#[must_use]
pub fn approval(sight: &Sight) -> Option<Approval> {
    let deployment = sight.deployment.as_ref().filter(|held| held.finished_at.is_none())?;
    let mut hooks = deployment.lifecycle_hook_details.iter().flatten();
    let hook = hooks.find(|hook| hook.status.as_deref() == Some("AWAITING_ACTION"))?;
    Some(Approval {
        deployment: deployment.service_deployment_arn.clone()?,
        hook: hook.hook_id.clone()?,
        until: hook.expires_at,
    })
}

/// A service's hooks.
pub(crate) fn hooks(service: &Service) -> Vec<DeploymentLifecycleHook> {
    let pause = DeploymentLifecycleHook {
        target_type: Some("PAUSE".to_owned()),
        lifecycle_stages: Some(vec![STAGE.to_owned()]),
        timeout_configuration: Some(DeploymentLifecycleHookTimeoutConfiguration {
            timeout_in_minutes: Some(PATIENCE),
            action: Some("ROLLBACK".to_owned()),
        }),
        ..Default::default()
    };
    service.deploy.approve.then_some(pause).into_iter().collect()
}

/// Whether a hook is an approval, as the manifest asks for it. Others are somebody else's.
pub(crate) fn is_own(hook: &DeploymentLifecycleHook) -> bool {
    hook.target_type.as_deref() == Some("PAUSE")
}

/// Approvals in words.
pub(crate) fn words(hooks: Option<&Vec<DeploymentLifecycleHook>>) -> String {
    let own = hooks.into_iter().flatten().filter(|hook| is_own(hook));
    let stages = own.flat_map(|hook| hook.lifecycle_stages.iter().flatten());
    let stages: Vec<&str> = stages.map(String::as_str).collect();
    if stages.is_empty() { "none".to_owned() } else { format!("at {}", stages.join(", ")) }
}

impl Approval {
    /// What is waited for, and how to give it.
    pub(crate) fn waiting(&self, service: &str, environment: Option<&str>) -> String {
        let whose = environment.map(|name| format!(" --env {name}")).unwrap_or_default();
        let until = self.until.map(|until| format!(" until {until}")).unwrap_or_default();
        format!(
            "your approval{until}: `neargate promote {service}{whose}` moves the requests, `neargate \
             promote {service}{whose} --rollback` brings the old version back"
        )
    }
}
