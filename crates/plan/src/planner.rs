//! The plan: every part is looked at in the order in which parts need each other.

use crate::observed::Observed;
use crate::step::Step;
use crate::wish::Wish;
use crate::{
    alarms, backing, balancer, cluster, definition, groups, logs, pair, roles, rules, secrets,
    services,
};

/// What can be done now, what has to wait, and what is in the way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// Steps that can be done now. They do not depend on each other.
    pub steps: Vec<Step>,
    /// What can only be done later.
    pub held: Vec<Held>,
    /// What is in the way of everything. With a problem there are no steps: nothing is begun that
    /// can't be ended.
    pub problems: Vec<Problem>,
}

/// Something that can only be done later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What, for people.
    pub what: String,
    /// For what it waits.
    pub for_what: String,
    /// Whether the steps of this plan bring it about. If not, time does.
    pub until: Until,
}

/// What a held step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Steps of the same plan.
    Steps,
    /// Something that happens by itself, such as another service becoming steady.
    Time,
}

/// Something that is in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where in the manifest, as a path: `services.api.secrets.DATABASE_URL`.
    pub path: String,
    /// What is wrong.
    pub what: String,
    /// What would help.
    pub hint: String,
}

impl Plan {
    /// Whether everything is as it should be.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.steps.is_empty() && self.held.is_empty() && self.problems.is_empty()
    }

    /// Notes that something waits for steps of this plan.
    pub(crate) fn hold(&mut self, what: impl Into<String>, for_what: impl Into<String>) {
        let (what, for_what) = (what.into(), for_what.into());
        self.held.push(Held { what, for_what, until: Until::Steps });
    }
}

/// The next steps from what was observed to what is wished for.
#[must_use]
pub fn plan(wish: &Wish, observed: &Observed) -> Plan {
    let mut plan = Plan::default();
    secrets::check(wish, observed, &mut plan);
    pair::check(wish, observed, &mut plan);
    alarms::check(wish, observed, &mut plan);
    if !plan.problems.is_empty() {
        return plan;
    }
    cluster::plan(wish, observed, &mut plan);
    logs::plan(wish, observed, &mut plan);
    roles::plan(wish, observed, &mut plan);
    groups::plan(wish, observed, &mut plan);
    balancer::plan(wish, observed, &mut plan);
    backing::give(wish, observed, &mut plan);
    rules::plan(wish, observed, &mut plan);
    definition::plan(wish, observed, &mut plan);
    services::plan(wish, observed, &mut plan);
    services::leftovers(wish, observed, &mut plan);
    groups::leftovers(wish, observed, &mut plan);
    roles::leftovers(wish, observed, &mut plan);
    plan
}
