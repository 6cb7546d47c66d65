//! `ExecuteCommand`.

use super::agent::{self, Agent};
use crate::ecs::{cluster, fault, names};
use crate::{Cx, Errand};
use api::Fault;
use api::ecs::{ExecuteCommandRequest, ExecuteCommandResponse, Session};
use world::{Container, Task, World};

/// Opens a session in which the command will run once a client comes for it.
pub(in crate::ecs) fn execute(
    world: &World,
    cx: &Cx<'_>,
    input: ExecuteCommandRequest,
) -> Result<ExecuteCommandResponse, Fault> {
    let cluster = cluster::find(world, input.cluster.as_deref())?;
    if !input.interactive {
        return Err(fault::exec::interactive_only());
    }
    let key = names::task(&world.place, &cluster.name, &input.task)?;
    let task = world.tasks.get(&key).ok_or_else(fault::task::not_found)?;
    let container = chosen(task, input.container.as_deref())?;
    let definition = world.definitions.get(&task.definition);
    let spec = definition.and_then(|definition| definition.container(container.name.as_str()));
    let Some(Agent::Running(_)) = agent::of(task, container, spec, cx) else {
        return Err(fault::exec::no_agent());
    };
    let errand = Errand {
        task: key.clone(),
        container: container.name.clone(),
        command: input.command.into(),
    };
    let opened = cx.sessions.open(errand, cx.now).map_err(|_| Fault::internal())?;
    let place = &world.place;
    Ok(ExecuteCommandResponse {
        cluster_arn: Some(place.cluster_arn(&key.cluster)),
        container_arn: Some(super::show::container_arn(place, &key, container)),
        container_name: Some(container.name.to_string()),
        interactive: Some(true),
        session: Some(Session {
            session_id: Some(opened.id),
            stream_url: Some(opened.url),
            token_value: Some(opened.token),
        }),
        task_arn: Some(place.task_arn(&key.cluster, &key.id)),
    })
}

/// The container that is meant: the only one, unless one is named.
fn chosen<'t>(task: &'t Task, named: Option<&str>) -> Result<&'t Container, Fault> {
    match (named, task.containers.as_slice()) {
        (Some(name), _) => task.container(name).ok_or_else(|| fault::exec::no_container(name)),
        (None, [only]) => Ok(only),
        (None, _) => Err(fault::exec::container_needed()),
    }
}
