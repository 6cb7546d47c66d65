//! The container in Docker: busybox's web server.
//!
//! By hand it takes two containers, one that holds the network and one that serves in it, for that
//! is what a task is: its containers share one network.

use super::{Container, PORT, await_page, millis};
use crate::bench::docker::call;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

const IMAGE: &str = "busybox:latest";

/// Whether an engine answers here that has the image.
pub(super) fn is_here() -> bool {
    call("GET", &format!("/images/{IMAGE}/json"), &Value::Null).is_ok()
}

/// The container, for the docker driver.
pub(super) fn container() -> Container {
    Container {
        driver: "docker",
        image: IMAGE,
        command: ["httpd", "-f", "-p", &PORT.to_string(), "-h", "/etc"].map(str::to_owned).to_vec(),
        path: "hostname",
        by_hand: start,
    }
}

fn start(container: &Container) -> Result<f64, String> {
    let begun = Instant::now();
    let holder = run(&json!({ "Image": IMAGE, "Cmd": ["sleep", "600"] }))?;
    let network = json!({ "NetworkMode": format!("container:{holder}") });
    let server = json!({ "Image": IMAGE, "Cmd": container.command, "HostConfig": network });
    let server = run(&server);
    let served = address(&holder).and_then(|address| await_page(address, container.path));
    let took = millis(begun);
    for id in server.iter().chain([&holder]) {
        call("DELETE", &format!("/containers/{id}?force=true"), &Value::Null)?;
    }
    server.and(served).map(|()| took)
}

/// Makes and starts a container; answers its id.
fn run(container: &Value) -> Result<String, String> {
    let created = call("POST", "/containers/create", container)?.json()?;
    let id = created["Id"].as_str().unwrap_or_default().to_owned();
    call("POST", &format!("/containers/{id}/start"), &Value::Null)?;
    Ok(id)
}

fn address(container: &str) -> Result<SocketAddr, String> {
    let found = call("GET", &format!("/containers/{container}/json"), &Value::Null)?.json()?;
    let address = found["NetworkSettings"]["IPAddress"].as_str().unwrap_or_default();
    let address: Ipv4Addr = address.parse().map_err(|why| format!("{address}: {why}"))?;
    Ok(SocketAddr::from((address, PORT)))
}
