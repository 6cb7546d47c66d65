//! The task metadata endpoint, version 4 (reference §6.5).

use super::{Door, Reply, json, metadata_shape as shape, text};
use crate::tailor;
use http::StatusCode;
use model::TaskId;
use serde_json::{Map, Value};
use world::{Container, Task, TaskKey, World};

/// Answers `GET /v4/<runtime id>[/task|/stats|/task/stats]`.
pub(crate) async fn answer(door: &Door, path: &str) -> Reply {
    let (id, what) = path.split_once('/').unwrap_or((path, ""));
    let world = door.desk.published.load_full();
    let Some((task, container)) = find_container(&world, id) else {
        let message =
            format!("V4 container metadata handler: unable to get container ID from request: {id}");
        return json(StatusCode::NOT_FOUND, &Value::String(message));
    };
    match what.trim_end_matches('/') {
        "" => json(StatusCode::OK, &shape::container(&world, task, container)),
        "task" => json(StatusCode::OK, &shape::task(&world, task)),
        "stats" => json(StatusCode::OK, &stats(door, task, container).await),
        "task/stats" => {
            let mut all = Map::new();
            for container in &task.containers {
                if let Some(id) = &container.runtime_id {
                    all.insert(id.clone(), stats(door, task, container).await);
                }
            }
            json(StatusCode::OK, &Value::Object(all))
        }
        other => {
            text(StatusCode::NOT_FOUND, format!("the task metadata endpoint has no `{other}`"))
        }
    }
}

/// What a container uses; null where it does not run, as Docker's own answer for one that is not
/// there.
async fn stats(door: &Door, task: &Task, container: &Container) -> Value {
    let key = tailor::container(&task.key, &container.name);
    match door.driver.stats(key).await {
        Ok(Some(stats)) => shape::stats(&stats),
        Ok(None) | Err(_) => Value::Null,
    }
}

/// The task with this id, in whichever cluster.
pub(crate) fn find<'a>(world: &'a World, id: &str) -> Option<&'a Task> {
    let clusters = world.clusters.iter();
    let keys =
        clusters.map(|cluster| TaskKey { cluster: cluster.name.clone(), id: TaskId::from(id) });
    keys.filter_map(|key| world.tasks.get(&key)).next()
}

fn find_container<'a>(world: &'a World, runtime_id: &str) -> Option<(&'a Task, &'a Container)> {
    let (id, _) = runtime_id.split_once('-')?;
    let task = find(world, id)?;
    let is_it = |container: &&Container| container.runtime_id.as_deref() == Some(runtime_id);
    Some((task, task.containers.iter().find(is_it)?))
}
