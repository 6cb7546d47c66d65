//! The load balancer of a real region against nginx and HAProxy, all in front of the same upstream.

mod haproxy;
mod papers;

use super::aws::{Endpoint, between};
use super::h2load::Streams;
use super::load::{Load, Outcome};
use super::peer::{self, Nginx};
use super::process::{LOADING, MEASURED, Running, await_that, free_port};
use super::region::{Region, Start, fresh};
use super::table::{Bar, Beside, Figure};
use super::{Bed, Found};
use haproxy::HaProxy;
use papers::Papers;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

const ROUNDS: usize = 5;
const SECONDS: u32 = 3;

/// Where the upstream listens: an address of the process driver's VPC, as a target has one.
const UPSTREAM: Ipv4Addr = Ipv4Addr::new(127, 31, 200, 1);

/// What is asked, and how.
struct Case {
    name: &'static str,
    asks: Asks,
    /// The file that the upstream serves.
    path: &'static str,
    connections: u32,
}

/// How requests are made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// In HTTP/1.1 on connections that last.
    Plain,
    /// The same over TLS.
    Secure,
    /// Over TLS, with a connection for each request.
    SecureOnce,
    /// In HTTP/2 over TLS, several at once on each connection.
    Streams,
}

const CASES: [Case; 6] = [
    Case { name: "1 kB, 50 connections", asks: Asks::Plain, path: "1k", connections: 50 },
    Case { name: "1 kB, 500 connections", asks: Asks::Plain, path: "1k", connections: 500 },
    Case { name: "64 kB, 50 connections", asks: Asks::Plain, path: "1k-64", connections: 50 },
    Case { name: "TLS, 1 kB, 50 connections", asks: Asks::Secure, path: "1k", connections: 50 },
    Case { name: "TLS, a connection each", asks: Asks::SecureOnce, path: "1k", connections: 50 },
    Case { name: "HTTP/2, 32 × 4 streams", asks: Asks::Streams, path: "1k", connections: 32 },
];

/// What one round found.
struct Round {
    outcome: Outcome,
    micros_a_request: f64,
}

/// A balancer under measurement: its ports without and with TLS, and its processor time.
struct Subject<'a> {
    ports: (u16, u16),
    cpu: &'a dyn Fn() -> Result<f64, String>,
}

/// Measures them in turn.
pub(crate) fn measure(bed: &Bed) -> Found {
    let folder = fresh(&bed.folder.join("balancer"))?;
    for (name, length) in [("1k", 1024), ("1k-64", 65_536)] {
        fs::write(folder.join(name), "a".repeat(length)).map_err(|why| why.to_string())?;
    }
    let papers = Papers::make(&folder)?;
    let upstream = SocketAddr::from((UPSTREAM, free_port(UPSTREAM)?));
    let served = peer::files(upstream, &folder);
    let Some(_upstream) = Nginx::start(&folder, "upstream", upstream, &served, LOADING)? else {
        return Err("without nginx there is nothing to balance".to_owned());
    };
    let (region, ports) = region(bed, &folder, upstream, &papers)?;
    let ours = Subject { ports, cpu: &|| region.cpu_micros() };
    let port = free_port(Ipv4Addr::LOCALHOST)?;
    let listens = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let directives = peer::proxy(listens, upstream);
    let nginx = Nginx::start(&folder, "proxy", listens, &directives, MEASURED)?;
    let nginx = nginx.ok_or("nginx has gone")?;
    let nginx = Subject { ports: (port, port), cpu: &|| nginx.process.cpu_micros() };
    let haproxy = HaProxy::start(&folder, upstream, &papers)?;
    let cpu_of = |process: &Running| process.cpu_micros();
    let haproxy_cpu = || haproxy.as_ref().map_or(Ok(0.0), |held| cpu_of(&held.process));
    let haproxy = haproxy.as_ref().map(|held| Subject { ports: held.ports, cpu: &haproxy_cpu });
    let mut figures = Vec::new();
    for case in &CASES {
        let subjects = [Some(&ours), nginx_for(case, &nginx), haproxy.as_ref()];
        figures.extend(case.measure(subjects)?);
    }
    region.stop()?;
    fresh(&folder)?;
    Ok(figures)
}

/// nginx is there for what is asked without TLS.
fn nginx_for<'a>(case: &Case, nginx: &'a Subject<'a>) -> Option<&'a Subject<'a>> {
    (case.asks == Asks::Plain).then_some(nginx)
}

// === impl Case ===

impl Case {
    /// Rounds of ours, of nginx and of HAProxy, as far as they are there.
    fn measure(&self, subjects: [Option<&Subject<'_>>; 3]) -> Found {
        let mut rounds: [Vec<Round>; 3] = Default::default();
        for _ in 0..ROUNDS {
            for (subject, rounds) in subjects.iter().zip(&mut rounds) {
                if let Some(subject) = subject {
                    rounds.push(self.round(subject)?);
                }
            }
        }
        Ok(self.figures(&rounds))
    }

    fn round(&self, subject: &Subject<'_>) -> Result<Round, String> {
        let (plain, secure) = subject.ports;
        let url = match self.asks {
            Asks::Plain => format!("http://127.0.0.1:{plain}/{}", self.path),
            _ => format!("https://127.0.0.1:{secure}/{}", self.path),
        };
        let (connections, seconds) = (self.connections, SECONDS);
        let before = (subject.cpu)()?;
        let outcome = match self.asks {
            Asks::Streams => Streams { url: &url, connections, at_once: 4, seconds }.run()?,
            asks => {
                let field = (asks == Asks::SecureOnce).then_some("Connection: close");
                Load { url: &url, connections, seconds, script: None, field }.run()?
            }
        };
        let spent = (subject.cpu)()? - before;
        Ok(Round { outcome, micros_a_request: spent / outcome.requests })
    }

    fn figures(&self, [ours, nginx, haproxy]: &[Vec<Round>; 3]) -> Vec<Figure> {
        let figure =
            |what: &str, unit, (peer, theirs): (&'static str, &[Round]), value: Value, bar| {
                let beside = match theirs {
                    [] => Beside::Missing(peer),
                    theirs => Beside::Samples(peer, theirs.iter().map(value).collect()),
                };
                let name = format!("balancer, {}: {what}", self.name);
                Figure::compared(&name, unit, ours.iter().map(value).collect(), beside, bar)
            };
        let (nginx, haproxy) = (("nginx", nginx.as_slice()), ("HAProxy", haproxy.as_slice()));
        let cpu: Value = |round| round.micros_a_request;
        let rate: Value = |round| round.outcome.rate;
        let p99: Value = |round| round.outcome.p99;
        match (self.asks, self.path) {
            (Asks::Plain, "1k") => vec![
                figure("CPU a request", "µs", nginx, cpu, Bar::AtMost(1.0)),
                figure("rate", "requests/s", nginx, rate, Bar::None),
                figure("p99", "ms", haproxy, p99, Bar::AtMost(1.0)),
            ],
            (Asks::Plain, _) => vec![
                figure("rate", "requests/s", nginx, rate, Bar::AtLeast(1.0)),
                figure("CPU a request", "µs", nginx, cpu, Bar::None),
            ],
            (Asks::Secure | Asks::SecureOnce | Asks::Streams, _) => vec![
                figure("rate", "requests/s", haproxy, rate, Bar::AtLeast(1.0)),
                figure("CPU a request", "µs", haproxy, cpu, Bar::None),
            ],
        }
    }
}

/// A round's figure.
type Value = fn(&Round) -> f64;

/// A region whose listeners have one rule each, which leads to the upstream; and their ports, the
/// one with TLS last.
fn region(
    bed: &Bed,
    folder: &Path,
    upstream: SocketAddr,
    papers: &Papers,
) -> Result<(Region, (u16, u16)), String> {
    let data = folder.join("region");
    let start = Start { data: &data, driver: "process", speed: 1000, processor: Some(MEASURED) };
    let region = bed.binary.start(&start)?;
    let certificate = papers.import(region.endpoint)?;
    let group = rules_to(region.endpoint, upstream, &certificate)?;
    await_healthy(region.endpoint, &group)?;
    let ports = (region.listener_port("HTTP")?, region.listener_port("HTTPS")?);
    Ok((region, ports))
}

/// Makes a load balancer, two listeners that answer 404, and a rule of each that leads to the
/// upstream; answers the target group.
fn rules_to(endpoint: Endpoint, upstream: SocketAddr, certificate: &str) -> Result<String, String> {
    let balancer = balancer(endpoint)?;
    let group = group(endpoint, "1k", upstream.port())?;
    let (address, port) = (upstream.ip().to_string(), upstream.port().to_string());
    let target = [
        ("TargetGroupArn", group.as_str()),
        ("Targets.member.1.Id", &address),
        ("Targets.member.1.Port", &port),
    ];
    elb(endpoint, "RegisterTargets", &target, "RegisterTargetsResult")?;
    let with = [("Certificates.member.1.CertificateArn", certificate)];
    for (protocol, more) in [("HTTP", &[][..]), ("HTTPS", &with)] {
        rule_to(endpoint, &balancer, (protocol, more), &group)?;
    }
    Ok(group)
}

/// Makes a listener that answers 404, and a rule that leads to the group.
fn rule_to(
    endpoint: Endpoint,
    balancer: &str,
    (protocol, more): (&str, &[(&str, &str)]),
    group: &str,
) -> Result<(), String> {
    let port = free_port(Ipv4Addr::LOCALHOST)?.to_string();
    let listener = [
        ("LoadBalancerArn", balancer),
        ("Protocol", protocol),
        ("Port", &port),
        ("DefaultActions.member.1.Type", "fixed-response"),
        ("DefaultActions.member.1.FixedResponseConfig.StatusCode", "404"),
    ];
    let listener = elb(endpoint, "CreateListener", &[&listener[..], more].concat(), "ListenerArn")?;
    let rule = [
        ("ListenerArn", listener.as_str()),
        ("Priority", "1"),
        ("Conditions.member.1.Field", "path-pattern"),
        ("Conditions.member.1.Values.member.1", "/1k*"),
        ("Actions.member.1.Type", "forward"),
        ("Actions.member.1.TargetGroupArn", group),
    ];
    elb(endpoint, "CreateRule", &rule, "RuleArn").map(drop)
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
