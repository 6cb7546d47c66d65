//! Only this machine reaches the region.

use crate::stage::balanced::{Front, server};
use crate::stage::engine::docker;
use crate::stage::{Region, binary, on_both_drivers};
use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
use std::path::Path;
use tokio::net::TcpStream;

on_both_drivers![nothing_listens_where_others_could_reach_it];

/// The address at which containers find their region; it is on a bridge that leads nowhere else.
const LINK_LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2));

/// With a load balancer and its targets there is nothing that does not listen yet. Other tests'
/// processes of this binary are looked at too: it holds for all of them.
async fn nothing_listens_where_others_could_reach_it(region: &Region) {
    let front = Front::new(region).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 1).await;
    front.until_deployed(&service).await;
    for (pid, address) in sockets_of_the_binary() {
        let fine = address.is_loopback() || address == LINK_LOCAL;
        assert!(fine, "process {pid} listens on {address}");
    }
    if region.driver() == crate::stage::Driver::Docker {
        let published = docker("ps --filter label=neargate.region --format {{.Ports}}").output();
        let published = published.await;
        assert!(!published.contains("->"), "ports are published: {published}");
    }
    let Some(outside) = own_address() else { return };
    for url in [region.endpoint(), front.url] {
        let port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
        let outcome = TcpStream::connect((outside, port)).await;
        assert!(outcome.is_err(), "{outside}:{port} answers");
    }
}

/// This machine's address towards others, if it has one.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    // Nothing is sent: the system only says which address it would send from.
    socket.connect("192.0.2.77:9").ok()?;
    let address = socket.local_addr().unwrap().ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// Where processes of the binary listen, as Linux shows it; nothing elsewhere.
fn sockets_of_the_binary() -> Vec<(u32, IpAddr)> {
    let listed = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = listed.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let own = pids.filter(|pid: &u32| {
        fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == binary::neargate())
    });
    own.flat_map(|pid| listening(pid).into_iter().map(move |address| (pid, address))).collect()
}

fn listening(pid: u32) -> Vec<IpAddr> {
    let held = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let held: BTreeSet<String> =
        held.filter_map(|entry| inode(&fs::read_link(entry.path()).ok()?)).collect();
    let tables =
        ["tcp", "tcp6"].map(|table| fs::read_to_string(format!("/proc/{pid}/net/{table}")));
    let rows: Vec<String> = tables.into_iter().flatten().collect();
    let rows = rows.iter().flat_map(|table| table.lines().skip(1));
    rows.filter_map(|row| listener(row, &held)).collect()
}

/// `socket:[4711]` → `4711`.
fn inode(link: &Path) -> Option<String> {
    Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
}

/// The address of a row of the kernel's table, if it listens and its socket is among these.
fn listener(row: &str, held: &BTreeSet<String>) -> Option<IpAddr> {
    /// The kernel's number for a socket that listens.
    const LISTEN: &str = "0A";
    let cells: Vec<&str> = row.split_whitespace().collect();
    let is_one = cells[3] == LISTEN && held.contains(cells[9]);
    is_one.then(|| address(cells[1].split_once(':').unwrap().0))
}

/// Words of 32 bits in the machine's order, as hexadecimal digits.
fn address(digits: &str) -> IpAddr {
    let words = (0..digits.len() / 8).map(|at| &digits[at * 8..][..8]);
    let bytes: Vec<u8> =
        words.flat_map(|word| u32::from_str_radix(word, 16).unwrap().to_ne_bytes()).collect();
    match <[u8; 4]>::try_from(bytes.as_slice()) {
        Ok(four) => Ipv4Addr::from(four).into(),
        Err(_) => Ipv6Addr::from(<[u8; 16]>::try_from(bytes.as_slice()).unwrap()).into(),
    }
}

#[test]
fn the_kernels_tables_are_read() {
    assert_eq!(
        address("0200FEA9").to_string(),
        if cfg!(target_endian = "little") { "169.254.0.2" } else { "2.0.254.169" }
    );
    let held = BTreeSet::from(["4711".to_owned()]);
    let row = "0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 0 0 0 4711 1";
    assert!(listener(row, &held).is_some());
    assert!(listener(&row.replace("4711", "4712"), &held).is_none());
    assert!(listener(&row.replace(" 0A ", " 01 "), &held).is_none());
}
