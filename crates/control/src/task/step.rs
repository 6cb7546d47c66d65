//! One step of one task: what is read, what becomes of the task, what goes with it.

use super::open;
use crate::decision::{Decision, Moment, Note, Waiting};
use crate::subject::Subject;
use model::{Ids, Span, Timestamp};
use world::{Container, ContainerSpec, Phase, Row, Task, TaskDefinition, World};

/// A task under decision.
pub(super) struct Step<'a> {
    pub(super) world: &'a World,
    pub(super) moment: Moment,
    pub(super) ids: &'a mut Ids,
    /// The task's definition. It is kept for as long as a task runs it, so it is missing only when
    /// somebody took it out of the World by hand.
    pub(super) definition: Option<&'a TaskDefinition>,
    /// The task as it was.
    before: &'a Task,
    /// The task as it is to be.
    pub(super) task: Task,
    /// Rows that go with it: log groups and streams.
    pub(super) rows: Vec<Row>,
    decision: Decision,
}

impl<'a> Step<'a> {
    pub(super) fn of(world: &'a World, task: &'a Task, moment: Moment, ids: &'a mut Ids) -> Self {
        Self {
            world,
            moment,
            ids,
            definition: world.definitions.get(&task.definition),
            before: task,
            task: task.clone(),
            rows: Vec::new(),
            decision: Decision::nothing(),
        }
    }

    /// Now.
    pub(super) fn now(&self) -> Timestamp {
        self.moment.now
    }

    /// Moves the task to a later phase.
    pub(super) fn enter(&mut self, phase: Phase) {
        self.task.enter(phase, self.moment.now);
    }

    /// Whether an AWS-side wait that began at `since` is over; if not, asks to be called when it is.
    pub(super) fn waited(&mut self, since: Timestamp, on_aws: Span) -> bool {
        self.passed(since + self.moment.pace.wait(on_aws))
    }

    /// Whether it is `due` already; if not, asks to be called when it is.
    pub(super) fn passed(&mut self, due: Timestamp) -> bool {
        let passed = self.moment.now >= due;
        if !passed {
            self.decision.wake(due);
        }
        passed
    }

    /// Says what the task waits for.
    pub(super) fn note(&mut self, waiting: Waiting) {
        let subject = Subject::Task(self.task.key.clone());
        self.decision.notes.push(Note { subject, waiting });
    }

    /// How a container is to run, as the definition says.
    pub(super) fn spec(&self, container: &Container) -> Option<&'a ContainerSpec> {
        self.definition.and_then(|definition| definition.container(container.name.as_str()))
    }

    /// The decision: the changed rows, and the actions that they add.
    pub(super) fn finish(mut self) -> Decision {
        if self.task == *self.before {
            return self.decision;
        }
        self.decision.actions = open::added(self.world, self.before, &self.task);
        self.decision.rows = self.rows;
        self.decision.rows.push(Row::from(self.task));
        self.decision
    }
}
