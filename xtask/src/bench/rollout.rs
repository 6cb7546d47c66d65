//! How long it takes from `CreateService` to a complete deployment, against what it must take.
//!
//! The bound is made of what nobody can save: AWS's waits at the region's speed, and the time that
//! the container itself takes from its start to its first healthy answer, measured by hand, with
//! neither region nor driver, just before.

mod docker;
mod process;

use super::aws::{CLUSTER, Endpoint};
use super::balancer::{balancer, elb, group};
use super::http::Request;
use super::process::{await_every, await_that, free_port};
use super::region::{Region, Start, fresh, is_complete};
use super::table::{Bar, Beside, Figure};
use super::{Bed, Found, say};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

pub(crate) use process::serve;

const ROUNDS: usize = 10;
const SPEED: u32 = 1000;
const BAR: Bar = Bar::AtMost(1.05);

/// AWS's waits on the way of a first deployment behind a load balancer, in seconds: the scheduler
/// notices the service (15), its network is attached (10), the agent takes the task up (3), the
/// scheduler's next pass registers the target (10), the deployment is watched (50). The target's
/// first check passes while it is watched. Reference §3.3, §7.
const WAITS: u32 = 15 + 10 + 3 + 10 + 50;

/// How often it is looked whether something is so, where milliseconds count.
const LOOK: Duration = Duration::from_micros(200);

/// A container that serves one page, and how it starts by hand.
struct Container {
    driver: &'static str,
    image: &'static str,
    command: Vec<String>,
    /// The path that its health check asks for.
    path: &'static str,
    /// Starts it by hand; answers how many milliseconds it took to its first healthy answer.
    by_hand: fn(&Self) -> Result<f64, String>,
}

/// The port that the container is defined to listen on.
const PORT: u16 = 8080;

/// Measures with processes, and with Docker where an engine answers.
pub(crate) fn measure(bed: &Bed) -> Found {
    let mut figures = with(bed, &process::container()?)?;
    if docker::is_here() {
        figures.extend(with(bed, &docker::container())?);
    } else {
        say("MISSING: a Docker engine with the image busybox. Its figure stays open");
        let beside = Beside::Missing("Docker");
        figures.push(Figure::compared(&name("docker"), "ms", Vec::new(), beside, BAR));
    }
    Ok(figures)
}

fn name(driver: &str) -> String {
    format!("CreateService to COMPLETED, speed {SPEED}, {driver}")
}

fn with(bed: &Bed, container: &Container) -> Found {
    let data = fresh(&bed.folder.join("rollout"))?;
    let driver = container.driver;
    let region = bed.binary.start(&Start { data: &data, driver, speed: SPEED, processor: None })?;
    let group = furnish(&region, container)?;
    let (mut ours, mut bounds, mut own) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let started = (container.by_hand)(container)?;
        own.push(started);
        bounds.push(started + f64::from(WAITS) * 1e3 / f64::from(SPEED));
        ours.push(deploy(region.endpoint, &format!("web-{round}"), &group)?);
    }
    region.stop()?;
    fresh(&data)?;
    let by_hand = format!("container's first healthy answer, by hand, {driver}");
    Ok(vec![
        Figure::compared(&name(driver), "ms", ours, Beside::Samples("bound", bounds), BAR),
        Figure::alone(&by_hand, "ms", own, Bar::None),
    ])
}

/// A cluster, a task definition, and a listener that leads to a target group; answers the group.
fn furnish(region: &Region, container: &Container) -> Result<String, String> {
    let endpoint = region.endpoint;
    endpoint.ecs("CreateCluster", &json!({ "clusterName": CLUSTER }))?;
    endpoint.ecs("RegisterTaskDefinition", &definition(container))?;
    let group = group(endpoint, container.path, PORT)?;
    let (balancer, port) = (balancer(endpoint)?, free_port(Ipv4Addr::LOCALHOST)?);
    let listener = [
        ("LoadBalancerArn", balancer.as_str()),
        ("Protocol", "HTTP"),
        ("Port", &port.to_string()),
        ("DefaultActions.member.1.Type", "forward"),
        ("DefaultActions.member.1.TargetGroupArn", &group),
    ];
    elb(endpoint, "CreateListener", &listener, "ListenerArn")?;
    Ok(group)
}

fn definition(container: &Container) -> Value {
    json!({
        "family": "web",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": [{
            "name": "web",
            "image": container.image,
            "command": container.command,
            "portMappings": [{ "containerPort": PORT }],
            // A web server that is process 1 of its container does not hear the stop signal.
            "stopTimeout": 2,
        }],
    })
}

/// Creates a service of one task, waits until its deployment is complete, and takes it away again;
/// answers how many milliseconds the first two took.
fn deploy(endpoint: Endpoint, name: &str, group: &str) -> Result<f64, String> {
    let subnets = endpoint.subnets()?;
    let service = json!({
        "cluster": CLUSTER,
        "serviceName": name,
        "taskDefinition": "web",
        "desiredCount": 1,
        "launchType": "FARGATE",
        "networkConfiguration": { "awsvpcConfiguration": { "subnets": subnets } },
        "loadBalancers":
            [{ "targetGroupArn": group, "containerName": "web", "containerPort": PORT }],
    });
    let described =
        || endpoint.ecs("DescribeServices", &json!({ "cluster": CLUSTER, "services": [name] }));
    let begun = Instant::now();
    endpoint.ecs("CreateService", &service)?;
    await_every(LOOK, "a complete deployment", || {
        described().is_ok_and(|described| is_complete(&described))
    })?;
    let took = millis(begun);
    let deletion = json!({ "cluster": CLUSTER, "service": name, "force": true });
    endpoint.ecs("DeleteService", &deletion)?;
    await_that("the service to be gone", || {
        described().is_ok_and(|described| described["services"][0]["status"] == "INACTIVE")
    })?;
    Ok(took)
}

/// Waits until a page is served.
fn await_page(address: SocketAddr, path: &str) -> Result<(), String> {
    let target = format!("/{path}");
    let request = Request { method: "GET", target: &target, fields: &[], body: "" };
    await_every(LOOK, "the container's page", || {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(1));
        let answer = stream.and_then(|stream| request.over(stream));
        answer.is_ok_and(|answer| answer.status == 200)
    })
}

fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
