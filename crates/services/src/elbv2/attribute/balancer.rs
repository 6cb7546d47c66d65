//! Attributes of load balancers (reference §4.8).

use super::super::balancer::find;
use super::{Attribute, FLAG, NO_FLAG, Refusal, Settings, Values, all, changed, value};
use crate::Cx;
use crate::query::{declared, invalid};
use api::Fault;
use api::elbv2::errors::INVALID_CONFIGURATION_REQUEST_EXCEPTION;
use api::elbv2::*;
use model::Ids;
use world::{Draft, LoadBalancer as Row, World};

const KEEP_ALIVE: Refusal =
    |key, _| format!("The value of '{key}' must be an integer between 60 and 604800");
/// AWS says `characters` of seconds.
const IDLE: Refusal = |key, value| {
    let high = value.parse().is_ok_and(|seconds: i64| seconds > 4000);
    let bound = if high { "greater than 4000" } else { "less than 1" };
    format!("The value of '{key}' cannot be {bound} characters")
};
const CROSS_ZONE: Refusal = |key, _| {
    format!("The value for '{key}' must always be 'true' for an Application Load Balancer")
};
const XFF: Refusal = |key, _| format!("'{key}' must be set as 'preserve', 'append', or 'remove'");
const DESYNC: Refusal =
    |_, value| format!("'{value}' must be one of [defensive, monitor, strictest]");
const DENY_GATEWAY: &str = "ipv6.deny_all_igw_traffic";
pub(in super::super) const PROTECTION: &str = "deletion_protection.enabled";

const TABLE: &[Attribute] = &[
    Attribute::flag("access_logs.s3.enabled", "false"),
    Attribute::text("access_logs.s3.bucket"),
    Attribute::text("access_logs.s3.prefix"),
    Attribute {
        key: "idle_timeout.timeout_seconds",
        default: "60",
        values: Values::Number(1, 4000),
        refusal: IDLE,
    },
    Attribute::flag(PROTECTION, "false"),
    Attribute::flag("routing.http2.enabled", "true"),
    Attribute::flag("routing.http.drop_invalid_header_fields.enabled", "false"),
    Attribute::flag("routing.http.xff_client_port.enabled", "false"),
    Attribute::flag("routing.http.preserve_host_header.enabled", "false"),
    Attribute {
        key: "routing.http.xff_header_processing.mode",
        default: "append",
        values: Values::Words(&["append", "preserve", "remove"]),
        refusal: XFF,
    },
    Attribute {
        key: "load_balancing.cross_zone.enabled",
        default: "true",
        values: Values::Words(&["true"]),
        refusal: CROSS_ZONE,
    },
    Attribute {
        key: "routing.http.desync_mitigation_mode",
        default: "defensive",
        values: Values::Words(&["defensive", "monitor", "strictest"]),
        refusal: DESYNC,
    },
    Attribute {
        key: "client_keep_alive.seconds",
        default: "3600",
        values: Values::Number(60, 604_800),
        refusal: KEEP_ALIVE,
    },
    Attribute::flag("waf.fail_open.enabled", "false"),
    Attribute::flag("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"),
    Attribute::flag("connection_logs.s3.enabled", "false"),
    Attribute::text("connection_logs.s3.bucket"),
    Attribute::text("connection_logs.s3.prefix"),
    Attribute::flag("health_check_logs.s3.enabled", "false"),
    Attribute::text("health_check_logs.s3.bucket"),
    Attribute::text("health_check_logs.s3.prefix"),
    Attribute::flag("zonal_shift.config.enabled", "false"),
    // An internal load balancer's default is `true`; see [`shown`].
    Attribute { key: DENY_GATEWAY, default: "false", values: FLAG, refusal: NO_FLAG },
];

/// Every key.
pub(in super::super) fn keys() -> Vec<&'static str> {
    TABLE.iter().map(|attribute| attribute.key).collect()
}

/// `ModifyLoadBalancerAttributes`.
pub(in super::super) fn modify(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: ModifyLoadBalancerAttributesInput,
) -> Result<ModifyLoadBalancerAttributesOutput, Fault> {
    let mut balancer = find(draft, &input.load_balancer_arn)?.clone();
    let given = input.attributes.into_iter();
    let given = given.map(|a| (a.key.unwrap_or_default(), a.value.unwrap_or_default())).collect();
    let unknown =
        |key: &str| invalid(format!("Load balancer attribute key '{key}' is not recognized"));
    let twice =
        |key: &str| invalid(format!("Attribute key '{key}' has been specified more than once"));
    balancer.attributes = changed(&balancer.attributes, given, TABLE, unknown, twice)?;
    check_logs(&balancer.attributes)?;
    let attributes = Some(shown(&balancer));
    draft.put(balancer);
    Ok(ModifyLoadBalancerAttributesOutput { attributes })
}

/// `DescribeLoadBalancerAttributes`.
pub(in super::super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeLoadBalancerAttributesInput,
) -> Result<DescribeLoadBalancerAttributesOutput, Fault> {
    let attributes = Some(shown(find(world, &input.load_balancer_arn)?));
    Ok(DescribeLoadBalancerAttributesOutput { attributes })
}

/// Whether a load balancer is protected from deletion.
pub(in super::super) fn is_protected(balancer: &Row) -> bool {
    value(&balancer.attributes, TABLE, PROTECTION) == "true"
}

/// Logs need a bucket to be written to.
fn check_logs(settings: &Settings) -> Result<(), Fault> {
    for (kind, logs) in [
        ("access_logs", "access logs"),
        ("connection_logs", "connection logs"),
        ("health_check_logs", "health check logs"),
    ] {
        let is = |key: &str| value(settings, TABLE, &format!("{kind}.s3.{key}"));
        if is("enabled") == "true" && is("bucket").is_empty() {
            let message = format!("The key '{kind}.s3.bucket' must set in order to enable {logs}");
            return Err(declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message));
        }
    }
    let set = |key: &str| value(settings, TABLE, &format!("access_logs.s3.{key}"));
    check_bucket(set("bucket"))?;
    check_prefix(set("prefix"))
}

/// A bucket that can't exist can't be written to. It is a folder's name, too.
fn check_bucket(name: &str) -> Result<(), Fault> {
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    let is_one = (3..=63).contains(&name.len()) && name.bytes().all(fits) && !name.contains("..");
    if name.is_empty() || is_one {
        return Ok(());
    }
    let message = format!("Access Denied for bucket: {name}. Please check S3bucket permission");
    Err(declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message))
}

/// A prefix is a way through folders here, and none that leads out of the bucket's.
fn check_prefix(prefix: &str) -> Result<(), Fault> {
    let mut parts = prefix.split('/');
    if prefix.is_empty() || parts.all(|part| !matches!(part, "" | "." | "..")) {
        return Ok(());
    }
    let message = format!(
        "the local region writes access logs to files: the prefix '{prefix}' is no way to one"
    );
    Err(declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message))
}

fn shown(balancer: &Row) -> Vec<LoadBalancerAttribute> {
    let internal = balancer.scheme == "internal";
    let settings = &balancer.attributes;
    let show = |(key, value): (&'static str, &str)| {
        let closed = key == DENY_GATEWAY && internal && !settings.contains_key(key);
        LoadBalancerAttribute {
            key: Some(key.to_owned()),
            value: Some(if closed { "true" } else { value }.to_owned()),
        }
    };
    all(settings, TABLE).map(show).collect()
}
