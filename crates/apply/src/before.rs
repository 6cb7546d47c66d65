//! Runs a one-off task and waits until it ends well.

use crate::client::{CallError, Client};
use api::ecs::{
    Container, DescribeTasks, DescribeTasksRequest, RunTask, StopTask, StopTaskRequest, Task,
};
use plan::Before;
use std::time::{Duration, Instant};

/// From one look at the task to the next.
const PAUSE: Duration = Duration::from_millis(500);

/// Why a one-off task did not end well.
#[derive(Debug, thiserror::Error)]
pub enum BeforeError {
    /// A call failed.
    #[error("can't run the task before service {service}")]
    Call {
        /// The service.
        service: String,
        /// Why.
        #[source]
        source: CallError,
    },
    /// AWS did not start it.
    #[error("the task before service {service} was not started: {why}")]
    NotStarted {
        /// The service.
        service: String,
        /// AWS's reason.
        why: String,
    },
    /// It failed.
    #[error("the task before service {service} failed, so the old version stays: {why}")]
    Failed {
        /// The service.
        service: String,
        /// Stop reason and exit code.
        why: String,
        /// The task, as it ended.
        task: Box<Task>,
    },
    /// It took too long, and was stopped.
    #[error("the task before service {service} took longer than {limit} and was stopped")]
    Late {
        /// The service.
        service: String,
        /// How long it may take.
        limit: model::Span,
    },
}

/// Runs the task, or finds the one that an earlier run started, and waits for its end.
///
/// # Errors
/// When it can't be started, fails, or takes too long.
pub async fn run(client: &Client, before: &Before) -> Result<(), BeforeError> {
    let call = |source| BeforeError::Call { service: before.service.clone(), source };
    let answer = client.call::<RunTask>(before.run.clone()).await.map_err(call)?;
    let Some(task) = answer.tasks.into_iter().flatten().next() else {
        let failures = answer.failures.into_iter().flatten();
        let why = failures.filter_map(|failure| failure.reason).collect::<Vec<_>>().join(", ");
        return Err(BeforeError::NotStarted { service: before.service.clone(), why });
    };
    let arn = task.task_arn.unwrap_or_default();
    let begun = Instant::now();
    let limit = Duration::from(before.timeout);
    loop {
        let task = look(client, before, &arn).await.map_err(call)?;
        if task.last_status.as_deref() == Some("STOPPED") {
            return verdict(before, task);
        }
        if begun.elapsed() > limit {
            let request = StopTaskRequest {
                cluster: before.run.cluster.clone(),
                task: arn,
                reason: Some("took too long".to_owned()),
            };
            client.call::<StopTask>(request).await.map_err(call)?;
            let service = before.service.clone();
            return Err(BeforeError::Late { service, limit: before.timeout });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn look(client: &Client, before: &Before, arn: &str) -> Result<Task, CallError> {
    let request = DescribeTasksRequest {
        cluster: before.run.cluster.clone(),
        tasks: vec![arn.to_owned()],
        include: None,
    };
    let answer = client.call::<DescribeTasks>(request).await?;
    Ok(answer.tasks.into_iter().flatten().next().unwrap_or_default())
}

/// The task ended well when the service's own container exited with 0.
fn verdict(before: &Before, task: Task) -> Result<(), BeforeError> {
    let mut containers = task.containers.iter().flatten();
    let own = containers.find(|held| held.name.as_deref() == Some(before.service.as_str()));
    if own.and_then(|held| held.exit_code) == Some(0) {
        return Ok(());
    }
    let (service, why) = (before.service.clone(), reason(&task, own));
    Err(BeforeError::Failed { service, why, task: Box::new(task) })
}

fn reason(task: &Task, own: Option<&Container>) -> String {
    let code = own.and_then(|held| held.exit_code).map(|code| format!("exit code {code}"));
    let container = own.and_then(|held| held.reason.clone());
    let stopped = task.stopped_reason.clone();
    let parts: Vec<String> = [stopped, container, code].into_iter().flatten().collect();
    parts.join(", ")
}
