//! Where calls go, and for which region they are signed.

use api::Service;
use http::Uri;
use std::collections::BTreeMap;

/// Where calls go.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints {
    /// The endpoint of all services, where one was named.
    pub(crate) all: Option<Uri>,
    /// The endpoints of single services, which rule before that.
    pub(crate) own: BTreeMap<Service, Uri>,
}

/// The address of a service, and the region that requests to it are signed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) region: String,
}

// === impl Endpoints ===

impl Endpoints {
    /// Where a service of a region is.
    pub(crate) fn of(&self, service: Service, region: &str) -> Place {
        let (url, signed) = address(service, region);
        match self.own.get(&service).or(self.all.as_ref()) {
            Some(named) => {
                let url = named.to_string().trim_end_matches('/').to_owned();
                Place { url, region: region.to_owned() }
            }
            None => Place { url, region: signed },
        }
    }
}

/// AWS's own address of a service. IAM has one for a whole partition, in one of its regions.
fn address(service: Service, region: &str) -> (String, String) {
    let name = service.model().endpoint;
    let china = region.starts_with("cn-");
    let suffix = if china { "amazonaws.com.cn" } else { "amazonaws.com" };
    if service != Service::Iam {
        return (format!("https://{name}.{region}.{suffix}"), region.to_owned());
    }
    let (host, home) = match region {
        _ if china => ("iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        _ if region.starts_with("us-gov-") => ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
        _ => ("iam.amazonaws.com", "us-east-1"),
    };
    (format!("https://{host}"), home.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_where_aws_has_them() {
        for (service, region, url, signed) in [
            (Service::Ecs, "eu-west-1", "https://ecs.eu-west-1.amazonaws.com", "eu-west-1"),
            (Service::Ecr, "eu-west-1", "https://api.ecr.eu-west-1.amazonaws.com", "eu-west-1"),
            (Service::Iam, "eu-west-1", "https://iam.amazonaws.com", "us-east-1"),
            (Service::Iam, "cn-north-1", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            (Service::Sts, "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            (Service::Iam, "us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"),
        ] {
            let (url, region_signed) = (url.to_owned(), signed.to_owned());
            let place = Endpoints::default().of(service, region);
            assert_eq!(place, Place { url, region: region_signed });
        }
    }

    #[test]
    fn the_endpoint_of_one_service_rules_before_that_of_all() {
        let uri = |text: &'static str| Uri::from_static(text);
        let own = BTreeMap::from([(Service::Ecs, uri("http://127.0.0.1:2/"))]);
        let named = Endpoints { all: Some(uri("http://127.0.0.1:1")), own };
        assert_eq!(named.of(Service::Ecs, "eu-west-1").url, "http://127.0.0.1:2");
        assert_eq!(named.of(Service::Iam, "eu-west-1").url, "http://127.0.0.1:1");
        assert_eq!(named.of(Service::Iam, "eu-west-1").region, "eu-west-1");
    }
}
