//! The load balancer and its plain listener.

use crate::observed::Observed;
use crate::planner::Plan;
use crate::step::Step;
use crate::tags;
use crate::wish::Wish;
use api::elbv2::{
    Action, CreateListener, CreateListenerInput, CreateLoadBalancer, CreateLoadBalancerInput,
    FixedResponseActionConfig, Listener,
};

/// The port of plain HTTP.
pub(crate) const HTTP: i32 = 80;

/// Makes the load balancer and its listener, if requests are to reach anything.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    if !wish.needs_balancer() {
        return;
    }
    let name = wish.names().balancer();
    let Some(balancer) = &observed.balancer else {
        let request = CreateLoadBalancerInput {
            name: name.clone(),
            subnets: Some(observed.subnets.clone()),
            security_groups: Some(observed.security_groups.clone()),
            scheme: Some("internet-facing".to_owned()),
            r#type: Some("application".to_owned()),
            tags: tags::elbv2(tags::shared(wish)),
            ..Default::default()
        };
        plan.steps.push(Step::call::<CreateLoadBalancer>(
            format!("create load balancer {name}"),
            request,
        ));
        plan.hold(format!("listener of load balancer {name}"), "the load balancer");
        return;
    };
    if listener(observed).is_none() {
        let request = CreateListenerInput {
            load_balancer_arn: balancer.load_balancer_arn.clone().unwrap_or_default(),
            protocol: Some("HTTP".to_owned()),
            port: Some(HTTP),
            default_actions: vec![not_found()],
            tags: tags::elbv2(tags::shared(wish)),
            ..Default::default()
        };
        let what = format!("create listener {HTTP} of load balancer {name}");
        plan.steps.push(Step::call::<CreateListener>(what, request));
    }
}

/// The plain listener, when it is there.
pub(crate) fn listener(observed: &Observed) -> Option<&Listener> {
    observed.listeners.iter().find(|listener| listener.port == Some(HTTP))
}

/// What no rule leads anywhere is nobody's page.
fn not_found() -> Action {
    Action {
        r#type: "fixed-response".to_owned(),
        fixed_response_config: Some(FixedResponseActionConfig {
            message_body: Some("no route leads here\n".to_owned()),
            status_code: "404".to_owned(),
            content_type: Some("text/plain".to_owned()),
        }),
        ..Default::default()
    }
}
