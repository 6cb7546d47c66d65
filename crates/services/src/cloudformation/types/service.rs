//! `AWS::ECS::Service`. It is stable when its deployment is completed, which may take for ever; the
//! circuit breaker of its deployment ends that.

use super::{Kind, Look, Removal, changed, ecs, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish};
use api::ecs::{CreateService, DeleteService, DescribeServices, UpdateService};
use serde_json::{Value as Json, json};
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Service;

const NAME: Naming = Naming { most: 255, lower: Case::Any };

/// What `UpdateService` changes.
const CHANGED: [&str; 16] = [
    "AvailabilityZoneRebalancing",
    "CapacityProviderStrategy",
    "DeploymentConfiguration",
    "DesiredCount",
    "EnableECSManagedTags",
    "EnableExecuteCommand",
    "HealthCheckGracePeriodSeconds",
    "LoadBalancers",
    "NetworkConfiguration",
    "PlacementConstraints",
    "PlacementStrategies",
    "PlatformVersion",
    "PropagateTags",
    "ServiceRegistries",
    "TaskDefinition",
    "VolumeConfigurations",
];

impl Kind for Service {
    fn name(&self) -> &'static str {
        "AWS::ECS::Service"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Name", "ServiceArn"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["Cluster", "LaunchType", "Role", "SchedulingStrategy", "ServiceName"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("ServiceName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let mut input = wish.without(&["PlacementStrategies"]);
        let strategies = wish.properties.get("PlacementStrategies");
        input.extend(strategies.map(|held| ("placementStrategy".to_owned(), held.clone())));
        let name = wish.name("ServiceName", NAME, hand);
        input.insert("ServiceName".to_owned(), json!(name));
        // AWS's handler asks for one task where nothing is said.
        input.entry("DesiredCount").or_insert(json!(1));
        input.extend(wish.tag_list().map(|tags| ("tags".to_owned(), tags)));
        let made = hand.call::<CreateService>(input)?;
        Ok(made.service.and_then(|it| it.service_arn).unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        if changed(held, wish, &CHANGED) {
            let mut input = wish.only(&CHANGED);
            let strategies = input.remove("PlacementStrategies");
            input.extend(strategies.map(|held| ("placementStrategy".to_owned(), held)));
            input.extend(members([("cluster", cluster(held)), ("service", json!(held.physical))]));
            hand.call::<UpdateService>(input)?;
        }
        ecs::retag(hand, &held.physical, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let found = look(hand, held)?;
        match found.as_ref().and_then(|service| service.status.as_deref()) {
            Some("ACTIVE") => {
                let input = members([
                    ("cluster", cluster(held)),
                    ("service", json!(held.physical)),
                    ("force", json!(true)),
                ]);
                hand.call::<DeleteService>(input)?;
                Ok(Removal::Going)
            }
            Some("DRAINING") => Ok(Removal::Going),
            _ => Ok(Removal::Gone),
        }
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let Some(service) = look(hand, held)? else {
            return Err(Failure::handler("NotFound", "The service is gone."));
        };
        let attributes =
            stable([("Name", json!(service.service_name)), ("ServiceArn", json!(held.physical))]);
        let deployments = service.deployments.unwrap_or_default();
        let primary = deployments.iter().find(|it| it.status.as_deref() == Some("PRIMARY"));
        let settled = deployments.len() == 1 && service.running_count == service.desired_count;
        // A breaker with rollback brings the old definition back, as a deployment of its own.
        let wanted = held.properties.text("TaskDefinition");
        let rolled_back = primary.is_some_and(|it| is_other(it.task_definition.as_deref(), wanted));
        let failed = primary.is_some_and(|it| it.rollout_state.as_deref() == Some("FAILED"));
        if failed || rolled_back {
            let message =
                "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.";
            return Err(Failure::handler("GeneralServiceException", message));
        }
        match primary.and_then(|it| it.rollout_state.as_deref()) {
            Some("COMPLETED") if settled => Ok(attributes),
            _ => Ok(Look::NotYet),
        }
    }
}

/// Whether a deployment has another definition than the one that was asked for: by its ARN, by family
/// and revision, or by its family alone.
fn is_other(found: Option<&str>, wanted: Option<&str>) -> bool {
    let (Some(found), Some(wanted)) = (found, wanted) else { return false };
    let name = found.rsplit_once('/').map_or(found, |(_, name)| name);
    let family = name.rsplit_once(':').map_or(name, |(family, _)| family);
    ![found, name, family].contains(&wanted)
}

/// The cluster, as the properties name it.
fn cluster(held: &Standing) -> Json {
    held.properties.get("Cluster").cloned().unwrap_or_else(|| json!("default"))
}

fn look(hand: &mut Hand<'_>, held: &Standing) -> Result<Option<api::ecs::Service>, Failure> {
    let input = members([("cluster", cluster(held)), ("services", json!([held.physical]))]);
    let found = hand.call::<DescribeServices>(input)?;
    Ok(found.services.unwrap_or_default().pop())
}
