//! What `neargate` itself asks of the region. AWS has no such API, so none of it looks like AWS's.

use super::{Door, Reply, json, text};
use crate::clock;
use crate::heart::{Chain, Event};
use control::{Subject, Waiting};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use world::{HealthStatus, World};

/// Answers `/_neargate/<path>`.
pub(crate) async fn answer(door: &Door, method: &Method, path: &str) -> Reply {
    match (method, path) {
        (&Method::GET, "status") => json(StatusCode::OK, &status(door)),
        (&Method::GET, "endpoints") => json(StatusCode::OK, &endpoints(door)),
        (&Method::GET, "operations") => json(StatusCode::OK, &operations(door)),
        (&Method::GET, "probes") => json(StatusCode::OK, &probes(&door.desk.published.load())),
        (&Method::GET, "authority") => authority(door),
        (&Method::GET, "notes") => notes(door).await,
        (&Method::POST, "reset") => reset(door).await,
        (&Method::POST, "stop") => {
            door.stop.notify_one();
            json(StatusCode::ACCEPTED, &json!({ "stopping": true }))
        }
        _ => text(StatusCode::NOT_FOUND, "the region has no such page"),
    }
}

fn status(door: &Door) -> Value {
    let world = door.desk.published.load();
    let running = world.tasks.iter().filter(|task| task.phase.counts_as_running()).count();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "pid": std::process::id(),
        "port": door.port,
        "endpoint": format!("http://127.0.0.1:{}", door.port),
        "region": door.config.region.as_str(),
        "account": door.config.account.as_str(),
        "driver": door.driver.kind().as_str(),
        "speed": door.config.pace.speed(),
        "data": door.config.data,
        "startedAt": door.started.to_string(),
        "uptimeSeconds": clock::now().since(door.started).as_seconds(),
        "generation": world.generation,
        "services": world.services.len(),
        "runningTasks": running,
    })
}

/// Each listener with the address that reaches it from this machine, and how many clients could not
/// agree on TLS with it since it began to listen there; and each distribution that is enabled.
fn endpoints(door: &Door) -> Value {
    let world = door.desk.published.load();
    let gateway = door.gateway.upgrade();
    let errors = |arn: &str| gateway.as_ref().map_or(0, |gateway| gateway.disagreements(arn));
    let listeners = world.listeners.iter().filter_map(|listener| {
        let balancer = world.load_balancers.get(&listener.load_balancer)?;
        let scheme = listener.protocol.to_ascii_lowercase();
        let url = listener.local_port.map(|port| format!("{scheme}://127.0.0.1:{port}"));
        Some(json!({
            "loadBalancer": balancer.name,
            "dnsName": balancer.dns_name,
            "listenerArn": listener.arn.as_str(),
            "protocol": listener.protocol,
            "port": listener.port,
            "localPort": listener.local_port,
            "url": url,
            "tlsNegotiationErrors": errors(listener.arn.as_str()),
        }))
    });
    let distributions = world.distributions.iter().filter(|held| held.config.enabled).map(|held| {
        let url = held.local_port.map(|port| format!("http://127.0.0.1:{port}"));
        json!({
            "id": held.id.as_str(),
            "domainName": held.domain,
            "comment": held.config.comment.reveal(),
            "localPort": held.local_port,
            "url": url,
        })
    });
    let distributions: Vec<_> = distributions.collect();
    json!({ "listeners": listeners.collect::<Vec<_>>(), "distributions": distributions })
}

/// What the health check commands of unhealthy containers said last. AWS does not tell.
fn probes(world: &World) -> Value {
    let containers = world.tasks.iter().flat_map(|task| {
        task.containers.iter().map(move |container| (task.key.id.as_str(), container))
    });
    let unhealthy = containers.filter(|(_, held)| held.health.status == HealthStatus::Unhealthy);
    let probes = unhealthy.map(|(task, held)| {
        json!({
            "task": task,
            "container": held.name,
            "exitCode": held.health.exit_code,
            "output": held.health.output,
        })
    });
    json!({ "probes": probes.collect::<Vec<_>>() })
}

/// Every operation of AWS's services here: whether the region has it.
fn operations(door: &Door) -> Value {
    let services = api::Service::ALL.into_iter().map(|service| {
        let model = service.model();
        let (here, not_here): (Vec<_>, Vec<_>) = model
            .operations
            .iter()
            .partition(|operation| door.desk.table.find(operation).is_some());
        let names = |list: Vec<&&api::Operation>| -> Vec<&str> {
            list.into_iter().map(|operation| operation.name).collect()
        };
        let mut missing = names(not_here);
        missing.extend(model.others);
        missing.sort_unstable();
        json!({ "service": model.id, "implemented": names(here), "notImplemented": missing })
    });
    json!({ "services": services.collect::<Vec<_>>() })
}

/// The certificate of the region's authority, for clients that want to trust it.
fn authority(door: &Door) -> Reply {
    match door.desk.authority.certificate(clock::now()) {
        Ok(certificate) => json(StatusCode::OK, &json!({ "certificate": certificate })),
        Err(why) => text(StatusCode::INTERNAL_SERVER_ERROR, Chain(&why).to_string()),
    }
}

async fn notes(door: &Door) -> Reply {
    let (reply, answer) = oneshot::channel();
    let asked = door.heart.send(Event::Notes(reply));
    let Ok(notes) = answer.await else {
        let why =
            if asked.is_err() { "the region is stopping" } else { "the region did not answer" };
        return text(StatusCode::SERVICE_UNAVAILABLE, why);
    };
    let notes = notes.iter().map(
        |note| json!({ "subject": subject(&note.subject), "waiting": waiting(&note.waiting) }),
    );
    json(StatusCode::OK, &json!({ "notes": notes.collect::<Vec<_>>() }))
}

fn subject(subject: &Subject) -> Value {
    match subject {
        Subject::Task(key) => json!({ "cluster": key.cluster.as_str(), "task": key.id.as_str() }),
        Subject::Service(key) => {
            json!({ "cluster": key.cluster.as_str(), "service": key.name.as_str() })
        }
        Subject::Targets(group) => json!({ "targetGroup": group.as_str() }),
        Subject::Stack(arn) => json!({ "stack": arn.as_str() }),
        Subject::Sweep => json!("sweep"),
    }
}

fn waiting(waiting: &Waiting) -> String {
    waiting.to_string()
}

async fn reset(door: &Door) -> Reply {
    let (reply, answer) = oneshot::channel();
    let _asked = door.heart.send(Event::Reset(reply));
    match answer.await {
        Ok(Ok(())) => json(StatusCode::OK, &json!({ "reset": true })),
        Ok(Err(why)) => text(StatusCode::INTERNAL_SERVER_ERROR, why),
        Err(_) => text(StatusCode::SERVICE_UNAVAILABLE, "the region is stopping"),
    }
}
