//! Static sites: a bucket that nobody reads but CloudFront, which also sends the other routes to
//! the load balancer, so that pages and API have one address and no CORS.

mod address;
mod distribution;

use super::access_logs::{policy, private_bucket};
use super::ground::Ground;
use super::ids;
use super::intrinsic::{attribute, reference, sub};
use super::template::{Resource, Template};
use address::Address;
use manifest::{Route, StaticSite};
use serde_json::{Value, json};

/// What a manifest says of sites that comes to something else than one might think, a line each.
pub(super) fn remarks(ground: &Ground<'_>) -> Vec<String> {
    let services = &ground.manifest.environment.services;
    let sites = services.iter().filter(|(_, service)| service.static_site.is_some());
    let mut remarks = Vec::new();
    for (name, service) in sites {
        let everything = |route: &Route| route.host.is_none() && route.path == ["/*"];
        if !service.routes().iter().all(everything) {
            remarks.push(format!(
                "service {name}: its routes have no effect: a site has every path that no other \
                 service has"
            ));
        }
        if let (Some(domain), Some(why)) = (ground.domain(), address::obstacle(ground)) {
            remarks.push(format!(
                "service {name} is reached under CloudFront's own name, not {domain}: {why}"
            ));
        }
    }
    let unused = remarks.is_empty() && ground.existing().site_certificate.is_some();
    let sited = services.values().any(|service| service.static_site.is_some());
    if unused && (ground.domain().is_none() || !sited) {
        let what =
            "`foundation.existing.site_certificate` has no effect without `domain` and a site";
        remarks.push(what.to_owned());
    }
    remarks
}

/// Adds what each static service needs.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    for (name, service) in &ground.manifest.environment.services {
        if let Some(site) = &service.static_site {
            bucket(name, template);
            template.resource(ids::of_service(name, "OriginAccess"), access(ground, name));
            template.resource(ids::of_service(name, "Pages"), pages(ground, name, site));
            template.resource(ids::of_service(name, "Headers"), headers(ground, name));
            let address = address::address(ground, template);
            let distribution = distribution::distribution(ground, (name, site), address.as_ref());
            template.resource(ids::of_service(name, "Distribution"), distribution);
            outputs(name, address.as_ref(), template);
        }
    }
}

fn outputs(name: &str, address: Option<&Address<'_>>, template: &mut Template) {
    let id = |what: &str| ids::of_service(name, what);
    let description = format!("The files of {name}");
    template.output(id("Bucket"), &description, reference(&id("Files")));
    let description = format!("What serves {name}");
    template.output(id("DistributionId"), &description, reference(&id("Distribution")));
    let own = attribute(&id("Distribution"), "DomainName");
    template.output(id("DomainName"), "What a domain has to lead to", own);
    let url = match address {
        Some(address) => json!(format!("https://{}", address.domain)),
        None => sub(format!("https://${{{}.DomainName}}", id("Distribution"))),
    };
    template.output(id("Url"), &format!("Where {name} is"), url);
}

fn bucket(name: &str, template: &mut Template) {
    let id = ids::of_service(name, "Files");
    let mut properties = private_bucket();
    // A version that was replaced can be brought back.
    properties["VersioningConfiguration"] = json!({ "Status": "Enabled" });
    properties["LifecycleConfiguration"] = json!({
        "Rules": [{
            "Id": "forget old versions",
            "Status": "Enabled",
            "NoncurrentVersionExpiration": { "NoncurrentDays": 30 },
            "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 1 },
        }],
    });
    let files = Resource::new("AWS::S3::Bucket", properties)
        .retained()
        .skipping("CKV_AWS_18", "only CloudFront reads it");
    template.resource(&id, files);
    let distribution = ids::of_service(name, "Distribution");
    let arn = format!(
        "arn:${{AWS::Partition}}:cloudfront::${{AWS::AccountId}}:distribution/${{{distribution}}}"
    );
    let allow = json!({
        "Sid": "Serve",
        "Effect": "Allow",
        "Principal": { "Service": "cloudfront.amazonaws.com" },
        "Action": "s3:GetObject",
        "Resource": sub(format!("${{{id}.Arn}}/*")),
        "Condition": { "StringEquals": { "aws:SourceArn": sub(arn) } },
    });
    template.resource(ids::of_service(name, "FilesPolicy"), policy(&id, &allow));
}

fn access(ground: &Ground<'_>, name: &str) -> Resource {
    let config = json!({
        "Name": ground.names().family(name),
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    });
    let properties = json!({ "OriginAccessControlConfig": config });
    Resource::new("AWS::CloudFront::OriginAccessControl", properties)
}

/// Paths that are no files. CloudFront's own error pages would do it for the API's answers too.
fn pages(ground: &Ground<'_>, name: &str, site: &StaticSite) -> Resource {
    let properties = json!({
        "Name": ground.names().family(name),
        "AutoPublish": true,
        "FunctionConfig": { "Comment": "Paths to pages", "Runtime": "cloudfront-js-2.0" },
        "FunctionCode": code(site),
    });
    Resource::new("AWS::CloudFront::Function", properties)
}

/// A path that ends with `/` is its index. With a fallback, a path whose last part has no dot is
/// the fallback: a browser's route, not a file.
fn code(site: &StaticSite) -> String {
    let index = Value::from(site.index.clone());
    let fallback = site.fallback.as_ref().map(|page| Value::from(format!("/{page}")));
    let rest = fallback.map_or(String::new(), |page| {
        format!(
            "  if (request.uri.lastIndexOf('.') < request.uri.lastIndexOf('/')) request.uri = {page};\n"
        )
    });
    let index_of = match rest.is_empty() {
        true => format!("  if (request.uri.endsWith('/')) request.uri += {index};\n"),
        false => format!("  if (request.uri === '/') request.uri += {index};\n"),
    };
    format!(
        "function handler(event) {{\n  var request = event.request;\n{index_of}{rest}  return request;\n}}\n"
    )
}

fn headers(ground: &Ground<'_>, name: &str) -> Resource {
    let config = json!({
        "Name": ground.names().family(name),
        "SecurityHeadersConfig": {
            "ContentTypeOptions": { "Override": true },
            "FrameOptions": { "FrameOption": "DENY", "Override": true },
            "ReferrerPolicy": { "ReferrerPolicy": "strict-origin-when-cross-origin", "Override": true },
            "StrictTransportSecurity": {
                "AccessControlMaxAgeSec": 31_536_000,
                "IncludeSubdomains": true,
                "Override": true,
            },
        },
    });
    let properties = json!({ "ResponseHeadersPolicyConfig": config });
    Resource::new("AWS::CloudFront::ResponseHeadersPolicy", properties)
}

#[cfg(test)]
mod tests {
    use super::code;
    use manifest::StaticSite;

    #[test]
    fn pages_are_found_by_their_paths() {
        let site = |fallback: Option<&str>| StaticSite {
            directory: "dist".to_owned(),
            build: None,
            index: "index.html".to_owned(),
            fallback: fallback.map(str::to_owned),
        };
        let plain = code(&site(None));
        assert!(plain.contains("endsWith('/')) request.uri += \"index.html\";"), "{plain}");
        assert!(!plain.contains("lastIndexOf"), "{plain}");
        let routed = code(&site(Some("app.html")));
        assert!(routed.contains("request.uri = \"/app.html\";"), "{routed}");
    }
}
