//! What holds whatever happens, tried on random scripts.
//!
//! The laws themselves are checked by the simulated region after every decision
//! (`testkit::sim::laws`). Here scripts are made, and at their end everything is put right: then the
//! service must become steady, and, when it is deleted, nothing may be left.
//!
//! A script that breaks a law is shrunk and printed; it can be played as it stands in `scenarios/`.
//! `PROPTEST_CASES=10000 cargo test -p control --test laws` tries more of them.

#![expect(
    clippy::disallowed_methods,
    reason = "the number of cases is asked for in the environment"
)]

use model::{Pace, Span};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::Cell;
use std::fmt;
use testkit::Sim;
use testkit::script::endure;
use testkit::sim::Answer;
use world::service::{RolloutState, ServiceStatus};
use world::{Phase, Service};

/// A script that prints as one.
#[derive(Clone)]
struct Script(Vec<testkit::Verb>);

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|verb| write!(f, "\n{verb}"))
    }
}

// === Random scripts ===

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

/// Three revisions, of which the last may lack its secret, target groups, and a service that uses
/// them in one way or another.
fn setting() -> impl Strategy<Value = Vec<String>> {
    let speed = one_of(&["1", "20"]);
    let check = one_of(&["", " health 5s*2", " health 10s*3 start-period 20s"]);
    let sidecar = one_of(&["", "log nonessential", "log after app START", "log restart 5s"]);
    let secret = one_of(&["", " secret KEY=/web/key"]);
    let balanced = one_of(&[
        "",
        " group web grace 0s",
        " group web grace 30s",
        " group web,duo grace 30s",
        " pair duo grace 0s",
        " pair duo grace 30s",
    ]);
    let percent = one_of(&["100/200", "50/100", "0/100", "66/150", "100/150", "100/100"]);
    let breaker = one_of(&[
        "",
        "",
        " breaker 3",
        " breaker 2 rollback",
        " breaker-percent 50 rollback",
        " breaker-unbounded 60 cumulative rollback",
    ]);
    let strategy = one_of(&[
        "",
        "",
        " blue-green",
        " blue-green bake 2m alarms errors",
        " canary 10% 2m",
        " linear 40% 1m pause PRE_PRODUCTION_TRAFFIC_SHIFT 3m CONTINUE",
        " blue-green pause POST_SCALE_UP 2m ROLLBACK",
        " alarms errors bake 1m",
        " alarms errors",
        " canary 10% 2m bake 1m alarms errors",
    ]);
    let containers = (check, sidecar, secret);
    let parts = (speed, containers, balanced, percent, breaker, strategy, 0..5u8);
    parts.prop_map(|(speed, containers, balanced, percent, breaker, strategy, count)| {
        let (check, sidecar, secret) = containers;
        let mut lines = vec![format!("speed {speed}")];
        for revision in 1..=3 {
            let secret = if revision == 3 { secret.as_str() } else { "" };
            lines.push(format!("container web:{revision} app stop-timeout 3s{check}{secret}"));
            if !sidecar.is_empty() {
                lines.push(format!("container web:{revision} {sidecar}"));
            }
        }
        lines.push("group web interval 5s delay 10s".to_owned());
        lines.push("pair duo interval 5s delay 10s".to_owned());
        let how = format!("{percent}{balanced}{breaker}{strategy}");
        lines.push(format!("service web web:1 count {count} percent {how}"));
        lines
    })
}

fn event() -> impl Strategy<Value = String> {
    let task = || 1..14u8;
    let manner = one_of(&[
        "behaves",
        "cannot-be-pulled",
        "cannot-start",
        "exits 1 after 1s",
        "exits 0 after 45s",
        "ignores-signals",
        "never-listens",
        "listens-after 20s",
        "never-healthy",
        "pulls-in 30s",
        "stops-in 2s",
    ]);
    prop_oneof![
        8 => one_of(&["1s", "7s", "15s", "40s", "90s", "5m"]).prop_map(|s| format!("tick {s}")),
        3 => (1..=3u8).prop_map(|revision| format!("update web web:{revision}")),
        2 => (0..6u8).prop_map(|count| format!("update web count {count}")),
        1 => one_of(&["100/200", "50/100", "0/100", "50/150", "100/100"])
            .prop_map(|percent| format!("update web percent {percent}")),
        1 => Just("update web force".to_owned()),
        2 => one_of(&["stop-deployment web", "stop-deployment web abort"]),
        3 => (1..=3u8, manner).prop_map(|(n, manner)| format!("image web:{n}/app {manner}")),
        2 => (task(), 0..2u8).prop_map(|(n, code)| format!("fail web.{n} exit {code}")),
        1 => task().prop_map(|n| format!("stop web.{n}")),
        2 => (task(), one_of(&["200", "503", "nothing", "refused"]))
            .prop_map(|(n, answer)| format!("answer web.{n} {answer}")),
        2 => (task(), 0..2u8).prop_map(|(n, code)| format!("health web.{n} {code}")),
        1 => task().prop_map(|n| format!("deregister web.{n}")),
        1 => one_of(&["unlisten web", "listen web", "unlisten duo-test"]),
        1 => one_of(&["update web rolling", "update web blue-green", "update web canary 50% 1m"]),
        3 => one_of(&["alarm errors ALARM", "alarm errors OK", "alarm errors OK looks-back 2m"]),
        2 => one_of(&["continue web", "continue web rollback"]),
        1 => Just("run web:2".to_owned()),
        1 => task().prop_map(|n| format!("starve web.{n}")),
        1 => Just("parameter /web/key value".to_owned()),
        1 => one_of(&["subnets full", "subnets free"]),
        // Another service beside it, which comes and goes.
        1 => one_of(&["service api web:2 count 2", "service api web:1 count 1 percent 0/100"]),
        1 => one_of(&["update api web:1", "update api count 3", "delete api"]),
        1 => (0..30_000u32, one_of(&["0s", "500ms", "20s", "3m"]))
            .prop_map(|(after, down)| format!("tick {after}ms; crash {down}")),
        // A crash is worst when something is under way.
        2 => (0..5_000u32, one_of(&["0s", "500ms", "20s"]))
            .prop_map(|(after, down)| format!("tick {after}ms; interrupt {down}")),
    ]
}

fn script() -> impl Strategy<Value = Script> {
    let events = prop::collection::vec(event(), 1..30);
    (setting(), events).prop_map(|(setting, events)| {
        let lines = setting.iter().chain(&events);
        let lines = lines.flat_map(|line| line.split("; "));
        Script(lines.map(|line| line.parse().expect("the line is a verb")).collect())
    })
}

// === The laws at the end ===

/// Puts everything right: from now on every container does what it should, and there is room.
fn put_right(sim: &mut Sim) {
    for revision in 1..=3 {
        sim.behave(&format!("web:{revision}/app"), |behaviour| *behaviour = Default::default());
    }
    sim.make_room(testkit::script::Room::Free);
    sim.put([testkit::build::parameter("/web/key", "value")]);
    let tasks: Vec<_> = sim.world.tasks.iter().map(|task| task.key.clone()).collect();
    for task in tasks {
        sim.answer(&task, Answer::Status(200));
        sim.probe(&task, 0);
    }
    let listener = testkit::build::balancer("web", &testkit::build::group_arn("web")).1;
    sim.put([listener.into()]);
    sim.set_alarm("errors", world::AlarmState::Ok);
    sim.update("web", testkit::sim::Deploy::IfChanged, |service| {
        service.configuration.minimum_percent = 100;
        service.configuration.maximum_percent = 200;
    });
}

fn web(sim: &Sim) -> &Service {
    let key = testkit::build::service("web", "web:1").key;
    sim.world.services.get(&key).expect("there is a service")
}

/// Steady, with as many RUNNING tasks as desired and one deployment; or given up by its breaker.
fn has_converged(sim: &Sim) -> bool {
    let service = web(sim);
    let tasks = sim.world.tasks_of(&service.key);
    let running = tasks.filter(|task| task.phase == Phase::Running).count();
    let primary = service.primary().expect("an ACTIVE service has one");
    let steady = service.steady_since.is_some()
        && service.deployments.len() == 1
        && u32::try_from(running) == Ok(service.desired_count);
    steady || primary.rollout == RolloutState::Failed
}

/// How long the longest pause between starts, and everything after it, may take.
fn patience(pace: Pace) -> Span {
    pace.wait(Span::minutes(60)) + Span::minutes(10)
}

fn check(mut sim: Sim) -> Result<(), TestCaseError> {
    let pace = sim.moment.pace;
    put_right(&mut sim);
    let converged = sim.advance_until(patience(pace), has_converged);
    prop_assert!(converged, "it does not become steady: {:#?}", web(&sim));

    sim.delete("web");
    sim.delete("api");
    let inactive =
        |sim: &Sim| sim.world.services.iter().all(|held| held.status == ServiceStatus::Inactive);
    prop_assert!(sim.advance_until(patience(pace), inactive), "it does not become INACTIVE");
    prop_assert!(sim.world.targets.is_empty(), "targets are left");

    let alive: Vec<_> = sim.world.tasks.iter().filter(|task| task.stop.is_none()).collect();
    let alone: Vec<_> = alive.iter().map(|task| task.key.clone()).collect();
    alone.iter().for_each(|task| sim.stop(task));
    sim.advance(Span::minutes(5));
    let ended = sim.world.tasks.iter().all(|task| task.phase == Phase::Stopped);
    prop_assert!(ended, "a task does not end");
    prop_assert!(sim.is_idle_outside(), "a container or a network is left");

    sim.advance(pace.wait(Span::minutes(130)));
    prop_assert!(sim.world.tasks.is_empty() && sim.world.services.is_empty(), "rows are left");
    let world = &sim.world;
    let history = world.service_deployments.len() + world.service_revisions.len();
    prop_assert!(world.events.is_empty() && history == 0, "a deleted service is remembered");
    Ok(())
}

/// As many scripts as CI has patience for.
const USUAL_CASES: u64 = 640;

/// How many scripts are tried, unless somebody asks for another number.
fn cases() -> u32 {
    let asked = std::env::var_os("PROPTEST_CASES");
    let usual = u32::try_from(USUAL_CASES).unwrap_or(u32::MAX);
    asked.map_or(usual, |_| Config::default().cases)
}

#[test]
fn whatever_happens_the_laws_hold_and_all_ends_well() {
    let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
    // The same scripts in every run; more cases are other ones.
    let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, chance);
    let decisions = Cell::new(0);
    let result = runner.run(&script(), |script| {
        let sim = endure(&script.0);
        decisions.set(decisions.get() + sim.decisions);
        check(sim)
    });
    if let Err(broken) = result {
        panic!("{broken}");
    }
    let (made, cases) = (decisions.get(), u64::from(cases()));
    // What CI tries is a million decisions or more.
    let least = cases * 1_000_000 / USUAL_CASES;
    assert!(made >= least, "the scripts are too tame: {made} decisions in {cases} of them");
}
