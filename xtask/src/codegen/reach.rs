//! Which shapes a set of operations reaches, and which structures contain themselves.

use super::model::{Model, Shape, Target};
use std::collections::{BTreeMap, BTreeSet};

/// The names of all shapes that the operations' inputs and outputs reach.
pub(crate) fn shapes(model: &Model, operations: &[String]) -> Result<BTreeSet<String>, String> {
    let mut reached = BTreeSet::new();
    let mut open = Vec::new();
    for name in operations {
        let operation = model
            .operations
            .get(name)
            .ok_or(format!("{} has no operation `{name}`", model.metadata.service_id))?;
        let ends = [&operation.input, &operation.output];
        open.extend(ends.into_iter().flatten().map(|target| target.shape.clone()));
    }
    while let Some(name) = open.pop() {
        if reached.insert(name.clone()) {
            open.extend(targets(model.shape(&name)?).map(|target| target.shape.clone()));
        }
    }
    Ok(reached)
}

/// The structures that hold themselves through structures alone; their type needs a box somewhere.
pub(crate) fn recursive(model: &Model, reached: &BTreeSet<String>) -> BTreeSet<String> {
    let mut holds: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in reached {
        let Some(shape) = model.shapes.get(name).filter(|shape| shape.kind == "structure") else {
            continue;
        };
        let members = shape.members.0.iter().map(|(_, target)| target.shape.as_str());
        holds.insert(name, members.collect());
    }
    reached.iter().filter(|name| reaches(&holds, name, name)).cloned().collect()
}

fn reaches(holds: &BTreeMap<&str, BTreeSet<&str>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&str> = holds.get(from).into_iter().flatten().copied().collect();
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(holds.get(name).into_iter().flatten().copied());
        }
    }
    false
}

fn targets(shape: &Shape) -> impl Iterator<Item = &Target> {
    let members = shape.members.0.iter().map(|(_, target)| target);
    members.chain(&shape.member).chain(&shape.key).chain(&shape.value)
}
