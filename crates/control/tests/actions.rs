//! What the hands are told: each action carries all it takes, and follows from the rows alone.

use control::{Action, Launch, Moment, Subject};
use model::{Ids, Pace, Span, Timestamp};
use testkit::build;
use world::definition::{AwsLogs, HealthCheck, HealthCommand, SecretRef};
use world::task::{ContainerReport, Launch as Where, Origin, TaskReport};
use world::{
    ContainerSpec, Draft, Phase, Row, Tags, Task, TaskDefinition, TaskKey, TaskOrder, World,
};

/// A region with one task, and the actions that its decisions led to.
struct Bench {
    world: World,
    now: Timestamp,
    ids: Ids,
    task: TaskKey,
    actions: Vec<Action>,
}

impl Bench {
    fn new(definition: TaskDefinition) -> Self {
        let (now, mut ids) = (Timestamp::from_seconds(0), Ids::seeded(5));
        let mut draft = Draft::of(&build::world());
        let order = TaskOrder {
            cluster: build::CLUSTER.into(),
            definition: &definition,
            origin: Origin::Run,
            group: None,
            started_by: None,
            launch: Where::Fargate,
            subnets: build::service("web", "web:1").network.subnets,
            security_groups: Vec::new(),
            taken: std::collections::BTreeSet::new(),
            overrides: Default::default(),
            exec: false,
            tags: Tags::new(),
        };
        let task = Task::new(&draft, order, &mut ids, now).expect("there is an address");
        let key = task.key.clone();
        draft.put(definition);
        draft.put(task);
        Self { world: draft.commit().world, now, ids, task: key, actions: Vec::new() }
    }

    fn put(&mut self, rows: impl IntoIterator<Item = Row>) {
        let mut draft = Draft::of(&self.world);
        rows.into_iter().for_each(|row| draft.put(row));
        self.world = draft.commit().world;
    }

    /// Lets the task decide until it has nothing to do now.
    fn settle(&mut self) {
        let subject = Subject::Task(self.task.clone());
        loop {
            let moment = Moment { now: self.now, pace: Pace::REAL };
            let decision = control::decide(&self.world, &subject, moment, &mut self.ids);
            if decision.is_idle() {
                return;
            }
            self.actions.extend(decision.actions);
            self.put(decision.rows);
        }
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Span::seconds(seconds);
        self.settle();
    }

    fn report(&mut self, report: &TaskReport) {
        if let Some(task) = self.task().observe(report, self.now) {
            self.put([task.into()]);
        }
        self.settle();
    }

    fn tell(&mut self, container: &str, report: ContainerReport) {
        self.report(&TaskReport::Container(container.into(), report));
    }

    fn task(&self) -> &Task {
        self.world.tasks.get(&self.task).expect("the task is there")
    }

    /// To where its image is there.
    fn pulled(mut self) -> Self {
        self.settle();
        let address = self.task().eni.address;
        self.report(&TaskReport::NetworkReady(address));
        self.wait(10);
        self.wait(3);
        self.tell("app", ContainerReport::Pulled(Some("sha256:feed".to_owned())));
        self
    }

    /// To where its container runs.
    fn running(self) -> Self {
        let mut bench = self.pulled();
        bench.tell("app", ContainerReport::Started(Vec::new()));
        bench
    }

    fn take(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.actions)
    }
}

fn definition(change: impl FnOnce(&mut ContainerSpec)) -> TaskDefinition {
    let mut definition = build::definition("web:1");
    change(&mut definition.containers[0]);
    definition
}

fn launch(actions: &[Action]) -> &Launch {
    let launch = actions.iter().find_map(|action| match action {
        Action::Start(launch) => Some(launch.as_ref()),
        _ => None,
    });
    launch.expect("a container is started")
}

fn names(actions: &[Action]) -> Vec<&'static str> {
    let name = |action: &Action| match action {
        Action::OpenNetwork(_) => "open",
        Action::Pull { .. } => "pull",
        Action::Start(_) => "start",
        Action::Signal { .. } => "signal",
        Action::Kill { .. } => "kill",
        Action::Probe(_) => "probe",
        Action::Close { .. } => "close",
    };
    actions.iter().map(name).collect()
}

#[test]
fn a_tasks_life_is_a_row_of_actions() {
    let mut bench = Bench::new(definition(|_| {})).running();
    assert_eq!(bench.task().phase, Phase::Running);
    assert_eq!(names(&bench.take()), ["open", "pull", "start"]);

    let mut stopped = bench.task().clone();
    stopped.stop_for(world::StopCode::UserInitiated, "Task stopped by user", bench.now);
    bench.put([stopped.into()]);
    bench.settle();
    assert_eq!(names(&bench.take()), ["signal"]);
    bench.wait(29);
    assert_eq!(names(&bench.take()), [""; 0]);
    bench.wait(1);
    assert_eq!(names(&bench.take()), ["kill"], "30 s after the signal");
    bench.tell("app", ContainerReport::Exited { code: 137, out_of_memory: false });
    assert_eq!(names(&bench.take()), ["close"]);
    bench.report(&TaskReport::NetworkGone);
    bench.wait(10);
    assert_eq!(bench.task().phase, Phase::Stopped);
    assert_eq!(names(&bench.take()), [""; 0]);
}

#[test]
fn the_actions_after_a_crash_are_those_before_it() {
    let mut bench = Bench::new(definition(|_| {}));
    bench.settle();
    assert_eq!(control::resume(&bench.world), bench.take());
    let mut bench = Bench::new(definition(|_| {})).pulled();
    let last = bench.take().pop();
    assert_eq!(control::resume(&bench.world), last.into_iter().collect::<Vec<_>>());
    let bench = Bench::new(definition(|_| {})).running();
    assert_eq!(control::resume(&bench.world), []);
}

#[test]
fn a_launch_has_its_secrets_its_stream_and_its_digest() {
    let mut bench = Bench::new(definition(|spec| {
        spec.secrets = vec![SecretRef { name: "DB".to_owned(), value_from: "/db".to_owned() }];
        spec.log = Some(AwsLogs {
            group: "/web".to_owned(),
            create_group: true,
            prefix: "ecs".to_owned(),
        });
    }));
    let script = "parameter /db hunter2";
    let parameter = testkit::script::endure(&[script.parse().expect("it is a verb")]);
    let rows = parameter.world.parameters.iter().cloned().map(Row::from).collect::<Vec<_>>();
    bench.put(rows);
    let mut bench = bench.pulled();

    let actions = bench.take();
    let launch = launch(&actions);
    let id = bench.task.id.to_string();
    assert_eq!(launch.secrets["DB"].reveal(), "hunter2");
    assert_eq!(launch.digest.as_deref(), Some("sha256:feed"));
    assert_eq!(launch.runtime_id.len(), id.len() + "-0123456789".len());
    let stream = launch.log.clone().expect("it has a stream");
    assert_eq!(stream.stream.as_str(), format!("ecs/app/{id}"));
    assert!(bench.world.log_streams.contains(&stream), "the stream is there before the start");
    assert!(bench.world.log_groups.contains("/web"), "the group was made");
    assert!(!format!("{:?}", bench.task()).contains("hunter2"), "a secret does not show");
}

#[test]
fn a_secret_that_changes_later_is_not_read_again() {
    let mut bench = Bench::new(definition(|spec| {
        spec.secrets = vec![SecretRef { name: "DB".to_owned(), value_from: "/db".to_owned() }];
        spec.restart = Some(world::definition::RestartPolicy {
            ignored_exit_codes: vec![3],
            attempt_period: Span::seconds(60),
        });
    }));
    let parameter = |value: &str| {
        let line = format!("parameter /db {value}").parse().expect("it is a verb");
        let region = testkit::script::endure(&[line]);
        region.world.parameters.iter().next().cloned().expect("it was put")
    };
    bench.put([parameter("before").into()]);
    let mut bench = bench.running();
    bench.put([parameter("after").into()]);
    bench.take();
    bench.wait(60);
    bench.tell("app", ContainerReport::Exited { code: 1, out_of_memory: false });
    let actions = bench.take();
    assert_eq!(launch(&actions).secrets["DB"].reveal(), "before");
    assert_eq!(launch(&actions).attempt, 1);

    bench.tell("app", ContainerReport::Started(Vec::new()));
    bench.wait(60);
    bench.tell("app", ContainerReport::Exited { code: 3, out_of_memory: false });
    assert_eq!(names(&bench.take()), ["close"], "an ignored code is the end");
}

#[test]
fn health_checks_are_an_interval_apart() {
    let mut bench = Bench::new(definition(|spec| {
        spec.health_check = Some(HealthCheck {
            command: HealthCommand::Shell("true".to_owned()),
            interval: Span::seconds(30),
            timeout: Span::seconds(5),
            retries: 3,
            start_period: Span::ZERO,
        });
    }))
    .running();
    bench.take();
    bench.wait(29);
    assert_eq!(names(&bench.take()), [""; 0]);
    bench.wait(1);
    assert_eq!(names(&bench.take()), ["probe"]);
    bench.wait(4);
    assert_eq!(names(&bench.take()), [""; 0], "the result is waited for");
    bench.tell("app", ContainerReport::Probed { code: Some(0), output: String::new() });
    bench.wait(29);
    assert_eq!(names(&bench.take()), [""; 0]);
    bench.wait(1);
    assert_eq!(names(&bench.take()), ["probe"], "30 s after the end of the one before");
}

#[test]
fn a_task_without_its_definition_ends() {
    let mut bench = Bench::new(definition(|_| {}));
    let mut draft = Draft::of(&bench.world);
    draft.remove(world::RowKey::TaskDefinition(build::key("web:1")));
    bench.world = draft.commit().world;
    let mut bench = bench.pulled();
    assert_eq!(names(&bench.take()), ["open", "close"]);
    assert_eq!(bench.task().phase, Phase::Deprovisioning);
}
