//! What services stand on at AWS, as one CloudFormation template an environment.
//!
//! The foundation is slow and rare: network, registry, cluster, roles, load balancer. Services are
//! not in it. A stack that waits for a service hangs for hours when the service never becomes
//! steady, and one that owns a task definition fights every deployment; both belong to [`plan`].
//!
//! The same manifest gives the same template, so a change set of an unchanged manifest is empty.
//! Parts that `foundation.existing` names are referred to and not created.
//!
//! [`plan`]: crate::plan()

mod access_logs;
mod alarms;
mod balancer;
mod budget;
mod cluster;
mod dashboard;
mod ground;
mod groups;
mod ids;
mod intrinsic;
mod logs;
mod network;
mod repositories;
mod roles;
mod rules;
mod security;
mod site;
mod template;
mod weights;

#[cfg(test)]
mod tests;

pub(crate) use ground::Ground;
pub(crate) use ids::of_service;
pub use template::Template;
pub use weights::{Unsettled, Weights, weigh};

use crate::Stand;
use manifest::Resolved;

/// The template of an environment. Of what stands already it keeps second target groups, also those
/// that no strategy asks for any more: one of them may be the one that serves.
#[must_use]
pub fn foundation(manifest: &Resolved, stand: &Stand) -> Template {
    let ground = Ground::on(manifest, stand);
    let mut template = Template::new(description(manifest));
    if ground.services().next().is_some() {
        add_for_tasks(&ground, &mut template);
    }
    site::add(&ground, &mut template);
    budget::add(&ground, &mut template);
    template
}

/// What a manifest says of an environment on AWS that comes to something else than one might think.
#[must_use]
pub fn remarks(manifest: &Resolved) -> Vec<String> {
    site::remarks(&Ground::new(manifest))
}

/// Adds what tasks need; files need nothing of it.
fn add_for_tasks(ground: &Ground<'_>, template: &mut Template) {
    network::add(ground, template);
    security::add(ground, template);
    repositories::add(ground, template);
    cluster::add(ground, template);
    logs::add(ground, template);
    roles::add(ground, template);
    access_logs::add(ground, template);
    balancer::add(ground, template);
    groups::add(ground, template);
    rules::add(ground, template);
    alarms::add(ground, template);
    dashboard::add(ground, template);
}

/// What the template says that its stack is.
#[must_use]
pub fn description(manifest: &Resolved) -> String {
    format!("What {} stands on in {}.", manifest.app, manifest.name)
}
