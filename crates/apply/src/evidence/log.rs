//! The last lines of a task's log streams.

use crate::client::{Absent as _, CallError, Client};
use api::ecs::{ContainerDefinition, Task, TaskDefinition};
use api::logs::{GetLogEvents, GetLogEventsRequest};
use model::Timestamp;
use plan::diagnosis::LogLine;

/// How many lines of each container are read: enough for a stack trace and what led to it.
const LINES: i32 = 100;

/// The last lines of all containers of a task, oldest first, as they were written. What can't be
/// read is added to the gaps; a stream that is not there has no lines.
pub(super) async fn tail(
    client: &Client,
    definition: &TaskDefinition,
    task: &Task,
    gaps: &mut Vec<String>,
) -> Vec<LogLine> {
    let mut lines = Vec::new();
    for container in definition.container_definitions.iter().flatten() {
        let Some((group, stream)) = place(container, task) else { continue };
        match read(client, group, stream).await {
            Ok(found) => {
                let name = container.name.clone().unwrap_or_default();
                let own = found.into_iter().flat_map(|(at, text)| split(&name, at, &text));
                lines.extend(own);
            }
            Err(why) => gaps.push(format!("its log can't be read: {why}")),
        }
    }
    // Stable: lines of one moment stay in the order in which they were written.
    lines.sort_by_key(|line| line.at);
    lines
}

/// The log group and stream of a container, where it has one: `<prefix>/<container>/<task id>`.
fn place(container: &ContainerDefinition, task: &Task) -> Option<(String, String)> {
    let options = container.log_configuration.as_ref()?.options.as_ref()?;
    let (group, prefix) = (options.get("awslogs-group")?, options.get("awslogs-stream-prefix")?);
    let id = task.task_arn.as_deref()?.rsplit('/').next()?;
    Some((group.clone(), format!("{prefix}/{}/{id}", container.name.as_deref()?)))
}

async fn read(
    client: &Client,
    group: String,
    stream: String,
) -> Result<Vec<(Option<Timestamp>, String)>, CallError> {
    let request = GetLogEventsRequest {
        log_group_name: Some(group),
        log_stream_name: stream,
        limit: Some(LINES),
        start_from_head: Some(false),
        ..Default::default()
    };
    let page = client.call::<GetLogEvents>(request).await;
    let page = page.absent(&["ResourceNotFoundException"])?;
    let events = page.and_then(|page| page.events).into_iter().flatten();
    let line = |event: api::logs::OutputLogEvent| {
        (event.timestamp.map(Timestamp::from_millis), event.message.unwrap_or_default())
    };
    Ok(events.map(line).collect())
}

/// An event may hold several lines.
fn split(container: &str, at: Option<Timestamp>, text: &str) -> Vec<LogLine> {
    let line = |text: &str| LogLine {
        container: container.to_owned(),
        at,
        text: text.trim_end().to_owned(),
    };
    text.lines().map(line).collect()
}
