//! What a client does with a region: the rows that handlers would write, without their checks.

use super::{Answer, Sim};
use crate::build;
use crate::script::Room;
use model::{ContainerName, Ids, ServiceName, Span};
use std::collections::BTreeSet;
use world::service::deployment::StopType;
use world::service::{HookAction, ServiceStatus};
use world::task::{ContainerReport, Launch, Origin};
use world::{
    Alarm, AlarmState, Draft, Row, RowKey, Service, ServiceKey, StopCode, Tags, TargetState, Task,
    TaskDefinition, TaskKey, TaskOrder, TaskReport,
};

impl Sim {
    /// `CreateService`: the service with its first deployment. One that takes the name of a deleted
    /// one begins without the other's events and history.
    pub fn create(&mut self, mut service: Service) {
        let now = self.now();
        self.change(|draft, ids| {
            service.created_at = now;
            let key = &service.key;
            let events = draft.events_of(key).map(|held| RowKey::ServiceEvent(held.key.clone()));
            let deployments = draft.service_deployments_of(key);
            let deployments = deployments.map(|held| RowKey::ServiceDeployment(held.key.clone()));
            let revisions = draft.revisions_of_service(key);
            let revisions = revisions.map(|held| RowKey::ServiceRevision(held.key.clone()));
            let old: Vec<_> = events.chain(deployments).chain(revisions).collect();
            old.into_iter().for_each(|key| draft.remove(key));
            draft.deploy(service, ids, now);
        });
    }

    /// `UpdateService`: a new deployment when what it runs has changed, or when it is forced.
    pub fn update(&mut self, name: &str, deploy: Deploy, change: impl FnOnce(&mut Service)) {
        let (key, now) = (service_key(name), self.now());
        self.change(|draft, ids| {
            let Some(mut service) = draft.services.get(&key).cloned() else { return };
            let before = service.definition.clone();
            change(&mut service);
            if deploy == Deploy::Forced || service.definition != before {
                draft.deploy(service, ids, now);
            } else {
                draft.put(service);
            }
        });
    }

    /// `StopServiceDeployment` of a service's newest one; nothing happens when it has ended.
    pub fn stop_deployment(&mut self, name: &str, how: StopType) {
        let (key, now) = (service_key(name), self.now());
        self.change(|draft, _| {
            let Some(service) = draft.services.get(&key) else { return };
            let held = draft.current_deployment(service);
            if let Some(asked) = held.and_then(|held| held.asked(how, now)) {
                draft.put(asked);
            }
        });
    }

    /// `ContinueServiceDeployment` of whatever a service's newest deployment waits for.
    pub fn resolve_pauses(&mut self, name: &str, action: HookAction) {
        let key = service_key(name);
        self.change(|draft, _| {
            let Some(service) = draft.services.get(&key) else { return };
            let Some(mut held) = draft.current_deployment(service).cloned() else { return };
            for pause in held.pauses.clone() {
                held.resolve(&pause.id, action);
            }
            draft.put(held);
        });
    }

    /// `SetAlarmState`; the alarm is made when it is not there.
    pub fn set_alarm(&mut self, name: &str, state: AlarmState) {
        let now = self.now();
        let held = self.world.alarms.get(name).cloned();
        let alarm = held.unwrap_or_else(|| Alarm::new(name.into(), now));
        self.put([Alarm { state, since: now, ..alarm }.into()]);
    }

    /// `PutMetricAlarm` with a period that its metric is looked back on once.
    pub fn look_back(&mut self, name: &str, span: Span) {
        let held = self.world.alarms.get(name).cloned();
        let now = self.now();
        let mut alarm = held.unwrap_or_else(|| Alarm::new(name.into(), now));
        alarm.settings.0.period = i32::try_from(span.as_millis() / 1000).ok();
        self.put([alarm.into()]);
    }

    /// `DeleteService` with force.
    pub fn delete(&mut self, name: &str) {
        let key = service_key(name);
        self.change(|draft, _| {
            let held = draft.services.get(&key).filter(|held| held.status == ServiceStatus::Active);
            if let Some(service) = held.cloned() {
                let status = ServiceStatus::Draining;
                draft.put(Service { status, desired_count: 0, ..service });
            }
        });
    }

    /// `RunTask`; answers the task, unless there is no address left.
    pub fn run(&mut self, definition: &str) -> Option<TaskKey> {
        let (key, now) = (build::key(definition), self.now());
        let mut made = None;
        self.change(|draft, ids| {
            let Some(definition) = draft.definitions.get(&key).cloned() else { return };
            if let Ok(task) = Task::new(draft, order(&definition), ids, now) {
                made = Some(task.key.clone());
                draft.put(task);
            }
        });
        made
    }

    /// `StopTask`.
    pub fn stop(&mut self, task: &TaskKey) {
        let now = self.now();
        self.edit_task(task, |task| {
            task.stop_for(StopCode::UserInitiated, "Task stopped by user", now);
        });
    }

    /// `DeregisterTargets` of a task's targets, by somebody else than its service.
    pub fn deregister(&mut self, task: &TaskKey) {
        let (now, pace) = (self.now(), self.moment.pace);
        let address = self.world.tasks.get(task).map(|task| task.eni.address.to_string());
        self.change(|draft, _| {
            let targets =
                draft.targets.iter().filter(|held| Some(&held.key.id) == address.as_ref());
            for target in targets.cloned().collect::<Vec<_>>() {
                let group = draft.target_groups.get(&target.key.group);
                let delay = group.map(world::TargetGroup::deregistration_delay);
                let until = now + pace.wait(delay.unwrap_or_default());
                draft.put(target.turned(TargetState::Draining { until }, now));
            }
        });
    }

    /// The weights of a load balancer's listener, in the order of its groups.
    #[must_use]
    pub fn weights(&self, name: &str) -> Vec<(String, u32)> {
        let rule = self.world.rule_with(&build::rule_arn(name));
        let groups = rule.into_iter().flat_map(world::balancer::RuleRef::forwards);
        groups.map(|held| (held.group.to_string(), held.weight)).collect()
    }

    /// `DeleteListener` of a target group's load balancer.
    pub fn unlisten(&mut self, group: &str) {
        let (_, listener) = build::balancer(group, &build::group_arn(group));
        self.change(|draft, _| draft.remove(RowKey::Listener(listener.arn)));
    }

    /// A container exits by itself.
    pub fn exit(&mut self, task: &TaskKey, container: &str, code: i32) {
        let key = (task.clone(), ContainerName::from(container));
        let attempt = self.hands.processes.get(&key).map(|process| process.attempt);
        let ended = attempt.and_then(|attempt| self.hands.ended(&key, attempt, code));
        if let Some((task, report)) = ended {
            self.report(&task, &report);
        }
    }

    /// A container is killed for the memory that it takes.
    pub fn run_out_of_memory(&mut self, task: &TaskKey, container: &str) {
        let key = (task.clone(), ContainerName::from(container));
        let attempt = self.hands.processes.get(&key).map(|process| process.attempt);
        if attempt.is_some_and(|attempt| self.hands.ended(&key, attempt, 137).is_some()) {
            let report = ContainerReport::Exited { code: 137, out_of_memory: true };
            self.report(task, &TaskReport::Container(key.1, report));
        }
    }

    /// Whether new tasks find an address from now on: without subnets there is none.
    pub fn make_room(&mut self, room: Room) {
        let subnets = match room {
            Room::Full => Vec::new(),
            Room::Free => build::world().vpc.subnets,
        };
        self.world.vpc.subnets = subnets;
    }

    /// What requests to a task's containers come to from now on.
    pub fn answer(&mut self, task: &TaskKey, answer: Answer) {
        for (_, process) in self.hands.processes.iter_mut().filter(|((key, _), _)| key == task) {
            process.answers = Some(answer);
        }
    }

    /// What the health checks of a task's containers come to from now on: an exit code.
    pub fn probe(&mut self, task: &TaskKey, code: i32) {
        for (_, process) in self.hands.processes.iter_mut().filter(|((key, _), _)| key == task) {
            process.passes = Some(code == 0);
        }
    }

    /// The `number`th task that a service ever started, counted from 1.
    #[must_use]
    pub fn task(&self, owner: &str, number: usize) -> Option<TaskKey> {
        self.names.task(&format!("{owner}.{number}")).cloned()
    }

    fn edit_task(&mut self, key: &TaskKey, edit: impl FnOnce(&mut Task)) {
        self.change(|draft: &mut Draft, _: &mut Ids| {
            if let Some(mut task) = draft.tasks.get(key).cloned() {
                edit(&mut task);
                draft.put(Row::from(task));
            }
        });
    }
}

/// Whether an update begins a deployment though nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deploy {
    /// `forceNewDeployment`.
    Forced,
    /// Only when something has changed.
    IfChanged,
}

/// A service of the builders' cluster.
pub(crate) fn service_key(name: &str) -> ServiceKey {
    ServiceKey { cluster: build::CLUSTER.into(), name: ServiceName::from(name) }
}

fn order(definition: &TaskDefinition) -> TaskOrder<'_> {
    TaskOrder {
        cluster: build::CLUSTER.into(),
        definition,
        origin: Origin::Run,
        group: None,
        started_by: None,
        launch: Launch::Fargate,
        subnets: build::service("", "").network.subnets,
        security_groups: Vec::new(),
        taken: BTreeSet::new(),
        overrides: Default::default(),
        exec: false,
        tags: Tags::new(),
    }
}
