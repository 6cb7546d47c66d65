//! The distribution: files are cached, what goes to the load balancer never is.

use super::super::ground::Ground;
use super::super::ids;
use super::super::intrinsic::{attribute, reference};
use super::super::template::Resource;
use super::address::Address;
use manifest::StaticSite;
use serde_json::{Value, json};

/// AWS's own policies, which are the same in every account.
const CACHED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const NEVER_CACHED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// All headers, cookies and parameters but `Host`, which is the load balancer's own: its
/// certificate is for that name.
const ALL_BUT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
/// All of them: CloudFront takes a certificate for the name in `Host` as well (AWS: "Requirements for
/// using HTTPS between CloudFront and your custom origin").
const ALL: &str = "216adef6-5c7f-47e4-b989-5493eafa07d3";

const FILES: &str = "files";
const SERVICES: &str = "services";

pub(super) fn distribution(
    ground: &Ground<'_>,
    (name, site): (&str, &StaticSite),
    address: Option<&Address<'_>>,
) -> Resource {
    let id = |what: &str| ids::of_service(name, what);
    let files = json!({
        "Id": FILES,
        "DomainName": attribute(&id("Files"), "RegionalDomainName"),
        "S3OriginConfig": { "OriginAccessIdentity": "" },
        "OriginAccessControlId": reference(&id("OriginAccess")),
    });
    let services = ground.has_balancer().then(|| balancer(ground, address));
    let origins: Vec<Value> = [files].into_iter().chain(services).collect();
    let pages = json!({
        "EventType": "viewer-request",
        "FunctionARN": attribute(&id("Pages"), "FunctionMetadata.FunctionARN"),
    });
    let mut config = json!({
        "Enabled": true,
        "Comment": ground.names().family(name),
        "HttpVersion": "http2and3",
        "IPV6Enabled": true,
        "DefaultRootObject": site.index,
        "Origins": origins,
        "DefaultCacheBehavior": {
            "TargetOriginId": FILES,
            "ViewerProtocolPolicy": "redirect-to-https",
            "AllowedMethods": ["GET", "HEAD", "OPTIONS"],
            "CachePolicyId": CACHED,
            "ResponseHeadersPolicyId": reference(&id("Headers")),
            "FunctionAssociations": [pages],
            "Compress": true,
        },
        "CacheBehaviors": behaviours(ground, address),
    });
    if let Some(Address { domain, certificate }) = address {
        config["Aliases"] = json!([domain]);
        config["ViewerCertificate"] = json!({
            "AcmCertificateArn": certificate,
            "SslSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        });
    }
    let properties = json!({ "DistributionConfig": config, "Tags": ground.tags(name) });
    let distribution = Resource::new("AWS::CloudFront::Distribution", properties)
        .skipping("CKV_AWS_86", "who reads public files is not worth a log")
        .skipping("CKV_AWS_68", "a firewall costs more than a small service: its owner decides");
    match address {
        Some(_) => distribution,
        None => distribution
            .skipping("CKV_AWS_174", "CloudFront's own certificate goes with no other TLS policy"),
    }
}

/// The load balancer as an origin. With a domain it has a certificate for it, and is reached under
/// that name unless the distribution is; without, there is only HTTP between CloudFront and it.
fn balancer(ground: &Ground<'_>, address: Option<&Address<'_>>) -> Value {
    let (name, protocol) = match (ground.domain(), address) {
        (Some(domain), None) => (json!(domain), "https-only"),
        (Some(_), Some(_)) => (attribute(ids::BALANCER, "DNSName"), "https-only"),
        (None, _) => (attribute(ids::BALANCER, "DNSName"), "http-only"),
    };
    json!({
        "Id": SERVICES,
        "DomainName": name,
        "CustomOriginConfig": { "OriginProtocolPolicy": protocol, "OriginSSLProtocols": ["TLSv1.2"] },
    })
}

/// The paths of the services that run tasks, in the order in which they are tried.
fn behaviours(ground: &Ground<'_>, address: Option<&Address<'_>>) -> Vec<Value> {
    let request = if address.is_some() { ALL } else { ALL_BUT_HOST };
    let routes = crate::rules::in_order(ground.balanced());
    // A route of a host is reached under that name: the load balancer sees its own name here.
    let hostless = routes.values().filter(|(.., route)| route.hosts().next().is_none());
    let paths = hostless.flat_map(|(.., route)| &route.path);
    // `/*` is everything, and everything else is files.
    let paths = paths.filter(|path| path.as_str() != "/*");
    paths
        .map(|path| {
            json!({
                "PathPattern": path,
                "TargetOriginId": SERVICES,
                "ViewerProtocolPolicy": "redirect-to-https",
                "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
                "CachePolicyId": NEVER_CACHED,
                "OriginRequestPolicyId": request,
                "Compress": true,
            })
        })
        .collect()
}
