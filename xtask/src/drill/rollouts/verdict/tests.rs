use super::*;
use crate::drill::rollouts::tally::Window;

fn window(from: u64, to: u64) -> Window {
    Window { from: Duration::from_millis(from), to: Duration::from_millis(to) }
}

/// One rollout that went well, with a task killed at 100 ms.
fn well() -> Found {
    let mut tally = Tally::default();
    let mut seen = |epoch, version| {
        let took = Duration::from_millis(3);
        tally.answered((Kind::Kept, epoch), took, Some(App::greeting(version)));
    };
    seen(Epoch::rolling_to(1), 0);
    seen(Epoch::rolling_to(1), 1);
    seen(Epoch::settled_at(1), 1);
    let kills = vec![Kill { window: window(100, 105), under_way: 8, healthy: 4 }];
    Found { rollouts: vec![Duration::from_secs(1)], tally, kills }
}

fn check(change: impl FnOnce(&mut Found), expected: &[&str]) {
    let mut found = well();
    change(&mut found);
    assert_eq!(found.faults(), expected);
}

fn failing(from: u64, to: u64) -> impl FnOnce(&mut Found) {
    let (life, epoch) = (window(from, to), Epoch::rolling_to(1));
    let failure = Failure { kind: Kind::New, what: "GET /: 502".to_owned(), life, epoch };
    move |found| found.tally.failed(failure)
}

#[test]
fn a_request_that_failed_is_a_fault_unless_a_task_was_killed_under_it() {
    check(|_| {}, &[]);
    check(failing(50, 102), &[]);
    check(failing(106, 110), &["1 requests failed"]);
    check(failing(50, 99), &["1 requests failed"]);
}

#[test]
fn both_versions_answer_during_a_rollout_and_the_new_one_alone_after_it() {
    let forget = |epoch: Epoch, version| {
        move |found: &mut Found| {
            found.tally.versions.remove(&(epoch, App::greeting(version)));
        }
    };
    let missing = |version| format!("`version {version}` did not answer during rollout 1");
    check(forget(Epoch::rolling_to(1), 0), &[&missing(0)]);
    check(forget(Epoch::rolling_to(1), 1), &[&missing(1)]);
    check(forget(Epoch::settled_at(1), 1), &["[] answered after rollout 1"]);
    let late = |found: &mut Found| {
        let old = (Epoch::settled_at(1), App::greeting(0));
        found.tally.versions.insert(old, 1);
    };
    check(late, &[r#"["version 0", "version 1"] answered after rollout 1"#]);
}
