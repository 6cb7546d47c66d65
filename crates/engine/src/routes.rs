//! The World's load balancers, in the terms of the gateway.

use gateway::{
    Action, Algorithm, Attributes, Condition, FixedResponse, Forward, ForwardedFor, Group,
    HealthCheck, HostHeader, InvalidHeaders, Listener, ProtocolVersion, QueryPair, Redirect,
    Routes, Rule, Scheme, TargetId, TargetUse,
};
use model::{Pace, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use world::{TargetState, World};

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
    let attributes = world.load_balancers.get(&held.load_balancer).map(|held| &held.attributes);
    Listener {
        candidates: candidates(held),
        port: held.port,
        scheme: Scheme::Http,
        rules,
        default: held.default_actions.iter().find_map(action).unwrap_or_else(nowhere),
        attributes: attributes.map(attributes_of).unwrap_or_default(),
    }
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

/// Attributes as the gateway has them; AWS's defaults where nothing was set (reference §4.8).
fn attributes_of(set: &BTreeMap<String, String>) -> Attributes {
    let word = |key: &str| set.get(key).map(String::as_str);
    let seconds = |key: &str, default: Duration| {
        word(key).and_then(|text| text.parse().ok()).map_or(default, Duration::from_secs)
    };
    let on = |key: &str| word(key) == Some("true");
    let with_port = on("routing.http.xff_client_port.enabled");
    let aws = Attributes::default();
    Attributes {
        idle_timeout: seconds("idle_timeout.timeout_seconds", aws.idle_timeout),
        client_keep_alive: seconds("client_keep_alive.seconds", aws.client_keep_alive),
        forwarded_for: match word("routing.http.xff_header_processing.mode") {
            Some("preserve") => ForwardedFor::Preserve,
            Some("remove") => ForwardedFor::Remove,
            _ if with_port => ForwardedFor::AppendWithPort,
            _ => ForwardedFor::Append,
        },
        host_header: if on("routing.http.preserve_host_header.enabled") {
            HostHeader::Preserve
        } else {
            HostHeader::Rewrite
        },
        invalid_headers: if on("routing.http.drop_invalid_header_fields.enabled") {
            InvalidHeaders::Drop
        } else {
            InvalidHeaders::Route
        },
    }
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
    Action::Forward(Forward { groups: Vec::new() })
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
    Group {
        targets: targets.collect(),
        check: check(&held.check, pace),
        algorithm: Algorithm::RoundRobin,
        scheme: Scheme::Http,
        version: ProtocolVersion::Http1,
    }
}

/// The interval is AWS's wait and passes at the region's speed; the time-out is the target's own.
fn check(held: &world::target::TargetCheck, pace: Pace) -> HealthCheck {
    let plain = |span: Span| Duration::from(span);
    HealthCheck {
        scheme: Scheme::Http,
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
