//! What makes a listener an HTTPS one: its protocol, its certificates and its security policy.

use super::super::{fault, policy};
use crate::Cx;
use api::Fault;
use api::elbv2::{Certificate, MutualAuthenticationAttributes};
use world::{Listener, World};

/// A listener's protocol without TLS.
const HTTP: &str = "HTTP";
/// The one with TLS.
pub(in super::super) const HTTPS: &str = "HTTPS";

/// What a request says about a listener's protocol.
pub(super) struct Asked<'a> {
    pub(super) protocol: Option<&'a str>,
    pub(super) certificates: Option<&'a Vec<Certificate>>,
    pub(super) ssl_policy: Option<&'a String>,
    pub(super) alpn_policy: Option<&'a Vec<String>>,
    pub(super) mutual_authentication: Option<&'a MutualAuthenticationAttributes>,
}

/// What a listener speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) protocol: String,
    pub(super) ssl_policy: Option<String>,
    /// The default one first.
    pub(super) certificates: Vec<String>,
}

// === impl Asked ===

impl Asked<'_> {
    /// What the listener speaks after the request; what is not given stays as it was.
    pub(super) fn over(
        &self,
        old: Option<&Listener>,
        world: &World,
        cx: &Cx<'_>,
    ) -> Result<Spoken, Fault> {
        let before = old.map(|listener| listener.protocol.as_str());
        let protocol = self.protocol.or(before);
        let protocol = protocol.ok_or_else(|| fault::listener_needs("protocol"))?;
        if self.alpn_policy.is_some_and(|policies| !policies.is_empty()) {
            return Err(fault::no_alpn());
        }
        match protocol {
            HTTP => self.plain(),
            HTTPS => self.secure(old.filter(|listener| listener.protocol == HTTPS), world, cx),
            other => Err(fault::bad_protocol(other)),
        }
    }

    fn plain(&self) -> Result<Spoken, Fault> {
        if self.certificates.is_some_and(|certificates| !certificates.is_empty()) {
            return Err(fault::no_certificate());
        }
        if self.ssl_policy.is_some() {
            return Err(fault::no_ssl_policy());
        }
        if !self.is_for_anybody() {
            return Err(fault::no_client_certificates());
        }
        let protocol = HTTP.to_owned();
        Ok(Spoken { protocol, ssl_policy: None, certificates: Vec::new() })
    }

    fn secure(&self, old: Option<&Listener>, world: &World, cx: &Cx<'_>) -> Result<Spoken, Fault> {
        if !self.is_for_anybody() {
            return Err(fault::secure::no_mutual_authentication());
        }
        let before = old.and_then(|listener| listener.ssl_policy.as_deref());
        let name = self.ssl_policy.map(String::as_str).or(before).unwrap_or(policy::DEFAULT);
        policy::check(name)?;
        let mut certificates = old.map(|old| old.certificates.clone()).unwrap_or_default();
        match self.certificates.map(Vec::as_slice) {
            None | Some([]) => {}
            Some([one]) => {
                if one.is_default.is_some() {
                    return Err(fault::secure::default_is_said());
                }
                let arn = usable(one, world, cx)?;
                // The new default may have been one of the others.
                let others = certificates.into_iter().skip(1).filter(|known| *known != arn);
                let others: Vec<String> = others.collect();
                certificates = [vec![arn], others].concat();
            }
            Some(several) => return Err(fault::secure::one_certificate(several.len())),
        }
        if certificates.is_empty() {
            return Err(fault::secure::needs_certificate());
        }
        let ssl_policy = Some(name.to_owned());
        Ok(Spoken { protocol: HTTPS.to_owned(), ssl_policy, certificates })
    }

    /// Whether clients need no certificates of their own.
    fn is_for_anybody(&self) -> bool {
        self.mutual_authentication.is_none_or(|mode| mode.mode.as_deref() == Some("off"))
    }
}

/// The ARN of a certificate that a listener can use.
pub(super) fn usable(
    certificate: &Certificate,
    world: &World,
    cx: &Cx<'_>,
) -> Result<String, Fault> {
    let arn = certificate.certificate_arn.clone().unwrap_or_default();
    let row = world.certificates.get(arn.as_str());
    let row = row.ok_or_else(|| fault::secure::no_certificate(&arn))?;
    if !row.is_issued(cx.now) {
        return Err(fault::secure::unusable_certificate(&arn));
    }
    Ok(arn)
}
