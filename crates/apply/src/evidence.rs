//! Gathers what is known of tasks in trouble: their definitions, the last lines of their logs, how
//! their target groups check health.
//!
//! Only tasks in trouble are asked about, and what does not change is asked once, so that a service
//! that is well costs nothing. What can't be learned is a gap in the evidence and no failure: who
//! wants to know why something failed is not helped by another failure.

mod log;
mod mask;

use crate::client::{CallError, Client};
use crate::now;
use api::ecs::{
    DescribeTaskDefinition, DescribeTaskDefinitionRequest, Service, Task, TaskDefinition,
};
use api::elbv2::{DescribeTargetGroups, DescribeTargetGroupsInput, TargetGroup};
use futures_util::future::join_all;
use mask::Hiding;
use plan::Sight;
use plan::diagnosis::{Case, Evidence, Probe, troubled};
use plan::wish::ArtifactKind;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How many tasks are looked into. Tasks of one deployment fail alike; the newest tell enough.
const TASKS: usize = 8;

/// How long after a task has stopped its log may still grow: lines travel apart from the news.
const SETTLING: Duration = Duration::from_secs(3);

/// Gathers evidence, and remembers what does not change.
#[derive(Debug)]
pub struct Gathering {
    kind: ArtifactKind,
    definitions: BTreeMap<String, TaskDefinition>,
    groups: BTreeMap<String, TargetGroup>,
    hidings: BTreeMap<String, Hiding>,
    settled: BTreeMap<String, Case>,
    stopped: BTreeMap<String, Instant>,
}

impl Gathering {
    /// A gathering about tasks that are made of this.
    #[must_use]
    pub fn new(kind: ArtifactKind) -> Self {
        Self {
            kind,
            definitions: BTreeMap::new(),
            groups: BTreeMap::new(),
            hidings: BTreeMap::new(),
            settled: BTreeMap::new(),
            stopped: BTreeMap::new(),
        }
    }

    /// What is known of a service and of its tasks in trouble. What health check commands printed AWS
    /// does not tell; who knows it gives it, by the ids of the tasks.
    pub async fn look(
        &mut self,
        client: &Client,
        sight: &Sight,
        probes: &[(String, Probe)],
    ) -> Evidence {
        let mut evidence = Evidence::of(sight, self.kind, now());
        let mut tasks = troubled(sight, evidence.since);
        tasks.sort_by_key(|task| std::cmp::Reverse(task.stopping_at.or(task.started_at)));
        tasks.truncate(TASKS);
        if tasks.is_empty() {
            return evidence;
        }
        evidence.cases = self.cases(client, &tasks, probes).await;
        evidence.groups = self.groups(client, &sight.service).await;
        evidence
    }

    /// What is known of a task that ran for a service, and of nothing else.
    pub async fn look_at(&mut self, client: &Client, service: &str, task: &Task) -> Evidence {
        let service = Service { service_name: Some(service.to_owned()), ..Default::default() };
        let sight = Sight { service, ..Sight::default() };
        let mut evidence = Evidence::of(&sight, self.kind, now());
        evidence.cases = self.cases(client, &[task], &[]).await;
        evidence
    }

    /// What is known of tasks, in their order. Logs are read at the same time; what tasks have in
    /// common is asked once.
    async fn cases(
        &mut self,
        client: &Client,
        tasks: &[&Task],
        probes: &[(String, Probe)],
    ) -> Vec<Case> {
        let mut cases = Vec::new();
        for task in tasks {
            cases.push(self.case(client, task, probes).await);
        }
        let unread = cases.iter_mut().filter(|case| !self.settled.contains_key(arn(&case.task)));
        join_all(unread.map(|case| read_log(client, case))).await;
        for case in &mut cases {
            if !self.settled.contains_key(arn(&case.task)) {
                self.hide_secrets(client, case).await;
                self.settle(case);
            }
        }
        cases
    }

    /// What is known of a task without its log; all of it when it does not change any more.
    async fn case(&mut self, client: &Client, task: &Task, probes: &[(String, Probe)]) -> Case {
        if let Some(case) = self.settled.get(arn(task)) {
            return Case { task: task.clone(), ..case.clone() };
        }
        let mut case = Case { task: task.clone(), ..Case::default() };
        match self.definition(client, task).await {
            Ok(definition) => {
                let id = arn(task).rsplit('/').next();
                let own = probes.iter().filter(|(task, _)| Some(task.as_str()) == id);
                case.probes = own.map(|(_, probe)| probe.clone()).collect();
                case.definition = Some(definition);
            }
            Err(why) => case.gaps.push(format!("its task definition can't be read: {why}")),
        }
        case
    }

    /// Remembers what is known of a task that has stopped, once its log has ended too.
    fn settle(&mut self, case: &Case) {
        if case.task.last_status.as_deref() == Some("STOPPED") {
            let arn = arn(&case.task).to_owned();
            let stopped = self.stopped.entry(arn.clone()).or_insert_with(Instant::now);
            if stopped.elapsed() > SETTLING {
                self.settled.insert(arn, case.clone());
            }
        }
    }

    async fn definition(
        &mut self,
        client: &Client,
        task: &Task,
    ) -> Result<TaskDefinition, CallError> {
        let arn = task.task_definition_arn.clone().unwrap_or_default();
        if let Some(held) = self.definitions.get(&arn) {
            return Ok(held.clone());
        }
        let request = DescribeTaskDefinitionRequest { task_definition: arn.clone(), include: None };
        let found = client.call::<DescribeTaskDefinition>(request).await?;
        let definition = found.task_definition.unwrap_or_default();
        self.definitions.insert(arn, definition.clone());
        Ok(definition)
    }

    /// Makes what was said by programs fit to be shown.
    async fn hide_secrets(&mut self, client: &Client, case: &mut Case) {
        let Some(definition) = &case.definition else { return };
        if case.log.is_empty() && case.probes.is_empty() {
            return;
        }
        let arn = definition.task_definition_arn.clone().unwrap_or_default();
        if !self.hidings.contains_key(&arn) {
            self.hidings.insert(arn.clone(), mask::of(client, definition).await);
        }
        let Some(hiding) = self.hidings.get(&arn) else { return };
        case.withheld = hiding.withheld();
        for line in &mut case.log {
            line.text = hiding.line(&line.text);
        }
        if case.withheld.is_some() {
            case.probes.clear();
        }
        for probe in &mut case.probes {
            let lines: Vec<String> = probe.output.lines().map(|line| hiding.line(line)).collect();
            probe.output = lines.join("\n");
        }
    }

    async fn groups(&mut self, client: &Client, service: &Service) -> Vec<TargetGroup> {
        let mut groups = Vec::new();
        for held in service.load_balancers.iter().flatten() {
            let Some(arn) = held.target_group_arn.clone() else { continue };
            if !self.groups.contains_key(&arn) {
                let request = DescribeTargetGroupsInput {
                    target_group_arns: Some(vec![arn.clone()]),
                    ..Default::default()
                };
                let found = client.call::<DescribeTargetGroups>(request).await;
                // How health is checked is good to know, and no more.
                let found = found.ok().and_then(|found| found.target_groups);
                self.groups.extend(found.into_iter().flatten().map(|group| (arn.clone(), group)));
            }
            groups.extend(self.groups.get(&arn).cloned());
        }
        groups
    }
}

async fn read_log(client: &Client, case: &mut Case) {
    if let Some(definition) = &case.definition {
        case.log = log::tail(client, definition, &case.task, &mut case.gaps).await;
    }
}

fn arn(task: &Task) -> &str {
    task.task_arn.as_deref().unwrap_or_default()
}
