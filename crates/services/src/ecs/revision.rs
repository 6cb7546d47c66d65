//! `DescribeServiceRevisions`: what each deployment of a service brought (reference §3.7).

use super::service::balancers;
use super::{capacity, fault, launch, names, network};
use crate::Cx;
use api::Fault;
use api::ecs::{
    self, ContainerImage, DescribeServiceRevisionsRequest, DescribeServiceRevisionsResponse,
    Failure, ResolvedConfiguration, ServiceRevisionLoadBalancer,
};
use world::{ServiceRevision, World};

/// How many revisions one request may name (reference §3.7).
const MOST: usize = 20;

/// Shows revisions; one that is not there is a failure.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeServiceRevisionsRequest,
) -> Result<DescribeServiceRevisionsResponse, Fault> {
    let arns = &input.service_revision_arns;
    match arns.len() {
        0 => return Err(fault::deployment::none_given("serviceRevisionArns")),
        1..=MOST => {}
        _ => return Err(fault::too_many("serviceRevisionArns", MOST)),
    }
    let (mut shown, mut failures) = (Vec::new(), Vec::new());
    for arn in arns {
        let key = names::service_revision(&world.place, arn)?;
        match world.service_revisions.get(&key) {
            Some(revision) => shown.push(show(world, revision)),
            None => failures.push(Failure {
                arn: Some(arn.clone()),
                reason: Some("MISSING".to_owned()),
                detail: None,
            }),
        }
    }
    Ok(DescribeServiceRevisionsResponse {
        service_revisions: Some(shown),
        failures: Some(failures),
    })
}

fn show(world: &World, held: &ServiceRevision) -> ecs::ServiceRevision {
    let (place, service) = (&world.place, &held.key.service);
    let (launch_type, strategy) = capacity::show_launch(&held.launch);
    let (cluster, deployment) = (&service.cluster, &held.key.deployment);
    let definition = &held.definition;
    let platform = launch::resolved_platform(&held.platform_version);
    ecs::ServiceRevision {
        service_revision_arn: Some(place.service_revision_arn(cluster, &service.name, deployment)),
        service_arn: Some(place.service_arn(cluster, &service.name)),
        cluster_arn: Some(place.cluster_arn(cluster)),
        task_definition: Some(place.task_definition_arn(&definition.family, definition.revision)),
        capacity_provider_strategy: strategy,
        launch_type,
        platform_version: Some(platform.to_owned()),
        platform_family: Some("Linux".to_owned()),
        load_balancers: Some(balancers::show(&held.load_balancers)),
        service_registries: Some(Vec::new()),
        network_configuration: Some(network::show(&held.network)),
        container_images: Some(images(held)),
        guard_duty_enabled: Some(false),
        created_at: Some(held.created_at),
        resolved_configuration: Some(resolved(held)),
        ..ecs::ServiceRevision::default()
    }
}

fn images(held: &ServiceRevision) -> Vec<ContainerImage> {
    let image =
        |(name, image): (&model::ContainerName, &world::service::revision::RevisionImage)| {
            ContainerImage {
                container_name: Some(name.to_string()),
                image_digest: image.digest.clone(),
                image: Some(image.image.clone()),
            }
        };
    held.images.iter().map(image).collect()
}

/// The target groups that its tasks are registered in.
fn resolved(held: &ServiceRevision) -> ResolvedConfiguration {
    let group = |(at, balancer): (usize, &world::service::ServiceBalancer)| {
        let group = held.resolved.get(at).unwrap_or(&balancer.target_group);
        let rule = balancer.pair.as_ref().map(|pair| pair.production.to_string());
        ServiceRevisionLoadBalancer {
            target_group_arn: Some(group.to_string()),
            production_listener_rule: rule,
        }
    };
    ResolvedConfiguration {
        load_balancers: Some(held.load_balancers.iter().enumerate().map(group).collect()),
        vpc_lattice_configurations: None,
    }
}
