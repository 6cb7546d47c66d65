//! What ELBv2 answers of a target group.

use super::GRPC;
use super::check::{TRAFFIC_PORT, whole};
use api::elbv2::{Matcher, TargetGroup};
use model::Span;
use world::{TargetGroup as Row, World};

pub(super) fn group(row: &Row, world: &World) -> TargetGroup {
    let check = &row.check;
    let seconds = |span: Span| i32::try_from(whole(span)).ok();
    let balancer = world.balancer_of(&row.arn).map(ToString::to_string);
    let codes = Some(check.matcher.clone());
    let matcher = match row.protocol_version.as_str() {
        GRPC => Matcher { grpc_code: codes, http_code: None },
        _ => Matcher { http_code: codes, grpc_code: None },
    };
    TargetGroup {
        target_group_arn: Some(row.arn.to_string()),
        target_group_name: Some(row.name.clone()),
        protocol: Some(row.protocol.clone()),
        protocol_version: Some(row.protocol_version.clone()),
        port: Some(row.port.into()),
        vpc_id: row.vpc.clone(),
        target_type: Some(row.target_type.clone()),
        ip_address_type: Some(row.ip_address_type.clone()),
        health_check_protocol: Some(check.protocol.clone()),
        health_check_port: Some(
            check.port.map_or_else(|| TRAFFIC_PORT.to_owned(), |p| p.to_string()),
        ),
        health_check_enabled: Some(true),
        health_check_path: Some(check.path.clone()),
        health_check_interval_seconds: seconds(check.interval),
        health_check_timeout_seconds: seconds(check.timeout),
        healthy_threshold_count: i32::try_from(check.healthy_threshold).ok(),
        unhealthy_threshold_count: i32::try_from(check.unhealthy_threshold).ok(),
        matcher: Some(matcher),
        load_balancer_arns: Some(balancer.into_iter().collect()),
        target_control_port: None,
    }
}
