//! The waiters of AWS's clients: users' scripts depend on when they end (reference §3.15).

use super::{Waiter, show};
use crate::Sim;
use crate::sim::client::service_key;
use model::Span;
use world::service::ServiceStatus;

/// How often a waiter looks, and how many times. It is the client's own time: a region's speed does
/// not shorten it.
const INTERVAL: Span = Span::seconds(15);
const ATTEMPTS: u32 = 40;

/// What one look comes to.
enum Look {
    Passes,
    Fails(&'static str),
    Again,
}

/// Waits as `aws ecs wait` does; says when it ended, and with the last look what it saw.
pub(super) fn wait(sim: &mut Sim, service: &str, waiter: Waiter) -> String {
    let began = sim.now();
    for attempt in 1..=ATTEMPTS {
        let ended = match look(sim, service, waiter) {
            Look::Passes => Some("passes".to_owned()),
            Look::Fails(why) => Some(format!("fails: {why}")),
            Look::Again if attempt == ATTEMPTS => Some("fails: Max attempts exceeded".to_owned()),
            Look::Again => None,
        };
        if let Some(ended) = ended {
            let after = show::seconds(sim.now().since(began));
            return format!("  {} {ended} after {after}\n", waiter.as_str());
        }
        sim.advance(INTERVAL);
    }
    String::new()
}

fn look(sim: &Sim, name: &str, waiter: Waiter) -> Look {
    let Some(service) = sim.world.services.get(&service_key(name)) else {
        return Look::Fails("MISSING");
    };
    let running = sim.world.tasks_of(&service.key).filter(|task| task.phase.counts_as_running());
    let as_desired = u32::try_from(running.count()) == Ok(service.desired_count);
    match (waiter, service.status) {
        (Waiter::Inactive, ServiceStatus::Inactive) => Look::Passes,
        (Waiter::Stable, ServiceStatus::Inactive) => Look::Fails("INACTIVE"),
        (Waiter::Stable, ServiceStatus::Draining) => Look::Fails("DRAINING"),
        (Waiter::Stable, ServiceStatus::Active) if service.deployments.len() == 1 && as_desired => {
            Look::Passes
        }
        _ => Look::Again,
    }
}

impl Waiter {
    /// All of them.
    pub(super) const ALL: [Self; 2] = [Self::Stable, Self::Inactive];

    /// The aws CLI's word.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "services-stable",
            Self::Inactive => "services-inactive",
        }
    }
}
