//! `neargate run`.

use crate::args::{Form, FormArgs};
use crate::failure::{Failure, Kind};
use crate::reach::{ReachArgs, Reached};
use crate::ui::say;
use api::ecs::{
    ContainerOverride, DescribeTaskDefinition, DescribeTaskDefinitionRequest, DescribeTasks,
    DescribeTasksRequest, KeyValuePair, RunTask, RunTaskRequest, Service, StopTask,
    StopTaskRequest, Task, TaskOverride,
};
use apply::logs::Follower;
use serde_json::json;
use std::time::Duration;

/// From one look to the next.
const PAUSE: Duration = Duration::from_millis(500);

/// How many times the log is looked at after the task has ended: its last lines may still travel.
const AFTER: usize = 4;

/// Run a command once, in a task of its own made as a service's tasks are
///
/// With the service's image, settings, secrets, role and network; shows what it writes, and ends with
/// 1 if it does not end with 0. Ctrl-C stops the task.
#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// The service
    service: String,
    /// The command and its words, in the place of the service's own
    #[arg(last = true, required = true)]
    command: Vec<String>,
    /// A variable more, or with another value
    #[arg(short = 'v', long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<(String, String)>,
    /// Return when the task is started
    #[arg(short, long)]
    detach: bool,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    form: FormArgs,
}

fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or("a variable is a name, = and a value: LOG_LEVEL=debug")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub(crate) async fn run(args: RunArgs) -> Result<(), Failure> {
    let reached = args.reach.reach().await?;
    let name = reached.service(Some(&args.service))?;
    let there = reached.deployed(&name).await?;
    let task = start(&reached, &there, &name, &args).await?;
    let arn = task.task_arn.clone().unwrap_or_default();
    let id = arn.rsplit('/').next().unwrap_or_default().to_owned();
    say::note(&format!("task {id} is started"));
    if args.detach {
        match args.form.form() {
            Form::Json => say::json(&json!({ "taskArn": arn })),
            Form::Text => say::data(&arn),
        }
        return Ok(());
    }
    let ended = tokio::select! {
        ended = watch(&reached, &there, &name, &arn) => ended?,
        _ = tokio::signal::ctrl_c() => {
            stop(&reached, &arn).await?;
            return Err(Failure::new(Kind::Deployment, format!("interrupted: task {id} is stopped")));
        }
    };
    verdict(&name, &arn, &ended, args.form.form())
}

/// Starts the task.
async fn start(
    reached: &Reached,
    there: &Service,
    name: &str,
    args: &RunArgs,
) -> Result<Task, Failure> {
    let pair = |(name, value): &(String, String)| KeyValuePair {
        name: Some(name.clone()),
        value: Some(value.clone()),
    };
    let container = ContainerOverride {
        name: Some(name.to_owned()),
        command: Some(args.command.clone()),
        environment: Some(args.variables.iter().map(pair).collect()),
        ..Default::default()
    };
    let request = RunTaskRequest {
        cluster: Some(reached.cluster()),
        task_definition: there.task_definition.clone().unwrap_or_default(),
        launch_type: there.launch_type.clone(),
        capacity_provider_strategy: there.capacity_provider_strategy.clone(),
        platform_version: there.platform_version.clone(),
        network_configuration: there.network_configuration.clone(),
        started_by: Some("neargate run".to_owned()),
        overrides: Some(TaskOverride {
            container_overrides: Some(vec![container]),
            ..Default::default()
        }),
        ..Default::default()
    };
    let answer = reached.client.call::<RunTask>(request).await?;
    if let Some(task) = answer.tasks.into_iter().flatten().next() {
        return Ok(task);
    }
    let why = answer.failures.into_iter().flatten().filter_map(|it| it.reason);
    let why = why.collect::<Vec<_>>().join(", ");
    Err(Failure::new(Kind::Deployment, format!("the task was not started: {why}")))
}

/// Shows what the task writes until it has stopped.
async fn watch(reached: &Reached, there: &Service, name: &str, arn: &str) -> Result<Task, Failure> {
    let definition = there.task_definition.clone().unwrap_or_default();
    let mut follower = follower(reached, definition, name, arn).await?;
    let mut ended: Option<Task> = None;
    let mut looks = 0;
    loop {
        if ended.is_none() {
            let task = look(reached, arn).await?;
            ended = Some(task).filter(|it| it.last_status.as_deref() == Some("STOPPED"));
        }
        if let Some(follower) = &mut follower {
            for event in follower.next(&reached.client).await? {
                say::data(event.message.as_deref().unwrap_or_default());
            }
        }
        if let Some(task) = &ended {
            looks += 1;
            if looks > AFTER || follower.is_none() {
                return Ok(task.clone());
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What follows the log of the task's own container, if it has one in CloudWatch Logs.
async fn follower(
    reached: &Reached,
    definition: String,
    name: &str,
    arn: &str,
) -> Result<Option<Follower>, Failure> {
    let request = DescribeTaskDefinitionRequest { task_definition: definition, include: None };
    let found = reached.client.call::<DescribeTaskDefinition>(request).await?.task_definition;
    let containers = found.and_then(|it| it.container_definitions).unwrap_or_default();
    let own = containers.into_iter().find(|it| it.name.as_deref() == Some(name));
    let log = own.and_then(|it| it.log_configuration).filter(|it| it.log_driver == "awslogs");
    let options = log.and_then(|it| it.options).unwrap_or_default();
    let (Some(group), Some(prefix)) =
        (options.get("awslogs-group"), options.get("awslogs-stream-prefix"))
    else {
        return Ok(None);
    };
    let id = arn.rsplit('/').next().unwrap_or_default();
    Ok(Some(Follower::new(group.clone(), Some(format!("{prefix}/{name}/{id}")), 0)))
}

async fn look(reached: &Reached, arn: &str) -> Result<Task, Failure> {
    let request = DescribeTasksRequest {
        cluster: Some(reached.cluster()),
        tasks: vec![arn.to_owned()],
        include: None,
    };
    let answer = reached.client.call::<DescribeTasks>(request).await?;
    answer.tasks.into_iter().flatten().next().ok_or_else(|| {
        Failure::new(Kind::Deployment, "the task is forgotten: how it ended can't be known")
    })
}

async fn stop(reached: &Reached, arn: &str) -> Result<(), Failure> {
    let request = StopTaskRequest {
        cluster: Some(reached.cluster()),
        task: arn.to_owned(),
        reason: Some("interrupted at the terminal".to_owned()),
    };
    reached.client.call::<StopTask>(request).await?;
    Ok(())
}

/// Success is exit code 0 of the service's own container.
fn verdict(name: &str, arn: &str, task: &Task, form: Form) -> Result<(), Failure> {
    let own = task.containers.iter().flatten().find(|it| it.name.as_deref() == Some(name));
    let code = own.and_then(|it| it.exit_code);
    if form == Form::Json {
        say::json(&json!({
            "taskArn": arn,
            "exitCode": code,
            "stopCode": task.stop_code,
            "stoppedReason": task.stopped_reason,
            "reason": own.and_then(|it| it.reason.clone()),
        }));
    }
    if code == Some(0) {
        say::done("the command ended with exit code 0");
        return Ok(());
    }
    let ended = match code {
        Some(code) => format!("the command ended with exit code {code}"),
        None => "the command never ran".to_owned(),
    };
    let reasons = [task.stopped_reason.clone(), own.and_then(|it| it.reason.clone())];
    let reasons: Vec<String> = reasons.into_iter().flatten().collect();
    Err(Failure::new(Kind::Deployment, format!("{ended}: {}", reasons.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn a_variable_has_a_name_and_a_value() {
        assert_eq!(variable("A=b=c"), Ok(("A".to_owned(), "b=c".to_owned())));
        assert_eq!(variable("A="), Ok(("A".to_owned(), String::new())));
        for wrong in ["A", "=b", ""] {
            assert!(variable(wrong).is_err(), "{wrong}");
        }
    }
}
