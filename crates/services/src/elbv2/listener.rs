//! Listeners. Locally they speak HTTP: certificates, and with them HTTPS, are not implemented.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod describe;
pub(super) mod modify;
mod show;

use super::fault;
use api::Fault;
use api::elbv2::{Certificate, MutualAuthenticationAttributes};
use world::{Listener, World};

/// The one protocol that there is.
const HTTP: &str = "HTTP";

/// The listener with this ARN.
pub(super) fn find<'a>(world: &'a World, arn: &str) -> Result<&'a Listener, Fault> {
    world.listeners.get(arn).ok_or_else(|| fault::no_listener(arn))
}

fn check_protocol(protocol: &str) -> Result<(), Fault> {
    match protocol {
        HTTP => Ok(()),
        "HTTPS" => Err(fault::no_tls()),
        _ => Err(fault::bad_protocol(protocol)),
    }
}

/// What only listeners with other protocols have.
struct Foreign<'a> {
    certificates: Option<&'a Vec<Certificate>>,
    ssl_policy: Option<&'a String>,
    alpn_policy: Option<&'a Vec<String>>,
    mutual_authentication: Option<&'a MutualAuthenticationAttributes>,
}

// === impl Foreign ===

impl Foreign<'_> {
    fn check(&self) -> Result<(), Fault> {
        if self.certificates.is_some_and(|certificates| !certificates.is_empty()) {
            return Err(fault::no_certificate());
        }
        if self.ssl_policy.is_some() {
            return Err(fault::no_ssl_policy());
        }
        if self.alpn_policy.is_some_and(|policies| !policies.is_empty()) {
            return Err(fault::no_alpn());
        }
        let off = |mode: &MutualAuthenticationAttributes| mode.mode.as_deref() == Some("off");
        match self.mutual_authentication {
            Some(mode) if !off(mode) => Err(fault::no_client_certificates()),
            _ => Ok(()),
        }
    }
}
