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
    let domain = ground.domain().filter(|_| obstacle(ground).is_none())?;
    let certificate = match &ground.existing().site_certificate {
        Some(arn) => json!(arn.to_string()),
        None => balancer::certificate(ground, domain, template),
    };
    Some(Address { domain, certificate })
}

/// Why an environment's site can't have its domain.
pub(super) fn obstacle(ground: &Ground<'_>) -> Option<&'static str> {
    let services = ground.manifest.environment.services.values();
    let sites = services.filter(|service| service.static_site.is_some()).count();
    let here = ground.manifest.environment.region.as_deref() == Some(REGION);
    let certified = here || ground.existing().site_certificate.is_some();
    if sites > 1 {
        Some("several sites can't share one name")
    } else if certified {
        None
    } else {
        Some(
            "CloudFront takes certificates of us-east-1 only: name one in `foundation.existing.site_certificate`",
        )
    }
}
