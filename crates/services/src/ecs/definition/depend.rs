//! Which container comes before which.

use crate::ecs::fault::definition as refuse;
use api::Fault;
use api::ecs::{ContainerDefinition, ContainerDependency};
use world::ContainerSpec;
use world::definition::{Dependency, DependencyCondition};

const CONDITIONS: [&str; 4] = ["START", "COMPLETE", "SUCCESS", "HEALTHY"];

/// Parses a container's dependencies.
pub(super) fn parse(given: &ContainerDefinition) -> Result<Vec<Dependency>, Fault> {
    let given = given.depends_on.as_deref().unwrap_or_default();
    let dependency = |item: &ContainerDependency| {
        let condition = condition(&item.condition)?;
        Ok(Dependency { container: item.container_name.as_str().into(), condition })
    };
    given.iter().map(dependency).collect()
}

fn condition(word: &str) -> Result<DependencyCondition, Fault> {
    match word {
        "START" => Ok(DependencyCondition::Start),
        "COMPLETE" => Ok(DependencyCondition::Complete),
        "SUCCESS" => Ok(DependencyCondition::Success),
        "HEALTHY" => Ok(DependencyCondition::Healthy),
        _ => Err(refuse::not_one_of("condition", &CONDITIONS)),
    }
}

/// Checks the dependencies of all containers against each other (reference §1.6).
pub(super) fn check(containers: &[ContainerSpec]) -> Result<(), Fault> {
    for dependency in containers.iter().flat_map(|container| &container.depends_on) {
        let name = dependency.container.as_str();
        let first = find(containers, name).ok_or_else(|| refuse::dependency_missing(name))?;
        match dependency.condition {
            DependencyCondition::Complete | DependencyCondition::Success if first.essential => {
                return Err(refuse::dependency_essential());
            }
            DependencyCondition::Healthy if first.health_check.is_none() => {
                return Err(refuse::dependency_without_check());
            }
            _ => {}
        }
    }
    if has_cycle(containers) { Err(refuse::dependency_cycle()) } else { Ok(()) }
}

/// Whether some containers wait for each other: after taking away, again and again, those that wait
/// for nothing that is left, some are left.
fn has_cycle(containers: &[ContainerSpec]) -> bool {
    let mut left: Vec<&ContainerSpec> = containers.iter().collect();
    loop {
        let waits = |container: &ContainerSpec| {
            let mut firsts = container.depends_on.iter().map(|dependency| &dependency.container);
            firsts.any(|first| left.iter().any(|other| other.name == *first))
        };
        let stuck: Vec<_> = left.iter().copied().filter(|container| waits(container)).collect();
        if stuck.len() == left.len() {
            return !left.is_empty();
        }
        left = stuck;
    }
}

fn find<'a>(containers: &'a [ContainerSpec], name: &str) -> Option<&'a ContainerSpec> {
    containers.iter().find(|container| container.name.as_str() == name)
}
