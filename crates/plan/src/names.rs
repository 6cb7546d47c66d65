//! What the things of an application are called at AWS.
//!
//! Names are how a later run knows its own: nothing is remembered on the machine that deploys.

use crate::tags;
use std::collections::BTreeMap;

/// The names of one application in one environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names<'a> {
    /// The application.
    pub app: &'a str,
    /// The environment.
    pub environment: &'a str,
}

impl Names<'_> {
    /// Whether tags say that a thing is the application's, in this environment.
    #[must_use]
    pub fn own(&self, tags: &BTreeMap<String, String>) -> bool {
        let is = |key: &str, value: &str| tags.get(key).is_some_and(|held| held == value);
        is(tags::APP, self.app) && is(tags::ENVIRONMENT, self.environment)
    }

    /// The cluster, `shop-prod`.
    #[must_use]
    pub fn cluster(&self) -> String {
        format!("{}-{}", self.app, self.environment)
    }

    /// The stack of what it stands on, `shop-prod`.
    #[must_use]
    pub fn stack(&self) -> String {
        self.cluster()
    }

    /// The parameter that locks the environment, `/neargate/shop/prod/lock`.
    #[must_use]
    pub fn lock(&self) -> String {
        format!("/neargate/{}/{}/lock", self.app, self.environment)
    }

    /// The path of the records of its deployments.
    #[must_use]
    pub fn records(&self) -> String {
        format!("/neargate/{}/{}/deployments", self.app, self.environment)
    }

    /// The load balancer, `shop-prod`.
    #[must_use]
    pub fn balancer(&self) -> String {
        self.cluster()
    }

    /// The role that pulls images, writes logs and reads secrets for all services.
    #[must_use]
    pub fn execution_role(&self) -> String {
        format!("{}-{}-execution", self.app, self.environment)
    }

    /// The role that a service's own code has.
    #[must_use]
    pub fn task_role(&self, service: &str) -> String {
        format!("{}-task", self.family(service))
    }

    /// The family of a service's task definitions, `shop-prod-api`.
    #[must_use]
    pub fn family(&self, service: &str) -> String {
        manifest::resource_name(self.app, self.environment, service)
    }

    /// The role with which ECS moves requests from version to version.
    #[must_use]
    pub fn infrastructure_role(&self) -> String {
        format!("{}-{}-infrastructure", self.app, self.environment)
    }

    /// The repository of a service's images, `shop/prod/api`.
    #[must_use]
    pub fn repository(&self, service: &str) -> String {
        format!("{}/{}/{service}", self.app, self.environment)
    }

    /// A service's target group, `shop-prod-api`: AWS allows it 32 characters, which the manifest
    /// has seen to.
    #[must_use]
    pub fn group(&self, service: &str) -> String {
        self.family(service)
    }
}
