//! What a service may say on AWS and the local region does not have.
//!
//! These members change what a service does, so keeping them without effect would make the rehearsal
//! lie. What is kept without effect is in [`STORED_ONLY`](crate::ecs::STORED_ONLY).

use crate::ecs::fault;
use api::Fault;
use api::ecs::ServiceVolumeConfiguration;
use api::ecs::{CreateServiceRequest, DeploymentController, UpdateServiceRequest};
use api::ecs::{GatewayConnector, PlacementConstraint, PlacementStrategy};
use api::ecs::{ServiceConnectConfiguration, ServiceRegistry, VpcLatticeConfiguration};

/// The members that both requests have.
struct Members<'a> {
    registries: Option<&'a [ServiceRegistry]>,
    connect: Option<&'a ServiceConnectConfiguration>,
    volumes: Option<&'a [ServiceVolumeConfiguration]>,
    lattice: Option<&'a [VpcLatticeConfiguration]>,
    gateways: Option<&'a [GatewayConnector]>,
    controller: Option<&'a DeploymentController>,
    constraints: Option<&'a [PlacementConstraint]>,
    strategy: Option<&'a [PlacementStrategy]>,
}

/// Refuses what is not here in a new service.
pub(super) fn check_new(given: &CreateServiceRequest) -> Result<(), Fault> {
    match given.scheduling_strategy.as_deref() {
        None | Some("REPLICA") => {}
        Some("DAEMON") => return Err(fault::service::daemon()),
        Some(_) => {
            return Err(fault::not_one_of("Scheduling strategy", &["REPLICA", "DAEMON"]));
        }
    }
    if given.role.is_some() {
        return Err(fault::service::custom_role());
    }
    check(&Members {
        registries: given.service_registries.as_deref(),
        connect: given.service_connect_configuration.as_ref(),
        volumes: given.volume_configurations.as_deref(),
        lattice: given.vpc_lattice_configurations.as_deref(),
        gateways: given.gateway_connectors.as_deref(),
        controller: given.deployment_controller.as_ref(),
        constraints: given.placement_constraints.as_deref(),
        strategy: given.placement_strategy.as_deref(),
    })
}

/// Refuses what is not here in a change.
pub(super) fn check_change(given: &UpdateServiceRequest) -> Result<(), Fault> {
    check(&Members {
        registries: given.service_registries.as_deref(),
        connect: given.service_connect_configuration.as_ref(),
        volumes: given.volume_configurations.as_deref(),
        lattice: given.vpc_lattice_configurations.as_deref(),
        gateways: given.gateway_connectors.as_deref(),
        controller: given.deployment_controller.as_ref(),
        constraints: given.placement_constraints.as_deref(),
        strategy: given.placement_strategy.as_deref(),
    })
}

/// An empty list, or Service Connect that is off, asks for nothing.
fn check(members: &Members<'_>) -> Result<(), Fault> {
    fn some<T>(list: Option<&[T]>) -> bool {
        list.is_some_and(|list| !list.is_empty())
    }
    if some(members.constraints) {
        return Err(fault::service::placement("constraints"));
    }
    if some(members.strategy) {
        return Err(fault::service::placement("strategies"));
    }
    let controller = members.controller.map_or("ECS", |controller| controller.r#type.as_str());
    let cloud_map = "it has no Cloud Map, hence no names to discover services by";
    let absent = [
        (some(members.registries), "serviceRegistries", cloud_map),
        (
            members.connect.is_some_and(|connect| connect.enabled),
            "serviceConnectConfiguration",
            cloud_map,
        ),
        (some(members.volumes), "volumeConfigurations", "it does not have Amazon EBS"),
        (some(members.lattice), "vpcLatticeConfigurations", "it does not have VPC Lattice"),
        (some(members.gateways), "gatewayConnectors", "it has no gateways"),
        (
            controller != "ECS",
            "deploymentController",
            "its services are deployed by ECS itself, which is type 'ECS'",
        ),
    ];
    match absent.into_iter().find(|(is_given, ..)| *is_given) {
        Some((_, member, why)) => Err(fault::unsupported(member, why)),
        None => Ok(()),
    }
}
