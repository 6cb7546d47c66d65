//! One pass over one service: what is read, what changes, what is said.

use crate::decision::{Decision, Moment, Note, Waiting};
use crate::subject::Subject;
use crate::waits;
use model::{DeploymentId, Ids, Span, Timestamp};
use std::collections::BTreeMap;
use world::service::DeploymentStatus;
use world::{
    Deployment, EventKey, Row, RowKey, Service, ServiceDeployment, ServiceEvent, Target, TargetKey,
    Task, TaskKey, World,
};

/// A pass over a service. Reads see what the pass has changed so far.
pub(super) struct Pass<'a> {
    pub(super) world: &'a World,
    pub(super) moment: Moment,
    pub(super) ids: &'a mut Ids,
    before: &'a Service,
    /// The service as it is to be.
    pub(super) service: Service,
    /// The service deployment that is under way, as it is to be.
    pub(super) current: Option<ServiceDeployment>,
    tasks: BTreeMap<TaskKey, Task>,
    targets: BTreeMap<TargetKey, Target>,
    /// Other rows that change.
    others: Vec<Row>,
    events: Vec<ServiceEvent>,
    decision: Decision,
    at_rest: bool,
}

impl<'a> Pass<'a> {
    pub(super) fn of(
        world: &'a World,
        service: &'a Service,
        moment: Moment,
        ids: &'a mut Ids,
    ) -> Self {
        Self {
            world,
            moment,
            ids,
            before: service,
            service: service.clone(),
            current: under_way(world, service).cloned(),
            tasks: BTreeMap::new(),
            targets: BTreeMap::new(),
            others: Vec::new(),
            events: Vec::new(),
            decision: Decision::nothing(),
            at_rest: false,
        }
    }

    // === Reading ===

    /// Now.
    pub(super) fn now(&self) -> Timestamp {
        self.moment.now
    }

    /// The service's tasks, the stopped ones that can still be described included.
    pub(super) fn tasks(&self) -> impl Iterator<Item = &Task> {
        let held = self.world.tasks_of(&self.before.key);
        let held = held.map(|task| self.tasks.get(&task.key).unwrap_or(task));
        let made = self.tasks.values().filter(|task| !self.world.tasks.contains(&task.key));
        held.chain(made)
    }

    /// The newest service deployment, also when it has ended.
    pub(super) fn newest(&self) -> Option<&ServiceDeployment> {
        self.current.as_ref().or_else(|| self.world.current_deployment(self.before))
    }

    /// A target.
    pub(super) fn target(&self, key: &TargetKey) -> Option<&Target> {
        self.targets.get(key).or_else(|| self.world.targets.get(key))
    }

    /// Whether an AWS-side wait that began at `since` is over; if not, asks for a pass when it is.
    pub(super) fn waited(&mut self, since: Timestamp, on_aws: Span) -> bool {
        self.passed(since + self.moment.pace.wait(on_aws))
    }

    /// Whether it is `due` already; if not, asks for a pass when it is.
    pub(super) fn passed(&mut self, due: Timestamp) -> bool {
        let passed = self.now() >= due;
        if !passed {
            self.decision.wake(due);
        }
        passed
    }

    // === Changing ===

    /// Puts a task in the place of the one with its key.
    pub(super) fn put_task(&mut self, task: Task) {
        self.tasks.insert(task.key.clone(), task);
    }

    /// Puts a target in the place of the one with its key.
    pub(super) fn put_target(&mut self, target: Target) {
        self.targets.insert(target.key.clone(), target);
    }

    /// Puts a row of another kind in the place of the one with its key.
    pub(super) fn put_other(&mut self, row: impl Into<Row>) {
        self.others.push(row.into());
    }

    /// Takes a row out.
    pub(super) fn remove(&mut self, key: RowKey) {
        self.decision.gone.push(key);
    }

    /// The PRIMARY deployment, to be changed.
    pub(super) fn primary_mut(&mut self) -> Option<&mut Deployment> {
        let mut deployments = self.service.deployments.iter_mut();
        deployments.find(|deployment| deployment.status == DeploymentStatus::Primary)
    }

    /// The deployment with this id, to be changed.
    pub(super) fn deployment_mut(&mut self, id: &DeploymentId) -> Option<&mut Deployment> {
        self.service.deployments.iter_mut().find(|deployment| deployment.id == *id)
    }

    /// Notes that the pass has brought the service to rest: nothing follows from what it changed.
    pub(super) fn rest(&mut self) {
        self.at_rest = true;
    }

    /// Says something in the service's events.
    pub(super) fn tell(&mut self, message: String) {
        let number = self.service.next_event;
        self.service.next_event += 1;
        if let Some(oldest) = number.checked_sub(ServiceEvent::KEPT) {
            let key = EventKey { service: self.before.key.clone(), number: oldest };
            self.decision.gone.push(RowKey::ServiceEvent(key));
        }
        self.events.push(ServiceEvent {
            key: EventKey { service: self.before.key.clone(), number },
            id: self.ids.uuid(),
            at: self.now(),
            message,
        });
    }

    /// Says that something is wrong, unless it was said already, no good state has been reached
    /// since, and it was not so long ago that it is worth repeating (reference §3.11).
    pub(super) fn complain(&mut self, message: String) {
        let good = super::events::steady(&self.before.key.name);
        let said = self.world.events_of(&self.before.key).rev();
        let said = self.events.iter().chain(said.take_while(|event| event.message != good));
        let last = said.filter(|event| event.message == message).map(|event| event.at).max();
        if last.is_none_or(|last| self.waited(last, waits::REPEAT)) {
            self.tell(message);
        }
    }

    /// Says what the service waits for.
    pub(super) fn note(&mut self, waiting: Waiting) {
        let subject = Subject::Service(self.before.key.clone());
        self.decision.notes.push(Note { subject, waiting });
    }

    // === Ending ===

    /// Whether the pass changed and said nothing.
    pub(super) fn is_idle(&self) -> bool {
        self.tasks.is_empty()
            && self.targets.is_empty()
            && self.others.is_empty()
            && self.events.is_empty()
            && self.decision.gone.is_empty()
            && self.service == *self.before
            && self.current.as_ref() == under_way(self.world, self.before)
    }

    /// Whether the pass has brought the service to rest.
    pub(super) fn is_at_rest(&self) -> bool {
        self.at_rest
    }

    /// When time alone brings something to do, if it does.
    pub(super) fn wakes_at(&self) -> Option<Timestamp> {
        self.decision.wake_at
    }

    /// What the service waits for.
    pub(super) fn into_notes(self) -> Vec<Note> {
        self.decision.notes
    }

    /// The decision, with the next pass planned.
    pub(super) fn finish(mut self, next_pass: Option<Timestamp>) -> Decision {
        let changed = self.current.as_ref() != under_way(self.world, self.before);
        let current = self.current.take().filter(|_| changed);
        self.service.next_pass = next_pass;
        let rows = self.tasks.into_values().map(Row::from);
        let rows = rows.chain(self.targets.into_values().map(Row::from));
        let rows = rows.chain(self.events.into_iter().map(Row::from));
        let rows = rows.chain(self.others).chain(current.map(Row::from));
        self.decision.rows = rows.chain([Row::from(self.service)]).collect();
        self.decision.wake_at = next_pass;
        self.decision
    }
}

fn under_way<'a>(world: &'a World, service: &Service) -> Option<&'a ServiceDeployment> {
    world.current_deployment(service).filter(|held| !held.has_ended())
}
