//! Networks as EC2 knows them: VPCs, subnets, gateways, routes, security groups, addresses.
//!
//! All of it is kept and answered, and none of it moves or stops a packet: tasks have addresses of
//! the local VPC ([`network`](crate::network)), those of a zone's subnet there, whichever subnet of
//! that zone a client names. The local VPC itself is not in these tables but for what clients
//! changed of it: a row here goes before what [`crate::vpc::defaults`] says.

pub mod defaults;
mod question;

pub use question::SubnetPlace;

use crate::{Held, Tags};
use model::{
    AllocationId, Cidr, InternetGatewayId, NatGatewayId, RouteTableId, SecurityGroupId, SubnetId,
    Timestamp, VpcId, ZoneName,
};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// A VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// Its id.
    pub id: VpcId,
    /// Its addresses: a /16 to a /28.
    pub range: Cidr,
    /// Whether Amazon's resolver answers in it.
    pub dns_support: bool,
    /// Whether its instances get names.
    pub dns_hostnames: bool,
    /// Whether its address usage is measured.
    pub usage_metrics: bool,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkSubnet {
    /// Its id.
    pub id: SubnetId,
    /// Its VPC.
    pub vpc: VpcId,
    /// Its addresses, a part of its VPC's.
    pub range: Cidr,
    /// Its zone.
    pub zone: ZoneName,
    /// Whether what is launched in it gets a public address unless it says otherwise.
    pub public_addresses: bool,
}

/// An internet gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternetGateway {
    /// Its id.
    pub id: InternetGatewayId,
    /// The VPC that it is attached to.
    pub vpc: Option<VpcId>,
}

/// A route table. The route within the VPC is not among its routes: it is always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteTable {
    /// Its id.
    pub id: RouteTableId,
    /// Its VPC.
    pub vpc: VpcId,
    /// The id of its association with the VPC itself: it is the main table then.
    pub main: Option<String>,
    /// Its routes.
    pub routes: Vec<Route>,
    /// The subnets that it is for.
    pub associations: Vec<RouteAssociation>,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// For which addresses.
    pub to: Cidr,
    /// Where it leads.
    pub through: Through,
}

/// Where a route leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Through {
    /// To an internet gateway.
    Internet(InternetGatewayId),
    /// To a NAT gateway.
    Nat(NatGatewayId),
}

/// That a route table is for a subnet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteAssociation {
    /// `rtbassoc-` and 17 hexadecimal digits.
    pub id: String,
    /// The subnet.
    pub subnet: SubnetId,
}

/// A security group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityGroup {
    /// Its id.
    pub id: SecurityGroupId,
    /// Its VPC.
    pub vpc: VpcId,
    /// Its name, unique in its VPC.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its rules, in the order in which they came.
    pub rules: Vec<GroupRule>,
}

/// A rule of a security group: it allows one kind of traffic with one peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRule {
    /// `sgr-` and 17 hexadecimal digits.
    pub id: String,
    /// Which way.
    pub direction: Direction,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all.
    pub protocol: String,
    /// The first and the last port, or an ICMP type and code; nothing where they mean nothing.
    pub ports: Option<(i32, i32)>,
    /// With whom.
    pub peer: Peer,
    /// What it is for.
    pub description: Option<String>,
}

/// Which way traffic goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// To the group's members.
    Ingress,
    /// From the group's members.
    Egress,
}

/// Who may talk with a group's members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Peer {
    /// A range of addresses.
    Range(Cidr),
    /// A range of IPv6 addresses, as it was given.
    Range6(String),
    /// The members of a group.
    Group(SecurityGroupId),
}

/// A public address that the account holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElasticAddress {
    /// Its id.
    pub id: AllocationId,
    /// The address, of a range that is reserved for documentation: nobody has it.
    pub address: Ipv4Addr,
}

/// A NAT gateway. Nothing passes through it: tasks reach the outside as this machine does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NatGateway {
    /// Its id.
    pub id: NatGatewayId,
    /// Its VPC.
    pub vpc: VpcId,
    /// Its subnet.
    pub subnet: SubnetId,
    /// The id of its network interface.
    pub interface: String,
    /// Its private address.
    pub private: Ipv4Addr,
    /// The elastic address that it has; a private gateway has none.
    pub public: Option<ElasticAddress>,
    /// `eipassoc-` and 17 hexadecimal digits, where it has an elastic address.
    pub association: Option<String>,
    /// The token with which it was asked for.
    pub token: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// From when it is `available`.
    pub available_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// The tags of anything that EC2 keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceTags {
    /// The resource's id.
    pub resource: String,
    /// Its tags; never none.
    pub tags: Tags,
}

/// Declares what identifies each row: its id.
macro_rules! held_by_id {
    ($($row:ident by $key:ty;)*) => {$(
        impl Held for $row {
            type Key = $key;

            fn key(&self) -> $key {
                self.id.clone()
            }
        }
    )*};
}

held_by_id! {
    Network by VpcId;
    NetworkSubnet by SubnetId;
    InternetGateway by InternetGatewayId;
    RouteTable by RouteTableId;
    SecurityGroup by SecurityGroupId;
    ElasticAddress by AllocationId;
    NatGateway by NatGatewayId;
}

impl Held for ResourceTags {
    type Key = String;

    fn key(&self) -> String {
        self.resource.clone()
    }
}
