//! What a template is made from: the manifest, and which parts exist already.

use super::ids;
use super::intrinsic::{attribute, reference};
use crate::Stand;
use crate::names::Names;
use crate::tags;
use manifest::{Existing, Resolved, Service, Strategy};
use serde_json::{Value, json};

/// The parameter that names the network of subnets that exist already.
pub(super) const NETWORK: &str = "Network";

/// Environments with these names are taken care of like production: their load balancer can't be
/// deleted in passing.
const PRODUCTION: [&str; 2] = ["prod", "production"];

/// A manifest for one environment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) manifest: &'a Resolved,
    /// What stands already, where that is known.
    stand: Option<&'a Stand>,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(manifest: &'a Resolved) -> Self {
        Self { manifest, stand: None }
    }

    /// The same where something stands already.
    pub(super) fn on(manifest: &'a Resolved, stand: &'a Stand) -> Self {
        Self { manifest, stand: Some(stand) }
    }

    pub(super) fn names(&self) -> Names<'a> {
        Names { app: &self.manifest.app, environment: &self.manifest.name }
    }

    pub(crate) fn existing(&self) -> &'a Existing {
        &self.manifest.environment.foundation.existing
    }

    pub(super) fn domain(&self) -> Option<&'a str> {
        self.manifest.environment.domain.as_deref()
    }

    pub(super) fn is_production(&self) -> bool {
        PRODUCTION.contains(&self.manifest.name.as_str())
    }

    /// The services that run tasks.
    pub(crate) fn services(&self) -> impl Iterator<Item = (&'a str, &'a Service)> {
        let services = self.manifest.environment.services.iter();
        let services = services.filter(|(_, service)| service.static_site.is_none());
        services.map(|(name, service)| (name.as_str(), service))
    }

    /// The services that a load balancer of ours sends requests to.
    pub(super) fn balanced(&self) -> impl Iterator<Item = (&'a str, &'a Service)> {
        let elsewhere = &self.existing().target_groups;
        self.services().filter(|(name, service)| {
            !service.routes().is_empty() && !elsewhere.contains_key(*name)
        })
    }

    /// Whether there is a load balancer of ours.
    pub(crate) fn has_balancer(&self) -> bool {
        self.balanced().next().is_some()
    }

    /// Whether versions come up beside each other somewhere, so that ECS moves requests itself.
    pub(super) fn has_pairs(&self) -> bool {
        self.balanced().any(|(name, service)| self.is_paired(name, service))
    }

    /// The network.
    pub(super) fn vpc(&self) -> Value {
        let own = self.existing().subnets.is_empty();
        reference(if own { ids::VPC } else { NETWORK })
    }

    /// The subnets, as a list.
    pub(super) fn subnets(&self) -> Vec<Value> {
        match self.existing().subnets.as_slice() {
            [] => super::network::ZONES.iter().map(|zone| reference(&zone.subnet())).collect(),
            subnets => subnets.iter().map(|subnet| json!(subnet)).collect(),
        }
    }

    /// The security groups of the tasks.
    pub(super) fn task_groups(&self) -> Vec<Value> {
        match self.existing().security_groups.as_slice() {
            [] => vec![attribute(ids::TASKS_GROUP, "GroupId")],
            groups => groups.iter().map(|group| json!(group)).collect(),
        }
    }

    /// The cluster's name.
    pub(super) fn cluster(&self) -> Value {
        match &self.existing().cluster {
            Some(name) => json!(name),
            None => reference(ids::CLUSTER),
        }
    }

    /// The listener that the rules belong to.
    pub(super) fn listener(&self) -> &'static str {
        if self.domain().is_some() { ids::HTTPS } else { ids::HTTP }
    }

    /// The ids of a service's target groups.
    pub(super) fn groups(&self, name: &str, service: &Service) -> Vec<String> {
        let first = ids::of_service(name, "TargetGroup");
        let second = self.is_paired(name, service).then(|| ids::of_service(name, "TargetGroup2"));
        [first].into_iter().chain(second).collect()
    }

    /// Whether a service has two target groups: its strategy needs them, or it has them already.
    fn is_paired(&self, name: &str, service: &Service) -> bool {
        let has = self.stand.is_some_and(|stand| stand.second_groups.contains_key(name));
        !service.routes().is_empty() && (service.deploy.strategy != Strategy::Rolling || has)
    }

    /// Tags of something that belongs to a service. What all share comes with the stack's own tags.
    pub(super) fn tags(&self, service: &str) -> Value {
        let held = self.manifest.environment.services.get(service);
        let own = held.into_iter().flat_map(|held| held.tags.clone());
        let tags = own.chain([(tags::SERVICE.to_owned(), service.to_owned())]);
        tags.map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
    }
}
