//! `DescribeServices`.

use super::show::{show, show_tagged};
use crate::Cx;
use crate::ecs::{cluster, fault, names};
use api::Fault;
use api::ecs::{DescribeServicesRequest, DescribeServicesResponse, Failure};
use world::World;

/// How many services one request may name.
const MOST: usize = 10;

/// Shows services, in whichever status; one that is not there is a failure.
pub(in crate::ecs) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeServicesRequest,
) -> Result<DescribeServicesResponse, Fault> {
    let include = input.include.unwrap_or_default();
    if include.iter().any(|word| word != "TAGS") {
        return Err(fault::not_one_of("include", &["TAGS"]));
    }
    match input.services.len() {
        0 => return Err(fault::service::none_given()),
        1..=MOST => {}
        _ => return Err(fault::too_many("service names", MOST)),
    }
    let cluster = cluster::find(world, input.cluster.as_deref())?;
    let show = if include.is_empty() { show } else { show_tagged };
    let (mut services, mut failures) = (Vec::new(), Vec::new());
    for given in &input.services {
        let key = names::service(&world.place, &cluster.name, given)?;
        match world.services.get(&key) {
            Some(service) => services.push(show(world, service)),
            None => failures.push(Failure {
                arn: Some(world.place.service_arn(&key.cluster, &key.name)),
                reason: Some("MISSING".to_owned()),
                detail: None,
            }),
        }
    }
    Ok(DescribeServicesResponse { services: Some(services), failures: Some(failures) })
}
