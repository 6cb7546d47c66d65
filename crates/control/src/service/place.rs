//! Where a service's new tasks go: zones stay balanced, and providers get their shares.

use super::look::Member;
use super::pass::Pass;
use super::victims;
use api::ecs::TaskOverride;
use model::{DeploymentId, SubnetId, ZoneName};
use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use world::cluster::StrategyItem;
use world::service::{PropagateTags, ServiceLaunch};
use world::task::{Launch, Origin};
use world::{Deployment, Service, Tags, Task, TaskDefinition, TaskOrder};

/// Where the tasks are that a new one is placed beside: those of the service, and those that the
/// same pass has placed already.
#[derive(Debug)]
pub(super) struct Placing {
    zones: BTreeMap<ZoneName, usize>,
    providers: BTreeMap<(DeploymentId, String), u32>,
    addresses: BTreeSet<Ipv4Addr>,
}

impl Placing {
    /// Beside these tasks. Zones are balanced over all of the service's tasks, providers over each
    /// deployment's.
    pub(super) fn beside(members: &[Member]) -> Self {
        let zones = victims::crowds(members);
        let mut placing = Self { zones, providers: BTreeMap::new(), addresses: BTreeSet::new() };
        for member in members {
            placing.remember_provider(&member.deployment, &member.launch);
        }
        placing
    }

    /// A new task of a deployment.
    ///
    /// # Errors
    /// Why there can be none, in AWS's words.
    pub(super) fn place(
        &mut self,
        pass: &mut Pass<'_>,
        deployment: &Deployment,
    ) -> Result<Task, String> {
        let world = pass.world;
        let definition = world.definitions.get(&deployment.definition);
        // The sweep keeps definitions that services use, so this one was taken away by hand.
        let definition = definition.ok_or_else(|| "Internal error".to_owned())?;
        let order = TaskOrder {
            cluster: pass.service.key.cluster.clone(),
            definition,
            origin: Origin::Service {
                service: pass.service.key.name.clone(),
                deployment: deployment.id.clone(),
            },
            group: None,
            started_by: Some(deployment.id.to_string()),
            launch: self.launch(deployment),
            subnets: self.subnets(pass, deployment),
            security_groups: deployment.network.security_groups.clone(),
            taken: self.addresses.clone(),
            overrides: TaskOverride::default(),
            exec: pass.service.exec,
            tags: tags(&pass.service, definition),
        };
        let task = Task::new(world, order, pass.ids, pass.moment.now);
        let task = task.map_err(|full| full.to_string())?;
        *self.zones.entry(task.eni.zone.clone()).or_default() += 1;
        self.addresses.insert(task.eni.address);
        self.remember_provider(&deployment.id, &task.launch);
        Ok(task)
    }

    fn remember_provider(&mut self, deployment: &DeploymentId, launch: &Launch) {
        if let Launch::Provider(provider) = launch {
            *self.providers.entry((deployment.clone(), provider.clone())).or_default() += 1;
        }
    }

    /// The deployment's subnets, those of the emptiest zone first.
    fn subnets(&self, pass: &Pass<'_>, deployment: &Deployment) -> Vec<SubnetId> {
        let mut subnets = deployment.network.subnets.clone();
        subnets.sort_by_key(|id| {
            let subnet = pass.world.subnet_place(id.as_str());
            subnet.map(|subnet| self.zones.get(&subnet.zone).copied().unwrap_or_default())
        });
        subnets
    }

    fn launch(&self, deployment: &Deployment) -> Launch {
        let ServiceLaunch::Strategy(items) = &deployment.launch else { return Launch::Fargate };
        let placed = |name: &str| {
            let key = (deployment.id.clone(), name.to_owned());
            self.providers.get(&key).copied().unwrap_or_default()
        };
        let next = StrategyItem::next(items, placed);
        // A strategy always has a weight above zero; without one the first provider does.
        next.map_or_else(|| deployment.launch.first(), |name| Launch::Provider(name.to_owned()))
    }
}

/// A task's tags: those that are propagated, and the two that ECS manages itself.
fn tags(service: &Service, definition: &TaskDefinition) -> Tags {
    let mut tags = match service.propagate_tags {
        PropagateTags::None => Tags::new(),
        PropagateTags::Service => service.tags.clone(),
        PropagateTags::TaskDefinition => definition.tags.clone(),
    };
    if service.managed_tags {
        tags.insert("aws:ecs:clusterName".to_owned(), service.key.cluster.to_string());
        tags.insert("aws:ecs:serviceName".to_owned(), service.key.name.to_string());
    }
    tags
}
