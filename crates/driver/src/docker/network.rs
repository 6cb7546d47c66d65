//! The region's networks in an engine.
//!
//! Tasks have their addresses from a bridge network of a /16. A second one, the link, has no
//! containers: the engine gives its bridge on the host the address 169.254.170.2, and containers
//! reach that by their default route. So a task finds metadata, credentials and the region's API
//! where AWS has them (reference §6.5), without root on the host.

use super::engine::{status, text};
use super::names::{LINK, Labels, Names};
use crate::Error;
use bollard::Docker as Engine;
use bollard::models::{Ipam, IpamConfig, Network, NetworkCreateRequest};
use bollard::query_parameters::{InspectNetworkOptions, ListNetworksOptions};
use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;

/// The region's address in the link.
pub(super) const LINK_ADDRESS: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 2);
const LINK_SUBNET: &str = "169.254.170.0/24";

/// The ranges that tasks may have addresses from. The first is that of AWS's default VPC; the
/// others are for machines and regions that have it already.
const RANGES: [[u8; 2]; 7] =
    [[172, 31], [10, 31], [10, 131], [172, 30], [10, 231], [10, 73], [172, 29]];

/// How often, and how far apart, to look for a network that another region may be making.
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Subnet {
    address: Ipv4Addr,
    mask: u32,
}

/// The range of the region's network, or where there is none yet, the one that it will have: the
/// first that neither another network of the engine nor a route of this machine has.
async fn range(engine: &Engine, names: &Names) -> Result<[u8; 2], Error> {
    let networks = engine.list_networks(None::<ListNetworksOptions>).await;
    let networks = networks.map_err(|error| Error::refused("listing networks", text(&error)))?;
    let own = networks.iter().find(|network| network.name == Some(names.network()));
    if let Some(subnet) = own.and_then(|network| subnets(network).next()) {
        let [a, b, ..] = subnet.address.octets();
        return Ok([a, b]);
    }
    let mut taken: Vec<Subnet> = networks.iter().flat_map(subnets).collect();
    // An engine in a virtual machine has other routes, but then this file is missing as well.
    let routes = std::fs::read_to_string("/proc/net/route").unwrap_or_default();
    taken.extend(routes.lines().filter_map(Subnet::of_route));
    first_free(&taken).ok_or_else(|| {
        let tried: Vec<String> = RANGES.iter().map(|[a, b]| format!("{a}.{b}.0.0/16")).collect();
        super::engine::unusable(format!("every range for tasks is taken: {}", tried.join(", ")))
    })
}

/// The range of the region's network, which is there afterwards. Where another region takes the same
/// range at the same moment, the next one that is free then is taken.
pub(super) async fn claim(engine: &Engine, names: &Names) -> Result<[u8; 2], Error> {
    let mut rest = RANGES.len();
    loop {
        let range = range(engine, names).await?;
        rest -= 1;
        match ensure(engine, names, range).await {
            Ok(()) => return Ok(range),
            Err(why) if rest == 0 => return Err(why),
            Err(_) => {}
        }
    }
}

/// Makes sure that tasks' network is there.
pub(super) async fn ensure(engine: &Engine, names: &Names, range: [u8; 2]) -> Result<(), Error> {
    let [a, b] = range;
    let (name, subnet, gateway) = (names.network(), format!("{a}.{b}.0.0/16"), gateway(range));
    make(engine, &name, &subnet, gateway, names.of_region()).await
}

/// Makes sure that the link is there.
pub(super) async fn ensure_link(engine: &Engine) -> Result<(), Error> {
    make(engine, LINK, LINK_SUBNET, LINK_ADDRESS, Labels::new()).await
}

/// The engine's address in tasks' network.
pub(super) fn gateway(range: [u8; 2]) -> Ipv4Addr {
    let [a, b] = range;
    Ipv4Addr::new(a, b, 0, 1)
}

/// Whether the other end of an engine's bridge is on this machine. It is not where the engine is in
/// a virtual machine, or runs without root in a network of its own; then the host reaches
/// containers by published ports only.
pub(super) fn is_on_this_machine(gateway: Ipv4Addr) -> bool {
    UdpSocket::bind((gateway, 0)).is_ok()
}

async fn make(
    engine: &Engine,
    name: &str,
    subnet: &str,
    gateway: Ipv4Addr,
    labels: Labels,
) -> Result<(), Error> {
    if is_there(engine, name).await? {
        return Ok(());
    }
    let config = IpamConfig {
        subnet: Some(subnet.to_owned()),
        gateway: Some(gateway.to_string()),
        ..IpamConfig::default()
    };
    let request = NetworkCreateRequest {
        name: name.to_owned(),
        driver: Some("bridge".to_owned()),
        ipam: Some(Ipam { config: Some(vec![config]), ..Ipam::default() }),
        labels: Some(labels),
        ..NetworkCreateRequest::default()
    };
    let Err(error) = engine.create_network(request).await else { return Ok(()) };
    // Another region may be making the same network: its range is taken before its name is.
    for _ in 0..LOOKS {
        if is_there(engine, name).await? {
            return Ok(());
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Err(Error::Network(format!("the network {name} ({subnet}): {}", text(&error))))
}

async fn is_there(engine: &Engine, name: &str) -> Result<bool, Error> {
    match engine.inspect_network(name, None::<InspectNetworkOptions>).await {
        Ok(_) => Ok(true),
        Err(error) if status(&error) == Some(404) => Ok(false),
        Err(error) => Err(Error::Network(text(&error))),
    }
}

fn first_free(taken: &[Subnet]) -> Option<[u8; 2]> {
    let free = |[a, b]: &[u8; 2]| {
        let subnet = Subnet { address: Ipv4Addr::new(*a, *b, 0, 0), mask: 0xffff_0000 };
        !taken.iter().any(|other| other.overlaps(subnet))
    };
    RANGES.into_iter().find(free)
}

fn subnets(network: &Network) -> impl Iterator<Item = Subnet> {
    let configs = network.ipam.iter().flat_map(|ipam| ipam.config.iter().flatten());
    configs.filter_map(|config| Subnet::parse(config.subnet.as_deref()?))
}

// === impl Subnet ===

impl Subnet {
    /// `172.31.0.0/16`; other families are none of ours.
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let length: u32 = length.parse().ok().filter(|length| *length <= 32)?;
        let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
        Some(Self { address: address.parse().ok()?, mask })
    }

    /// A line of `/proc/net/route`: interface, destination, gateway, flags, three counters, mask;
    /// numbers are hexadecimal in the machine's byte order. The default route is no range.
    fn of_route(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let number = |field: &str| Some(u32::from_be(u32::from_str_radix(field, 16).ok()?));
        let (address, mask) = (number(fields.get(1)?)?, number(fields.get(7)?)?);
        (mask != 0).then_some(Self { address: Ipv4Addr::from_bits(address), mask })
    }

    fn overlaps(self, other: Self) -> bool {
        let mask = self.mask & other.mask;
        self.address.to_bits() & mask == other.address.to_bits() & mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(taken: &[&str], expected: Option<[u8; 2]>) {
        let subnets: Vec<Subnet> = taken.iter().filter_map(|text| Subnet::parse(text)).collect();
        assert_eq!(first_free(&subnets), expected, "{taken:?}");
    }

    #[test]
    fn the_first_range_that_nobody_has_is_taken() {
        check(&[], Some([172, 31]));
        check(&["172.17.0.0/16", "fd00::/64", "169.254.170.0/24"], Some([172, 31]));
        check(&["172.31.16.0/20"], Some([10, 31]));
        check(&["172.16.0.0/12"], Some([10, 31]));
        check(&["172.31.0.0/16", "10.0.0.0/8"], Some([172, 30]));
        check(&["0.0.0.0/0"], None);
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn routes_of_the_machine_are_read() {
        let route = |destination: &str, mask: &str| {
            Subnet::of_route(&format!(
                "eth0\t{destination}\t00000000\t0001\t0\t0\t0\t{mask}\t0\t0\t0"
            ))
        };
        assert_eq!(route("00001FAC", "0000F0FF"), Subnet::parse("172.31.0.0/12"));
        assert_eq!(route("00101FAC", "00F0FFFF"), Subnet::parse("172.31.16.0/20"));
        assert_eq!(route("00000000", "00000000"), None, "the default route");
        assert_eq!(Subnet::of_route("Iface\tDestination\tGateway"), None);
    }

    #[test]
    fn what_is_no_range_is_passed_over() {
        for text in ["", "172.31.0.0", "172.31.0.0/33", "fd00::/8"] {
            assert_eq!(Subnet::parse(text), None, "{text}");
        }
    }
}
