//! What the table and the list of members without effect say, held against AWS's model.

use super::*;
use crate::ecs::STORED_ONLY;
use crate::testing::assert_complete;
use ::api::{Service, shape};

/// The members of a shape, through lists.
fn members(shape: &shape::Shape) -> &'static [shape::Member] {
    match shape {
        shape::Shape::Structure(structure) => structure.members,
        shape::Shape::List(list) => members(&list.element),
        _ => &[],
    }
}

/// Whether an operation takes a member: `CreateService.networkConfiguration.awsvpcConfiguration`. The
/// keys of a map are free.
fn is_member(path: &str) -> bool {
    let mut steps = path.split('.');
    let name = steps.next();
    let mut operations = Service::Ecs.model().operations.iter();
    let Some(operation) = operations.find(|operation| Some(operation.name) == name) else {
        return false;
    };
    let mut level = operation.input.members;
    for step in steps {
        match level.iter().find(|member| member.name == step).map(|member| member.shape) {
            Some(shape::Shape::Map(_)) => return true,
            Some(shape) => level = members(&shape),
            None => return false,
        }
    }
    true
}

#[test]
fn every_operation_with_shapes_has_a_handler() {
    assert_complete(Service::Ecs, &crate::ecs::table());
}

#[test]
fn what_is_stored_only_is_a_member_and_has_a_reason() {
    for (path, why) in STORED_ONLY {
        assert!(is_member(path), "{path}");
        assert!(!why.is_empty() && !why.ends_with('.'), "{path}: {why}");
    }
    let unique: BTreeMap<_, _> = STORED_ONLY.iter().copied().collect();
    assert_eq!(unique.len(), STORED_ONLY.len());
    assert!(!is_member("CreateService.networkConfiguration.colour"));
}
