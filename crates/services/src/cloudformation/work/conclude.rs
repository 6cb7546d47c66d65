//! All resources are there: the outputs are found, and the operation ends.

use crate::cloudformation::failure::Failure;
use crate::cloudformation::fit::text_of;
use crate::cloudformation::hand::Hand;
use crate::cloudformation::surroundings::{Reading, Surroundings};
use model::{StackArn, Timestamp};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use template::{Mistake, Scene, Trouble};
use world::stack::{StackOutput, StackResource, StackStatus, Work};
use world::{Stack, World};

/// Ends an operation whose resources are all there.
pub fn conclude(hand: &mut Hand<'_>, arn: &StackArn) {
    let Some(mut stack) = hand.draft.stacks.get(arn).cloned() else { return };
    match outputs(hand.draft, &stack, hand.cx.now) {
        Ok((outputs, imports)) => {
            stack.outputs = outputs;
            stack.imports = imports;
        }
        Err(trouble) => {
            stack.stop = Some(Failure::from(trouble).reason(hand.ids));
            hand.draft.put(stack);
            return;
        }
    }
    let status = match stack.status {
        StackStatus::CreateInProgress => StackStatus::CreateComplete,
        StackStatus::UpdateInProgress => StackStatus::UpdateCleanup,
        _ => StackStatus::UpdateRollbackCleanup,
    };
    let left: Vec<StackResource> = hand
        .draft
        .resources_of(arn)
        .filter(|held| held.work == Work::Leave)
        .map(|held| StackResource { work: Work::Remove, ..held.clone() })
        .collect();
    left.into_iter().for_each(|resource| hand.draft.put(resource));
    stack.due = None;
    let event = stack.turn(status, None, hand.cx.now, hand.ids);
    hand.draft.put(event);
    hand.draft.put(stack);
}

/// The outputs, and the names that the template imports.
fn outputs(
    world: &World,
    stack: &Stack,
    now: Timestamp,
) -> Result<(Vec<StackOutput>, BTreeSet<String>), Trouble> {
    let reading = Reading::of(world, stack, &stack.version)?;
    let surroundings = Surroundings::of(world, stack, now);
    let scene = reading.scene(&surroundings);
    let outputs = evaluate(&scene)?;
    check_exports(world, stack, &outputs)?;
    Ok((outputs, imports(&scene)?))
}

/// A version's outputs.
pub(crate) fn evaluate(scene: &Scene<'_>) -> Result<Vec<StackOutput>, Trouble> {
    let mut outputs = Vec::new();
    for (key, output) in &scene.template.outputs {
        if !scene.holds(output.condition.as_deref())? {
            continue;
        }
        let text = |value: &Json| -> Result<String, Trouble> {
            let value = scene.value(value)?;
            let refused = || {
                let what = "The Value field of every Outputs member must evaluate to a String.";
                Mistake::format(what)
            };
            Ok(value.as_ref().and_then(text_of).ok_or_else(refused)?)
        };
        outputs.push(StackOutput {
            key: key.clone(),
            value: text(&output.value)?,
            description: output.description.clone(),
            export: output.export.as_ref().map(text).transpose()?,
        });
    }
    Ok(outputs)
}

/// A name can be exported once, and neither change nor go while others import it.
fn check_exports(world: &World, stack: &Stack, outputs: &[StackOutput]) -> Result<(), Mistake> {
    for output in outputs {
        let Some(name) = &output.export else { continue };
        let mut others = world.exports().filter(|(other, _)| other.arn != stack.arn);
        if let Some((other, _)) = others.find(|(_, held)| held.export.as_ref() == Some(name)) {
            let what =
                format!("Export with name {name} is already exported by stack {}.", other.name);
            return Err(Mistake::of(what));
        }
    }
    for held in &stack.outputs {
        let Some(name) = &held.export else { continue };
        let Some(importer) = importers(world, name).next() else { continue };
        let now = outputs.iter().find(|output| output.export.as_ref() == Some(name));
        let verb = match now {
            None => "deleted",
            Some(now) if now.value != held.value => "updated",
            Some(_) => continue,
        };
        let what = format!("Export {name} cannot be {verb} as it is in use by {}", importer.name);
        return Err(Mistake::of(what));
    }
    Ok(())
}

/// The stacks that import a name.
pub(crate) fn importers<'a>(world: &'a World, name: &'a str) -> impl Iterator<Item = &'a Stack> {
    let alive = world.stacks.iter().filter(|it| it.status != StackStatus::DeleteComplete);
    alive.filter(move |stack| stack.imports.contains(name))
}

/// The names that the resources and outputs that are there import.
fn imports(scene: &Scene<'_>) -> Result<BTreeSet<String>, Trouble> {
    let mut names = BTreeSet::new();
    for resource in scene.present()? {
        collect(scene, &scene.template.resources[resource].properties, &mut names)?;
    }
    for output in scene.template.outputs.values() {
        collect(scene, &output.value, &mut names)?;
    }
    Ok(names)
}

fn collect(scene: &Scene<'_>, value: &Json, names: &mut BTreeSet<String>) -> Result<(), Trouble> {
    match value {
        Json::Object(members) => {
            for (key, member) in members {
                if key == "Fn::ImportValue" {
                    names.extend(scene.value(member)?.as_ref().and_then(text_of));
                }
                collect(scene, member, names)?;
            }
            Ok(())
        }
        Json::Array(items) => items.iter().try_for_each(|item| collect(scene, item, names)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Ok(()),
    }
}
