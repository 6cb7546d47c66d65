//! The cluster.

use crate::observed::Observed;
use crate::planner::Plan;
use crate::step::Step;
use crate::tags;
use crate::wish::Wish;
use api::ecs::{CreateCluster, CreateClusterRequest};

/// Makes the cluster if it is not there.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    if observed.cluster.is_some() {
        return;
    }
    let name = wish.names().cluster();
    let request = CreateClusterRequest {
        cluster_name: Some(name.clone()),
        tags: tags::ecs(tags::shared(wish)),
        ..Default::default()
    };
    plan.steps.push(Step::call::<CreateCluster>(format!("create cluster {name}"), request));
}
