//! Task definitions: what runs.

mod container;

use crate::observed::{Definition, Observed};
use crate::planner::Plan;
use crate::step::Step;
use crate::tags;
use crate::wish::{Artifact, Wish};
use crate::{backing, digest};
use api::ecs::{
    ContainerDefinition, RegisterTaskDefinition, RegisterTaskDefinitionRequest, RuntimePlatform,
};
use manifest::{Platform, Service};
use std::collections::BTreeMap;

/// The tag by which a definition's content is known again.
const DIGEST: &str = "neargate:definition";

/// Registers the definitions that differ from the newest of their families.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (name, service) in wish.services() {
        let family = wish.names().family(name);
        if let Some(awaited) = backing::awaited(wish, observed, service) {
            plan.hold(format!("task definition {family}"), format!("what {awaited} gives"));
            continue;
        }
        let Some(request) = request(wish, observed, name, service) else {
            plan.hold(format!("task definition {family}"), "its roles");
            continue;
        };
        if current(&request, observed.definitions.get(&family)).is_some() {
            continue;
        }
        let why = observed.definitions.get(&family).map(|held| reasons(held, &request));
        let what = format!("register task definition {family}");
        let step = Step::call::<RegisterTaskDefinition>(what, request);
        plan.steps.push(step.because(why.unwrap_or_default()));
    }
}

/// The task definitions that the services of a wish are meant to run, by service; those that are not
/// registered yet are left out.
#[must_use]
pub fn intended(wish: &Wish, observed: &Observed) -> BTreeMap<String, String> {
    let services = wish.services();
    let known = services
        .filter_map(|(name, _)| Some((name.clone(), arn(wish, observed, name)?.to_owned())));
    known.collect()
}

/// The ARN of a service's definition, when the newest of its family is the one wished for.
pub(crate) fn arn<'a>(wish: &Wish, observed: &'a Observed, name: &str) -> Option<&'a str> {
    let service = wish.manifest.environment.services.get(name)?;
    let request = request(wish, observed, name, service)?;
    let held = observed.definitions.get(&wish.names().family(name));
    current(&request, held).map(Definition::arn)
}

/// The newest definition, if it was registered with this very content.
fn current<'a>(
    request: &RegisterTaskDefinitionRequest,
    held: Option<&'a Definition>,
) -> Option<&'a Definition> {
    let digest = request.tags.iter().flatten().find(|tag| tag.key.as_deref() == Some(DIGEST))?;
    held.filter(|held| held.tags.get(DIGEST) == digest.value.as_ref())
}

/// The definition as it should be; absent until its roles and what it is given are there, or when
/// nothing was built.
fn request(
    wish: &Wish,
    observed: &Observed,
    name: &str,
    service: &Service,
) -> Option<RegisterTaskDefinitionRequest> {
    let names = wish.names();
    let artifact = wish.artifacts.get(name)?;
    if backing::awaited(wish, observed, service).is_some() {
        return None;
    }
    let role = |name: &str| observed.roles.get(name).map(|role| role.arn.clone());
    let size = service.size();
    let mut request = RegisterTaskDefinitionRequest {
        family: names.family(name),
        execution_role_arn: Some(role(&names.execution_role())?),
        task_role_arn: Some(role(&names.task_role(name))?),
        network_mode: Some("awsvpc".to_owned()),
        requires_compatibilities: Some(vec!["FARGATE".to_owned()]),
        cpu: Some(size.cpu().to_string()),
        memory: Some(size.memory().to_string()),
        runtime_platform: Some(RuntimePlatform {
            cpu_architecture: Some(architecture(service.platform).to_owned()),
            operating_system_family: Some("LINUX".to_owned()),
        }),
        container_definitions: containers(observed, name, service, artifact),
        ..Default::default()
    };
    let mut all = tags::of_service(wish, name);
    // Part of the content: with another task behind it, the service is another one.
    let givers = backing::givers(wish, observed, service);
    let givers = givers.map(|tasks| BTreeMap::from([(backing::TAG.to_owned(), tasks)]));
    request.tags = givers.clone().and_then(tags::ecs);
    all.extend(givers.unwrap_or_default());
    all.insert(DIGEST.to_owned(), digest::of(&request));
    request.tags = tags::ecs(all);
    Some(request)
}

fn containers(
    observed: &Observed,
    name: &str,
    service: &Service,
    artifact: &Artifact,
) -> Vec<ContainerDefinition> {
    let own = container::of_service(observed, name, service, artifact);
    let sidecars = service
        .sidecars
        .iter()
        .map(|(sidecar, held)| container::of_sidecar(observed, sidecar, held, service));
    [own].into_iter().chain(sidecars).collect()
}

fn architecture(platform: Platform) -> &'static str {
    match platform {
        Platform::Amd64 => "X86_64",
        Platform::Arm64 => "ARM64",
    }
}

/// What a new revision changes, in words. Values of variables stay unsaid: some people put secrets
/// there.
fn reasons(held: &Definition, request: &RegisterTaskDefinitionRequest) -> Vec<String> {
    let mut reasons = Vec::new();
    let old = by_name(held.definition.container_definitions.as_deref().unwrap_or_default());
    let new = by_name(&request.container_definitions);
    for (name, container) in &new {
        match old.get(name) {
            Some(before) => reasons.extend(changes(name, before, container)),
            None => reasons.push(format!("container {name} is new")),
        }
    }
    let gone = old.keys().filter(|name| !new.contains_key(*name));
    reasons.extend(gone.map(|name| format!("container {name} is gone")));
    for (what, before, now) in [
        ("cpu", &held.definition.cpu, &request.cpu),
        ("memory", &held.definition.memory, &request.memory),
    ] {
        if before != now {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            reasons.push(format!("{what}: {} → {}", text(before), text(now)));
        }
    }
    let givers = request.tags.iter().flatten();
    let mut givers = givers.filter(|tag| tag.key.as_deref() == Some(backing::TAG));
    if givers.any(|tag| held.tags.get(backing::TAG) != tag.value.as_ref()) {
        reasons.push("a backing service was started anew: its data is new".to_owned());
    }
    if reasons.is_empty() {
        reasons.push("settings of the task changed".to_owned());
    }
    reasons
}

fn by_name(containers: &[ContainerDefinition]) -> BTreeMap<String, &ContainerDefinition> {
    let named = containers.iter().map(|held| (held.name.clone().unwrap_or_default(), held));
    named.collect()
}

fn changes(name: &str, before: &ContainerDefinition, now: &ContainerDefinition) -> Vec<String> {
    let mut changes = Vec::new();
    if before.image != now.image {
        let text = |image: &Option<String>| image.clone().unwrap_or_default();
        changes.push(format!("{name}: image {} → {}", text(&before.image), text(&now.image)));
    }
    let (old, new) = (variables(before), variables(now));
    for (variable, value) in &new {
        match old.get(variable) {
            None => changes.push(format!("{name}: variable {variable} is new")),
            Some(held) if held != value => {
                changes.push(format!("{name}: variable {variable} changed"));
            }
            Some(_) => {}
        }
    }
    let gone = old.keys().filter(|variable| !new.contains_key(*variable));
    changes.extend(gone.map(|variable| format!("{name}: variable {variable} is gone")));
    changes
}

/// Plain variables with their values, secret ones with where they are read.
fn variables(container: &ContainerDefinition) -> BTreeMap<String, String> {
    let plain = container.environment.iter().flatten();
    let plain = plain.map(|held| {
        (held.name.clone().unwrap_or_default(), held.value.clone().unwrap_or_default())
    });
    let secret = container.secrets.iter().flatten();
    let secret = secret.map(|held| (held.name.clone(), held.value_from.clone()));
    plain.chain(secret).collect()
}
