//! The load balancer of a real region against nginx, both in front of the same upstream.

use super::aws::{Endpoint, between};
use super::load::{Load, Outcome};
use super::peer::{self, Nginx};
use super::process::{LOADING, MEASURED, await_that, free_port};
use super::region::{Region, Start, fresh};
use super::table::{Bar, Beside, Figure};
use super::{Bed, Found};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

const ROUNDS: usize = 5;
const SECONDS: u32 = 4;
const CONNECTIONS: u32 = 50;
const BODY: usize = 1024;

/// Where the upstream listens: an address of the process driver's VPC, as a target has one.
const UPSTREAM: Ipv4Addr = Ipv4Addr::new(127, 31, 200, 1);

/// What one round found.
struct Round {
    outcome: Outcome,
    micros_a_request: f64,
}

/// Measures both in turn.
pub(crate) fn measure(bed: &Bed) -> Found {
    let folder = fresh(&bed.folder.join("balancer"))?;
    fs::write(folder.join("1k"), "a".repeat(BODY)).map_err(|why| why.to_string())?;
    let upstream = SocketAddr::from((UPSTREAM, free_port(UPSTREAM)?));
    let served = peer::files(upstream, &folder);
    let Some(_upstream) = Nginx::start(&folder, "upstream", upstream, &served, LOADING)? else {
        return Err("without nginx there is nothing to balance".to_owned());
    };
    let (region, ours) = region(bed, &folder, upstream)?;
    let theirs = free_port(Ipv4Addr::LOCALHOST)?;
    let listens = SocketAddr::from((Ipv4Addr::LOCALHOST, theirs));
    let directives = peer::proxy(listens, upstream);
    let nginx = Nginx::start(&folder, "proxy", listens, &directives, MEASURED)?;
    let nginx = nginx.ok_or("nginx has gone")?;
    let (mut ours_found, mut theirs_found) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours_found.push(round(ours, || region.cpu_micros())?);
        theirs_found.push(round(theirs, || nginx.process.cpu_micros())?);
    }
    region.stop()?;
    drop(nginx);
    fresh(&folder)?;
    Ok(figures(&ours_found, &theirs_found))
}

fn figures(ours: &[Round], theirs: &[Round]) -> Vec<Figure> {
    let figure = |what: &str, unit, value: fn(&Round) -> f64, bar| {
        let (ours, theirs) = (ours.iter().map(value), theirs.iter().map(value));
        let beside = Beside::Samples("nginx", theirs.collect());
        let name = format!("balancer, 1 kB, {CONNECTIONS} connections: {what}");
        Figure::compared(&name, unit, ours.collect(), beside, bar)
    };
    vec![
        figure("CPU a request", "µs", |round| round.micros_a_request, Bar::AtMost(1.0)),
        figure("rate", "requests/s", |round| round.outcome.rate, Bar::None),
        figure("p99", "ms", |round| round.outcome.p99, Bar::None),
    ]
}

fn round(port: u16, cpu: impl Fn() -> Result<f64, String>) -> Result<Round, String> {
    let url = format!("http://127.0.0.1:{port}/1k");
    let before = cpu()?;
    let load = Load { url: &url, connections: CONNECTIONS, seconds: SECONDS, script: None };
    let outcome = load.run()?;
    let spent = cpu()? - before;
    Ok(Round { outcome, micros_a_request: spent / outcome.requests })
}

/// A region whose listener has one rule, which leads to the upstream; and the listener's port.
fn region(bed: &Bed, folder: &Path, upstream: SocketAddr) -> Result<(Region, u16), String> {
    let data = folder.join("region");
    let start = Start { data: &data, driver: "process", speed: 1000, processor: Some(MEASURED) };
    let region = bed.binary.start(&start)?;
    let group = rule_to(region.endpoint, upstream)?;
    await_healthy(region.endpoint, &group)?;
    let port = region.listener_ports()?.into_iter().next().ok_or("no listener listens")?;
    Ok((region, port))
}

/// Makes a load balancer, a listener that answers 404, and a rule that leads to the upstream;
/// answers the target group.
fn rule_to(endpoint: Endpoint, upstream: SocketAddr) -> Result<String, String> {
    let (balancer, listener_port) = (balancer(endpoint)?, free_port(Ipv4Addr::LOCALHOST)?);
    let group = group(endpoint, "1k", upstream.port())?;
    let (address, port) = (upstream.ip().to_string(), upstream.port().to_string());
    let target = [
        ("TargetGroupArn", group.as_str()),
        ("Targets.member.1.Id", &address),
        ("Targets.member.1.Port", &port),
    ];
    elb(endpoint, "RegisterTargets", &target, "RegisterTargetsResult")?;
    let listener = [
        ("LoadBalancerArn", balancer.as_str()),
        ("Protocol", "HTTP"),
        ("Port", &listener_port.to_string()),
        ("DefaultActions.member.1.Type", "fixed-response"),
        ("DefaultActions.member.1.FixedResponseConfig.StatusCode", "404"),
    ];
    let listener = elb(endpoint, "CreateListener", &listener, "ListenerArn")?;
    let rule = [
        ("ListenerArn", listener.as_str()),
        ("Priority", "1"),
        ("Conditions.member.1.Field", "path-pattern"),
        ("Conditions.member.1.Values.member.1", "/1k*"),
        ("Actions.member.1.Type", "forward"),
        ("Actions.member.1.TargetGroupArn", &group),
    ];
    elb(endpoint, "CreateRule", &rule, "RuleArn")?;
    Ok(group)
}

/// Makes a load balancer in the default VPC; answers its ARN.
pub(crate) fn balancer(endpoint: Endpoint) -> Result<String, String> {
    let subnets = endpoint.subnets()?;
    let [first, second, ..] = subnets.as_slice() else {
        return Err("the region has fewer than two subnets".to_owned());
    };
    let balancer = [("Name", "bench"), ("Subnets.member.1", first), ("Subnets.member.2", second)];
    elb(endpoint, "CreateLoadBalancer", &balancer, "LoadBalancerArn")
}

/// Makes a target group of addresses, checked at a path; answers its ARN.
pub(crate) fn group(endpoint: Endpoint, path: &str, port: u16) -> Result<String, String> {
    let vpc = endpoint.query("ec2", "DescribeVpcs", &[])?;
    let vpc = between(&vpc, "vpcId").next().unwrap_or_default().to_owned();
    let (port, path) = (port.to_string(), format!("/{path}"));
    let group = [
        ("Name", "bench"),
        ("Protocol", "HTTP"),
        ("Port", port.as_str()),
        ("VpcId", vpc.as_str()),
        ("TargetType", "ip"),
        ("HealthCheckPath", path.as_str()),
    ];
    elb(endpoint, "CreateTargetGroup", &group, "TargetGroupArn")
}

/// Calls an operation of Elastic Load Balancing; answers the text of the first of these tags.
pub(crate) fn elb(
    endpoint: Endpoint,
    operation: &str,
    parameters: &[(&str, &str)],
    tag: &str,
) -> Result<String, String> {
    let answer = endpoint.query("elasticloadbalancing", operation, parameters)?;
    let found = between(&answer, tag).next().map(str::to_owned);
    Ok(found.unwrap_or_default())
}

fn await_healthy(endpoint: Endpoint, group: &str) -> Result<(), String> {
    await_that("a healthy target", || {
        let state = elb(endpoint, "DescribeTargetHealth", &[("TargetGroupArn", group)], "State");
        state.is_ok_and(|state| state == "healthy")
    })
}
