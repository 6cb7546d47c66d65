//! Services that people should get into, and can't.

use super::{Lack, Scene};

const RULE: &str = "aws-exec";

/// The agent of ECS Exec has the role of the service's own code, and ECS refuses a service without one.
pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let Scene { wish, observed, .. } = scene;
    let wanting = wish.services().filter(|(_, service)| service.exec == Some(true));
    let without = wanting.filter(|(name, _)| {
        !observed.roles.contains_key(&wish.names().task_role(name)) && !makes_role(scene)
    });
    let lacks = without.map(|(name, _)| {
        let what = format!("service {name} lets commands in, and its tasks have no role");
        let hint = "`foundation.existing.task_role` names one that allows ssmmessages";
        Lack::error(RULE, format!("services.{name}.exec"), what, hint)
    });
    lacks.collect()
}

/// The environment's own stack has a role for each service.
fn makes_role(scene: Scene<'_>) -> bool {
    crate::needs_stack(&scene.wish.manifest)
}
