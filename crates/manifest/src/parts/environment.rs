//! `environments`: what differs from one place to the next.

use super::backing::{Backing, check_backing};
use super::budget::Budget;
use super::checks::Checks;
use super::foundation::{Foundation, arn};
use super::notify::Notify;
use super::service::{Service, ServiceRead};
use super::{depends, names, routing, source};
use crate::cx::Cx;
use crate::kind::{Format, formatted, formatted_or_number, map, part, record, records};
use crate::nearest::suggest;
use crate::resolve::LOCAL;
use crate::{Code, Diagnostic};
use model::Arn;
use std::collections::BTreeMap;

/// A region's name.
static REGION: Format = Format::new(
    "a region of AWS",
    "be a region's name in lower case",
    "^[a-z]{2,}(-[a-z]+)+-[0-9]+$",
    32,
    "eu-west-1",
);

static ACCOUNT: Format =
    Format::new("an AWS account", "be twelve digits", "^[0-9]{12}$", 12, "000000000000");

/// A name that a certificate can be made for.
static DOMAIN: Format = Format::new(
    "a domain",
    "be a host's name in lower case",
    r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$",
    253,
    "api.example.com",
);

part! {
    /// A place where the services run. What stands here is laid over the rest of the file: mappings
    /// merge key by key, everything else replaces, and a key with an empty value is taken away. The
    /// environment `local` is the local region, and is always there.
    pub struct Environment as EnvironmentRead, check check {
        /// The region.
        region: Option<String> = formatted(&REGION),
            [optional "the one that the AWS configuration names"];
        /// The account. If the credentials belong to another one, nothing is done.
        account: Option<String> = formatted_or_number(&ACCOUNT, 100_000_000_000..=999_999_999_999),
            [optional "whichever the credentials belong to"];
        /// A role that the credentials take on for all that is done here, such as that of another
        /// account.
        role: Option<Arn> = arn("iam", "role/"),
            [optional "the credentials are used as they are"];
        /// The name under which the load balancer is reached, with a certificate and a redirect
        /// from HTTP to HTTPS.
        domain: Option<String> = formatted(&DOMAIN),
            [optional "the load balancer's own name, without TLS"];
        /// What is already there and is to be used.
        foundation: Foundation = record::<Foundation>(),
            [default "{}", because "everything that is missing is created"];
        /// Who is told of deployments.
        notify: Notify = record::<Notify>(),
            [default "{}", because "nobody is told who did not ask for it"],
            elsewhere ["notifications"];
        /// What it may cost, and who is told of how much of it.
        budget: Option<Budget> = record::<Budget>(),
            [optional "nobody adds up what it costs"], elsewhere ["budgets"];
        /// What `neargate check` is to leave alone.
        checks: Checks = record::<Checks>(),
            [default "{}", because "what is left alone everywhere is left alone here"];
        /// Services of this environment, laid over those of all. A service can stand here alone: a
        /// database for the local region, for instance.
        services: BTreeMap<String, Service> = records::<Service>(&names::SERVICE, check_services),
            [default "{}", because "all environments run the same"];
        /// What the services need beside them and is another thing on AWS, such as a database: in
        /// `local` alone, by name. `up` runs each and gives its address to the services.
        backing: BTreeMap<String, Backing> = map(&names::SERVICE, record::<Backing>()),
            [default "{}", because "nothing is run that no file names"],
            elsewhere ["databases", "dependencies", "resources"];
    }
}

fn check(environment: &EnvironmentRead, cx: &mut Cx<'_>) {
    check_foundation(environment, cx);
    check_backing(environment, cx);
}

/// What services must not do to each other.
fn check_services(services: &BTreeMap<String, Option<ServiceRead>>, cx: &mut Cx<'_>) {
    if services.is_empty() {
        let message = format!("no service is left in `{}`", cx.environment().unwrap_or_default());
        cx.report(Diagnostic::new(Code::MissingKey, cx.here(), message));
    }
    source::check_all(services, cx);
    check_names(services, cx);
    routing::check(services, cx);
    check_depends(services, cx);
}

/// Whether the target groups can bear their names.
fn check_names(services: &BTreeMap<String, Option<ServiceRead>>, cx: &mut Cx<'_>) {
    let (Some(app), Some(environment)) = (cx.app(), cx.environment()) else { return };
    for (name, service) in services {
        let well_formed = names::SERVICE.matches(name) && names::ENVIRONMENT.matches(environment);
        if well_formed && service.as_ref().is_some_and(ServiceRead::can_be_routed) {
            let joined = names::resource_name(app, environment, name);
            let mistake = names::check_joined(&joined, cx.key_place(name));
            mistake.into_iter().for_each(|mistake| cx.report(mistake));
        }
    }
}

fn check_depends(services: &BTreeMap<String, Option<ServiceRead>>, cx: &mut Cx<'_>) {
    let known: Vec<&str> = services.keys().map(String::as_str).collect();
    let mut waits = depends::Waits::new();
    for (name, service) in services {
        let named = service.iter().filter_map(|service| service.depends_on.as_ref());
        let others = named.flat_map(|names| names.iter().enumerate());
        let placed = others.map(|(index, other)| {
            (other.as_str(), cx.place(&format!("{name}.depends_on.{index}")))
        });
        waits.insert(name, placed.collect());
    }
    depends::check(&waits, &known, "service", cx);
}

/// What exists for a service exists for one that is there. The local region has no foundation to
/// use, and perhaps not all of the services.
fn check_foundation(environment: &EnvironmentRead, cx: &mut Cx<'_>) {
    if cx.environment() == Some(LOCAL) {
        return;
    }
    let (Some(services), Some(foundation)) = (&environment.services, &environment.foundation)
    else {
        return;
    };
    let existing = &foundation.existing;
    let groups = existing.target_groups.keys().map(|name| ("target_groups", name));
    let repositories = existing.repositories.keys().map(|name| ("repositories", name));
    for (key, name) in groups.chain(repositories) {
        if !services.contains_key(name) {
            let place = cx.key_place(&format!("foundation.existing.{key}.{name}"));
            let mistake =
                Diagnostic::new(Code::UnknownName, place, format!("there is no service `{name}`"));
            let known = services.keys().map(String::as_str);
            cx.report(mistake.maybe_hint(suggest(name, known)));
        }
    }
}
