//! The one VPC of the local region, and the network interfaces of its tasks.
//!
//! Its address range is the one that task addresses really come from: a Docker network's, or, for
//! the process driver, a range of loopback. So an address that AWS's API shows can be reached.

use model::{Place, RegionName, SecurityGroupId, SubnetId, VpcId, ZoneName};
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// A VPC with one subnet a zone and its default security group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vpc {
    /// Its id.
    pub id: VpcId,
    /// The first two numbers of its /16.
    pub prefix: [u8; 2],
    /// One in each of the region's zones.
    pub subnets: Vec<Subnet>,
    /// The default security group. Locally it filters nothing.
    pub security_group: SecurityGroupId,
}

/// A subnet: a /20 of its VPC, as in AWS's default VPCs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    /// Its id.
    pub id: SubnetId,
    /// Its zone.
    pub zone: ZoneName,
    /// The third number of its first address: 0, 16, 32.
    pub third: u8,
}

/// A task's elastic network interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eni {
    /// The attachment's id, a UUID.
    pub attachment: String,
    /// `eni-` and 17 hexadecimal digits.
    pub id: String,
    /// Its MAC address.
    pub mac: String,
    /// Its subnet.
    pub subnet: SubnetId,
    /// The subnet's zone.
    pub zone: ZoneName,
    /// Its address.
    pub address: Ipv4Addr,
    /// Its security groups.
    pub security_groups: Vec<SecurityGroupId>,
}

// === impl Vpc ===

impl Vpc {
    /// The default VPC with a given /16. Its ids do not depend on chance, so that a region that was
    /// reset has the ids that scripts already know.
    #[must_use]
    pub fn default_of(place: &Place, prefix: [u8; 2]) -> Self {
        let subnet = |(index, zone): (usize, ZoneName)| Subnet {
            id: format!("subnet-0000000000000000{}", index + 1).into(),
            zone,
            third: [0, 16, 32][index],
        };
        Self {
            id: "vpc-00000000000000001".into(),
            prefix,
            subnets: place.zones().into_iter().enumerate().map(subnet).collect(),
            security_group: "sg-00000000000000001".into(),
        }
    }

    /// The VPC's range in CIDR notation.
    #[must_use]
    pub fn cidr(&self) -> String {
        format!("{}.{}.0.0/16", self.prefix[0], self.prefix[1])
    }

    /// The subnet with this id.
    #[must_use]
    pub fn subnet(&self, id: &str) -> Option<&Subnet> {
        self.subnets.iter().find(|subnet| subnet.id.as_str() == id)
    }

    /// A subnet's range in CIDR notation.
    #[must_use]
    pub fn subnet_cidr(&self, subnet: &Subnet) -> String {
        format!("{}.{}.{}.0/20", self.prefix[0], self.prefix[1], subnet.third)
    }

    /// The `n`th address of a subnet that a task can have. The first four and the last address of
    /// every subnet are AWS's own, as in a real VPC.
    #[must_use]
    pub fn address(&self, subnet: &Subnet, n: u16) -> Option<Ipv4Addr> {
        let offset = n.checked_add(4).filter(|offset| *offset < 4095)?;
        let [high, low] = offset.to_be_bytes();
        Some(Ipv4Addr::new(self.prefix[0], self.prefix[1], subnet.third + high, low))
    }
}

// === impl Eni ===

impl Eni {
    /// The name that AWS gives an address inside its VPC; us-east-1 has an older form.
    #[must_use]
    pub fn private_dns(&self, region: &RegionName) -> String {
        let address = self.address.to_string().replace('.', "-");
        match region.as_str() {
            "us-east-1" => format!("ip-{address}.ec2.internal"),
            region => format!("ip-{address}.{region}.compute.internal"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subnets_hold_the_addresses_of_a_slash_20() {
        let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
        let vpc = Vpc::default_of(&place, [172, 31]);
        let subnet = &vpc.subnets[1];
        assert_eq!(vpc.subnet_cidr(subnet), "172.31.16.0/20");
        assert_eq!(vpc.address(subnet, 0), Some(Ipv4Addr::new(172, 31, 16, 4)));
        assert_eq!(vpc.address(subnet, 4090), Some(Ipv4Addr::new(172, 31, 31, 254)));
        assert_eq!(vpc.address(subnet, 4091), None);
    }
}
