//! A service's count, deployments and events: the scheduler (reference §3.3).
//!
//! The scheduler works in passes. A service at rest has none planned; when there is something to do
//! the next one is planned, and what a pass does is decided when it is due, from the World of that
//! moment. So a change that comes and goes between two passes is never seen, as on AWS, and a
//! service that nothing happens to costs nothing.

mod alarm;
mod back;
mod breaker;
mod count;
mod delete;
mod events;
mod fail;
mod follow;
mod health;
mod history;
mod judge;
mod look;
mod pass;
mod pause;
mod place;
mod progress;
mod register;
mod roll;
mod settle;
mod sides;
mod stages;
mod steer;
mod stop;
mod victims;

use crate::decision::{Decision, Moment, Note, Waiting};
use crate::subject::Subject;
use crate::waits;
use model::{Ids, Timestamp};
use pass::Pass;
use world::service::ServiceStatus;
use world::{Row, Service, ServiceKey, World};

/// What a service does next.
pub(crate) fn decide(world: &World, key: &ServiceKey, moment: Moment, ids: &mut Ids) -> Decision {
    let Some(service) = world.services.get(key) else { return Decision::nothing() };
    if service.status == ServiceStatus::Inactive {
        return delete::forget(world, service, moment);
    }
    match service.next_pass {
        Some(due) if due <= moment.now => due_pass(world, service, moment, ids),
        planned => plan(world, service, planned, moment, ids),
    }
}

/// The pass that is due, and the plan for the next one: soon when this one did something that is not
/// the end of it, else when time alone brings something to do, if ever.
fn due_pass(world: &World, service: &Service, moment: Moment, ids: &mut Ids) -> Decision {
    let mut pass = Pass::of(world, service, moment, ids);
    run(&mut pass);
    let next = if pass.is_idle() || pass.is_at_rest() {
        pass.wakes_at()
    } else {
        Some(moment.now + moment.pace.wait(waits::PASS))
    };
    pass.finish(next)
}

/// Plans a pass when there is something to do, or will be by time alone.
fn plan(
    world: &World,
    service: &Service,
    planned: Option<Timestamp>,
    moment: Moment,
    ids: &Ids,
) -> Decision {
    let soon = moment.now + moment.pace.wait(notice(service));
    let mut decision = Decision::nothing();
    if let Some(due) = planned.filter(|due| *due <= soon) {
        decision.notes.push(next_pass(service, due));
        decision.wake(due);
        return decision;
    }
    // What a pass would do now. Its ids are thrown away with it.
    let mut ids = ids.clone();
    let mut pass = Pass::of(world, service, moment, &mut ids);
    run(&mut pass);
    let due = if pass.is_idle() { pass.wakes_at() } else { Some(soon) };
    decision.notes = pass.into_notes();
    if due == Some(soon) {
        decision.notes.push(next_pass(service, soon));
    }
    match (due, planned) {
        (Some(due), planned) if planned.is_none_or(|planned| due < planned) => {
            decision.rows.push(Row::from(Service { next_pass: Some(due), ..service.clone() }));
            decision.wake(due);
        }
        (_, Some(planned)) => decision.wake(planned),
        (_, None) => {}
    }
    decision
}

/// How soon a change is noticed: a service at rest, or a new one, is looked at less often.
fn notice(service: &Service) -> model::Span {
    let at_rest = service.steady_since.is_some() || service.next_event == 0;
    if at_rest { waits::NOTICE } else { waits::PASS }
}

fn next_pass(service: &Service, at: Timestamp) -> Note {
    Note { subject: Subject::Service(service.key.clone()), waiting: Waiting::NextPass { at } }
}

/// What one pass does, in the order that AWS's events show.
fn run(pass: &mut Pass<'_>) {
    if pass.service.status == ServiceStatus::Draining {
        return delete::drain(pass);
    }
    follow::follow(pass);
    judge::judge(pass);
    progress::go_on(pass);
    breaker::check(pass);
    alarm::check(pass);
    register::deregister(pass);
    register::register(pass);
    stages::go_on(pass);
    match sides::of(pass) {
        Some(_) => sides::even_out(pass),
        None => roll::roll(pass),
    }
    settle::drop_replaced(pass);
    settle::settle(pass);
    history::forget_old(pass);
}
