//! Where tasks run: launch type, capacity provider strategy, platform version. Services and
//! `RunTask` say it alike.

use super::{capacity, fault};
use api::Fault;
use api::ecs::CapacityProviderStrategyItem;
use world::service::ServiceLaunch;
use world::{Cluster, TaskDefinition};

/// The platform version that `LATEST` stands for (reference §3.1).
const LATEST: &str = "1.4.0";

/// The platform versions that Linux tasks may name.
const PLATFORMS: [&str; 3] = ["LATEST", LATEST, "1.3.0"];

/// What a request says about where its tasks run.
pub(super) struct Given<'a> {
    /// `launchType`.
    pub(super) launch_type: Option<&'a str>,
    /// `capacityProviderStrategy`.
    pub(super) strategy: Option<&'a [CapacityProviderStrategyItem]>,
}

/// What a request's words come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// Fargate, in one way or the other.
    Fargate(ServiceLaunch),
    /// A launch type that needs container instances.
    Instances(String),
}

/// Parses the words. A request that says nothing gets the cluster's default strategy, and without
/// one the launch type `EC2`, as on AWS.
pub(super) fn parse(cluster: &Cluster, given: &Given<'_>) -> Result<Asked, Fault> {
    let strategy = given.strategy.filter(|items| !items.is_empty());
    match (given.launch_type, strategy) {
        (Some(_), Some(_)) => Err(fault::service::two_launches()),
        (Some("FARGATE"), None) => Ok(Asked::Fargate(ServiceLaunch::Fargate)),
        (Some(other @ ("EC2" | "EXTERNAL" | "MANAGED_INSTANCES")), None) => {
            Ok(Asked::Instances(other.to_owned()))
        }
        (Some(_), None) => Err(fault::not_one_of("launch type", &["EC2", "FARGATE", "EXTERNAL"])),
        (None, Some(items)) => {
            let items = capacity::parse(items, &cluster.capacity_providers)?;
            Ok(Asked::Fargate(ServiceLaunch::Strategy(items)))
        }
        (None, None) if cluster.default_strategy.is_empty() => {
            Ok(Asked::Instances("EC2".to_owned()))
        }
        (None, None) => {
            let items = cluster.default_strategy.clone();
            Ok(Asked::Fargate(ServiceLaunch::Strategy(items)))
        }
    }
}

/// Refuses a definition that can't run on Fargate.
pub(super) fn check_fit(definition: &TaskDefinition) -> Result<(), Fault> {
    let mut compatibilities = definition.compatibilities.iter();
    if compatibilities.any(|word| word == "FARGATE") {
        Ok(())
    } else {
        Err(fault::service::launch_type_unfit())
    }
}

/// A platform version as it is kept.
pub(super) fn parse_platform(given: Option<&str>) -> Result<String, Fault> {
    let version = given.unwrap_or("LATEST");
    if PLATFORMS.contains(&version) {
        Ok(version.to_owned())
    } else {
        Err(fault::service::unknown_platform())
    }
}

/// The version that tasks and deployments show: never `LATEST`.
pub(super) fn resolved_platform(version: &str) -> &str {
    if version == "LATEST" { LATEST } else { version }
}
