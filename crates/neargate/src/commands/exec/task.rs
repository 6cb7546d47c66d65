//! Which task of a service a command goes to.

use super::tell;
use crate::failure::{Failure, Kind};
use crate::reach::Reached;
use api::ecs::{
    DescribeTasks, DescribeTasksRequest, ListTasks, ListTasksRequest, ManagedAgent, Task,
};
use std::time::Duration;

/// How long the agent of a task that has just started is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// From one look to the next.
const PAUSE: Duration = Duration::from_millis(500);

/// How many tasks a call describes.
const PAGE: usize = 100;

/// A container to run a command in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    /// The task's ARN.
    pub(super) task: String,
    /// The container's name.
    pub(super) container: String,
}

/// How far a task is with letting commands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Door {
    /// It was started without.
    Shut,
    /// Its agent does not run.
    Broken,
    /// Its agent will run.
    Soon,
    /// Commands may come.
    Open,
}

/// The task that is named, or the newest that lets commands in. One that has just started is waited for.
pub(super) async fn choose(
    reached: &Reached,
    service: &str,
    named: Option<&str>,
    container: &str,
) -> Result<Chosen, Failure> {
    reached.deployed(service).await?;
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let tasks = running(reached, service).await?;
        let best = pick(&tasks, service, named, container)?;
        match door(best, container) {
            Door::Open => {
                let others = tasks.len() - 1;
                tell(&id(best)[..8.min(id(best).len())], if named.is_some() { 0 } else { others });
                let task = best.task_arn.clone().unwrap_or_default();
                return Ok(Chosen { task, container: container.to_owned() });
            }
            Door::Soon if tokio::time::Instant::now() < until => {}
            door => return Err(refusal(reached, service, best, (door, container))),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The service's tasks that run.
async fn running(reached: &Reached, service: &str) -> Result<Vec<Task>, Failure> {
    let (mut arns, mut next_token) = (Vec::new(), None);
    loop {
        let request = ListTasksRequest {
            cluster: Some(reached.cluster()),
            service_name: Some(service.to_owned()),
            next_token: next_token.take(),
            ..Default::default()
        };
        let page = reached.client.call::<ListTasks>(request).await?;
        arns.extend(page.task_arns.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            break;
        }
    }
    let mut tasks = Vec::new();
    for some in arns.chunks(PAGE) {
        let cluster = Some(reached.cluster());
        let request = DescribeTasksRequest { cluster, tasks: some.to_vec(), include: None };
        let answer = reached.client.call::<DescribeTasks>(request).await?;
        tasks.extend(answer.tasks.into_iter().flatten());
    }
    tasks.retain(|task| task.last_status.as_deref() == Some("RUNNING"));
    Ok(tasks)
}

/// The task that is meant: of several, the one that is farthest with letting commands in, and of those
/// the newest.
fn pick<'t>(
    tasks: &'t [Task],
    service: &str,
    named: Option<&str>,
    container: &str,
) -> Result<&'t Task, Failure> {
    let known = || {
        let ids: Vec<&str> = tasks.iter().map(id).collect();
        if ids.is_empty() {
            "none runs".to_owned()
        } else {
            format!("there are: {}", ids.join(", "))
        }
    };
    let meant = |task: &&Task| {
        let given = named.unwrap_or_default();
        let given = given.rsplit('/').next().unwrap_or_default();
        id(task).starts_with(given)
    };
    let best =
        tasks.iter().filter(meant).max_by_key(|task| (door(task, container), task.started_at));
    let Some(best) = best else {
        let what = match named {
            Some(named) => format!("service {service} has no running task `{named}`"),
            None => format!("no task of service {service} runs"),
        };
        return Err(Failure::new(Kind::Deployment, what).hint(known()));
    };
    let containers = best.containers.iter().flatten().filter_map(|held| held.name.as_deref());
    let containers: Vec<&str> = containers.collect();
    if containers.contains(&container) {
        return Ok(best);
    }
    let what = format!("the tasks of service {service} have no container `{container}`");
    Err(Failure::new(Kind::Usage, what).hint(format!("there are: {}", containers.join(", "))))
}

fn door(task: &Task, container: &str) -> Door {
    if task.enable_execute_command != Some(true) {
        return Door::Shut;
    }
    match agent(task, container).and_then(|agent| agent.last_status.as_deref()) {
        Some("RUNNING") => Door::Open,
        Some("STOPPED") => Door::Broken,
        _ => Door::Soon,
    }
}

fn agent<'t>(task: &'t Task, container: &str) -> Option<&'t ManagedAgent> {
    let mut containers = task.containers.iter().flatten();
    let container = containers.find(|held| held.name.as_deref() == Some(container))?;
    let mut agents = container.managed_agents.iter().flatten();
    agents.find(|agent| agent.name.as_deref() == Some("ExecuteCommandAgent"))
}

/// Why no command gets in, and what would help.
fn refusal(
    reached: &Reached,
    service: &str,
    task: &Task,
    (door, container): (Door, &str),
) -> Failure {
    let environment = &reached.wish.manifest.name;
    let deploy = match reached.place.shipping {
        Some(_) => format!("neargate deploy --env {environment}"),
        None => "neargate up".to_owned(),
    };
    if door == Door::Shut {
        let what = format!("task {} of service {service} was started without ECS Exec", id(task));
        return Failure::new(Kind::Deployment, what).hint(format!(
            "`exec: true` of the service, then `{deploy}`; new tasks let commands in"
        ));
    }
    let agent = agent(task, container);
    let state = agent.and_then(|agent| agent.last_status.as_deref()).unwrap_or("not there");
    let why = agent.and_then(|agent| agent.reason.clone());
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    let what = format!("the agent of ECS Exec in {container} of task {} is {state}{why}", id(task));
    let failure = Failure::new(Kind::Deployment, what);
    match reached.place.shipping {
        Some(_) => failure.hint(format!(
            "`neargate check --aws --env {environment}` says whether the task's role and its network \
             let the agent reach ssmmessages"
        )),
        None => failure.hint("a container with `read_only: true` lets nobody in"),
    }
}

/// The last part of a task's ARN.
fn id(task: &Task) -> &str {
    task.task_arn.as_deref().and_then(|arn| arn.rsplit('/').next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ecs::Container;
    use model::Timestamp;

    fn task(id: &str, started: i64, status: Option<&str>) -> Task {
        let agent = |status: &str| ManagedAgent {
            name: Some("ExecuteCommandAgent".to_owned()),
            last_status: Some(status.to_owned()),
            ..ManagedAgent::default()
        };
        let container = Container {
            name: Some("api".to_owned()),
            managed_agents: status.map(|status| vec![agent(status)]),
            ..Container::default()
        };
        Task {
            task_arn: Some(format!("arn:aws:ecs:eu-west-1:000000000000:task/shop/{id}")),
            started_at: Some(Timestamp::from_seconds(started)),
            enable_execute_command: Some(status.is_some()),
            containers: Some(vec![container]),
            ..Task::default()
        }
    }

    fn picked(tasks: &[Task], named: Option<&str>, container: &str) -> String {
        match pick(tasks, "api", named, container) {
            Ok(task) => id(task).to_owned(),
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn the_newest_task_that_lets_commands_in_is_taken_unless_one_is_named() {
        let tasks = [
            task("aaa1", 10, Some("RUNNING")),
            task("aaa2", 20, Some("RUNNING")),
            task("bbb3", 30, Some("PENDING")),
            task("bbb4", 40, None),
        ];
        for (named, expected) in [
            (None, "aaa2"),
            (Some("aaa1"), "aaa1"),
            (Some("b"), "bbb3"),
            (Some("arn:aws:ecs:eu-west-1:000000000000:task/shop/bbb4"), "bbb4"),
            (Some("c"), "service api has no running task `c`"),
        ] {
            assert_eq!(picked(&tasks, named, "api"), expected, "{named:?}");
        }
        assert_eq!(picked(&[], None, "api"), "no task of service api runs");
        let missing = "the tasks of service api have no container `db`";
        assert_eq!(picked(&tasks, None, "db"), missing);
    }
}
