//! How a task begins.
//!
//! Both who makes tasks, the scheduler and `RunTask`, make them here, so that a task looks the same
//! whoever asked for it.

use super::{Attachment, Launch, Origin, Outcome, Phase, Task, TaskKey, Times};
use crate::vpc::SubnetPlace;
use crate::{Container, ContainerState, Eni, Stored, Subnet, Tags, TaskDefinition, World};
use api::ecs::{ContainerOverride, TaskOverride};
use model::{ClusterName, Ids, SecurityGroupId, SubnetId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::Ipv4Addr;

/// What a new task is made of; everything else of it follows.
#[derive(Debug, Clone)]
pub struct TaskOrder<'a> {
    /// The cluster it runs in.
    pub cluster: ClusterName,
    /// What it runs.
    pub definition: &'a TaskDefinition,
    /// Who asks for it.
    pub origin: Origin,
    /// The group that `RunTask` gave. Absent: `service:<name>` or `family:<family>`.
    pub group: Option<String>,
    /// The deployment's id, or what `RunTask` gave.
    pub started_by: Option<String>,
    /// Launch type or capacity provider.
    pub launch: Launch,
    /// Subnets of the VPC. For a service they are tried in this order, which keeps its zones
    /// balanced; for `RunTask`, which has no order, the first to be tried is left to chance.
    pub subnets: Vec<SubnetId>,
    /// Security groups; the VPC's default one when there are none.
    pub security_groups: Vec<SecurityGroupId>,
    /// Addresses that are taken though the World does not know it yet: those of tasks that are made
    /// in the same breath.
    pub taken: BTreeSet<Ipv4Addr>,
    /// What `RunTask` overrides, checked and with `cpu` and `memory` as digits.
    pub overrides: TaskOverride,
    /// Whether `ExecuteCommand` is to work.
    pub exec: bool,
    /// Tags.
    pub tags: Tags,
}

/// No subnet of an order has a free address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAddress {
    /// The subnet that was tried last.
    pub subnet: SubnetId,
}

impl Task {
    /// A new task, PROVISIONING, with an address of its own.
    ///
    /// # Errors
    /// When no subnet of the order is one of the VPC's with a free address.
    pub fn new(
        world: &World,
        order: TaskOrder<'_>,
        ids: &mut Ids,
        now: Timestamp,
    ) -> Result<Self, NoAddress> {
        let eni = order.interface(world, ids)?;
        let key = TaskKey { cluster: order.cluster.clone(), id: ids.task() };
        let overridden = |text: &Option<String>| text.as_ref().and_then(|n| n.parse().ok());
        let cpu = overridden(&order.overrides.cpu).or(order.definition.cpu);
        let memory = overridden(&order.overrides.memory).or(order.definition.memory);
        Ok(Self {
            key,
            definition: order.definition.key.clone(),
            group: order.group(),
            phase: Phase::Provisioning,
            phase_since: now,
            stop: None,
            times: Times { created: now, ..Times::default() },
            eni,
            attachment: Attachment::Precreated,
            containers: order.containers(ids),
            overrides: Stored(order.echoed_overrides()),
            cpu: cpu.unwrap_or_default(),
            memory: memory.unwrap_or_default(),
            exec: order.exec,
            secrets: BTreeMap::new(),
            outcome: Outcome::Open,
            version: 1,
            origin: order.origin,
            started_by: order.started_by,
            launch: order.launch,
            tags: order.tags,
        })
    }
}

// === impl TaskOrder ===

impl TaskOrder<'_> {
    fn group(&self) -> String {
        self.group.clone().unwrap_or_else(|| match &self.origin {
            Origin::Service { service, .. } => format!("service:{service}"),
            Origin::Run => format!("family:{}", self.definition.key.family),
        })
    }

    fn containers(&self, ids: &mut Ids) -> Vec<Container> {
        let container = |spec: &crate::ContainerSpec| Container {
            name: spec.name.clone(),
            id: ids.uuid(),
            state: ContainerState::Pending,
            health: crate::ContainerHealth::default(),
            image_digest: None,
            runtime_id: None,
            ports: Vec::new(),
            restarts: 0,
        };
        self.definition.containers.iter().map(container).collect()
    }

    /// The overrides as AWS echoes them: every container is listed, also when nothing of it is
    /// overridden (reference §1.3).
    fn echoed_overrides(&self) -> TaskOverride {
        let given = self.overrides.container_overrides.as_deref().unwrap_or_default();
        let echo = |spec: &crate::ContainerSpec| {
            let name = spec.name.as_str();
            let given = given.iter().find(|item| item.name.as_deref() == Some(name)).cloned();
            given.unwrap_or_else(|| ContainerOverride {
                name: Some(name.to_owned()),
                ..ContainerOverride::default()
            })
        };
        TaskOverride {
            container_overrides: Some(self.definition.containers.iter().map(echo).collect()),
            inference_accelerator_overrides: Some(Vec::new()),
            ..self.overrides.clone()
        }
    }

    /// A network interface in the first subnet that has an address left.
    fn interface(&self, world: &World, ids: &mut Ids) -> Result<Eni, NoAddress> {
        let first = match self.origin {
            Origin::Service { .. } => 0,
            Origin::Run => ids.below(self.subnets.len()),
        };
        let (before, after) = self.subnets.split_at(first);
        let mut tried = SubnetId::default();
        for id in after.iter().chain(before) {
            tried.clone_from(id);
            let Some(place) = world.subnet_place(id.as_str()) else { continue };
            if let Some(address) = self.address(world, place.ground, ids) {
                return Ok(self.interface_at(address, &place, world, ids));
            }
        }
        Err(NoAddress { subnet: tried })
    }

    fn interface_at(
        &self,
        address: Ipv4Addr,
        place: &SubnetPlace<'_>,
        world: &World,
        ids: &mut Ids,
    ) -> Eni {
        let mut security_groups = self.security_groups.clone();
        if security_groups.is_empty() {
            security_groups.push(world.default_group(&place.vpc));
        }
        Eni {
            attachment: ids.uuid(),
            id: format!("eni-{}", ids.hex(17)),
            mac: mac(&ids.hex(10)),
            subnet: place.id.clone(),
            zone: place.zone.clone(),
            address,
            security_groups,
        }
    }

    /// A free address of a subnet. The search begins at a random one: an address that was just
    /// given back is then unlikely to be given out again while a client still remembers it.
    fn address(&self, world: &World, subnet: &Subnet, ids: &mut Ids) -> Option<Ipv4Addr> {
        let addresses: u16 = 4096;
        let start = u16::try_from(ids.below(addresses.into())).unwrap_or(0);
        let numbers = (start..addresses).chain(0..start);
        let mut addresses = numbers.filter_map(|n| world.vpc.address(subnet, n));
        addresses.find(|free| !self.taken.contains(free) && !world.address_taken(*free))
    }
}

/// Ten hexadecimal digits as a MAC address that is marked as locally administered.
fn mac(hex: &str) -> String {
    let pairs = hex.as_bytes().chunks(2).map(String::from_utf8_lossy);
    pairs.fold("02".to_owned(), |mac, pair| format!("{mac}:{pair}"))
}

/// AWS's text (reference §1.5; its tail is not verified).
impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Unexpected EC2 error while attempting to Create Network Interface with public IP \
             assignment enabled in subnet '{}': InsufficientFreeAddressesInSubnet",
            self.subnet
        )
    }
}

impl std::error::Error for NoAddress {}
