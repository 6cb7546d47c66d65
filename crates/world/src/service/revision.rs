//! Service revisions: what each deployment of a service brought (reference §3.7).

use super::{Deployment, Service, ServiceBalancer, ServiceKey, ServiceLaunch, ServiceNetwork};
use crate::{DefinitionKey, Held, TaskDefinition, World};
use model::{ContainerName, DeploymentId, TargetGroupArn, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A service revision. It never changes, except that what is known only later is filled in: the
/// digests of its images, once its first task has pulled them, and the target groups that its tasks
/// are registered in, once its deployment has begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceRevision {
    /// The service and the deployment whose revision it is; both ids have the same digits.
    pub key: RevisionKey,
    /// The task definition.
    pub definition: DefinitionKey,
    /// Where its tasks run.
    pub launch: ServiceLaunch,
    /// `LATEST` or a version, as given.
    pub platform_version: String,
    /// Subnets, security groups, public address.
    pub network: ServiceNetwork,
    /// The target groups, as given.
    pub load_balancers: Vec<ServiceBalancer>,
    /// Of each of them or its pair, the one that its tasks are registered in, once it is chosen.
    #[serde(default)]
    pub resolved: Vec<TargetGroupArn>,
    /// The containers' images.
    pub images: BTreeMap<ContainerName, RevisionImage>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A service and one of its revisions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RevisionKey {
    /// Whose.
    pub service: ServiceKey,
    /// Its deployment's id.
    pub deployment: DeploymentId,
}

/// A container's image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionImage {
    /// As the definition names it.
    pub image: String,
    /// What its tag stood for when the first task pulled it.
    pub digest: Option<String>,
}

// === impl ServiceRevision ===

impl ServiceRevision {
    /// The revision that a deployment of a service brings.
    #[must_use]
    pub fn of(
        service: &Service,
        deployment: &Deployment,
        definition: Option<&TaskDefinition>,
    ) -> Self {
        let image = |spec: &crate::ContainerSpec| {
            (spec.name.clone(), RevisionImage { image: spec.image.clone(), digest: None })
        };
        Self {
            key: RevisionKey { service: service.key.clone(), deployment: deployment.id.clone() },
            definition: deployment.definition.clone(),
            launch: deployment.launch.clone(),
            platform_version: service.platform_version.clone(),
            network: deployment.network.clone(),
            load_balancers: deployment.load_balancers.clone(),
            resolved: deployment.resolved.clone(),
            images: definition.iter().flat_map(|held| &held.containers).map(image).collect(),
            created_at: deployment.created_at,
        }
    }
}

impl Held for ServiceRevision {
    type Key = RevisionKey;

    fn key(&self) -> RevisionKey {
        self.key.clone()
    }
}

impl World {
    /// The revisions of a service, in no particular order.
    pub fn revisions_of_service<'a>(
        &'a self,
        service: &'a ServiceKey,
    ) -> impl Iterator<Item = &'a ServiceRevision> {
        let first = RevisionKey { service: service.clone(), deployment: "".into() };
        let held = self.service_revisions.range(first..);
        held.take_while(move |held| held.key.service == *service)
    }
}
