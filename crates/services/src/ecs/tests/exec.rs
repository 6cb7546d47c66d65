//! `ExecuteCommand`, and the agent that it needs.

use super::*;
use model::Span;
use world::ContainerState;

const DISABLED: &str = "InvalidParameterException: The execute command failed because execute command was not enabled when the task was run or the execute command agent isn’t running. Wait and try again or run a new task with execute command enabled and try again.";

/// A region with a task of two containers, `app` and `side`; answers its ARN.
fn with_task(request: RunTaskRequest) -> (Region, String) {
    let mut region = region();
    let side = ContainerDefinition { essential: Some(false), ..container("side") };
    let both = vec![container("app"), side];
    let definition = RegisterTaskDefinitionRequest { container_definitions: both, ..web() };
    region.ok::<RegisterTaskDefinition>(definition);
    let tasks = region.ok::<RunTask>(request).tasks.unwrap();
    let arn = tasks[0].task_arn.clone().unwrap();
    (region, arn)
}

/// A task that lets commands in.
fn open() -> RunTaskRequest {
    RunTaskRequest { enable_execute_command: Some(true), ..run() }
}

/// Moves the containers on, as the driver's reports do.
fn put_state(region: &mut Region, state: &ContainerState) {
    let mut task = region.world.tasks.iter().next().unwrap().clone();
    for container in &mut task.containers {
        container.state = state.clone();
    }
    region.put(task);
}

fn start(region: &mut Region) {
    let since = region.now;
    put_state(region, &ContainerState::Running { since });
    region.pass(Span::seconds(5));
}

fn ask(task: &str) -> ExecuteCommandRequest {
    ExecuteCommandRequest {
        cluster: some("shop"),
        container: some("app"),
        command: "/bin/sh".to_owned(),
        interactive: true,
        task: task.to_owned(),
    }
}

fn agents(region: &mut Region, arn: &str) -> Option<Vec<ManagedAgent>> {
    let request =
        DescribeTasksRequest { cluster: some("shop"), tasks: vec![arn.to_owned()], include: None };
    let task = region.ok::<DescribeTasks>(request).tasks.unwrap().remove(0);
    task.containers.unwrap().remove(0).managed_agents
}

#[test]
fn a_session_is_opened_at_the_container_that_is_meant() {
    let (mut region, arn) = with_task(open());
    start(&mut region);
    let answer = region.ok::<ExecuteCommand>(ask(&arn));
    let id = arn.rsplit('/').next().unwrap();
    let container = answer.container_arn.unwrap();
    let prefix = format!("arn:aws:ecs:eu-west-1:000000000000:container/shop/{id}/");
    assert!(container.starts_with(&prefix), "{container}");
    assert_eq!(answer.cluster_arn, some("arn:aws:ecs:eu-west-1:000000000000:cluster/shop"));
    assert_eq!((answer.container_name, answer.interactive), (some("app"), Some(true)));
    assert_eq!(answer.task_arn, Some(arn.clone()));
    let session = answer.session.unwrap();
    assert_eq!(session.token_value.unwrap().reveal(), "/bin/sh in app");
    assert_eq!(session.session_id, some("ecs-execute-command-1"));
    assert!(session.stream_url.unwrap().starts_with("ws://"));
    let other = ExecuteCommandRequest { container: some("side"), ..ask(id) };
    let session = region.ok::<ExecuteCommand>(other).session.unwrap();
    assert_eq!(session.token_value.unwrap().reveal(), "/bin/sh in side");
}

#[test]
fn what_can_not_be_meant_is_refused() {
    let (mut region, arn) = with_task(open());
    start(&mut region);
    let missing = "0123456789abcdef0123456789abcdef";
    for (request, expected) in [
        (
            ExecuteCommandRequest { cluster: some("other"), ..ask(&arn) },
            "ClusterNotFoundException: Cluster not found.",
        ),
        (
            ExecuteCommandRequest { interactive: false, ..ask(&arn) },
            "InvalidParameterException: Interactive is the only mode supported currently.",
        ),
        (ask(missing), "InvalidParameterException: The referenced task was not found."),
        (
            ExecuteCommandRequest { container: None, ..ask(&arn) },
            "InvalidParameterException: A container name is required for tasks with multiple containers.",
        ),
        (
            ExecuteCommandRequest { container: some("db"), ..ask(&arn) },
            "InvalidParameterException: A container named db is not a container in the task.",
        ),
    ] {
        assert_eq!(region.fault::<ExecuteCommand>(request), expected);
    }
}

#[test]
fn the_only_container_need_not_be_named() {
    let mut region = region();
    let task = region.ok::<RunTask>(open()).tasks.unwrap().remove(0);
    start(&mut region);
    let arn = task.task_arn.unwrap();
    let answer =
        region.ok::<ExecuteCommand>(ExecuteCommandRequest { container: None, ..ask(&arn) });
    assert_eq!(answer.container_name, some("app"));
}

#[test]
fn a_task_without_it_has_no_agent_and_is_refused() {
    let (mut region, arn) = with_task(run());
    start(&mut region);
    assert_eq!(agents(&mut region, &arn), None);
    assert_eq!(region.fault::<ExecuteCommand>(ask(&arn)), DISABLED);
}

#[test]
fn the_agent_follows_its_container() {
    let (mut region, arn) = with_task(open());
    let check = |region: &mut Region, status: &str, started, reason: Option<&str>| {
        let agent = ManagedAgent {
            last_started_at: started,
            name: some("ExecuteCommandAgent"),
            reason: reason.map(str::to_owned),
            last_status: some(status),
        };
        assert_eq!(agents(region, &arn), Some(vec![agent]));
        let refused = region.call::<ExecuteCommand>(ask(&arn)).is_err();
        assert_eq!(refused, status != "RUNNING", "{status}");
    };
    check(&mut region, "PENDING", None, None);
    let since = region.now;
    put_state(&mut region, &ContainerState::Running { since });
    check(&mut region, "PENDING", None, None);
    region.pass(Span::seconds(5));
    let started = Some(since + Span::seconds(5));
    check(&mut region, "RUNNING", started, None);
    let now = region.now;
    let stopping = ContainerState::Stopping { started: since, since: now, killed: false };
    put_state(&mut region, &stopping);
    check(&mut region, "RUNNING", started, None);
    let stopped =
        |at| ContainerState::Stopped { started: Some(since), at, exit_code: Some(0), reason: None };
    put_state(&mut region, &stopped(now));
    check(&mut region, "STOPPED", started, Some("Received Container Exit"));
    put_state(&mut region, &stopped(since));
    check(&mut region, "STOPPED", None, Some("Received Container Exit"));
}

#[test]
fn the_agent_of_a_read_only_container_never_runs() {
    let mut region = region();
    let read_only =
        ContainerDefinition { readonly_root_filesystem: Some(true), ..container("app") };
    let definition =
        RegisterTaskDefinitionRequest { container_definitions: vec![read_only], ..web() };
    region.ok::<RegisterTaskDefinition>(definition);
    let arn = region.ok::<RunTask>(open()).tasks.unwrap().remove(0).task_arn.unwrap();
    start(&mut region);
    let agent = agents(&mut region, &arn).unwrap().remove(0);
    assert_eq!(agent.last_status, some("STOPPED"));
    assert_eq!(region.fault::<ExecuteCommand>(ask(&arn)), DISABLED);
}
