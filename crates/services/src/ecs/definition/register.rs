//! `RegisterTaskDefinition`.

use super::echo::echo;
use super::parse::{network_mode, parse};
use super::show::show;
use super::volumes;
use crate::Cx;
use crate::ecs::{fault, tags};
use api::Fault;
use api::ecs::{RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse};
use model::{Family, Ids, Place};
use world::{
    DefinitionKey, DefinitionStatus, Draft, RevisionCounter, Stored, TaskDefinition, World,
};

/// How long a definition may be as JSON, in bytes (reference §8.2).
const LONGEST: usize = 65_536;

/// Registers the next revision of a family.
pub(in crate::ecs) fn register(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    mut input: RegisterTaskDefinitionRequest,
) -> Result<RegisterTaskDefinitionResponse, Fault> {
    let given_tags = input.tags.take();
    if given_tags.as_ref().is_some_and(Vec::is_empty) {
        return Err(fault::definition::no_tags());
    }
    let definition_tags = tags::parse(given_tags.clone())?;
    let family = Family::from(input.family.as_str());
    let key = DefinitionKey { revision: next_revision(draft, &family), family };
    let row = TaskDefinition { tags: definition_tags, ..row(&draft.place, cx, key, input)? };
    draft.put(RevisionCounter { family: row.key.family.clone(), last: row.key.revision });
    let shown = show(&row);
    let shown_tags = given_tags.map(|_| tags::show(&row.tags));
    draft.put(row);
    Ok(RegisterTaskDefinitionResponse { task_definition: Some(shown), tags: shown_tags })
}

fn row(
    place: &Place,
    cx: &Cx<'_>,
    key: DefinitionKey,
    input: RegisterTaskDefinitionRequest,
) -> Result<TaskDefinition, Fault> {
    let parsed = parse(place, &input)?;
    let platform = input.runtime_platform.as_ref();
    let architecture = platform.and_then(|platform| platform.cpu_architecture.clone());
    let role = |given: &Option<String>| given.as_ref().map(|role| role_arn(place, role));
    let (task_role, execution_role) = (role(&input.task_role_arn), role(&input.execution_role_arn));
    let network_mode = network_mode(&input).to_owned();
    let volumes = volumes::names(&input);
    let record = Stored(echo(place, &key, input, &parsed, &cx.caller.arn));
    match record.saved_len() {
        length if length > LONGEST => return Err(fault::definition::too_long(length)),
        _ => {}
    }
    Ok(TaskDefinition {
        key,
        status: DefinitionStatus::Active,
        record,
        registered_at: cx.now,
        deregistered_at: None,
        delete_requested_at: None,
        tags: world::Tags::new(),
        containers: parsed.containers,
        cpu: parsed.cpu,
        memory: parsed.memory,
        task_role,
        execution_role,
        network_mode,
        architecture: architecture.unwrap_or_else(|| "X86_64".to_owned()),
        volumes,
        compatibilities: parsed.compatibilities,
    })
}

/// One more than the family ever had: numbers are never given twice (reference §2.1).
fn next_revision(world: &World, family: &Family) -> u32 {
    world.revisions.get(family).map_or(1, |counter| counter.last.saturating_add(1))
}

/// A role's ARN; a short name is one of this account.
fn role_arn(place: &Place, role: &str) -> String {
    if role.starts_with("arn:") { role.to_owned() } else { place.role_arn("/", &role.into()) }
}
