//! What ELBv2 answers of a listener.

use super::super::action;
use api::elbv2::Listener;
use world::Listener as Row;

pub(super) fn listener(row: &Row) -> Listener {
    let actions = row.default_actions.iter().map(|action| action::show(action, row.order));
    Listener {
        listener_arn: Some(row.arn.to_string()),
        load_balancer_arn: Some(row.load_balancer.to_string()),
        port: Some(row.port.into()),
        protocol: Some(row.protocol.clone()),
        default_actions: Some(actions.collect()),
        ..Listener::default()
    }
}
