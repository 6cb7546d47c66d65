//! The name of a site: the environment's domain, where CloudFront can have a certificate for it.

use super::super::balancer;
use super::super::ground::Ground;
use super::super::template::Template;
use serde_json::{Value, json};

/// The only region whose certificates CloudFront takes (AWS: "Requirements for using SSL/TLS
/// certificates with CloudFront").
const REGION: &str = "us-east-1";

/// The name under which a distribution is reached.
#[derive(Debug)]
pub(super) struct Address<'a> {
    /// The name.
    pub(super) domain: &'a str,
    /// Its certificate.
    pub(super) certificate: Value,
}

/// The name of an environment's site. Several sites can't share one, and without a certificate of the
/// right region the domain stays the load balancer's.
pub(super) fn address<'a>(ground: &Ground<'a>, template: &mut Template) -> Option<Address<'a>> {
    let domain = ground.domain()?;
    let services = ground.manifest.environment.services.values();
    if services.filter(|service| service.static_site.is_some()).count() != 1 {
        return None;
    }
    let here = ground.manifest.environment.region.as_deref() == Some(REGION);
    let certificate = match &ground.existing().site_certificate {
        Some(arn) => json!(arn.to_string()),
        None if here => balancer::certificate(ground, domain, template),
        None => return None,
    };
    Some(Address { domain, certificate })
}
