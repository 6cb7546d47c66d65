//! Attributes of target groups (reference §4.6).

use super::super::group::find;
use super::{Attribute, Refusal, Settings, Values, all, changed, value};
use crate::Cx;
use crate::query::{declared, invalid};
use api::Fault;
use api::elbv2::errors::INVALID_CONFIGURATION_REQUEST_EXCEPTION;
use api::elbv2::*;
use model::Ids;
use world::{Draft, World};

const DELAY: Refusal =
    |key, value| format!("'{key}' value '{value}' must be between '0-3600' inclusive");
const WEEK: Refusal =
    |key, value| format!("'{key}' value '{value}' must be between '1-604800' inclusive");
const SLOW: Refusal =
    |key, value| format!("'{key}' value '{value}' must be between '30-900' inclusive");
const COUNT: Refusal = |key, _| format!("The value of '{key}' must be 'off' or a positive integer");
const PERCENTAGE: Refusal = |key, value| match value {
    "0" => COUNT(key, value),
    _ => format!("'{key}' must be 'off' or an integer from 1 to 100 inclusive"),
};
const ALGORITHMS: Refusal = |_, _| {
    "'Load balancer algorithm' must be one of [round_robin, weighted_random, \
     least_outstanding_requests]"
        .to_owned()
};
/// A week in seconds.
const MOST_STICKY: u32 = 604_800;

const ALGORITHM: &str = "load_balancing.algorithm.type";
const MITIGATION: &str = "load_balancing.algorithm.anomaly_mitigation";
const SLOW_START: &str = "slow_start.duration_seconds";
const STICKY: &str = "stickiness.enabled";
const STICKY_TYPE: &str = "stickiness.type";
const COOKIE: &str = "stickiness.app_cookie.cookie_name";
const DNS: &str = "target_group_health.dns_failover.minimum_healthy_targets";
const ROUTING: &str = "target_group_health.unhealthy_state_routing.minimum_healthy_targets";

const TABLE: &[Attribute] = &[
    number("deregistration_delay.timeout_seconds", "300", Values::Number(0, 3600), DELAY),
    Attribute::flag(STICKY, "false"),
    // The words are checked against the group's protocol.
    Attribute { default: "lb_cookie", ..Attribute::text(STICKY_TYPE) },
    number("stickiness.lb_cookie.duration_seconds", "86400", Values::Number(1, MOST_STICKY), WEEK),
    Attribute::text(COOKIE),
    number("stickiness.app_cookie.duration_seconds", "86400", Values::Number(1, MOST_STICKY), WEEK),
    number(SLOW_START, "0", Values::WordOrNumber("0", 30, 900), SLOW),
    Attribute {
        key: ALGORITHM,
        default: "round_robin",
        values: Values::Words(&["round_robin", "weighted_random", "least_outstanding_requests"]),
        refusal: ALGORITHMS,
    },
    Attribute {
        key: MITIGATION,
        default: "off",
        values: Values::Words(&["on", "off"]),
        refusal: |key, _| format!("'{key}' must be one of [off, on]"),
    },
    Attribute {
        key: "load_balancing.cross_zone.enabled",
        default: "use_load_balancer_configuration",
        values: Values::Words(&["true", "false", "use_load_balancer_configuration"]),
        refusal: |key, _| {
            format!("'{key}' must be one of use_load_balancer_configuration,true,false")
        },
    },
    number(
        "target_group_health.dns_failover.minimum_healthy_targets.count",
        "1",
        Values::WordOrNumber("off", 1, 1000),
        COUNT,
    ),
    number(
        "target_group_health.dns_failover.minimum_healthy_targets.percentage",
        "off",
        Values::WordOrNumber("off", 1, 100),
        PERCENTAGE,
    ),
    number(
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
        "1",
        Values::Number(1, 1000),
        COUNT,
    ),
    number(
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
        "off",
        Values::WordOrNumber("off", 1, 100),
        PERCENTAGE,
    ),
];

/// Keys that groups with other protocols or of other types have.
const ELSEWHERE: &[&str] = &[
    "deregistration_delay.connection_termination.enabled",
    "lambda.multi_value_headers.enabled",
    "preserve_client_ip.enabled",
    "proxy_protocol_v2.enabled",
    "send_tcp_reset.on_deregistration.enabled",
    "send_tcp_reset.on_unhealthy.enabled",
    "target_failover.on_deregistration",
    "target_failover.on_unhealthy",
    "target_health_state.unhealthy.connection_termination.enabled",
    "target_health_state.unhealthy.draining_interval_seconds",
];

/// Every key.
pub(in super::super) fn keys() -> Vec<&'static str> {
    TABLE.iter().map(|attribute| attribute.key).collect()
}

/// `ModifyTargetGroupAttributes`.
pub(in super::super) fn modify(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: ModifyTargetGroupAttributesInput,
) -> Result<ModifyTargetGroupAttributesOutput, Fault> {
    let mut group = find(draft, &input.target_group_arn)?.clone();
    let given = input.attributes.into_iter();
    let given = given.map(|a| (a.key.unwrap_or_default(), a.value.unwrap_or_default())).collect();
    let twice =
        |key: &str| invalid(format!("Target group attribute keys must be unique: '[{key}]'"));
    let protocol = group.protocol.clone();
    let unknown = |key: &str| unknown(key, &protocol);
    group.attributes = changed(&group.attributes, given, TABLE, unknown, twice)?;
    check_stickiness(&group.attributes, &protocol)?;
    check_algorithm(&group.attributes)?;
    check_thresholds(&group.attributes)?;
    let attributes = Some(shown(&group.attributes));
    draft.put(group);
    Ok(ModifyTargetGroupAttributesOutput { attributes })
}

/// `DescribeTargetGroupAttributes`.
pub(in super::super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeTargetGroupAttributesInput,
) -> Result<DescribeTargetGroupAttributesOutput, Fault> {
    let attributes = Some(shown(&find(world, &input.target_group_arn)?.attributes));
    Ok(DescribeTargetGroupAttributesOutput { attributes })
}

fn unknown(key: &str, protocol: &str) -> Fault {
    if ELSEWHERE.contains(&key) {
        let message =
            format!("A target group with {protocol} protocol does not support the attribute {key}");
        return declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message);
    }
    invalid(format!("Target group attribute key '{key}' is not recognized"))
}

fn check_stickiness(settings: &Settings, protocol: &str) -> Result<(), Fault> {
    let is = |key: &str| value(settings, TABLE, key);
    let kind = is(STICKY_TYPE);
    if kind == "source_ip" {
        let message = format!(
            "Stickiness type 'source_ip' is not supported for target groups with the {protocol} \
             protocol"
        );
        return Err(declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message));
    }
    if !["lb_cookie", "app_cookie"].contains(&kind) {
        // Text as moto has it.
        return Err(invalid("'Stickiness type' must be one of [app_cookie, lb_cookie, source_ip]"));
    }
    if is(STICKY) == "true" && kind == "app_cookie" && is(COOKIE).is_empty() {
        let message =
            "You must set an application cookie name to enable stickiness of type 'app_cookie'";
        return Err(declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message));
    }
    if is(COOKIE).starts_with("AWSALB") {
        // Text unverified; the prefix is the load balancer's own.
        let message = format!("The application cookie name '{}' is reserved", is(COOKIE));
        return Err(declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message));
    }
    Ok(())
}

/// What can't be had together with an algorithm. AWS names the algorithm in words.
fn check_algorithm(settings: &Settings) -> Result<(), Fault> {
    let is = |key: &str| value(settings, TABLE, key);
    if is(MITIGATION) == "on" && is(ALGORITHM) == "weighted_random" {
        let message = "the local region does not implement anomaly mitigation: it compares no error \
                       rates of targets";
        return Err(declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message));
    }
    let algorithm = is(ALGORITHM).replace('_', " ");
    let conflict = if is(MITIGATION) == "on" && is(ALGORITHM) != "weighted_random" {
        "anomaly mitigation"
    } else if is(SLOW_START) != "0" && is(ALGORITHM) != "round_robin" {
        "slow start"
    } else {
        return Ok(());
    };
    let message =
        format!("You cannot enable both {conflict} and {algorithm} algorithm on a target group");
    Err(declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message))
}

fn check_thresholds(settings: &Settings) -> Result<(), Fault> {
    for unit in ["count", "percentage"] {
        let number = |side: &str| value(settings, TABLE, &format!("{side}.{unit}")).parse::<u32>();
        if let (Ok(dns), Ok(routing)) = (number(DNS), number(ROUTING))
            && dns < routing
        {
            let message = "DNS failover threshold must be greater than or equal to unhealthy state \
                           routing threshold";
            return Err(declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message));
        }
    }
    Ok(())
}

fn shown(settings: &Settings) -> Vec<TargetGroupAttribute> {
    let show = |(key, value): (&'static str, &str)| TargetGroupAttribute {
        key: Some(key.to_owned()),
        value: Some(value.to_owned()),
    };
    all(settings, TABLE).map(show).collect()
}

const fn number(
    key: &'static str,
    default: &'static str,
    values: Values,
    refusal: Refusal,
) -> Attribute {
    Attribute { key, default, values, refusal }
}
