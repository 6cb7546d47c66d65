//! What a change costs in small and in large regions: `cargo run --release -p control --example
//! scale`. `cargo xtask bench scale` runs it and draws its figures.
//!
//! It does what the engine's loop does, in simulated time and without a disk: reports and due
//! wake-ups go into one draft, whoever is concerned decides, the draft is committed. The driver only
//! counts: it says at once that what it was asked for is done. So what is timed is the decisions and
//! the World, and nothing else.

use control::{Action, Moment, Subject};
use model::{Ids, Pace, Span, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use testkit::build;
use world::task::ContainerReport;
use world::{
    Draft, PortBinding, RowKey, Service, ServiceKey, StopCode, TargetHealth, TargetState, TaskKey,
    TaskReport, World,
};

/// Tasks a service.
const TASKS: u32 = 10;
/// How many services the regions have.
const REGIONS: [usize; 3] = [1, 100, 1000];
/// Longer than a deployment takes.
const DONE: Span = Span::minutes(20);
/// Longer than stopped tasks are remembered.
const FORGOTTEN: Span = Span::minutes(90);
/// How many changes are timed in each region.
const CHANGES: usize = 200;

fn main() {
    for services in REGIONS {
        let mut region = Region::new();
        let begun = now();
        region.fill(services);
        let filled = begun.elapsed();
        let tasks = services * TASKS as usize;
        assert_eq!(region.running(), tasks, "every task runs");
        tell("events a second", tasks, per_second(region.events, filled));
        tell("KiB resident", tasks, resident_kib());
        let lost = region.cost(|region, number| region.lose_a_task(number % services));
        tell("µs a lost task", tasks, lost.micros);
        tell("decisions a lost task", tasks, lost.decisions);
        let deployed = region.cost(|region, number| region.deploy(number % services));
        tell("µs a deployment", tasks, deployed.micros);
        tell("decisions a deployment", tasks, deployed.decisions);
        assert_eq!(region.running(), tasks, "every task runs again");
    }
}

/// A region without doors, disk and containers.
struct Region {
    world: World,
    moment: Moment,
    ids: Ids,
    /// Who is to be asked again, by time and by subject.
    wakes: BTreeSet<(Timestamp, Subject)>,
    planned: BTreeMap<Subject, Timestamp>,
    /// What has come in.
    inbox: Vec<Event>,
    /// How many reports and wake-ups were taken.
    events: usize,
    /// How many decisions were made.
    decisions: u32,
}

/// What a change costs until all that follows from it is done: medians of many changes.
struct Cost {
    micros: f64,
    decisions: f64,
}

/// What comes in.
enum Event {
    Task(TaskKey, TaskReport),
    Healthy(world::TargetKey),
}

impl Region {
    fn new() -> Self {
        Self {
            world: build::world(),
            moment: Moment { now: testkit::sim::BEGIN, pace: Pace::REAL },
            ids: Ids::seeded(1),
            wakes: BTreeSet::new(),
            planned: BTreeMap::new(),
            inbox: Vec::new(),
            events: 0,
            decisions: 0,
        }
    }

    /// Makes services, each behind a load balancer of its own, and waits until all are steady.
    fn fill(&mut self, services: usize) {
        self.change(|draft, _, _| {
            draft.put(build::definition("web:1"));
            draft.put(build::definition("web:2"));
        });
        for number in 0..services {
            self.change(|draft, ids, now| {
                let name = name(number);
                let group = build::group(&name);
                let (balancer, listener) = build::balancer(&name, &group.arn);
                let load_balancers = build::registered_in(&group.arn);
                draft.put(group);
                draft.put(balancer);
                draft.put(listener);
                let service = build::service(&name, "web:1");
                let desired_count = TASKS;
                let service = Service { desired_count, load_balancers, created_at: now, ..service };
                draft.deploy(service, ids, now);
            });
        }
        self.advance(DONE);
    }

    fn running(&self) -> usize {
        self.world.tasks.iter().filter(|task| task.is_wanted()).count()
    }

    /// Ends the first task of a service that is meant to run.
    fn lose_a_task(&mut self, service: usize) {
        let service = key(service);
        let task = self.world.tasks_of(&service).find(|task| task.is_wanted()).cloned();
        let mut task = task.expect("a service has tasks");
        self.change(|draft, _, now| {
            task.stop_for(StopCode::UserInitiated, "Task stopped by user", now);
            draft.put(task);
        });
    }

    /// Deploys a service's other definition.
    fn deploy(&mut self, service: usize) {
        let mut service = self.world.services.get(&key(service)).cloned().expect("it was made");
        let other = if service.definition.revision == 1 { "web:2" } else { "web:1" };
        self.change(|draft, ids, now| {
            service.definition = build::key(other);
            draft.deploy(service, ids, now);
        });
    }

    /// Times a change many times. Stopped tasks are forgotten before the next one, untimed, so that
    /// all find the same region.
    fn cost(&mut self, change: impl Fn(&mut Self, usize)) -> Cost {
        let (mut micros, mut decisions) = (Vec::new(), Vec::new());
        for number in 0..CHANGES {
            let (begun, before) = (now(), self.decisions);
            change(self, number);
            self.advance(DONE);
            micros.push(begun.elapsed().as_secs_f64() * 1e6);
            decisions.push(f64::from(self.decisions - before));
            self.advance(FORGOTTEN);
        }
        Cost { micros: median(micros), decisions: median(decisions) }
    }

    /// Changes the region as a client does.
    fn change(&mut self, change: impl FnOnce(&mut Draft, &mut Ids, Timestamp)) {
        let mut draft = Draft::of(&self.world);
        change(&mut draft, &mut self.ids, self.moment.now);
        self.decide(draft, BTreeSet::new());
    }

    /// Lets time pass: everything that happens within a span.
    fn advance(&mut self, span: Span) {
        let until = self.moment.now + span;
        loop {
            if self.inbox.is_empty() {
                match self.wakes.first() {
                    Some((at, _)) if *at <= until => {
                        self.moment.now = self.moment.now.max(*at);
                    }
                    _ => break,
                }
            }
            self.beat();
        }
        self.moment.now = until;
    }

    /// Takes what has come in and who is due.
    fn beat(&mut self) {
        let mut draft = Draft::of(&self.world);
        for event in std::mem::take(&mut self.inbox) {
            self.events += 1;
            self.take(&mut draft, event);
        }
        let mut due = BTreeSet::new();
        while self.wakes.first().is_some_and(|(at, _)| *at <= self.moment.now) {
            let Some((_, subject)) = self.wakes.pop_first() else { break };
            self.planned.remove(&subject);
            due.insert(subject);
        }
        self.events += due.len();
        self.decide(draft, due);
    }

    fn take(&self, draft: &mut Draft, event: Event) {
        let now = self.moment.now;
        match event {
            Event::Task(key, report) => {
                let task = draft.tasks.get(&key).and_then(|task| task.observe(&report, now));
                task.into_iter().for_each(|task| draft.put(task));
            }
            Event::Healthy(key) => {
                let target = draft.targets.get(&key);
                let target = target.and_then(|held| held.observe(&TargetHealth::Healthy, now));
                target.into_iter().for_each(|target| draft.put(target));
            }
        }
    }

    /// Lets everyone decide whom the changes concern, until nothing follows any more; commits.
    fn decide(&mut self, mut draft: Draft, mut dirty: BTreeSet<Subject>) {
        let mut seen = 0;
        loop {
            for key in &draft.touched()[seen..] {
                dirty.extend(control::subjects(key, &draft));
            }
            seen = draft.touched().len();
            if dirty.is_empty() {
                break;
            }
            for subject in std::mem::take(&mut dirty) {
                self.decisions += 1;
                let decision = control::decide(&draft, &subject, self.moment, &mut self.ids);
                decision.rows.into_iter().for_each(|row| draft.put(row));
                decision.gone.into_iter().for_each(|key| draft.remove(key));
                decision.actions.into_iter().for_each(|action| self.act(action));
                self.plan(subject, decision.wake_at);
            }
        }
        let committed = draft.commit();
        self.world = committed.world;
        let targets = committed.touched.into_iter().filter_map(|key| match key {
            RowKey::Target(key) => Some(key),
            _ => None,
        });
        let unchecked = targets.filter(|key| {
            let target = self.world.targets.get(key);
            target.is_some_and(|target| target.state == TargetState::Checking)
        });
        self.inbox.extend(unchecked.map(Event::Healthy));
    }

    fn plan(&mut self, subject: Subject, at: Option<Timestamp>) {
        if let Some(before) = self.planned.remove(&subject) {
            self.wakes.remove(&(before, subject.clone()));
        }
        if let Some(at) = at {
            self.planned.insert(subject.clone(), at);
            self.wakes.insert((at, subject));
        }
    }

    /// The driver that only counts: whatever it is asked for is done.
    fn act(&mut self, action: Action) {
        let ended = ContainerReport::Exited { code: 143, out_of_memory: false };
        let (task, report) = match action {
            Action::OpenNetwork(network) => {
                (network.task, TaskReport::NetworkReady(network.address))
            }
            Action::Pull { task, container, .. } => {
                (task, TaskReport::Container(container, ContainerReport::Pulled(None)))
            }
            Action::Start(launch) => {
                let ports = launch.spec.ports.iter().map(|port| PortBinding {
                    container_port: port.container_port,
                    host_port: port.container_port,
                    protocol: port.protocol.clone(),
                });
                let started = ContainerReport::Started(ports.collect());
                (launch.task, TaskReport::Container(launch.spec.name, started))
            }
            Action::Signal { task, container } | Action::Kill { task, container } => {
                (task, TaskReport::Container(container, ended))
            }
            Action::Probe(probe) => {
                let passed = ContainerReport::Probed { code: Some(0), output: String::new() };
                (probe.task, TaskReport::Container(probe.container, passed))
            }
            Action::Close { task } => (task, TaskReport::NetworkGone),
        };
        self.inbox.push(Event::Task(task, report));
    }
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

fn name(number: usize) -> String {
    format!("web-{number:04}")
}

fn key(number: usize) -> ServiceKey {
    build::service(&name(number), "web:1").key
}

fn per_second(events: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(events).unwrap_or(u32::MAX)) / took.as_secs_f64()
}

/// This process's resident memory; 0 where the system does not tell.
#[expect(clippy::disallowed_methods, reason = "a measurement looks at its own process")]
fn resident_kib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a measurement needs the clock")]
fn now() -> Instant {
    Instant::now()
}

/// One figure: what it is, in a region of how many tasks, and its value.
#[expect(clippy::print_stdout, reason = "what is measured is printed")]
fn tell(what: &str, tasks: usize, value: f64) {
    println!("{what}\t{tasks}\t{value:.1}");
}
