//! ECS Exec: which services let commands in, and what that takes.

use crate::wish::Wish;
use api::ecs::Service as There;
use manifest::Service;

/// What the agent in a container calls, with the role of the service's code. AWS knows no resources for
/// these.
pub(crate) const ACTIONS: [&str; 4] = [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
];

/// Whether commands get into the service's containers. On this machine they do unless it is said that
/// they don't; on AWS who may call `ExecuteCommand` is root there, and that is said or not so.
pub(crate) fn lets_in(wish: &Wish, service: &Service) -> bool {
    service.exec.unwrap_or(wish.is_local())
}

/// Whether a service comes to let commands in, or not to any more; absent where it stays.
pub(crate) fn change(wish: &Wish, service: &Service, there: &There) -> Option<bool> {
    let wanted = lets_in(wish, service);
    (wanted != there.enable_execute_command.unwrap_or(false)).then_some(wanted)
}

/// A change in words. ECS Exec is had by tasks that are started with it, and by no others.
pub(crate) fn words(change: Option<bool>) -> Option<String> {
    change.map(|wanted| format!("exec: {} → {wanted}, in new tasks", !wanted))
}
