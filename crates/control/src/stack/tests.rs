//! Whose turn it is, in stacks of three resources: `C` needs `B`, `B` needs `A`; `D` is alone.

use super::*;
use model::{Pace, Place, Timestamp};
use std::collections::BTreeSet;
use world::stack::{Keeping, OnFailure, Properties, ResourceStatus, StackVersion, Standing, Terms};
use world::{Draft, Row, Vpc};

const NOW: Timestamp = Timestamp::from_seconds(1_795_159_860);

fn stack(status: StackStatus) -> Stack {
    Stack {
        arn: "arn:stack".into(),
        name: "shop".to_owned(),
        status,
        reason: None,
        created_at: NOW,
        updated_at: None,
        deleted_at: None,
        started_at: NOW,
        stop: None,
        due: None,
        version: StackVersion::default(),
        before: Some(Box::default()),
        outputs: Vec::new(),
        imports: BTreeSet::new(),
        on_failure: OnFailure::Rollback,
        protected: false,
        policy: None,
        change_set: None,
        token: None,
        caller: Default::default(),
        drift: None,
        next_event: 0,
        next_past: 1,
    }
}

fn resource(logical: &str, needs: &[&str], work: Work) -> StackResource {
    let needs = needs.iter().map(|it| (*it).to_owned()).collect();
    let terms = Terms { needs, keeping: Keeping::Delete, replaced: Keeping::Delete };
    let standing = Standing {
        physical: logical.to_lowercase(),
        properties: Properties::default(),
        tags: Default::default(),
        terms: terms.clone(),
        reference: serde_json::Value::Null,
        attributes: Properties::default(),
    };
    let begun = work != Work::Make;
    StackResource {
        key: StackResourceKey { stack: "arn:stack".into(), logical: logical.to_owned(), past: 0 },
        kind: "T".to_owned(),
        status: begun.then_some(ResourceStatus::CreateComplete),
        reason: None,
        at: NOW,
        work,
        terms,
        standing: begun.then_some(standing),
        before: None,
    }
}

/// A world with the stack in a status, and its resources with the work that is left for each.
fn world(status: StackStatus, work: [Work; 4]) -> World {
    let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
    let vpc = Vpc::default_of(&place, [172, 31]);
    let mut draft = Draft::of(&World::empty(place, vpc));
    draft.put(stack(status));
    let needs: [(&str, &[&str]); 4] = [("A", &[]), ("B", &["A"]), ("C", &["B"]), ("D", &[])];
    for ((logical, needs), work) in needs.into_iter().zip(work) {
        draft.put(resource(logical, needs, work));
    }
    draft.commit().world
}

fn decide_in(world: &World) -> Decision {
    let moment = Moment { now: NOW, pace: Pace::REAL };
    decide(world, &"arn:stack".into(), moment, &mut Ids::seeded(1))
}

/// The steps of a decision in short: `make A`.
fn steps(decision: &Decision) -> Vec<String> {
    let step = |step: &StackStep| match step {
        StackStep::Make(key) => format!("make {}", key.logical),
        StackStep::Settle(key) => format!("settle {}", key.logical),
        StackStep::Remove(key) => format!("remove {}", key.logical),
        StackStep::Conclude(_) => "conclude".to_owned(),
    };
    decision.steps.iter().map(step).collect()
}

/// The stack as a decision leaves it.
fn turned(decision: &Decision) -> &Stack {
    let stack = decision.rows.iter().find_map(|row| match row {
        Row::Stack(stack) => Some(stack.as_ref()),
        _ => None,
    });
    stack.expect("the stack is changed")
}

/// The world with a status for its failed resource.
fn with_failed(world: &World, status: ResourceStatus) -> World {
    let stack = "arn:stack".into();
    let failed = world.resources_of(&stack).find(|it| it.work == Work::Failed);
    let failed = failed.expect("a resource has failed").clone();
    let mut draft = Draft::of(world);
    draft.put(StackResource { status: Some(status), ..failed });
    draft.commit().world
}

const SETTLING: Work = Work::Settle { since: NOW };
const VANISHING: Work = Work::Vanish { since: NOW };

#[test]
fn resources_come_after_what_they_need_and_beside_the_others() {
    use Work::{Make, Rest};
    for (work, expected) in [
        ([Make, Make, Make, Make], &["make A", "make D"][..]),
        ([SETTLING, Make, Make, Rest], &["settle A"]),
        ([Rest, Make, Make, SETTLING], &["make B", "settle D"]),
        ([Rest, Rest, Rest, Rest], &["conclude"]),
    ] {
        let decision = decide_in(&world(StackStatus::CreateInProgress, work));
        assert_eq!(steps(&decision), expected);
    }
}

#[test]
fn resources_go_before_what_they_need() {
    use Work::{Remove, Rest};
    for (work, expected) in [
        ([Remove, Remove, Remove, Remove], &["remove C", "remove D"][..]),
        ([Remove, Remove, VANISHING, Rest], &["remove C"]),
        ([Remove, Remove, Rest, Rest], &["remove B"]),
    ] {
        let decision = decide_in(&world(StackStatus::DeleteInProgress, work));
        assert_eq!(steps(&decision), expected);
    }
    let decision = decide_in(&world(StackStatus::DeleteInProgress, [Rest, Rest, Rest, Rest]));
    assert_eq!(turned(&decision).status, StackStatus::DeleteComplete);
}

#[test]
fn a_failure_cancels_what_is_under_way_and_turns_the_stack_round() {
    let work = [Work::Rest, SETTLING, Work::Make, Work::Failed];
    let world = world(StackStatus::CreateInProgress, work);
    let decision = decide_in(&with_failed(&world, ResourceStatus::CreateFailed));
    let stack = turned(&decision);
    assert_eq!(stack.status, StackStatus::RollbackInProgress);
    let expected = "The following resource(s) failed to create: [D]. Rollback requested by user.";
    assert_eq!(stack.reason.as_deref(), Some(expected));
    let work: Vec<(String, Work)> = decision
        .rows
        .iter()
        .filter_map(|row| match row {
            Row::StackResource(held) => Some((held.key.logical.clone(), held.work.clone())),
            _ => None,
        })
        .collect();
    let removed = ["A", "B", "D"].map(|it| (it.to_owned(), Work::Remove));
    assert_eq!(work, removed);
    assert_eq!(decision.gone.len(), 1, "C was never begun");
}

#[test]
fn what_can_not_be_deleted_keeps_what_it_needs() {
    let work = [Work::Remove, Work::Failed, Work::Rest, Work::Rest];
    let world = world(StackStatus::DeleteInProgress, work);
    let decision = decide_in(&with_failed(&world, ResourceStatus::DeleteFailed));
    assert_eq!(steps(&decision), Vec::<String>::new());
    let stack = turned(&decision);
    assert_eq!(stack.status, StackStatus::DeleteFailed);
    let expected = "The following resource(s) failed to delete: [B]. ";
    assert_eq!(stack.reason.as_deref(), Some(expected));
}
