//! The types of resources that stacks can have: one file for each family of types.
//!
//! # How to add a type
//!
//! 1. Make a unit struct in a file here and implement [`Kind`] for it. Everything it does goes through
//!    [`Hand::call`], which calls an ordinary operation by its type, with members by their names
//!    (the case of letters does not matter, and texts become numbers where the operation wants one):
//!    properties can mostly be passed on with [`Wish::without`] or [`Wish::only`]. A property that the
//!    operation does not have is refused by name, so none is ignored in silence.
//! 2. `create` answers the physical id, by which `update`, `remove` and `look` know it again.
//! 3. `look` is asked after each creation and update until it says [`Look::Stable`], with what
//!    `Fn::GetAtt` answers; name the attributes in `attributes`, too, so that templates which ask for
//!    others are refused at once. `reference` is what `Ref` answers, the physical id unless said otherwise.
//! 4. `replaced_by` lists the properties whose change takes a new resource: those of which AWS's
//!    documentation says "Update requires: Replacement". `custom_name` is the property, if any, whose
//!    value would be taken already by the old one.
//! 5. `remove` may be asked again and again: what is not there any more counts as removed, and a
//!    refusal because something else still needs it is tried again, both by the code of the refusal.
//! 6. Put it into [`KINDS`], add a line to `docs/cloudformation.md`, and a case to the tests.

mod acm;
mod alarm;
mod bucket;
mod budget;
mod cdk;
mod dashboard;
mod definition;
mod ecr;
mod ecs;
mod edge;
mod elbv2;
mod group;
mod listener;
mod logs;
mod managed_policy;
mod nat;
mod network;
mod role;
mod route;
mod scaling;
mod secret;
mod service;
mod sns;
mod ssm;
mod subscription;

use super::failure::Failure;
use super::hand::Hand;
use super::wish::Wish;
use serde_json::{Map, Value as Json};
use world::stack::Standing;

/// A type of resources.
pub(crate) trait Kind: Sync {
    /// `AWS::ECS::Cluster`.
    fn name(&self) -> &'static str;

    /// What `Fn::GetAtt` can ask for.
    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Properties whose change takes a new resource.
    fn replaced_by(&self) -> &'static [&'static str] {
        &[]
    }

    /// The property that gives it its name.
    fn custom_name(&self) -> Option<&'static str> {
        None
    }

    /// What `Ref` answers.
    fn reference(&self, physical: &str) -> Json {
        Json::String(physical.to_owned())
    }

    /// Makes one; answers its physical id.
    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure>;

    /// Changes one that is there.
    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure>;

    /// Removes one, or looks whether it is gone.
    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure>;

    /// Looks whether one is as it should be.
    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure>;
}

/// What a removal came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Removal {
    /// It is gone.
    Gone,
    /// It is going.
    Going,
}

/// What a look at a resource saw.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Look {
    /// It is not as it should be yet.
    NotYet,
    /// It is as it should be; these are its attributes.
    Stable(Map<String, Json>),
}

/// The types.
const KINDS: &[&dyn Kind] = &[
    &acm::Certificate,
    &alarm::Alarm,
    &bucket::Bucket,
    &bucket::BucketPolicy,
    &budget::Budget,
    &cdk::Metadata,
    &dashboard::Dashboard,
    &definition::TaskDefinition,
    &edge::CachePolicy,
    &edge::Distribution,
    &edge::Function,
    &edge::OriginAccessControl,
    &edge::OriginRequestPolicy,
    &edge::ResponseHeadersPolicy,
    &ecr::Repository,
    &ecs::Cluster,
    &elbv2::LoadBalancer,
    &elbv2::TargetGroup,
    &group::Egress,
    &group::Ingress,
    &group::SecurityGroup,
    &listener::Listener,
    &listener::ListenerCertificate,
    &listener::ListenerRule,
    &logs::LogGroup,
    &managed_policy::ManagedPolicy,
    &nat::Eip,
    &nat::Nat,
    &network::Attachment,
    &network::InternetGateway,
    &network::Subnet,
    &network::Vpc,
    &role::Policy,
    &role::Role,
    &route::Association,
    &route::Route,
    &route::RouteTable,
    &scaling::Policy,
    &scaling::Target,
    &secret::Secret,
    &service::Service,
    &sns::Topic,
    &ssm::Parameter,
    &subscription::Subscription,
    &subscription::TopicPolicy,
];

/// The type with this name.
pub(crate) fn find(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().find(|kind| kind.name() == name).copied()
}

/// The names of all types.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.name())
}

/// The properties that differ between what is there and what is wanted.
fn changed(held: &Standing, wish: &Wish<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| held.properties.get(*name) != wish.properties.get(*name))
}

/// Attributes from pairs.
fn stable<const N: usize>(given: [(&str, Json); N]) -> Look {
    Look::Stable(super::hand::members(given))
}
