//! Buckets' names, by the rules for general purpose buckets.

use super::fault;
use api::Fault;

/// Beginnings and endings that S3 keeps for itself.
const BEGINNINGS: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const ENDINGS: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/// Refuses what can't be a bucket's name.
pub(super) fn check(name: &str) -> Result<(), Fault> {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let sound = (3..=63).contains(&name.len())
        && name.chars().all(known)
        && edge(name.chars().next())
        && edge(name.chars().last())
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !BEGINNINGS.iter().any(|it| name.starts_with(it))
        && !ENDINGS.iter().any(|it| name.ends_with(it));
    if sound { Ok(()) } else { Err(fault::bad_name(name)) }
}
