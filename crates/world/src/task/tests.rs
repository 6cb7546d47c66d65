use super::*;
use crate::definition::{DefinitionStatus, TaskDefinition};
use crate::{ContainerSpec, ContainerState, Draft, Vpc, World};
use api::ecs::{ContainerOverride, TaskOverride};
use model::{Ids, Place};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

fn world() -> World {
    let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
    let vpc = Vpc::default_of(&place, [172, 31]);
    World::empty(place, vpc)
}

fn definition() -> TaskDefinition {
    let container = |name: &str| ContainerSpec {
        name: name.into(),
        essential: name == "app",
        ..ContainerSpec::default()
    };
    TaskDefinition {
        key: DefinitionKey { family: "web".into(), revision: 1 },
        status: DefinitionStatus::Active,
        record: Stored::default(),
        registered_at: Timestamp::default(),
        deregistered_at: None,
        delete_requested_at: None,
        tags: Tags::new(),
        containers: vec![container("app"), container("log")],
        cpu: Some(256),
        memory: Some(512),
        task_role: None,
        execution_role: None,
        network_mode: "awsvpc".to_owned(),
        architecture: "X86_64".to_owned(),
        volumes: Vec::new(),
        compatibilities: vec!["FARGATE".to_owned()],
    }
}

fn order(definition: &TaskDefinition) -> TaskOrder<'_> {
    TaskOrder {
        cluster: "shop".into(),
        definition,
        origin: Origin::Run,
        group: None,
        started_by: None,
        launch: Launch::Fargate,
        subnets: vec!["subnet-00000000000000001".into()],
        security_groups: Vec::new(),
        taken: BTreeSet::new(),
        overrides: TaskOverride::default(),
        exec: false,
        tags: Tags::new(),
    }
}

fn task() -> Task {
    let definition = definition();
    Task::new(&world(), order(&definition), &mut Ids::seeded(1), at(0)).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

// === How a task begins ===

#[test]
fn a_new_task_is_provisioning_and_wanted() {
    let task = task();
    assert_eq!(task.phase, Phase::Provisioning);
    assert_eq!((task.desired_status(), task.attachment.as_str()), ("RUNNING", "PRECREATED"));
    assert_eq!(task.group, "family:web");
    assert_eq!((task.cpu, task.memory), (256, 512));
    assert_eq!(task.eni.mac.len(), "02:00:00:00:00:00".len());
    assert_eq!(task.eni.security_groups, ["sg-00000000000000001".into()]);
}

#[test]
fn a_service_names_its_tasks_group() {
    let definition = definition();
    let origin = Origin::Service { service: "api".into(), deployment: "ecs-svc/1".into() };
    let order = TaskOrder { origin, ..order(&definition) };
    let task = Task::new(&world(), order, &mut Ids::seeded(1), at(0)).unwrap();
    assert_eq!(task.group, "service:api");
}

#[test]
fn overrides_are_echoed_for_every_container() {
    let definition = definition();
    let log =
        ContainerOverride { name: Some("log".to_owned()), cpu: Some(10), ..Default::default() };
    let overrides = TaskOverride {
        cpu: Some("512".to_owned()),
        container_overrides: Some(vec![log]),
        ..TaskOverride::default()
    };
    let order = TaskOrder { overrides, ..order(&definition) };
    let task = Task::new(&world(), order, &mut Ids::seeded(1), at(0)).unwrap();
    assert_eq!((task.cpu, task.memory), (512, 512));
    let echoed = task.overrides.container_overrides.clone().unwrap();
    let names: Vec<_> = echoed.iter().map(|item| (item.name.as_deref(), item.cpu)).collect();
    assert_eq!(names, [(Some("app"), None), (Some("log"), Some(10))]);
}

#[test]
fn no_two_tasks_have_one_address() {
    let (mut draft, mut ids) = (Draft::of(&world()), Ids::seeded(3));
    let definition = definition();
    let mut seen = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for number in 0..4091 {
        let order = TaskOrder { taken: taken.clone(), ..order(&definition) };
        let task = Task::new(&draft, order, &mut ids, at(0)).unwrap();
        assert!(seen.insert(task.eni.address), "{}", task.eni.address);
        // Half of them the World knows, the other half were made in the same breath.
        if number % 2 == 0 {
            draft.put(task);
        } else {
            taken.insert(task.eni.address);
        }
    }
    let full = Task::new(&draft, TaskOrder { taken, ..order(&definition) }, &mut ids, at(0));
    let full = full.unwrap_err().to_string();
    assert!(
        full.ends_with("'subnet-00000000000000001': InsufficientFreeAddressesInSubnet"),
        "{full}"
    );
}

#[test]
fn a_service_task_takes_the_first_subnet_with_an_address() {
    let definition = definition();
    let origin = Origin::Service { service: "api".into(), deployment: "ecs-svc/1".into() };
    let subnets = ["subnet-unknown", "subnet-00000000000000003", "subnet-00000000000000001"];
    let subnets = subnets.map(Into::into).to_vec();
    let order = TaskOrder { origin, subnets, ..order(&definition) };
    let task = Task::new(&world(), order, &mut Ids::seeded(9), at(0)).unwrap();
    assert_eq!(task.eni.zone.as_str(), "eu-west-1c");
}

// === What reports change ===

/// A task whose container `app` is in a state.
fn with_app(state: ContainerState) -> Task {
    let mut task = task();
    task.phase = Phase::Activating;
    task.containers[0].state = state;
    task
}

fn observed(task: &Task, report: ContainerReport) -> Option<ContainerState> {
    let report = TaskReport::Container("app".into(), report);
    task.observe(&report, at(9)).map(|task| task.containers[0].state.clone())
}

#[test]
fn a_report_moves_a_container_only_from_the_states_it_fits() {
    use ContainerReport as Report;
    use ContainerState as State;
    let states = [
        State::Pending,
        State::Pulling,
        State::Pulled,
        State::Starting { since: at(1) },
        State::Running { since: at(2) },
        State::Stopping { started: at(2), since: at(3), killed: false },
        State::Stopped { started: Some(at(2)), at: at(4), exit_code: Some(0), reason: None },
    ];
    let reports = [
        (Report::Pulled(Some("sha256:1".to_owned())), "pp....."),
        (Report::PullFailed("why".to_owned()), "ff....."),
        (Report::Started(Vec::new()), "...r..."),
        (Report::StartFailed("why".to_owned()), "ffff..."),
        (Report::Exited { code: 3, out_of_memory: false }, "...xxx."),
        (Report::Probed { code: Some(0), output: String::new() }, "......."),
    ];
    let failed = State::Stopped {
        started: None,
        at: at(9),
        exit_code: None,
        reason: Some("why".to_owned()),
    };
    for (report, expected) in reports {
        for (state, letter) in states.iter().zip(expected.chars()) {
            let observed = observed(&with_app(state.clone()), report.clone());
            let started = state.started().or(Some(at(9)));
            let exited = State::Stopped { started, at: at(9), exit_code: Some(3), reason: None };
            let expected = match letter {
                'p' => Some(State::Pulled),
                'f' => Some(failed.clone()),
                'r' => Some(State::Running { since: at(9) }),
                'x' => Some(exited),
                _ => None,
            };
            assert_eq!(observed, expected, "{report:?} in {state:?}");
        }
    }
}

#[test]
fn a_report_for_an_unknown_container_changes_nothing() {
    let report = ContainerReport::Pulled(Some("sha256:1".to_owned()));
    assert_eq!(task().observe(&TaskReport::Container("other".into(), report), at(1)), None);
}

#[test]
fn a_kill_for_memory_is_told_in_fargates_words() {
    let task = with_app(ContainerState::Running { since: at(2) });
    let exited = observed(&task, ContainerReport::Exited { code: 137, out_of_memory: true });
    let Some(ContainerState::Stopped { reason, .. }) = exited else { panic!("it still runs") };
    let reason = reason.unwrap();
    assert_eq!(reason, "OutOfMemoryError: container killed due to memory usage");
}

#[test]
fn a_network_is_ready_once() {
    let address = Ipv4Addr::new(172, 31, 0, 9);
    let ready = task().observe(&TaskReport::NetworkReady(address), at(5)).unwrap();
    assert_eq!((ready.eni.address, ready.times.connected), (address, Some(at(5))));
    assert_eq!(ready.observe(&TaskReport::NetworkReady(address), at(6)), None);
}

#[test]
fn a_network_that_goes_takes_its_processes_with_it() {
    let mut running = with_app(ContainerState::Running { since: at(2) });
    running.phase = Phase::Running;
    let gone = running.observe(&TaskReport::NetworkGone, at(9)).unwrap();
    assert_eq!(gone.containers[0].state.exit_code(), Some(137));
    assert_eq!(gone.stop, None, "what the exit means is decided elsewhere");

    let early = task().observe(&TaskReport::NetworkGone, at(9)).unwrap();
    assert_eq!(early.stop.unwrap().code, StopCode::TaskFailedToStart);

    let mut leaving = task();
    leaving.enter(Phase::Deprovisioning, at(8));
    let left = leaving.observe(&TaskReport::NetworkGone, at(9)).unwrap();
    assert_eq!(left.attachment, Attachment::Deleted);
}

// === Phases ===

#[test]
fn a_task_never_goes_back() {
    let mut task = task();
    task.enter(Phase::Running, at(3));
    let before = task.clone();
    task.enter(Phase::Pending, at(4));
    task.enter(Phase::Running, at(4));
    assert_eq!(task, before);
    assert_eq!(task.times.started, Some(at(3)));
}

/// Reference §1.2: the times of a task are always in their order.
#[test]
fn the_end_of_its_containers_is_never_before_the_time_that_it_began_to_stop() {
    let ended =
        ContainerState::Stopped { started: None, at: at(4), exit_code: Some(0), reason: None };
    let mut task = with_app(ended);
    task.enter(Phase::Running, at(5));
    task.stop_for(StopCode::EssentialContainerExited, "", at(6));
    task.enter(Phase::Deprovisioning, at(7));
    assert_eq!(task.times.execution_stopped, Some(at(6)));
}

#[test]
fn the_first_reason_to_stop_is_the_true_one() {
    let mut task = task();
    task.stop_for(StopCode::UserInitiated, "Task stopped by user", at(1));
    task.fail_to_start("too late", at(2));
    assert_eq!(task.stop.unwrap().reason, "Task stopped by user");
}

#[test]
fn a_stopped_task_forgets_its_secrets_and_gives_its_address_back() {
    let mut task = task();
    task.secrets.insert("/db".to_owned(), "hunter2".into());
    let address = task.eni.address;
    let mut draft = Draft::of(&world());
    draft.put(task.clone());
    assert!(draft.address_taken(address));
    task.enter(Phase::Stopped, at(9));
    assert!(task.secrets.is_empty());
    draft.put(task);
    assert!(!draft.address_taken(address));
}
