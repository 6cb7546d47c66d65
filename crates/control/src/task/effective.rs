//! How a container really runs: its definition with what `RunTask` overrides.

use api::ecs::{ContainerOverride, TaskOverride};
use world::ContainerSpec;

/// A container with the overrides that name it. Variables are added to the definition's and win
/// over them; everything else takes the definition's place.
pub(super) fn container(spec: &ContainerSpec, overrides: &TaskOverride) -> ContainerSpec {
    let overrides = overrides.container_overrides.iter().flatten();
    let named = overrides.filter(|item| item.name.as_deref() == Some(spec.name.as_str()));
    named.fold(spec.clone(), overridden)
}

fn overridden(mut spec: ContainerSpec, item: &ContainerOverride) -> ContainerSpec {
    let amount = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok());
    if item.command.is_some() {
        spec.command.clone_from(&item.command);
    }
    for pair in item.environment.iter().flatten() {
        if let Some(name) = &pair.name {
            spec.environment.insert(name.clone(), pair.value.clone().unwrap_or_default());
        }
    }
    spec.cpu = amount(item.cpu).unwrap_or(spec.cpu);
    spec.memory = amount(item.memory).or(spec.memory);
    spec.memory_reservation = amount(item.memory_reservation).or(spec.memory_reservation);
    spec
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ecs::KeyValuePair;

    #[test]
    fn an_override_names_its_container() {
        let spec = ContainerSpec {
            name: "app".into(),
            command: Some(vec!["serve".to_owned()]),
            environment: [("A".to_owned(), "1".to_owned()), ("B".to_owned(), "2".to_owned())]
                .into(),
            cpu: 100,
            ..ContainerSpec::default()
        };
        let item = |name: &str, command: &str| ContainerOverride {
            name: Some(name.to_owned()),
            command: Some(vec![command.to_owned()]),
            environment: Some(vec![KeyValuePair {
                name: Some("B".to_owned()),
                value: Some("3".to_owned()),
            }]),
            memory: Some(64),
            ..ContainerOverride::default()
        };
        let overrides = TaskOverride {
            container_overrides: Some(vec![item("other", "no"), item("app", "migrate")]),
            ..TaskOverride::default()
        };
        let effective = container(&spec, &overrides);
        assert_eq!(effective.command, Some(vec!["migrate".to_owned()]));
        assert_eq!(effective.environment["A"], "1");
        assert_eq!(effective.environment["B"], "3");
        assert_eq!((effective.cpu, effective.memory), (100, Some(64)));
    }
}
