//! Taking everything of an environment away.
//!
//! Log groups stay: what happened should be readable afterwards. So do parameters and secrets, which
//! nobody here has made.

use crate::names::Names;
use crate::observed::Observed;
use crate::planner::{Held, Plan, Until};
use crate::step::Step;
use api::ecs::{DeleteCluster, DeleteClusterRequest, DeleteService, DeleteServiceRequest};
use api::elbv2::{DeleteLoadBalancer, DeleteLoadBalancerInput};

/// The next steps from what was observed to nothing. Deleting the load balancer deletes its
/// listeners and rules.
#[must_use]
pub fn down(names: Names<'_>, observed: &Observed) -> Plan {
    let mut plan = Plan::default();
    services(names, observed, &mut plan);
    if let Some(balancer) = &observed.balancer {
        let request = DeleteLoadBalancerInput {
            load_balancer_arn: balancer.load_balancer_arn.clone().unwrap_or_default(),
        };
        let what = format!("remove load balancer {}", names.balancer());
        plan.steps.push(Step::call::<DeleteLoadBalancer>(what, request));
    }
    for (name, held) in &observed.groups {
        plan.remove_group(name, held);
    }
    for (name, role) in &observed.roles {
        plan.remove_role(name, role);
    }
    if observed.cluster.is_some() {
        cluster(names, observed, &mut plan);
    }
    plan
}

fn services(names: Names<'_>, observed: &Observed, plan: &mut Plan) {
    for (name, there) in &observed.services {
        if there.status.as_deref() != Some("ACTIVE") {
            continue;
        }
        let request = DeleteServiceRequest {
            cluster: Some(names.cluster()),
            service: name.clone(),
            force: Some(true),
        };
        plan.steps.push(Step::call::<DeleteService>(format!("remove service {name}"), request));
    }
}

/// A cluster can go when its services and tasks have gone (reference §3.13).
fn cluster(names: Names<'_>, observed: &Observed, plan: &mut Plan) {
    let name = names.cluster();
    let held = observed.cluster.clone().unwrap_or_default();
    let busy = [held.running_tasks_count, held.pending_tasks_count, held.active_services_count];
    let left: i32 = busy.into_iter().flatten().sum();
    // Services that are going are in no count but these.
    let going = held.statistics.iter().flatten().any(|pair| {
        let name = pair.name.as_deref().unwrap_or_default();
        name.starts_with("draining") && pair.value.as_deref() != Some("0")
    });
    if left == 0 && !going && observed.services.is_empty() {
        let request = DeleteClusterRequest { cluster: name.clone() };
        plan.steps.push(Step::call::<DeleteCluster>(format!("remove cluster {name}"), request));
    } else {
        plan.held.push(Held {
            what: format!("cluster {name}"),
            for_what: "its tasks to stop".to_owned(),
            until: Until::Time,
        });
    }
}
