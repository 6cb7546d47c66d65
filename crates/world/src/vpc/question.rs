//! What other services ask of networks.

use super::{InternetGateway, Network, NetworkSubnet, RouteTable, SecurityGroup, defaults};
use crate::{Subnet, World};
use model::{InternetGatewayId, RouteTableId, SecurityGroupId, SubnetId, VpcId, ZoneName};

/// Where a subnet is, and where its tasks really get their addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubnetPlace<'a> {
    /// The subnet's own id.
    pub id: SubnetId,
    /// Its VPC.
    pub vpc: VpcId,
    /// Its zone.
    pub zone: ZoneName,
    /// The local VPC's subnet in that zone: itself, if it is that one.
    pub ground: &'a Subnet,
}

impl World {
    /// All VPCs, the local one first.
    pub fn all_networks(&self) -> impl Iterator<Item = Network> + '_ {
        let default = self.networks.get(&self.vpc.id).is_none().then(|| defaults::network(self));
        default.into_iter().chain(self.networks.iter().cloned())
    }

    /// All subnets, those of the local VPC first.
    pub fn all_subnets(&self) -> impl Iterator<Item = NetworkSubnet> + '_ {
        let defaults = defaults::subnets(self);
        let untouched = defaults.filter(|subnet| !self.subnets.contains(&subnet.id));
        untouched.chain(self.subnets.iter().cloned())
    }

    /// All internet gateways.
    pub fn all_internet_gateways(&self) -> impl Iterator<Item = InternetGateway> + '_ {
        [defaults::gateway(self)].into_iter().chain(self.internet_gateways.iter().cloned())
    }

    /// All route tables.
    pub fn all_route_tables(&self) -> impl Iterator<Item = RouteTable> + '_ {
        let default = defaults::route_table(self);
        let default = (!self.route_tables.contains(&default.id)).then_some(default);
        default.into_iter().chain(self.route_tables.iter().cloned())
    }

    /// All security groups.
    pub fn all_security_groups(&self) -> impl Iterator<Item = SecurityGroup> + '_ {
        let default = defaults::security_group(self);
        let default = (!self.security_groups.contains(&default.id)).then_some(default);
        default.into_iter().chain(self.security_groups.iter().cloned())
    }

    /// The VPC with this id.
    #[must_use]
    pub fn network(&self, id: &VpcId) -> Option<Network> {
        self.all_networks().find(|network| network.id == *id)
    }

    /// The subnet with this id.
    #[must_use]
    pub fn network_subnet(&self, id: &SubnetId) -> Option<NetworkSubnet> {
        self.all_subnets().find(|subnet| subnet.id == *id)
    }

    /// The internet gateway with this id.
    #[must_use]
    pub fn internet_gateway(&self, id: &InternetGatewayId) -> Option<InternetGateway> {
        self.all_internet_gateways().find(|gateway| gateway.id == *id)
    }

    /// The route table with this id.
    #[must_use]
    pub fn route_table(&self, id: &RouteTableId) -> Option<RouteTable> {
        self.all_route_tables().find(|table| table.id == *id)
    }

    /// The security group with this id.
    #[must_use]
    pub fn security_group(&self, id: &SecurityGroupId) -> Option<SecurityGroup> {
        if let Some(row) = self.security_groups.get(id) {
            return Some(row.clone());
        }
        (self.vpc.security_group == *id).then(|| defaults::security_group(self))
    }

    /// Where a subnet is.
    #[must_use]
    pub fn subnet_place(&self, id: &str) -> Option<SubnetPlace<'_>> {
        if let Some(ground) = self.vpc.subnet(id) {
            let (vpc, zone) = (self.vpc.id.clone(), ground.zone.clone());
            return Some(SubnetPlace { id: ground.id.clone(), vpc, zone, ground });
        }
        let subnet = self.subnets.get(id)?;
        let ground = self.vpc.subnets.iter().find(|ground| ground.zone == subnet.zone)?;
        let (vpc, zone) = (subnet.vpc.clone(), subnet.zone.clone());
        Some(SubnetPlace { id: subnet.id.clone(), vpc, zone, ground })
    }

    /// The VPC of the first of these subnets that is there: the local one when none is.
    pub fn vpc_of<'a>(&self, subnets: impl IntoIterator<Item = &'a SubnetId>) -> VpcId {
        let mut places = subnets.into_iter().filter_map(|id| self.subnet_place(id.as_str()));
        places.next().map_or_else(|| self.vpc.id.clone(), |place| place.vpc)
    }

    /// The first security group of a VPC, which what names none is in.
    #[must_use]
    pub fn default_group(&self, vpc: &VpcId) -> SecurityGroupId {
        let made = self.security_groups.iter();
        let mut of_vpc = made.filter(|group| group.vpc == *vpc);
        let default = of_vpc.find(|group| group.name == defaults::GROUP_NAME);
        default.map_or_else(|| self.vpc.security_group.clone(), |group| group.id.clone())
    }
}
