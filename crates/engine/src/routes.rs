//! The World's load balancers, in the terms of the gateway.
//!
//! All of them when a region starts; from then on what a commit changes, so that cost follows the
//! change.

mod attribute;
mod change;

pub(crate) use change::change;

use crate::access;
use attribute::Settings;
use gateway::{
    Action, Attributes, Certificate, Condition, FixedResponse, Forward, Group, HealthCheck,
    Listener, ProtocolVersion, QueryPair, Redirect, Routes, Rule, Scheme, TargetId, TargetUse, Tls,
};
use model::{Pace, Span};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use world::{TargetState, World};

/// How long requests in flight may take in any case when their target goes. Connections that never
/// end hold up a rollout no longer than that.
const IN_FLIGHT: Duration = Duration::from_secs(5);

/// Everything that the gateway serves.
pub(crate) fn of(world: &World, pace: Pace) -> Routes {
    let listeners = world.listeners.iter();
    let listeners = listeners.map(|held| (held.arn.to_string(), listener(world, held)));
    let used = used_groups(world);
    let groups = world.target_groups.iter().filter(|group| used.contains(group.arn.as_str()));
    let groups = groups.map(|held| (held.arn.to_string(), group(world, held, pace)));
    Routes { listeners: listeners.collect(), groups: groups.collect() }
}

/// The groups that a listener or rule leads to; the others are not checked (reference §4.3).
fn used_groups(world: &World) -> BTreeSet<&str> {
    let defaults = world.listeners.iter().flat_map(|listener| &listener.default_actions);
    let ruled = world.rules.iter().flat_map(|rule| &rule.actions);
    defaults.chain(ruled).flat_map(world::Action::groups).map(AsRef::as_ref).collect()
}

fn listener(world: &World, held: &world::Listener) -> Listener {
    let rules = world.rules_of(&held.arn).filter_map(rule).collect();
    let balancer = world.load_balancers.get(&held.load_balancer);
    let settings = balancer.map(|held| Settings(&held.attributes));
    let http2 = settings.is_none_or(Settings::http2);
    let attributes = balancer.map(|held| Attributes {
        access_log: Settings(&held.attributes).keeps_access_log().then(|| access::name(held)),
        ..Settings(&held.attributes).attributes()
    });
    Listener {
        candidates: candidates(held),
        port: held.port,
        tls: (held.protocol == "HTTPS").then(|| Tls { http2, ..tls(world, held) }),
        rules,
        default: held.default_actions.iter().find_map(action).unwrap_or_else(nowhere),
        attributes: attributes.unwrap_or_default(),
        retouch: Settings(&held.attributes).retouch(),
    }
}

/// Its side of TLS. A certificate that is gone is left out: no handler lets that happen.
fn tls(world: &World, held: &world::Listener) -> Tls {
    let versions =
        services::elbv2::policy::versions(held.ssl_policy.as_deref().unwrap_or_default());
    let certificates = held.certificates.iter().filter_map(|arn| {
        let paper = &world.certificates.get(arn.as_str())?.paper;
        Some(Certificate {
            id: arn.clone(),
            names: paper.facts.names.clone(),
            chain: format!("{}\n{}", paper.certificate, paper.chain.as_deref().unwrap_or_default()),
            key: paper.key.clone(),
        })
    });
    Tls {
        certificates: certificates.collect(),
        tls12: versions.tls12,
        tls13: versions.tls13,
        http2: true,
    }
}

/// HTTP, with TLS or without.
fn scheme(protocol: &str) -> Scheme {
    if protocol == "HTTPS" { Scheme::Https } else { Scheme::Http }
}

/// Where a listener tries to listen: where it did before, at its own port, at a port that needs no
/// privilege (80 → 8080, 443 → 8443), at any.
fn candidates(held: &world::Listener) -> Vec<SocketAddr> {
    let unprivileged = (held.port < 1024).then(|| held.port + 8000);
    let unprivileged = match held.port {
        80 => Some(8080),
        443 => Some(8443),
        _ => unprivileged,
    };
    let ports = [held.local_port, Some(held.port), unprivileged, Some(0)];
    let mut seen = BTreeSet::new();
    let fresh = ports.into_iter().flatten().filter(|port| seen.insert(*port));
    fresh.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port))).collect()
}

fn rule(held: &world::Rule) -> Option<Rule> {
    Some(Rule {
        priority: held.key.priority,
        conditions: held.conditions.iter().map(condition).collect(),
        action: held.actions.iter().find_map(action)?,
    })
}

fn condition(held: &world::Condition) -> Condition {
    match held {
        world::Condition::Host(values) => Condition::Host(values.clone()),
        world::Condition::Path(values) => Condition::Path(values.clone()),
        world::Condition::Header { name, values } => {
            Condition::Header { name: name.clone(), values: values.clone() }
        }
        world::Condition::Method(values) => Condition::Method(values.clone()),
        world::Condition::Query(pairs) => Condition::Query(
            pairs
                .iter()
                .map(|(key, value)| QueryPair { key: key.clone(), value: value.clone() })
                .collect(),
        ),
        // The handlers let only CIDR blocks in.
        world::Condition::SourceIp(blocks) => {
            Condition::SourceIp(blocks.iter().filter_map(|block| block.parse().ok()).collect())
        }
    }
}

fn action(held: &world::Action) -> Option<Action> {
    Some(match held {
        world::Action::Forward(forward) => Action::Forward(Forward {
            groups: forward
                .groups
                .iter()
                .map(|weighted| (weighted.group.to_string(), weighted.weight))
                .collect(),
            stickiness: forward.stickiness_seconds.map(|n| Duration::from_secs(n.into())),
        }),
        world::Action::Redirect(held) => Action::Redirect(Redirect {
            protocol: held.protocol.clone(),
            host: held.host.clone(),
            port: held.port.clone(),
            path: held.path.clone(),
            query: held.query.clone(),
            permanent: held.permanent,
        }),
        world::Action::Fixed(held) => Action::Fixed(FixedResponse {
            status: held.status,
            content_type: held.content_type.clone(),
            body: held.body.clone(),
        }),
    })
}

/// A listener always has a default action; should it have none, it leads nowhere (503).
fn nowhere() -> Action {
    Action::Forward(Forward { groups: Vec::new(), stickiness: None })
}

fn group(world: &World, held: &world::TargetGroup, pace: Pace) -> Group {
    let targets = world.targets_of(&held.arn).filter_map(|target| {
        // Only addresses can be reached here; instances are none (`services::elbv2` says so).
        let ip: IpAddr = target.key.id.parse().ok()?;
        let used = match target.state {
            TargetState::Draining { .. } => TargetUse::Draining,
            _ => TargetUse::InService,
        };
        Some((TargetId { ip, port: target.key.port }, used))
    });
    let settings = Settings(&held.attributes);
    Group {
        targets: targets.collect(),
        linger: linger(held.deregistration_delay(), pace),
        check: check(held, pace),
        algorithm: settings.algorithm(),
        slow_start: settings.slow_start(pace),
        stickiness: settings.stickiness(),
        threshold: settings.threshold(),
        scheme: scheme(&held.protocol),
        version: version(&held.protocol_version),
    }
}

/// A deregistration delay passes at the region's speed, a request takes the time that it takes. So
/// that a rollout costs no request that AWS would let finish, requests in flight have at least the
/// delay itself, or [`IN_FLIGHT`] of it.
fn linger(delay: Span, pace: Pace) -> Duration {
    let least = Duration::from(delay).min(IN_FLIGHT);
    least.saturating_sub(pace.wait(delay).into())
}

fn version(name: &str) -> ProtocolVersion {
    match name {
        "HTTP2" => ProtocolVersion::Http2,
        "GRPC" => ProtocolVersion::Grpc,
        _ => ProtocolVersion::Http1,
    }
}

/// The interval is AWS's wait and passes at the region's speed; the time-out is the target's own.
fn check(group: &world::TargetGroup, pace: Pace) -> HealthCheck {
    let held = &group.check;
    let plain = |span: Span| Duration::from(span);
    HealthCheck {
        scheme: scheme(&held.protocol),
        version: version(&group.protocol_version),
        port: held.port,
        path: held.path.clone(),
        interval: plain(pace.wait(held.interval)),
        timeout: plain(held.timeout),
        healthy_threshold: held.healthy_threshold,
        unhealthy_threshold: held.unhealthy_threshold,
        // The handlers let only lists of codes in.
        matcher: held.matcher.parse().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(delay: u64, speed: f64, expected_millis: u64) {
        let found = linger(Span::seconds(delay), Pace::new(speed).unwrap());
        assert_eq!(found, Duration::from_millis(expected_millis), "{delay} s at {speed}");
    }

    #[test]
    fn requests_in_flight_have_the_delay_itself_or_five_seconds() {
        // 1.5 s of the delay have passed when the target goes.
        check(30, 20.0, 3500);
        check(300, 100.0, 2000);
        check(2, 20.0, 1900);
        check(0, 20.0, 0);
        // At AWS's pace the delay is all there is.
        check(30, 1.0, 0);
        check(300, 20.0, 0);
    }
}
