use super::*;
use model::Pace;
use testkit::build;
use world::target::Unhealthy;
use world::{Draft, Target, TargetKey};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// What becomes of a target in each state when its group gets traffic, gets none, is deleted: it
/// `s`tays, is `c`hecked, is not in `u`se, is `g`one.
fn check(state: &TargetState, expected: &str) {
    let letter = |group: Group| {
        let decision = decide(&world(state, group), &build::group_arn("web"), moment(60));
        let turned = decision.rows.first().map(|row| match row {
            Row::Target(target) => target.state.clone(),
            other => panic!("{other:?}"),
        });
        match (turned, decision.gone.len()) {
            (None, 0) => 's',
            (None, _) => 'g',
            (Some(TargetState::Checking), _) => 'c',
            (Some(TargetState::NotInUse), _) => 'u',
            (Some(other), _) => panic!("{other:?}"),
        }
    };
    let said: String =
        [Group::Traffic, Group::Idle, Group::Deleted].into_iter().map(letter).collect();
    assert_eq!(said, expected, "{state:?}");
}

#[derive(Clone, Copy, PartialEq)]
enum Group {
    Traffic,
    Idle,
    Deleted,
}

fn world(state: &TargetState, use_of: Group) -> World {
    let arn = build::group_arn("web");
    let mut draft = Draft::of(&build::world());
    if use_of != Group::Deleted {
        draft.put(build::group("web"));
    }
    if use_of == Group::Traffic {
        draft.put(build::balancer("web", &arn).1);
    }
    let key = TargetKey { group: arn, id: "172.31.0.9".to_owned(), port: 80 };
    draft.put(Target { state: state.clone(), ..Target::registered(key, None, None, at(0)) });
    draft.commit().world
}

fn moment(seconds: i64) -> Moment {
    Moment { now: at(seconds), pace: Pace::REAL }
}

#[test]
fn a_groups_use_decides_whether_its_targets_are_checked() {
    check(&TargetState::Registering, "cug");
    check(&TargetState::Checking, "sug");
    check(&TargetState::Healthy, "sug");
    check(&TargetState::Unhealthy(Unhealthy::Timeout), "sug");
    check(&TargetState::NotInUse, "csg");
    check(&TargetState::Draining { until: at(61) }, "ssg");
    check(&TargetState::Draining { until: at(60) }, "ggg");
}

#[test]
fn the_end_of_the_draining_is_waited_for() {
    let world = world(&TargetState::Draining { until: at(90) }, Group::Traffic);
    let decision = decide(&world, &build::group_arn("web"), moment(60));
    assert_eq!(decision.wake_at, Some(at(90)));
}
