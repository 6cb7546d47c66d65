//! Runs verbs in a region.

use super::{ContainerLine, ServiceOption, Verb, set, show, wait};
use crate::build;
use crate::sim::client::{Deploy, service_key};
use crate::sim::{BEGIN, Sim};
use model::{LogGroupName, Pace, Span};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use world::service::ServiceStatus;
use world::{LogGroup, Row, RowKey, Tags, TaskDefinition, TaskKey};

/// The seed of a script's region: any would do, as long as it stays.
const SEED: u64 = 7;

/// A region with what was shown of it.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) sim: Sim,
    /// How many events of each service were shown.
    shown: BTreeMap<String, u64>,
}

impl Stage {
    /// A region as fast as the script's first line says.
    pub(super) fn new(verbs: &[(usize, Verb)]) -> Self {
        let pace = match verbs.first() {
            Some((_, Verb::Speed(pace))) => *pace,
            _ => Pace::REAL,
        };
        Self { sim: Sim::new(SEED, pace), shown: BTreeMap::new() }
    }

    /// Does what a line says; answers what it shows.
    pub(super) fn run(&mut self, verb: &Verb) -> Result<String, String> {
        match verb {
            Verb::Tick(span) => self.sim.advance(*span),
            Verb::Watch(span) => return Ok(self.watch(*span)),
            Verb::Until { who, state, limit } => return self.until(who, state, *limit),
            Verb::Wait(service, waiter) => return Ok(wait::wait(&mut self.sim, service, *waiter)),
            Verb::Show => return Ok(show::region(&self.sim)),
            Verb::Rollouts(service) => return Ok(show::rollouts(&self.sim, service)),
            Verb::Times(task) => return self.task(task).map(|key| show::times(&self.sim, &key)),
            Verb::Deployments(service) => return Ok(show::deployments(&self.sim, service)),
            Verb::Events(service) => return Ok(self.events(service)),
            Verb::Crash(down) => self.sim.crash(*down),
            Verb::Interrupt(down) => {
                if self.sim.advance_until(Span::minutes(2), Sim::is_acting) {
                    self.sim.crash(*down);
                }
            }
            Verb::Fail { task, container, code } => {
                let key = self.task(task)?;
                self.sim.exit(&key, container.as_deref().unwrap_or("app"), *code);
            }
            Verb::Starve(task) => {
                let key = self.task(task)?;
                self.sim.run_out_of_memory(&key, "app");
            }
            Verb::Answer { task, answer } => {
                let key = self.task(task)?;
                self.sim.answer(&key, *answer);
            }
            Verb::Health { task, code } => {
                let key = self.task(task)?;
                self.sim.probe(&key, *code);
            }
            Verb::Stop(task) => {
                let key = self.task(task)?;
                self.sim.stop(&key);
            }
            Verb::Deregister(task) => {
                let key = self.task(task)?;
                self.sim.deregister(&key);
            }
            Verb::Subnets(room) => self.sim.make_room(*room),
            other => return self.ask(other).map(|()| String::new()),
        }
        Ok(String::new())
    }

    fn ask(&mut self, verb: &Verb) -> Result<(), String> {
        match verb {
            Verb::Service { name, definition, options } => {
                let held = self.sim.world.services.get(&service_key(name));
                if held.is_some_and(|held| held.status != ServiceStatus::Inactive) {
                    return Err(format!("the service `{name}` is there"));
                }
                let mut service = build::service(name, definition);
                set::service(&mut service, options);
                self.sim.create(service);
            }
            Verb::Update { name, definition, options } => {
                let held = self.sim.world.services.get(&service_key(name));
                if held.is_none_or(|held| held.status != ServiceStatus::Active) {
                    return Err(format!("there is no service `{name}`"));
                }
                let forced = options.contains(&ServiceOption::Force);
                let deploy = if forced { Deploy::Forced } else { Deploy::IfChanged };
                self.sim.update(name, deploy, |service| {
                    set::service(service, options);
                    if let Some(definition) = definition {
                        service.definition = build::key(definition);
                    }
                });
            }
            Verb::StopDeployment(name, how) => self.sim.stop_deployment(name, *how),
            Verb::Continue(name, action) => self.sim.resolve_pauses(name, *action),
            Verb::Delete(name) => self.sim.delete(name),
            Verb::Unlisten(group) => self.sim.unlisten(group),
            Verb::Listen(group) => {
                self.sim.put([build::balancer(group, &build::group_arn(group)).1.into()]);
            }
            Verb::Ungroup(group) => {
                self.sim.unlisten(group);
                self.sim.change(|draft, _| {
                    draft.remove(RowKey::TargetGroup(build::group_arn(group)));
                });
            }
            Verb::Run(definition) => {
                self.sim.run(definition).ok_or("no address is left, or no such definition")?;
            }
            other => return self.set(other),
        }
        Ok(())
    }

    fn set(&mut self, verb: &Verb) -> Result<(), String> {
        match verb {
            Verb::Container(line) => self.define(line)?,
            Verb::Image { image, manner } => {
                self.sim.behave(image, |behaviour| set::behaviour(behaviour, manner));
            }
            Verb::Group { name, interval, delay } => {
                let group = set::group(name, *interval, *delay);
                let (balancer, listener) = build::balancer(name, &group.arn);
                self.sim.put([group.into(), balancer.into(), listener.into()]);
            }
            Verb::Pair { name, interval, delay } => {
                for group in [name.clone(), format!("{name}-2")] {
                    self.sim.put([set::group(&group, *interval, *delay).into()]);
                }
                for balancer in [name.clone(), format!("{name}-test")] {
                    let (balancer, listener) = build::paired_balancer(&balancer, name);
                    self.sim.put([balancer.into(), listener.into()]);
                }
            }
            Verb::Alarm { name, state, looks_back } => {
                self.sim.set_alarm(name, *state);
                if let Some(looks_back) = looks_back {
                    self.sim.look_back(name, *looks_back);
                }
            }
            Verb::Parameter(name, value) => self.sim.put([build::parameter(name, value)]),
            Verb::Secret(name, value) => {
                let secret = set::secret(name, value, self.sim.now());
                self.sim.put([secret.into()]);
            }
            Verb::LogGroup(name) => {
                self.sim.put([log_group(name)]);
            }
            // The region was made at its speed.
            _ => {}
        }
        Ok(())
    }

    /// A definition's first container replaces the one that builders give it.
    fn define(&mut self, line: &ContainerLine) -> Result<(), String> {
        let spec = set::container(line)?;
        let held = self.sim.world.definitions.get(&build::key(&line.definition)).cloned();
        let mut definition = held.unwrap_or_else(|| TaskDefinition {
            containers: Vec::new(),
            ..build::definition(&line.definition)
        });
        definition.containers.push(spec);
        self.sim.put([definition.into()]);
        Ok(())
    }

    fn task(&self, name: &str) -> Result<TaskKey, String> {
        let (owner, number) = name.rsplit_once('.').unwrap_or((name, ""));
        let task = number.parse().ok().and_then(|number| self.sim.task(owner, number));
        task.ok_or_else(|| format!("there is no task `{name}`"))
    }

    fn watch(&mut self, span: Span) -> String {
        drop(self.sim.take_timeline());
        self.sim.advance(span);
        self.sim.take_timeline().into_iter().fold(String::new(), |mut text, (at, line)| {
            let _ = writeln!(text, "  {} {line}", show::age(at));
            text
        })
    }

    fn until(&mut self, who: &str, state: &str, limit: Span) -> Result<String, String> {
        let (who, state) = (who.to_owned(), state.to_owned());
        let began = self.sim.now();
        if !self.sim.advance_until(limit, |sim| is_so(sim, &who, &state)) {
            return Err(format!(
                "{who} is not {state} after {limit}:\n{}",
                show::region(&self.sim)
            ));
        }
        Ok(format!("  after {}\n", show::seconds(self.sim.now().since(began))))
    }

    fn events(&mut self, name: &str) -> String {
        let shown = self.shown.entry(name.to_owned()).or_default();
        let key = service_key(name);
        let events = self.sim.world.events_of(&key).filter(|event| event.key.number >= *shown);
        let mut text = String::new();
        let mut next = *shown;
        for event in events {
            let at = show::age(event.at.since(BEGIN));
            let _ = writeln!(text, "  {at} {}", self.sim.named(&event.message));
            next = event.key.number + 1;
        }
        *shown = next;
        text
    }
}

fn is_so(sim: &Sim, who: &str, state: &str) -> bool {
    let (owner, number) = who.rsplit_once('.').unwrap_or((who, ""));
    if let Ok(number) = number.parse() {
        let task = sim.task(owner, number).and_then(|key| sim.world.tasks.get(&key));
        return match task {
            Some(task) => task.phase.as_str() == state,
            None => state == "gone",
        };
    }
    let service = sim.world.services.get(&service_key(who));
    match (service, state) {
        (None, state) => state == "gone",
        (Some(service), "steady") => service.steady_since.is_some(),
        (Some(service), "INACTIVE") => service.status == ServiceStatus::Inactive,
        (Some(service), state) => {
            service.primary().is_some_and(|primary| primary.rollout.as_str() == state)
        }
    }
}

fn log_group(name: &str) -> Row {
    Row::from(LogGroup {
        name: LogGroupName::from(name),
        created_at: BEGIN,
        retention_days: None,
        class: "STANDARD".to_owned(),
        kms_key: None,
        protected: false,
        tags: Tags::new(),
    })
}
