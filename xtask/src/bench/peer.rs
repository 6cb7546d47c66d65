//! The peers: moto server for the API, nginx for the balancer and behind it.

use super::aws::Endpoint;
use super::process::{Running, await_listener, find, free_port, pinned};
use super::say;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;

/// moto server.
pub(crate) struct Moto {
    /// Held for its life.
    _process: Running,
    /// Where it answers.
    pub(crate) endpoint: Endpoint,
}

/// nginx, one process of it.
pub(crate) struct Nginx {
    /// The process.
    pub(crate) process: Running,
}

// === impl Moto ===

impl Moto {
    /// Starts it on a processor; absent, and said so, when it is not on this machine and can't be
    /// had.
    pub(crate) fn start(root: &Path, processor: u32) -> Result<Option<Self>, String> {
        let Some(python) = python_with_moto(root) else {
            say(
                "MISSING: moto server. What is compared with it stays open (pip install moto[server])",
            );
            return Ok(None);
        };
        let port = free_port(Ipv4Addr::LOCALHOST)?;
        let mut command = pinned(processor, &python);
        let process =
            Running::start(command.args(["-m", "moto.server", "-p"]).arg(port.to_string()))?;
        await_listener(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        Ok(Some(Self { _process: process, endpoint: Endpoint { port } }))
    }
}

/// A Python that has moto's server: the machine's own, or one made below the target folder.
fn python_with_moto(root: &Path) -> Option<PathBuf> {
    let has_moto = |python: &PathBuf| {
        let tried = Command::new(python).args(["-c", "import moto.server, flask"]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    let system = find("python3")?;
    if has_moto(&system) {
        return Some(system);
    }
    let venv = root.join("target/bench/venv");
    let own = venv.join("bin/python");
    if !own.exists() {
        let made = Command::new(&system).args(["-m", "venv"]).arg(&venv).status();
        let pip =
            || Command::new(&own).args(["-m", "pip", "-q", "install", "moto[server]"]).status();
        if !made.is_ok_and(|status| status.success()) || pip().is_err() {
            return None;
        }
    }
    Some(own).filter(has_moto)
}

// === impl Nginx ===

impl Nginx {
    /// Starts it on a processor with these directives for HTTP, and waits until it listens; absent,
    /// and said so, when it is not on this machine.
    pub(crate) fn start(
        folder: &Path,
        name: &str,
        listens: SocketAddr,
        http: &str,
        processor: u32,
    ) -> Result<Option<Self>, String> {
        let Some(program) = find("nginx") else {
            say("MISSING: nginx. What is compared with it stays open (apt install nginx)");
            return Ok(None);
        };
        let file = folder.join(name);
        let text = format!(
            "daemon off; master_process off; worker_processes 1; error_log {log};
            pid {pid}; events {{ worker_connections 8192; }}
            http {{ access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; {http} }}",
            log = folder.join(format!("{name}.log")).display(),
            pid = folder.join(format!("{name}.pid")).display(),
        );
        fs::write(&file, text).map_err(|why| format!("{}: {why}", file.display()))?;
        let mut command = pinned(processor, &program);
        let process = Running::start(command.arg("-c").arg(&file))?;
        await_listener(listens)?;
        Ok(Some(Self { process }))
    }
}

/// Directives for a server of the files in a folder.
pub(crate) fn files(listens: SocketAddr, folder: &Path) -> String {
    format!(
        "sendfile on; tcp_nopush on; open_file_cache max=10;
        server {{ listen {listens} backlog=4096; root {}; }}",
        folder.display()
    )
}

/// Directives for a proxy that does what a load balancer does: keeps connections, says who asked.
pub(crate) fn proxy(listens: SocketAddr, upstream: SocketAddr) -> String {
    format!(
        "upstream u {{ server {upstream}; keepalive 1024; keepalive_requests 1000000000; }}
        server {{
            listen {listens} backlog=4096;
            location / {{
                proxy_pass http://u; proxy_http_version 1.1;
                proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 128k;
                proxy_set_header Connection \"\";
                proxy_set_header Host $http_host;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $scheme;
                proxy_set_header X-Forwarded-Port $server_port;
            }}
        }}"
    )
}
