//! The load balancer, its certificate and its listeners.

use super::ground::Ground;
use super::ids;
use super::intrinsic::{attribute, reference, sub};
use super::template::{Resource, Template};
use serde_json::{Value, json};

/// TLS 1.2 and 1.3 with forward secrecy; AWS's recommendation (reference §4.2).
const TLS_POLICY: &str = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/// Adds them, if requests are to reach anything.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    if !ground.has_balancer() {
        return;
    }
    template.resource(ids::BALANCER, balancer(ground));
    if let Some(domain) = ground.domain() {
        secure(ground, domain, template);
    }
    template.resource(ids::HTTP, plain(ground));
    let name = attribute(ids::BALANCER, "DNSName");
    template.output("LoadBalancerName", "The load balancer's own name", name);
    template.output(
        "Listener",
        "The listener that the rules belong to",
        reference(ground.listener()),
    );
    let url = match ground.domain() {
        Some(domain) => json!(format!("https://{domain}")),
        None => sub(format!("http://${{{}.DNSName}}", ids::BALANCER)),
    };
    template.output("Url", "Where requests go", url);
}

fn balancer(ground: &Ground<'_>) -> Resource {
    let attributes = json!([
        { "Key": "access_logs.s3.enabled", "Value": "true" },
        { "Key": "access_logs.s3.bucket", "Value": reference(ids::ACCESS_LOGS) },
        { "Key": "deletion_protection.enabled", "Value": ground.is_production().to_string() },
        { "Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true" },
    ]);
    let properties = json!({
        "Name": ground.names().balancer(),
        "Type": "application",
        "Scheme": "internet-facing",
        "Subnets": ground.subnets(),
        "SecurityGroups": [attribute(ids::BALANCER_GROUP, "GroupId")],
        "LoadBalancerAttributes": attributes,
    });
    let own_network = ground.existing().subnets.is_empty();
    let way_out = own_network.then_some(ids::WAY_OUT);
    Resource::new("AWS::ElasticLoadBalancingV2::LoadBalancer", properties)
        // AWS tries the bucket when logs are turned on.
        .after([ids::ACCESS_LOGS_POLICY].into_iter().chain(way_out))
}

fn secure(ground: &Ground<'_>, domain: &str, template: &mut Template) {
    let certificate = certificate(ground, domain, template);
    let properties = json!({
        "LoadBalancerArn": reference(ids::BALANCER),
        "Protocol": "HTTPS",
        "Port": 443,
        "SslPolicy": TLS_POLICY,
        "Certificates": [{ "CertificateArn": certificate }],
        "DefaultActions": [not_found()],
    });
    template
        .resource(ids::HTTPS, Resource::new("AWS::ElasticLoadBalancingV2::Listener", properties));
}

/// The certificate of the domain, which is requested where none is named.
pub(super) fn certificate(ground: &Ground<'_>, domain: &str, template: &mut Template) -> Value {
    if let Some(arn) = &ground.existing().certificate {
        return json!(arn.to_string());
    }
    let properties = json!({ "DomainName": domain, "ValidationMethod": "DNS" });
    let certificate = Resource::new("AWS::CertificateManager::Certificate", properties);
    template.resource(ids::CERTIFICATE, certificate);
    reference(ids::CERTIFICATE)
}

/// The listener of port 80: it redirects where there is something better.
fn plain(ground: &Ground<'_>) -> Resource {
    let action = if ground.domain().is_some() { to_https() } else { not_found() };
    let properties = json!({
        "LoadBalancerArn": reference(ids::BALANCER),
        "Protocol": "HTTP",
        "Port": 80,
        "DefaultActions": [action],
    });
    let listener = Resource::new("AWS::ElasticLoadBalancingV2::Listener", properties);
    if ground.domain().is_some() {
        return listener;
    }
    let reason = "without a domain there is no certificate";
    listener.skipping("CKV_AWS_2", reason).skipping("CKV_AWS_103", reason)
}

fn to_https() -> Value {
    json!({
        "Type": "redirect",
        "RedirectConfig": { "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301" },
    })
}

/// What no rule leads anywhere is nobody's page.
fn not_found() -> Value {
    json!({
        "Type": "fixed-response",
        "FixedResponseConfig": {
            "StatusCode": "404",
            "ContentType": "text/plain",
            "MessageBody": "no route leads here\n",
        },
    })
}
