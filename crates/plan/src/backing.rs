//! Backing services: what services need beside them, and the values that it gives them.
//!
//! A backing service is brought up first, as any service is. When its task is ready, what it gives is
//! put where the services read it from, and only then are they planned. Which task gave it is part of
//! their task definitions: a new task has new data and perhaps another address, so they are prepared
//! and rolled out again.

use crate::digest;
use crate::observed::{Given, Observed, Ready};
use crate::planner::{Held, Plan, Until};
use crate::secrets::references;
use crate::step::Step;
use crate::wish::{Named, Wish};
use crate::{cluster, definition, dotenv, logs, roles, secrets, services};
use api::secretsmanager::{
    CreateSecret, CreateSecretRequest, PutSecretValue, PutSecretValueRequest,
};
use api::ssm::{PutParameter, PutParameterRequest};
use manifest::{Backing, SecretReference, Service, TaskWord, Template, backing_name};
use model::Secret;
use std::collections::BTreeSet;

/// The description of a value that was given. Others were put there by somebody, and stay.
const DESCRIPTION: &str = "given by a backing service; `neargate up` keeps it up to date";

/// The tag of a task definition that says which tasks gave its values.
pub(crate) const TAG: &str = "neargate:backing";

/// The most that a standard parameter holds, in bytes (AWS's limit).
const STANDARD: usize = 4096;

/// What there is to know of a backing service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// The ECS service that runs it.
    pub service: String,
    /// The port on which it listens in a container.
    pub port: u16,
    /// Where its output is, if values that it gives are in it.
    pub log_group: Option<String>,
}

// === impl Wish ===

impl Wish {
    /// Its backing services, with the names of the ECS services that run them.
    fn backing(&self) -> impl Iterator<Item = (&str, String, &Backing)> {
        let backing = self.manifest.environment.backing.iter();
        backing.map(|(name, held)| (name.as_str(), backing_name(name), held))
    }

    /// What to look for of its backing services.
    #[must_use]
    pub fn backing_sought(&self) -> Vec<Sought> {
        let sought = self.backing().map(|(_, service, held)| {
            let mut words = held.given().flat_map(|(_, value)| value.words());
            let printed = words.any(|word| matches!(word, TaskWord::Output(_)));
            let services = &self.manifest.environment.services;
            let log_group = services.get(&service).map(|held| held.logs.group.clone());
            Sought { service, port: held.port, log_group: log_group.filter(|_| printed) }
        });
        sought.collect()
    }

    /// Where its backing services put values.
    #[must_use]
    pub fn given(&self) -> Named {
        let mut named = Named::default();
        for (reference, _) in self.backing().flat_map(|(_, _, held)| held.given()) {
            named.add(&reference);
        }
        named
    }

    /// The same with its backing services alone.
    #[must_use]
    pub fn only_backing(&self) -> Self {
        let own: BTreeSet<String> = self.backing().map(|(_, service, _)| service).collect();
        let mut part = self.clone();
        part.manifest.environment.services.retain(|name, _| own.contains(name));
        part
    }
}

/// The next steps from what was observed to backing services that run. What other services are
/// there stays as it is.
#[must_use]
pub fn plan_backing(wish: &Wish, observed: &Observed) -> Plan {
    let mut plan = Plan::default();
    // Nothing is begun that can't be ended.
    secrets::check(wish, observed, &mut plan);
    if !plan.problems.is_empty() {
        return plan;
    }
    let part = wish.only_backing();
    cluster::plan(&part, observed, &mut plan);
    logs::plan(&part, observed, &mut plan);
    roles::plan(&part, observed, &mut plan);
    definition::plan(&part, observed, &mut plan);
    services::plan(&part, observed, &mut plan);
    plan
}

/// Puts what ready tasks give where services read it.
pub(crate) fn give(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (name, service, held) in wish.backing() {
        let Some(ready) = observed.ready.get(&service) else {
            hold(plan, &format!("what {name} gives"), &format!("{name} to be ready"));
            continue;
        };
        for (reference, value) in held.given() {
            let source = reference.source().unwrap_or_default();
            let Some(value) = fill(value, ready) else {
                hold(plan, &source, &format!("{name} to print what it gives"));
                continue;
            };
            plan.steps.extend(put(&reference, &value, (name, ready), observed.given.get(&source)));
        }
    }
}

fn hold(plan: &mut Plan, what: &str, for_what: &str) {
    let (what, for_what) = (what.to_owned(), for_what.to_owned());
    plan.held.push(Held { what, for_what, until: Until::Time });
}

/// A backing service whose values a service needs before it can be deployed.
pub(crate) fn awaited<'w>(
    wish: &'w Wish,
    observed: &Observed,
    service: &Service,
) -> Option<&'w str> {
    used(wish, service).find_map(|(name, backing)| {
        let held = wish.manifest.environment.backing.get(name)?;
        let settled = observed.ready.get(&backing).is_some_and(|ready| {
            held.given().all(|(reference, value)| is_settled(&reference, value, ready, observed))
        });
        (!settled).then_some(name)
    })
}

/// The tasks that gave a service its values, in words: `database 1f0c…`. None without such values.
pub(crate) fn givers(wish: &Wish, observed: &Observed, service: &Service) -> Option<String> {
    let tasks = used(wish, service).filter_map(|(name, backing)| {
        let ready = observed.ready.get(&backing)?;
        Some(format!("{name} {}", ready.task))
    });
    Some(tasks.collect::<Vec<_>>().join(", ")).filter(|tasks| !tasks.is_empty())
}

/// What is given to nobody, because somebody else's value is there.
#[must_use]
pub fn overruled(wish: &Wish, observed: &Observed) -> Vec<String> {
    let all = wish.backing().flat_map(|(name, _, held)| held.given().map(move |it| (name, it.0)));
    let kept = all.filter_map(|(name, reference)| {
        let source = reference.source()?;
        let held = observed.given.get(&source)?;
        (held.description != DESCRIPTION)
            .then(|| format!("{source} has a value that somebody put there: it stays, and {name} is not used for it"))
    });
    kept.collect()
}

/// The backing services that give a service values.
fn used<'w>(wish: &'w Wish, service: &Service) -> impl Iterator<Item = (&'w str, String)> {
    let read: BTreeSet<String> = references(service).filter_map(SecretReference::source).collect();
    wish.backing().filter_map(move |(name, backing, held)| {
        let mut given = held.given().filter_map(|(reference, _)| reference.source());
        given.any(|source| read.contains(&source)).then_some((name, backing))
    })
}

/// Whether a value is kept as it is given, or is somebody else's.
fn is_settled(
    reference: &SecretReference,
    value: &Template,
    ready: &Ready,
    observed: &Observed,
) -> bool {
    let held = reference.source().and_then(|source| observed.given.get(&source));
    held.is_some_and(|held| held.description != DESCRIPTION || held.value == fill(value, ready))
}

/// The value, as soon as everything in it is known.
#[must_use]
pub fn fill(value: &Template, ready: &Ready) -> Option<Secret> {
    let Ready { host, port, output, .. } = ready;
    let filled = value.fill(|word| match word {
        TaskWord::Address => Some(format!("{host}:{port}")),
        TaskWord::Host => Some(host.clone()),
        TaskWord::Port => Some(port.to_string()),
        TaskWord::Output(name) => {
            let said = dotenv::read(output.reveal());
            said.get(name).map(|value| value.reveal().to_owned())
        }
    });
    filled.map(Secret::from)
}

/// The step that puts a value, unless it is there or another is that somebody put there.
fn put(
    reference: &SecretReference,
    value: &Secret,
    (name, ready): (&str, &Ready),
    held: Option<&Given>,
) -> Option<Step> {
    if held.is_some_and(|it| it.description != DESCRIPTION || it.value.as_ref() == Some(value)) {
        return None;
    }
    let why = held.map(|_| format!("{name} has another address or another value now"));
    let source = reference.source()?;
    let what = format!("put {source}, which {name} gives");
    let step = match reference {
        SecretReference::Parameter { name } => {
            let new = parameter(name, value, DESCRIPTION);
            let overwrite = Some(held.is_some());
            Step::call::<PutParameter>(what, PutParameterRequest { overwrite, ..new })
        }
        SecretReference::Secret { name, .. } if held.is_some() => {
            let request = PutSecretValueRequest {
                secret_id: name.clone(),
                client_request_token: Some(token(name, &ready.task)),
                secret_string: Some(value.clone()),
                ..Default::default()
            };
            Step::call::<PutSecretValue>(what, request)
        }
        SecretReference::Secret { name, .. } => {
            Step::call::<CreateSecret>(what, secret(name, value, DESCRIPTION))
        }
        SecretReference::Arn(_) => return None,
    };
    Some(step.because(why))
}

/// A new parameter, encrypted.
pub(crate) fn parameter(name: &str, value: &Secret, description: &str) -> PutParameterRequest {
    PutParameterRequest {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        value: value.clone(),
        r#type: Some("SecureString".to_owned()),
        tier: (value.len() > STANDARD).then(|| "Advanced".to_owned()),
        ..Default::default()
    }
}

/// A new secret.
pub(crate) fn secret(name: &str, value: &Secret, description: &str) -> CreateSecretRequest {
    CreateSecretRequest {
        name: name.to_owned(),
        client_request_token: Some(token(name, "new")),
        description: Some(description.to_owned()),
        secret_string: Some(value.clone()),
        ..Default::default()
    }
}

/// AWS's SDKs make one up; the same call again has to have the same. Nothing of the value is in it.
fn token(name: &str, task: &str) -> String {
    digest::of_texts(&[name, task])
}
