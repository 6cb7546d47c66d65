//! `ListServiceDeployments`.

use super::show::{arn, service_arn};
use crate::Cx;
use crate::ecs::{cluster, fault, names};
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecs::{
    ListServiceDeploymentsRequest, ListServiceDeploymentsResponse, ServiceDeploymentBrief,
};
use std::cmp::Reverse;
use world::service::ServiceDeploymentStatus;
use world::{ServiceDeployment, World};

/// Lists a service's deployments, the newest first.
pub(in crate::ecs) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListServiceDeploymentsRequest,
) -> Result<ListServiceDeploymentsResponse, Fault> {
    let cluster = cluster::find(world, input.cluster.as_deref())?;
    let key = names::service(&world.place, &cluster.name, &input.service)?;
    let service = world.services.get(&key).ok_or_else(fault::service::not_found)?;
    check_words(input.status.as_deref().unwrap_or_default())?;
    let mut found: Vec<_> = world
        .service_deployments_of(&service.key)
        .filter(|held| is_asked_for(held, &input))
        .collect();
    found.sort_by_key(|held| (Reverse(held.created_at), &held.key.id));
    let ask = Ask {
        listing: "ListServiceDeployments",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, 20, 100),
    };
    let page = page(found, &ask, |held| place(held)).map_err(|_| fault::invalid_token())?;
    Ok(ListServiceDeploymentsResponse {
        service_deployments: Some(page.rows.iter().map(|held| brief(world, held)).collect()),
        next_token: page.next,
    })
}

fn check_words(given: &[String]) -> Result<(), Fault> {
    let words = ServiceDeploymentStatus::ALL.map(ServiceDeploymentStatus::as_str);
    match given.iter().all(|word| words.contains(&word.as_str())) {
        true => Ok(()),
        false => Err(fault::not_one_of("status", &words)),
    }
}

/// Whether status and time of making are among those asked for; none given asks for all.
fn is_asked_for(held: &ServiceDeployment, input: &ListServiceDeploymentsRequest) -> bool {
    let statuses = input.status.as_deref().unwrap_or_default();
    let is_status = statuses.is_empty() || statuses.iter().any(|s| s == held.status.as_str());
    let created = input.created_at.as_ref();
    let before = created.and_then(|created| created.before);
    let after = created.and_then(|created| created.after);
    is_status
        && before.is_none_or(|before| held.created_at < before)
        && after.is_none_or(|after| held.created_at > after)
}

/// What rises where the time of making falls, so that pages go on where the last one ended.
fn place(held: &ServiceDeployment) -> String {
    format!("{:020}/{}", i64::MAX - held.created_at.millis().max(0), held.key.id)
}

fn brief(world: &World, held: &ServiceDeployment) -> ServiceDeploymentBrief {
    let service = &held.key.service;
    let place = &world.place;
    ServiceDeploymentBrief {
        service_deployment_arn: Some(arn(world, held)),
        service_arn: Some(service_arn(world, held)),
        cluster_arn: Some(place.cluster_arn(&service.cluster)),
        started_at: held.started_at,
        created_at: Some(held.created_at),
        finished_at: held.finished_at,
        target_service_revision_arn: Some(place.service_revision_arn(
            &service.cluster,
            &service.name,
            &held.target,
        )),
        status: Some(held.status.as_str().to_owned()),
        status_reason: held.reason.clone(),
    }
}
