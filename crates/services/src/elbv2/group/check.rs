//! How a group's targets are checked: what a request asks for, over what was there
//! (reference §4.1).

use super::super::fault::group as fault;
use super::GRPC;
use api::Fault;
use api::elbv2::{CreateTargetGroupInput, Matcher, ModifyTargetGroupInput};
use model::Span;
use world::target::TargetCheck;

/// AWS's word for the port that traffic goes to.
pub(super) const TRAFFIC_PORT: &str = "traffic-port";

/// The members about health checks that `CreateTargetGroup` and `ModifyTargetGroup` share.
pub(super) struct Asked {
    protocol: Option<String>,
    port: Option<String>,
    enabled: Option<bool>,
    path: Option<String>,
    interval: Option<i32>,
    timeout: Option<i32>,
    healthy: Option<i32>,
    unhealthy: Option<i32>,
    matcher: Option<Matcher>,
}

/// What kind of group the checks are for.
pub(super) struct Kind<'a> {
    pub(super) target_type: &'a str,
    pub(super) protocol_version: &'a str,
}

/// What AWS checks when nothing is said.
pub(super) fn default(protocol_version: &str) -> TargetCheck {
    let (path, matcher) = match protocol_version {
        GRPC => ("/AWS.ALB/healthcheck", "12"),
        _ => ("/", "200"),
    };
    TargetCheck {
        protocol: "HTTP".to_owned(),
        port: None,
        path: path.to_owned(),
        interval: Span::seconds(30),
        timeout: Span::seconds(5),
        healthy_threshold: 5,
        unhealthy_threshold: 2,
        matcher: matcher.to_owned(),
    }
}

/// The checks after a request.
pub(super) fn changed(
    old: TargetCheck,
    asked: Asked,
    kind: &Kind<'_>,
) -> Result<TargetCheck, Fault> {
    if asked.enabled == Some(false) {
        return Err(fault::check_disabled(kind.target_type));
    }
    let check = TargetCheck {
        protocol: asked.protocol.map_or(Ok(old.protocol), protocol)?,
        port: asked.port.map_or(Ok(old.port), |text| port(&text))?,
        path: asked.path.map_or(Ok(old.path), path)?,
        interval: seconds(asked.interval).unwrap_or(old.interval),
        timeout: seconds(asked.timeout).unwrap_or(old.timeout),
        healthy_threshold: count(asked.healthy).unwrap_or(old.healthy_threshold),
        unhealthy_threshold: count(asked.unhealthy).unwrap_or(old.unhealthy_threshold),
        matcher: asked.matcher.map_or(Ok(old.matcher), |given| matcher(given, kind))?,
    };
    if check.timeout >= check.interval {
        return Err(fault::check_timing(whole(check.timeout), whole(check.interval)));
    }
    Ok(check)
}

fn protocol(name: String) -> Result<String, Fault> {
    match name.as_str() {
        "HTTP" | "HTTPS" => Ok(name),
        _ => Err(fault::check_protocol(&name)),
    }
}

fn port(text: &str) -> Result<Option<u16>, Fault> {
    if text == TRAFFIC_PORT {
        return Ok(None);
    }
    let port = text.parse().ok().filter(|port| *port > 0);
    port.map(Some).ok_or_else(|| fault::check_port(text))
}

fn path(path: String) -> Result<String, Fault> {
    if path.starts_with('/') { Ok(path) } else { Err(fault::check_path(&path)) }
}

/// The codes that are successes: `200`, `200,202`, `200-299`.
fn matcher(given: Matcher, kind: &Kind<'_>) -> Result<String, Fault> {
    let (name, codes, from, to) = match kind.protocol_version {
        GRPC => ("GRPC", given.grpc_code, 0, 99),
        _ => ("HTTP", given.http_code, 200, 499),
    };
    let codes = codes.filter(|codes| !codes.is_empty()).ok_or_else(|| fault::no_code(name))?;
    let refusal = |text: &str| fault::bad_code(name, text, &format!("{from}-{to}"));
    let code = |text: &str| {
        let code = text.parse().ok().filter(|code: &u32| (from..=to).contains(code));
        code.ok_or_else(|| refusal(text))
    };
    for part in codes.split(',').map(str::trim) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        if code(first)? > code(last)? {
            return Err(refusal(part));
        }
    }
    Ok(codes)
}

fn seconds(asked: Option<i32>) -> Option<Span> {
    asked.and_then(|asked| u64::try_from(asked).ok()).map(Span::seconds)
}

fn count(asked: Option<i32>) -> Option<u32> {
    asked.and_then(|asked| u32::try_from(asked).ok())
}

/// A span in seconds, as AWS shows it.
pub(super) fn whole(span: Span) -> u64 {
    span.as_millis() / 1000
}

// === impl From ===

impl From<&CreateTargetGroupInput> for Asked {
    fn from(input: &CreateTargetGroupInput) -> Self {
        Self {
            protocol: input.health_check_protocol.clone(),
            port: input.health_check_port.clone(),
            enabled: input.health_check_enabled,
            path: input.health_check_path.clone(),
            interval: input.health_check_interval_seconds,
            timeout: input.health_check_timeout_seconds,
            healthy: input.healthy_threshold_count,
            unhealthy: input.unhealthy_threshold_count,
            matcher: input.matcher.clone(),
        }
    }
}

impl From<ModifyTargetGroupInput> for Asked {
    fn from(input: ModifyTargetGroupInput) -> Self {
        Self {
            protocol: input.health_check_protocol,
            port: input.health_check_port,
            enabled: input.health_check_enabled,
            path: input.health_check_path,
            interval: input.health_check_interval_seconds,
            timeout: input.health_check_timeout_seconds,
            healthy: input.healthy_threshold_count,
            unhealthy: input.unhealthy_threshold_count,
            matcher: input.matcher,
        }
    }
}
