//! What ELBv2 answers of a listener.

use super::super::action;
use super::HTTPS;
use api::elbv2::{Certificate, Listener, MutualAuthenticationAttributes};
use world::Listener as Row;

pub(super) fn listener(row: &Row) -> Listener {
    let actions = row.default_actions.iter().map(|action| action::show(action, row.order));
    Listener {
        listener_arn: Some(row.arn.to_string()),
        load_balancer_arn: Some(row.load_balancer.to_string()),
        port: Some(row.port.into()),
        protocol: Some(row.protocol.clone()),
        default_actions: Some(actions.collect()),
        ssl_policy: row.ssl_policy.clone(),
        // The others are in `DescribeListenerCertificates`.
        certificates: row
            .certificates
            .first()
            .map(|arn| vec![Certificate { certificate_arn: Some(arn.clone()), is_default: None }]),
        mutual_authentication: (row.protocol == HTTPS).then(|| MutualAuthenticationAttributes {
            mode: Some("off".to_owned()),
            ..Default::default()
        }),
        ..Listener::default()
    }
}
