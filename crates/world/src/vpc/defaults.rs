//! The local VPC in the words of EC2: what is there before any client makes or changes anything.
//!
//! Its ids do not depend on chance, as those of the VPC itself do not.

use super::{
    Direction, GroupRule, InternetGateway, Network, NetworkSubnet, Peer, Route, RouteTable,
    SecurityGroup, Through,
};
use crate::World;
use model::{Cidr, SecurityGroupId, VpcId};
use std::net::Ipv4Addr;

/// The name of every VPC's first security group.
pub const GROUP_NAME: &str = "default";

/// The local VPC.
#[must_use]
pub fn network(world: &World) -> Network {
    let vpc = &world.vpc;
    Network {
        id: vpc.id.clone(),
        range: range(vpc.prefix, 0, 16),
        dns_support: true,
        dns_hostnames: true,
        usage_metrics: false,
    }
}

/// Its subnets, one a zone.
pub fn subnets(world: &World) -> impl Iterator<Item = NetworkSubnet> + '_ {
    let vpc = &world.vpc;
    vpc.subnets.iter().map(|subnet| NetworkSubnet {
        id: subnet.id.clone(),
        vpc: vpc.id.clone(),
        range: range(vpc.prefix, subnet.third, 20),
        zone: subnet.zone.clone(),
        public_addresses: true,
    })
}

/// Its internet gateway.
#[must_use]
pub fn gateway(world: &World) -> InternetGateway {
    InternetGateway { id: "igw-00000000000000001".into(), vpc: Some(world.vpc.id.clone()) }
}

/// Its main route table.
#[must_use]
pub fn route_table(world: &World) -> RouteTable {
    let out = Route { to: Cidr::ALL, through: Through::Internet(gateway(world).id) };
    RouteTable {
        id: "rtb-00000000000000001".into(),
        vpc: world.vpc.id.clone(),
        main: Some("rtbassoc-00000000000000001".to_owned()),
        routes: vec![out],
        associations: Vec::new(),
    }
}

/// Its first security group.
#[must_use]
pub fn security_group(world: &World) -> SecurityGroup {
    let ids = ["sgr-00000000000000001", "sgr-00000000000000002"].map(str::to_owned);
    first_group(world.vpc.security_group.clone(), world.vpc.id.clone(), ids)
}

/// The security group that AWS makes with a VPC: its members may reach each other, and everything.
#[must_use]
pub fn first_group(id: SecurityGroupId, vpc: VpcId, rules: [String; 2]) -> SecurityGroup {
    let [inward, outward] = rules;
    let members = Peer::Group(id.clone());
    SecurityGroup {
        rules: vec![
            every(inward, Direction::Ingress, members),
            every(outward, Direction::Egress, Peer::Range(Cidr::ALL)),
        ],
        id,
        vpc,
        name: GROUP_NAME.to_owned(),
        description: "default VPC security group".to_owned(),
    }
}

/// A rule that allows everything with a peer.
#[must_use]
pub fn every(id: String, direction: Direction, peer: Peer) -> GroupRule {
    GroupRule { id, direction, protocol: "-1".to_owned(), ports: None, peer, description: None }
}

fn range(prefix: [u8; 2], third: u8, length: u8) -> Cidr {
    let first = Ipv4Addr::new(prefix[0], prefix[1], third, 0);
    format!("{first}/{length}").parse().expect("an address and a length below 33 are a range")
}
