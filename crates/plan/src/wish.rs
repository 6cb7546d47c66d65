//! What is wished for.

use crate::names::Names;
use crate::secrets::references;
use manifest::{LOCAL, Resolved, SecretReference};
use std::collections::{BTreeMap, BTreeSet};

/// A manifest for one environment, and what was built for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The manifest.
    pub manifest: Resolved,
    /// What runs each service, by the service's name.
    pub artifacts: BTreeMap<String, Artifact>,
}

/// What runs a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The image, as a task definition names it.
    pub image: String,
    /// The digest that tasks must show, where it is known beforehand.
    pub digest: Option<String>,
    /// Whether it is a container image. A process brings its own command and folder, so what the
    /// manifest says of containers (`command`, `entrypoint`, `working_dir`, `user`, `read_only`)
    /// does not apply to it.
    pub kind: ArtifactKind,
}

/// What an artifact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArtifactKind {
    /// An image for a container engine.
    Container,
    /// Files and a command for the local region's process driver.
    Process,
}

/// The parameters and secrets that a wish names, by name; ARNs are taken as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// Names of parameters.
    pub parameters: BTreeSet<String>,
    /// Names of secrets.
    pub secrets: BTreeSet<String>,
}

impl Wish {
    /// The names of its things.
    #[must_use]
    pub fn names(&self) -> Names<'_> {
        Names { app: &self.manifest.app, environment: &self.manifest.name }
    }

    /// Whether it is for the local region, which makes what services stand on itself.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.manifest.name == LOCAL
    }

    /// The cluster's name.
    #[must_use]
    pub fn cluster(&self) -> String {
        let existing = self.manifest.environment.foundation.existing.cluster.clone();
        existing.filter(|_| !self.is_local()).unwrap_or_else(|| self.names().cluster())
    }

    /// The services that run tasks.
    pub fn services(&self) -> impl Iterator<Item = (&String, &manifest::Service)> {
        let services = self.manifest.environment.services.iter();
        services.filter(|(_, service)| service.static_site.is_none())
    }

    /// Whether anything is to be reached through a load balancer.
    #[must_use]
    pub fn needs_balancer(&self) -> bool {
        self.services().any(|(_, service)| !service.routes().is_empty())
    }

    /// The alarms that its services name.
    #[must_use]
    pub fn alarms(&self) -> BTreeSet<String> {
        self.services().flat_map(|(_, service)| service.deploy.alarms.iter().cloned()).collect()
    }

    /// The parameters and secrets that its services name.
    #[must_use]
    pub fn secrets(&self) -> Named {
        let mut named = Named::default();
        for reference in self.services().flat_map(|(_, service)| references(service)) {
            named.add(reference);
        }
        named
    }
}

// === impl Named ===

impl Named {
    /// Adds what a reference names.
    pub(crate) fn add(&mut self, reference: &SecretReference) {
        match reference {
            SecretReference::Parameter { name } => {
                self.parameters.insert(name.clone());
            }
            SecretReference::Secret { name, .. } => {
                self.secrets.insert(name.clone());
            }
            SecretReference::Arn(_) => {}
        }
    }
}
