//! Task definitions: what runs.

mod changes;
mod container;

use crate::observed::{Definition, Observed};
use crate::planner::Plan;
use crate::step::Step;
use crate::tags;
use crate::wish::{Artifact, Wish};
use crate::{backing, digest, keep};
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
        let why = observed.definitions.get(&family).map(|held| changes::changes(held, &request));
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
    let task_role = role(&names.task_role(name));
    if wish.is_local() && task_role.is_none() {
        return None;
    }
    let size = service.size();
    let request = RegisterTaskDefinitionRequest {
        family: names.family(name),
        execution_role_arn: Some(role(&names.execution_role())?),
        task_role_arn: task_role,
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
    let held = observed.definitions.get(&request.family);
    let mut request = match held {
        Some(held) => keep::keep(&held.definition, request, name),
        None => request,
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
