use super::*;
use model::{Ids, Span};
use std::collections::BTreeSet;
use testkit::build;
use world::task::{Launch, Origin};
use world::{ContainerState, Tags, TaskOrder};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// A task of `db` and of `app`, which depends on it.
fn task(condition: DependencyCondition, db: ContainerState) -> (Task, TaskDefinition) {
    let mut definition = TaskDefinition {
        containers: vec![build::container("web:1", "db"), build::container("web:1", "app")],
        ..build::definition("web:1")
    };
    definition.containers[0].start_timeout = Some(Span::seconds(20));
    definition.containers[1].depends_on = vec![Dependency { container: "db".into(), condition }];
    let order = TaskOrder {
        cluster: build::CLUSTER.into(),
        definition: &definition,
        origin: Origin::Run,
        group: None,
        started_by: None,
        launch: Launch::Fargate,
        subnets: build::service("web", "web:1").network.subnets,
        security_groups: Vec::new(),
        taken: BTreeSet::new(),
        overrides: Default::default(),
        exec: false,
        tags: Tags::new(),
    };
    let mut task = Task::new(&build::world(), order, &mut Ids::seeded(1), at(0)).unwrap();
    task.containers[0].state = db;
    (task, definition)
}

fn stopped(started: Option<i64>, exit_code: Option<i32>) -> ContainerState {
    ContainerState::Stopped { started: started.map(at), at: at(5), exit_code, reason: None }
}

/// What the dependency says 10 s and 30 s after the beginning: `r`eady, `w`aiting, waiting `u`ntil a
/// time, `n`ever, timed out (`t`).
fn check(condition: DependencyCondition, db: &ContainerState, expected: &str) {
    let (task, definition) = task(condition, db.clone());
    let letter = |now| match readiness(&definition.containers[1], &task, &definition, at(now)) {
        Readiness::Ready => 'r',
        Readiness::Waiting => 'w',
        Readiness::WaitingUntil(until) => {
            assert_eq!(until, at(21), "20 s after its start");
            'u'
        }
        Readiness::Never(_) => 'n',
        Readiness::TimedOut(_) => 't',
    };
    let said: String = [10, 30].into_iter().map(letter).collect();
    assert_eq!(said, expected, "{condition:?} of {db:?}");
}

#[test]
fn conditions_are_met_as_aws_says() {
    use DependencyCondition::{Complete, Healthy, Start, Success};
    let running = ContainerState::Running { since: at(1) };
    let cases = [
        (ContainerState::Pulled, ["ww", "ww", "ww", "ww"]),
        (ContainerState::Starting { since: at(1) }, ["ww", "ww", "ww", "ww"]),
        (running, ["rr", "ut", "ut", "ut"]),
        (stopped(Some(1), Some(0)), ["rr", "rr", "rr", "nn"]),
        (stopped(Some(1), Some(3)), ["rr", "rr", "nn", "nn"]),
        (stopped(None, None), ["nn", "nn", "nn", "nn"]),
    ];
    for (db, expected) in cases {
        for (condition, expected) in [Start, Complete, Success, Healthy].into_iter().zip(expected) {
            check(condition, &db, expected);
        }
    }
}

#[test]
fn health_counts_while_the_container_runs() {
    let state = ContainerState::Running { since: at(1) };
    let (mut task, definition) = task(DependencyCondition::Healthy, state);
    task.containers[0].health.status = HealthStatus::Healthy;
    let ready = readiness(&definition.containers[1], &task, &definition, at(30));
    assert_eq!(ready, Readiness::Ready);
}

#[test]
fn the_worst_dependency_decides() {
    let (mut task, mut definition) =
        task(DependencyCondition::Start, ContainerState::Running { since: at(1) });
    definition.containers.push(build::container("web:1", "migrate"));
    task.containers.push(world::Container {
        name: "migrate".into(),
        state: stopped(Some(1), Some(3)),
        ..task.containers[0].clone()
    });
    definition.containers[1]
        .depends_on
        .push(Dependency { container: "migrate".into(), condition: DependencyCondition::Success });
    let Readiness::Never(why) = readiness(&definition.containers[1], &task, &definition, at(3))
    else {
        panic!("a dependency that failed is not got over");
    };
    let expected = "dependency graph: failed to resolve container ordering dependency [migrate] \
        for target [app] as dependency did not exit successfully.";
    assert_eq!(why, expected);
}
