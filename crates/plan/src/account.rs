//! What an account must have so that an environment runs there, held against what was read of it.
//!
//! A rule is a file: one function from a wish and an account to what is lacking. Nothing is said of
//! what could not be asked: whoever reads notes that among [`Account::unasked`], so that silence never
//! looks like a good answer.
//!
//! What has to be there at all (cluster, roles, target groups, secrets, alarms) is said by
//! [`ship`](crate::ship()), and passed on here.

mod alarm;
mod certificate;
mod exec;
mod firewall;
mod group;
mod image;
mod missing;
mod network;
mod permission;
mod quota;
mod secret;
mod trust;

pub use permission::{Question, questions};
pub use quota::PROCESSORS;
pub use secret::keys;

use crate::observed::Observed;
use crate::wish::Wish;
use api::acm::CertificateDetail;
use api::ec2::{RouteTable, SecurityGroup, Subnet, VpcEndpoint};
use std::collections::{BTreeMap, BTreeSet};

/// What was read of an account. What could not be asked is absent here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Account {
    /// The subnets of the tasks, and where they lead.
    pub network: Option<Network>,
    /// The security groups of the tasks.
    pub security_groups: Option<Vec<SecurityGroup>>,
    /// The security groups of the load balancers that lead to a service, by service.
    pub balancers: BTreeMap<String, BTreeSet<String>>,
    /// Who may take on a role, by the role's ARN: the policy as IAM gives it.
    pub trust: BTreeMap<String, String>,
    /// What IAM said of each question that it answered: the calls that are denied, each with its
    /// resource.
    pub denied: Vec<(Question, Vec<(String, String)>)>,
    /// The keys of secrets that are JSON objects, by name; `None` for one that is another text.
    pub keys: BTreeMap<String, Option<BTreeSet<String>>>,
    /// The certificate that is named.
    pub certificate: Option<CertificateDetail>,
    /// The platforms of images that are named for services, by service: `linux/amd64`. `None` where
    /// the registry has no such image.
    pub images: BTreeMap<String, Option<Vec<String>>>,
    /// How many of Fargate's processors the account may have.
    pub processors: Option<f64>,
    /// What could not be asked, and why: a sentence each.
    pub unasked: Vec<String>,
}

/// Where tasks are put, and where they get to from there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Network {
    /// The subnets.
    pub subnets: Vec<Subnet>,
    /// The route tables of their VPC.
    pub tables: Vec<RouteTable>,
    /// The VPC's endpoints.
    pub endpoints: Vec<VpcEndpoint>,
}

/// Something that an account lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The rule's name.
    pub rule: &'static str,
    /// How bad it is.
    pub weight: Weight,
    /// Where it stands in the manifest, as it holds in the environment: `services.api.secrets.KEY`.
    pub path: String,
    /// What is lacking: why. One line, lower case, no full stop. Never a secret.
    pub what: String,
    /// What to do.
    pub hint: String,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A deployment fails, or nobody reaches it.
    Error,
    /// It works, and not as the manifest says.
    Warning,
}

/// A wish and what was seen, for rules.
#[derive(Debug, Clone, Copy)]
struct Scene<'a> {
    wish: &'a Wish,
    observed: &'a Observed,
    account: &'a Account,
}

/// Holds an account against every rule.
#[must_use]
pub fn judge(wish: &Wish, observed: &Observed, account: &Account) -> Vec<Lack> {
    const RULES: [fn(Scene<'_>) -> Vec<Lack>; 12] = [
        missing::find,
        network::find,
        firewall::find,
        trust::find,
        permission::find,
        exec::find,
        secret::find,
        certificate::find,
        image::find,
        group::find,
        alarm::find,
        quota::find,
    ];
    let scene = Scene { wish, observed, account };
    RULES.iter().flat_map(|rule| rule(scene)).collect()
}

/// What no call tells, a sentence each: what was not asked, and what has to be
/// compared by hand therefore.
#[must_use]
pub fn remarks(wish: &Wish, account: &Account) -> Vec<String> {
    let own = account.processors.is_none().then(|| quota::remark(wish));
    account.unasked.iter().cloned().chain(own).collect()
}

// === impl Lack ===

impl Lack {
    fn error(rule: &'static str, path: String, what: String, hint: impl Into<String>) -> Self {
        Self { rule, weight: Weight::Error, path, what, hint: hint.into() }
    }

    fn warning(rule: &'static str, path: String, what: String, hint: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, ..Self::error(rule, path, what, hint) }
    }
}

/// A field of what exists already.
fn existing(key: &str) -> String {
    format!("foundation.existing.{key}")
}

#[cfg(test)]
mod tests;
