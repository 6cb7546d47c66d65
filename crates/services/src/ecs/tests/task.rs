//! `StopTask`, `DescribeTasks` and `ListTasks`. `RunTask` is in [`run`].

mod run;

use super::*;
use model::Span;
use std::collections::BTreeSet;
use world::task::{Attachment, Launch, Origin};
use world::{ContainerState, Phase, StopCode, TaskOrder};

/// Starts one task; answers its ARN.
fn start(region: &mut Region, request: RunTaskRequest) -> String {
    region.ok::<RunTask>(request).tasks.unwrap().remove(0).task_arn.unwrap()
}

/// Changes the only task's row as the scheduler or the engine would.
fn alter(region: &mut Region, change: impl FnOnce(&mut world::Task, Timestamp)) {
    let mut task = region.world.tasks.iter().next().unwrap().clone();
    change(&mut task, region.now);
    region.put(task);
}

fn describe(tasks: &[&str]) -> DescribeTasksRequest {
    DescribeTasksRequest {
        cluster: some("shop"),
        tasks: tasks.iter().map(|task| (*task).to_owned()).collect(),
        include: None,
    }
}

fn shown(region: &mut Region, task: &str) -> Task {
    region.ok::<DescribeTasks>(describe(&[task])).tasks.unwrap().remove(0)
}

fn stop(task: &str, reason: Option<&str>) -> StopTaskRequest {
    StopTaskRequest {
        cluster: some("shop"),
        task: task.to_owned(),
        reason: reason.map(str::to_owned),
    }
}

#[test]
fn a_task_is_stopped_once_for_the_reason_that_was_given_first() {
    for (reason, expected) in [
        (None, "Task stopped by user"),
        (Some(""), "Task stopped by user"),
        (Some("no longer needed"), "no longer needed"),
    ] {
        let mut region = region();
        let arn = start(&mut region, run());
        let begun = region.now;
        for reason in [reason, Some("again")] {
            let task = region.ok::<StopTask>(stop(&arn, reason)).task.unwrap();
            assert_eq!(task.desired_status.as_deref(), Some("STOPPED"));
            assert_eq!(task.last_status.as_deref(), Some("PROVISIONING"));
            assert_eq!(task.stopped_reason.as_deref(), Some(expected));
            assert_eq!(task.stop_code.as_deref(), Some("UserInitiated"));
            assert_eq!(task.stopping_at, Some(begun));
            region.pass(Span::seconds(5));
        }
    }
}

#[test]
fn a_task_that_can_t_be_meant_is_not_stopped() {
    let mut region = region();
    for (task, expected) in [
        ("0123456789abcdef0123456789abcdef", "The referenced task was not found."),
        ("0123", "taskId length should be one of [32,36]"),
        (
            "arn:aws:ecs:eu-west-1:000000000000:task/other/0123456789abcdef0123456789abcdef",
            "Invalid identifier: Identifier is for cluster other. Your cluster is shop",
        ),
    ] {
        let refused = region.fault::<StopTask>(stop(task, None));
        assert_eq!(refused, format!("InvalidParameterException: {expected}"));
    }
}

#[test]
fn a_task_that_is_not_there_is_a_failure_beside_those_that_are() {
    let mut region = region();
    let arn = start(&mut region, run());
    let id = arn.rsplit('/').next().unwrap();
    let gone = "0123456789abcdef0123456789abcdef";
    let answer = region.ok::<DescribeTasks>(describe(&[gone, &arn, id]));
    assert_eq!(answer.tasks.unwrap().len(), 2);
    let missing = Failure {
        arn: Some(format!("arn:aws:ecs:eu-west-1:000000000000:task/shop/{gone}")),
        reason: some("MISSING"),
        detail: None,
    };
    assert_eq!(answer.failures, Some(vec![missing]));
}

#[test]
fn one_to_a_hundred_tasks_are_described_at_a_time() {
    let mut region = region();
    for (request, expected) in [
        (describe(&[]), "Tasks cannot be empty."),
        (describe(&["a"; 101]), "taskIds can have at most 100 items."),
        (
            DescribeTasksRequest { include: Some(vec!["ALL".to_owned()]), ..describe(&["a"]) },
            "include should be one of [TAGS]",
        ),
    ] {
        let refused = region.fault::<DescribeTasks>(request);
        assert_eq!(refused, format!("InvalidParameterException: {expected}"));
    }
}

#[test]
fn tags_of_a_task_are_shown_when_asked_for() {
    let mut region = region();
    let tags = vec![Tag { key: some("team"), value: some("shop") }];
    let arn = start(&mut region, RunTaskRequest { tags: Some(tags.clone()), ..run() });
    assert_eq!(shown(&mut region, &arn).tags, Some(Vec::new()));
    let with = DescribeTasksRequest { include: Some(vec!["TAGS".to_owned()]), ..describe(&[&arn]) };
    assert_eq!(region.ok::<DescribeTasks>(with).tasks.unwrap()[0].tags, Some(tags));
}

#[test]
fn an_interface_is_described_when_it_is_attached() {
    let mut region = region();
    let arn = start(&mut region, run());
    let details = |region: &mut Region| {
        let attachment = shown(region, &arn).attachments.unwrap().remove(0);
        let names = attachment.details.unwrap().into_iter().map(|pair| pair.name.unwrap());
        (attachment.status.unwrap(), names.collect::<Vec<_>>())
    };
    assert_eq!(details(&mut region), ("PRECREATED".to_owned(), vec!["subnetId".to_owned()]));
    alter(&mut region, |task, now| {
        task.attachment = Attachment::Attached;
        task.enter(Phase::Pending, now);
    });
    let (status, names) = details(&mut region);
    assert_eq!(status, "ATTACHED");
    assert_eq!(
        names,
        ["subnetId", "networkInterfaceId", "macAddress", "privateDnsName", "privateIPv4Address"]
    );
}

#[test]
fn containers_show_how_they_ended() {
    let mut region = region();
    let arn = start(&mut region, run());
    alter(&mut region, |task, now| {
        task.containers[0].runtime_id = some("0123-1");
        task.containers[0].image_digest = some("sha256:12");
        task.containers[0].state = ContainerState::Stopped {
            started: Some(now),
            at: now,
            exit_code: Some(137),
            reason: some("OutOfMemoryError: container killed due to memory usage"),
        };
        task.stop_for(
            StopCode::EssentialContainerExited,
            "Essential container in task exited",
            now,
        );
        task.enter(Phase::Stopped, now);
    });
    let task = shown(&mut region, &arn);
    assert_eq!(task.last_status.as_deref(), Some("STOPPED"));
    assert_eq!(task.stop_code.as_deref(), Some("EssentialContainerExited"));
    assert_eq!(task.stopped_reason.as_deref(), Some("Essential container in task exited"));
    assert_eq!(task.stopped_at, Some(region.now));
    let container = task.containers.unwrap().remove(0);
    assert_eq!(
        (container.last_status.as_deref(), container.exit_code),
        (Some("STOPPED"), Some(137))
    );
    assert_eq!(
        container.reason.as_deref(),
        Some("OutOfMemoryError: container killed due to memory usage")
    );
    assert_eq!(container.runtime_id.as_deref(), Some("0123-1"));
    assert_eq!(container.image_digest.as_deref(), Some("sha256:12"));
}

/// What `aws ecs wait tasks-running` and `tasks-stopped` look at (reference §3.15).
#[test]
fn a_task_s_last_status_is_its_phase() {
    let mut region = region();
    let arn = start(&mut region, run());
    for (phase, expected) in [
        (Phase::Pending, "PENDING"),
        (Phase::Running, "RUNNING"),
        (Phase::Deprovisioning, "DEPROVISIONING"),
        (Phase::Stopped, "STOPPED"),
    ] {
        alter(&mut region, |task, now| task.enter(phase, now));
        assert_eq!(shown(&mut region, &arn).last_status.as_deref(), Some(expected));
    }
}

/// A region with a task of the service `api`, one that `RunTask` started for `me`, one of another
/// family and one that is to stop; what each is called, by ARN.
fn crowd() -> (Region, BTreeMap<String, &'static str>) {
    let mut region = region();
    let job = RegisterTaskDefinitionRequest { family: "job".to_owned(), ..web() };
    region.ok::<RegisterTaskDefinition>(job);
    region.ok::<CreateService>(api());
    let mut names = BTreeMap::new();
    names.insert(start_for_service(&mut region), "service");
    let mine = RunTaskRequest { started_by: some("me"), ..run() };
    names.insert(start(&mut region, mine), "mine");
    let job = RunTaskRequest { task_definition: "job".to_owned(), ..run() };
    names.insert(start(&mut region, job), "job");
    let stopping = start(&mut region, run());
    region.ok::<StopTask>(stop(&stopping, None));
    names.insert(stopping, "stopping");
    (region, names)
}

fn start_for_service(region: &mut Region) -> String {
    let service = region.world.services.get(&key()).unwrap();
    let order = TaskOrder {
        cluster: "shop".into(),
        definition: region.world.definitions.get(&service.definition).unwrap(),
        origin: Origin::Service {
            service: "api".into(),
            deployment: service.primary().unwrap().id.clone(),
        },
        group: None,
        started_by: None,
        launch: Launch::Fargate,
        subnets: service.network.subnets.clone(),
        security_groups: Vec::new(),
        taken: BTreeSet::new(),
        overrides: TaskOverride::default(),
        exec: false,
        tags: BTreeMap::new(),
    };
    let task =
        world::Task::new(&region.world, order, &mut model::Ids::seeded(99), region.now).unwrap();
    let arn = region.world.place.task_arn(&task.key.cluster, &task.key.id);
    region.put(task);
    arn
}

fn list() -> ListTasksRequest {
    ListTasksRequest { cluster: some("shop"), ..ListTasksRequest::default() }
}

#[test]
fn tasks_are_listed_by_what_they_are() {
    let (mut region, names) = crowd();
    for (request, expected) in [
        (list(), "job mine service"),
        (ListTasksRequest { desired_status: some("RUNNING"), ..list() }, "job mine service"),
        (ListTasksRequest { desired_status: some("STOPPED"), ..list() }, "stopping"),
        (ListTasksRequest { desired_status: some("PENDING"), ..list() }, ""),
        (ListTasksRequest { family: some("job"), ..list() }, "job"),
        (ListTasksRequest { family: some("jo"), ..list() }, ""),
        (ListTasksRequest { service_name: some("api"), ..list() }, "service"),
        (ListTasksRequest { started_by: some("me"), ..list() }, "mine"),
        (ListTasksRequest { launch_type: some("FARGATE"), ..list() }, "job mine service"),
        (ListTasksRequest { launch_type: some("EC2"), ..list() }, ""),
        (
            ListTasksRequest {
                service_name: some("api"),
                desired_status: some("STOPPED"),
                launch_type: some("FARGATE"),
                ..list()
            },
            "",
        ),
        (
            ListTasksRequest { started_by: some("me"), desired_status: some("RUNNING"), ..list() },
            "mine",
        ),
        (
            ListTasksRequest {
                family: some("web"),
                desired_status: some("STOPPED"),
                launch_type: some("FARGATE"),
                ..list()
            },
            "stopping",
        ),
    ] {
        let arns = region.ok::<ListTasks>(request.clone()).task_arns.unwrap();
        let mut found: Vec<_> = arns.iter().map(|arn| names[arn]).collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), expected, "{request:?}");
    }
}

#[test]
fn pages_of_tasks_hold_each_task_once() {
    let mut region = region();
    region.ok::<RunTask>(RunTaskRequest { count: Some(7), ..run() });
    let (mut seen, mut token) = (BTreeSet::new(), None);
    for expected in [3, 3, 1] {
        let request = ListTasksRequest { max_results: Some(3), next_token: token.take(), ..list() };
        let page = region.ok::<ListTasks>(request);
        let arns = page.task_arns.unwrap();
        assert_eq!(arns.len(), expected);
        seen.extend(arns);
        token = page.next_token;
    }
    assert_eq!((seen.len(), token), (7, None));
}

#[test]
fn some_filters_stand_alone() {
    let mut region = region();
    region.ok::<CreateService>(api());
    for (request, expected) in [
        (
            ListTasksRequest { started_by: some("me"), family: some("web"), ..list() },
            "InvalidParameterException: cannot specify startedBy with other arguments",
        ),
        (
            ListTasksRequest { service_name: some("api"), family: some("web"), ..list() },
            "InvalidParameterException: cannot specify serviceName with other arguments",
        ),
        (
            ListTasksRequest { service_name: some("none"), ..list() },
            "ServiceNotFoundException: Service not found.",
        ),
        (
            ListTasksRequest { container_instance: some("i"), ..list() },
            "InvalidParameterException: The referenced container instance was not found.",
        ),
        (
            ListTasksRequest { desired_status: some("DEAD"), ..list() },
            "InvalidParameterException: desiredStatus should be one of [RUNNING,PENDING,STOPPED]",
        ),
        (
            ListTasksRequest { next_token: some("x"), ..list() },
            "InvalidParameterException: Invalid token.",
        ),
        (
            ListTasksRequest { cluster: some("none"), ..list() },
            "ClusterNotFoundException: Cluster not found.",
        ),
    ] {
        assert_eq!(region.fault::<ListTasks>(request), expected);
    }
}
