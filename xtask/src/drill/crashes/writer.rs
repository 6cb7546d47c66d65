//! Clients that change one thing after the other until the region is away.

use super::book::Book;
use super::stage::{CLUSTER, ONCE, SERVICE, Stage};
use super::thing::Thing;
use crate::drill::call::{Caller, Trouble};
use crate::drill::chance::Chance;
use serde_json::json;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How many parameters, secrets and log groups come and go.
const NAMES: u64 = 12;

/// The most tasks that the service is told to have.
const MOST: u64 = 3;

/// How long one waits between two changes at most: those of the service need some time to have
/// an effect.
const BREATHS: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(10)];

/// What a client changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interest {
    /// The service, its task definition and its tasks.
    Service,
    /// Parameters, secrets and log groups.
    Data,
}

/// A client.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) interest: Interest,
    pub(super) stage: Stage,
    pub(super) chance: Chance,
    pub(super) book: Book,
}

impl Writer {
    /// Changes things until the region is away. A refusal is an error: nothing that is asked for
    /// here is wrong.
    pub(super) fn start(mut self) -> JoinHandle<Result<Self, String>> {
        thread::spawn(move || {
            loop {
                match self.change() {
                    Ok(()) => {}
                    Err(Trouble::Away(_)) => return Ok(self),
                    Err(refused) => return Err(format!("{:?}: {refused}", self.interest)),
                }
                let breath = BREATHS[usize::from(self.interest == Interest::Data)];
                thread::sleep(self.chance.shorter_than(breath));
            }
        })
    }

    fn change(&mut self) -> Result<(), Trouble> {
        let caller = self.stage.caller;
        match (self.interest, self.chance.below(6)) {
            (Interest::Service, 0 | 1) => {
                let count = 1 + self.chance.below(MOST);
                self.book.change(caller, &Thing::Count, Some(count.to_string()))
            }
            (Interest::Service, 2 | 3) => self.roll(caller),
            (Interest::Service, 4) => self.run(caller),
            (Interest::Service, _) => self.stop(caller),
            (Interest::Data, 0 | 1) => self.toggle(Thing::Parameter),
            (Interest::Data, 2 | 3) => self.toggle(Thing::Secret),
            (Interest::Data, _) => self.toggle(Thing::LogGroup),
        }
    }

    /// Makes something, changes it, or takes it away.
    fn toggle(&mut self, thing: impl Fn(u64) -> Thing) -> Result<(), Trouble> {
        let thing = thing(self.chance.below(NAMES));
        let is_there = self.book.worth(&thing).is_some();
        let worth = match (&thing, is_there) {
            // A new group keeps everything; AWS has a list of the other retentions.
            (Thing::LogGroup(_), false) => "0".to_owned(),
            (Thing::LogGroup(_), true) => {
                let days = [1, 3, 5, 7, 14, 30];
                self.chance.pick(&days).map(ToString::to_string).unwrap_or_default()
            }
            _ => format!("worth-{}", self.chance.below(1 << 60)),
        };
        let goes = is_there && self.chance.one_in(3);
        self.book.change(self.stage.caller, &thing, (!goes).then_some(worth))
    }

    /// A new revision, and the service that is to have it.
    fn roll(&mut self, caller: Caller) -> Result<(), Trouble> {
        let revision = self.chance.below(1_000_000).to_string();
        let made = caller.ecs("RegisterTaskDefinition", &self.stage.definition(&revision))?;
        let arn = made["taskDefinition"]["taskDefinitionArn"].as_str().unwrap_or_default();
        self.book.note(Thing::Definition(arn.to_owned()), Some("ACTIVE".to_owned()));
        self.book.change(caller, &Thing::Revision, Some(arn.to_owned()))
    }

    /// A task that ends by itself.
    fn run(&mut self, caller: Caller) -> Result<(), Trouble> {
        let run = json!({
            "cluster": CLUSTER, "taskDefinition": ONCE, "launchType": "FARGATE",
            "networkConfiguration": self.stage.network,
        });
        let ran = caller.ecs("RunTask", &run)?;
        let arn = ran["tasks"][0]["taskArn"].as_str().unwrap_or_default();
        self.book.note(Thing::Task(arn.to_owned()), Some(String::new()));
        Ok(())
    }

    /// Stops one of the service's tasks, which is replaced.
    fn stop(&mut self, caller: Caller) -> Result<(), Trouble> {
        let listed =
            caller.ecs("ListTasks", &json!({ "cluster": CLUSTER, "serviceName": SERVICE }))?;
        let arns = listed["taskArns"].as_array().cloned().unwrap_or_default();
        let Some(arn) = self.chance.pick(&arns) else { return Ok(()) };
        caller.ecs("StopTask", &json!({ "cluster": CLUSTER, "task": arn })).map(drop)
    }
}
