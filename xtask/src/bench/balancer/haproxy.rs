//! HAProxy as a peer, one thread of it.

use super::super::process::{MEASURED, Running, await_listener, find, free_port, pinned};
use super::super::say;
use super::papers::Papers;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

/// HAProxy.
pub(super) struct HaProxy {
    pub(super) process: Running,
    /// Where it listens, without and with TLS.
    pub(super) ports: (u16, u16),
}

impl HaProxy {
    /// Starts it in front of an upstream; absent, and said so, when it is not on this machine.
    pub(super) fn start(
        folder: &Path,
        upstream: SocketAddr,
        papers: &Papers,
    ) -> Result<Option<Self>, String> {
        let Some(program) = find("haproxy") else {
            say("MISSING: HAProxy. What is compared with it stays open (apt install haproxy)");
            return Ok(None);
        };
        let ports = (free_port(Ipv4Addr::LOCALHOST)?, free_port(Ipv4Addr::LOCALHOST)?);
        let file = folder.join("haproxy.cfg");
        fs::write(&file, settings(ports, upstream, &papers.both))
            .map_err(|why| format!("{}: {why}", file.display()))?;
        let process = Running::start(pinned(MEASURED, &program).arg("-db").arg("-f").arg(&file))?;
        await_listener(SocketAddr::from((Ipv4Addr::LOCALHOST, ports.1)))?;
        Ok(Some(Self { process, ports }))
    }
}

/// What a load balancer does: it keeps connections, says who asked, offers HTTP/2 with TLS. The
/// ciphers are those of ours, in the same order.
fn settings((plain, secure): (u16, u16), upstream: SocketAddr, papers: &Path) -> String {
    format!(
        "global
  nbthread 1
  maxconn 8192
  ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  option forwardfor
  http-reuse always
frontend plain
  bind 127.0.0.1:{plain}
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Port {plain}
  default_backend upstream
frontend secure
  bind 127.0.0.1:{secure} ssl crt {papers} alpn h2,http/1.1
  http-request set-header X-Forwarded-Proto https
  http-request set-header X-Forwarded-Port {secure}
  default_backend upstream
backend upstream
  server one {upstream}
",
        papers = papers.display()
    )
}
