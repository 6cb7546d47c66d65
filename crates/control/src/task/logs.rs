//! Where a container's output goes: the log group must be there, the stream is made at its start
//! (reference §6.2).

use super::step::Step;
use model::LogGroupName;
use world::{ContainerSpec, LogGroup, LogStream, LogStreamKey, Row, Tags, TaskKey};

/// AWS's text for a group that is not there (reference §1.5, observed).
const GROUP_MISSING: &str = "ResourceInitializationError: failed to validate logger args: create \
    stream has been retried 1 times: failed to create Cloudwatch log stream: \
    ResourceNotFoundException: The specified log group does not exist. : exit status 1";

/// The stream of a container: `<prefix>/<container>/<task id>`.
pub(crate) fn stream(spec: &ContainerSpec, task: &TaskKey) -> Option<LogStreamKey> {
    let log = spec.log.as_ref()?;
    let stream = format!("{}/{}/{}", log.prefix, spec.name, task.id);
    Some(LogStreamKey { group: log.group.as_str().into(), stream: stream.into() })
}

/// Makes sure of a container's log group, which is made when its options ask for that.
///
/// # Errors
/// What to say when the group is not there.
pub(super) fn ensure_group(step: &mut Step<'_>, spec: &ContainerSpec) -> Result<(), String> {
    let Some(log) = &spec.log else { return Ok(()) };
    let name = LogGroupName::from(log.group.as_str());
    if step.world.log_groups.contains(&name) {
        return Ok(());
    }
    if !log.create_group {
        return Err(GROUP_MISSING.to_owned());
    }
    let group = group(name, step);
    step.rows.push(group);
    Ok(())
}

/// Makes sure of a container's group and stream.
///
/// # Errors
/// What to say when the group is not there.
pub(super) fn ensure_stream(step: &mut Step<'_>, spec: &ContainerSpec) -> Result<(), String> {
    ensure_group(step, spec)?;
    if let Some(key) = stream(spec, &step.task.key) {
        // A restart in place goes on in the stream it has.
        if !step.world.log_streams.contains(&key) {
            let created_at = step.now();
            step.rows.push(Row::from(LogStream { key, created_at }));
        }
    }
    Ok(())
}

fn group(name: LogGroupName, step: &Step<'_>) -> Row {
    Row::from(LogGroup {
        name,
        created_at: step.now(),
        retention_days: None,
        class: "STANDARD".to_owned(),
        kms_key: None,
        protected: false,
        tags: Tags::new(),
    })
}
