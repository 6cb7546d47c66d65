//! `foundation`: what somebody else has built already.

use super::names;
use crate::cx::Cx;
use crate::kind::{Format, Kind, Shape, formatted, list, map, part, record};
use crate::yaml::Node;
use crate::{Code, Diagnostic};
use model::Arn;
use serde_json::json;
use std::collections::BTreeMap;

static CLUSTER: Format = Format::new(
    "a cluster's name",
    "be made of letters, digits, `_` and `-`",
    "^[A-Za-z0-9_-]+$",
    255,
    "shop-prod",
);

static SUBNET: Format = Format::new(
    "a subnet",
    "be a subnet's id",
    "^subnet-[0-9a-f]{8,17}$",
    32,
    "subnet-0123456789abcdef0",
);

static SECURITY_GROUP: Format = Format::new(
    "a security group",
    "be a security group's id",
    "^sg-[0-9a-f]{8,17}$",
    32,
    "sg-0123456789abcdef0",
);

/// A repository's address without tag or digest (reference §6.4).
static REPOSITORY: Format = Format::new(
    "a repository's address",
    "be a registry and a path, without tag or digest",
    r"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+$",
    255,
    "000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop/api",
);

part! {
    /// What the services stand on: network, cluster, load balancer, roles, repositories.
    pub struct Foundation as FoundationRead {
        /// Parts that exist already, made by Terraform or by hand. They are used and never changed;
        /// what is not named here is created.
        existing: Existing = record::<Existing>(),
            [default "{}", because "everything is created"];
    }
}

part! {
    /// Parts of the foundation that exist already.
    pub struct Existing as ExistingRead {
        /// The cluster.
        cluster: Option<String> = formatted(&CLUSTER),
            [optional "a cluster is created"];
        /// The subnets of the tasks, in at least two zones.
        subnets: Vec<String> = list(formatted(&SUBNET), 0, 16),
            [default "[]", because "a network is created"];
        /// The security groups of the tasks.
        security_groups: Vec<String> = list(formatted(&SECURITY_GROUP), 0, 5),
            [default "[]", because "a group is created that admits only the load balancer"];
        /// The role with which ECS pulls images, reads secrets and writes logs.
        execution_role: Option<Arn> = arn("iam", "role/"),
            [optional "a role is created that can do just that"];
        /// The role that the application has.
        task_role: Option<Arn> = arn("iam", "role/"),
            [optional "a role is created that can do nothing"];
        /// The certificate of the domain.
        certificate: Option<Arn> = arn("acm", "certificate/"),
            [optional "a certificate is requested"];
        /// The certificate of the domain for the distribution of a static site, which then has the
        /// domain. CloudFront takes certificates from us-east-1 only.
        site_certificate: Option<Arn> = arn_in("us-east-1", "acm", "certificate/"),
            [optional "in us-east-1 that of the load balancer, elsewhere CloudFront's own name"];
        /// Target groups by service. A service that has one here is registered in it, and no load
        /// balancer is created for it.
        target_groups: BTreeMap<String, Arn> =
            map(&names::SERVICE, arn("elasticloadbalancing", "targetgroup/")),
            [default "{}", because "target groups and a load balancer are created"];
        /// Repositories by service.
        repositories: BTreeMap<String, String> = map(&names::SERVICE, formatted(&REPOSITORY)),
            [default "{}", because "repositories are created"];
    }
}

/// An ARN of one kind of resource.
pub(super) fn arn(service: &'static str, resource: &'static str) -> impl Kind<Value = Arn> {
    ArnKind { region: None, service, resource }
}

/// The same of one region.
fn arn_in(
    region: &'static str,
    service: &'static str,
    resource: &'static str,
) -> impl Kind<Value = Arn> {
    ArnKind { region: Some(region), service, resource }
}

struct ArnKind {
    region: Option<&'static str>,
    service: &'static str,
    resource: &'static str,
}

impl ArnKind {
    /// Such an ARN, in words.
    fn form(&self) -> String {
        let place = self.region.map_or("...".to_owned(), |region| format!("{region}:..."));
        format!("arn:aws:{}:{place}:{}...", self.service, self.resource)
    }
}

impl Kind for ArnKind {
    type Value = Arn;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<Arn> {
        let text = cx.text(node, "an ARN")?.text;
        let fits = |arn: &Arn| {
            let named = arn.resource_after(self.resource).is_some_and(|name| !name.is_empty());
            let account =
                arn.account.len() == 12 && arn.account.bytes().all(|b| b.is_ascii_digit());
            let near = self.region.is_none_or(|region| arn.region == region);
            arn.service == self.service && near && named && account
        };
        let arn = text.parse().ok().filter(fits);
        if arn.is_none() {
            let (shown, name) = (cx.quote(node.span), cx.name());
            let message = format!(
                "{shown} can't be {name}: it has to be an ARN of the form `{}`, with an account of \
                 twelve digits",
                self.form()
            );
            cx.report(Diagnostic::new(Code::BadFormat, node.span, message));
        }
        arn
    }

    fn shape(&self) -> Shape {
        let (service, resource) = (self.service, self.resource);
        let region = self.region.unwrap_or("[a-z0-9-]*");
        let pattern = format!("^arn:aws[a-z-]*:{service}:{region}:[0-9]{{12}}:{resource}.");
        Shape::scalar(
            format!("an ARN, `{}`", self.form()),
            json!({"type": "string", "pattern": pattern}),
        )
    }
}
