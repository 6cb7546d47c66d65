//! `DescribeClusters`.

use super::show::{Part, show};
use crate::Cx;
use crate::ecs::{fault, names};
use api::Fault;
use api::ecs::{DescribeClustersRequest, DescribeClustersResponse, Failure};
use std::collections::BTreeSet;
use world::World;

/// How many clusters one request may name.
const MOST: usize = 100;

/// Shows clusters, deleted ones included; one that is not there is a failure, never a refusal.
pub(in crate::ecs) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeClustersRequest,
) -> Result<DescribeClustersResponse, Fault> {
    let parts = parse_parts(input.include.as_deref().unwrap_or_default())?;
    let given = input.clusters.filter(|given| !given.is_empty());
    let given = given.unwrap_or_else(|| vec!["default".to_owned()]);
    if given.len() > MOST {
        return Err(fault::too_many("clusters", MOST));
    }
    let (mut clusters, mut failures) = (Vec::new(), Vec::new());
    for text in &given {
        let name = names::cluster(&world.place, Some(text))?;
        match world.clusters.get(&name) {
            Some(cluster) => clusters.push(show(world, cluster, &parts)),
            None => failures.push(Failure {
                arn: Some(world.place.cluster_arn(&name)),
                reason: Some("MISSING".to_owned()),
                detail: None,
            }),
        }
    }
    Ok(DescribeClustersResponse { clusters: Some(clusters), failures: Some(failures) })
}

fn parse_parts(words: &[String]) -> Result<BTreeSet<Part>, Fault> {
    let refuse = || fault::not_one_of("include", &Part::WORDS);
    words.iter().map(|word| Part::parse(word).ok_or_else(refuse)).collect()
}
