//! A service under way, as lines: what it is, what it waits for, its tasks.
//!
//! Pure: from what was seen to text.

use super::table;
use api::ecs::Task;
use api::elbv2::TargetHealthDescription;
use console::Style;
use plan::{Progress, Sight, Verdict};

/// A service as lines, for the stream that the style is for.
pub(crate) fn service(name: &str, sight: &Sight, progress: &Progress, style: Style) -> Vec<String> {
    let mut lines = vec![head(name, sight, progress, style)];
    lines.extend(progress.waiting.iter().map(|why| format!("    waiting: {why}")));
    if let Verdict::Failed(flaw) = &progress.verdict {
        lines.push(format!("    {flaw}"));
    }
    let tasks = sight.tasks.iter().filter(|task| status(task) != "STOPPED");
    let rows: Vec<Vec<String>> = tasks.map(|task| row(task, &sight.targets)).collect();
    lines.extend(table::lines(&rows).into_iter().map(|line| format!("    {line}")));
    lines
}

fn head(name: &str, sight: &Sight, progress: &Progress, style: Style) -> String {
    let mark = match progress.verdict {
        Verdict::Done => style.green().apply_to("✓"),
        Verdict::Waiting => style.yellow().apply_to("…"),
        Verdict::Failed(_) => style.red().apply_to("✗"),
    };
    let number = |value: Option<i32>| value.unwrap_or_default();
    let service = &sight.service;
    let mut text = format!(
        "{mark} {name}: {} of {} tasks run",
        number(service.running_count),
        number(service.desired_count)
    );
    if service.load_balancers.as_ref().is_some_and(|balancers| !balancers.is_empty()) {
        let healthy = sight.targets.iter().filter(|held| state(held) == "healthy").count();
        text.push_str(&format!(", {healthy} of {} targets healthy", sight.targets.len()));
    }
    text
}

/// A task: id, revision, status, health, where, and what its target is.
fn row(task: &Task, targets: &[TargetHealthDescription]) -> Vec<String> {
    let last = |arn: &Option<String>| {
        arn.as_deref().and_then(|arn| arn.rsplit('/').next()).unwrap_or_default().to_owned()
    };
    let address = address(task);
    let ports = task.containers.iter().flatten();
    let ports = ports.flat_map(|held| held.network_bindings.iter().flatten());
    let host_ports: Vec<i32> = ports.filter_map(|binding| binding.host_port).collect();
    let own = targets.iter().find(|held| {
        let target = held.target.clone().unwrap_or_default();
        target.id == address
            && (host_ports.is_empty() || target.port.is_none_or(|port| host_ports.contains(&port)))
    });
    let id: String = last(&task.task_arn).chars().take(8).collect();
    let health = task.health_status.clone().filter(|health| health != "UNKNOWN");
    vec![
        id,
        last(&task.task_definition_arn),
        status(task).to_owned(),
        health.unwrap_or_default(),
        address,
        own.map(|held| format!("target {}", state(held))).unwrap_or_default(),
    ]
}

/// The private address of a task's network interface.
pub(crate) fn address(task: &Task) -> String {
    let details = task.attachments.iter().flatten().flat_map(|held| held.details.iter().flatten());
    let mut details = details.filter(|pair| pair.name.as_deref() == Some("privateIPv4Address"));
    details.next().and_then(|pair| pair.value.clone()).unwrap_or_default()
}

fn status(task: &Task) -> &str {
    task.last_status.as_deref().unwrap_or_default()
}

fn state(target: &TargetHealthDescription) -> String {
    target.target_health.as_ref().and_then(|held| held.state.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ecs::Service;

    #[test]
    fn a_waiting_service_says_what_it_waits_for() {
        let service =
            Service { running_count: Some(1), desired_count: Some(2), ..Default::default() };
        let sight = Sight { service, ..Default::default() };
        let progress =
            Progress { verdict: Verdict::Waiting, waiting: vec!["1 of 2 tasks run".to_owned()] };
        let lines: Vec<String> = service_lines(&sight, &progress);
        assert_eq!(lines, ["… api: 1 of 2 tasks run", "    waiting: 1 of 2 tasks run"]);
    }

    fn service_lines(sight: &Sight, progress: &Progress) -> Vec<String> {
        let lines = super::service("api", sight, progress, Style::new()).into_iter();
        lines.map(|line| console::strip_ansi_codes(&line).into_owned()).collect()
    }
}
