//! Security policies: which versions of TLS and which ciphers an HTTPS listener offers, and
//! `DescribeSSLPolicies`.
//!
//! Locally a policy decides between TLS 1.2 and 1.3. Of the ciphers the listener offers those with
//! forward secrecy and authenticated encryption, which are in every policy; TLS 1.0 and 1.1 are not
//! offered by anybody's choice (RFC 8996).

use super::{Wanted, fault, pages};
use crate::Cx;
use api::Fault;
use api::elbv2::{Cipher, DescribeSSLPoliciesInput, DescribeSSLPoliciesOutput, SslPolicy};
use world::World;

/// The policy of a listener that names none.
pub(super) const DEFAULT: &str = "ELBSecurityPolicy-2016-08";

/// A policy.
#[derive(Debug)]
struct Policy {
    name: &'static str,
    /// The first version of TLS 1 that it has, and the last: 0 is TLS 1.0.
    versions: (u8, u8),
    ciphers: Ciphers,
}

/// The ciphers of policies for TLS 1.2 and before, each with those above it. TLS 1.3 has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ciphers {
    /// None but those of TLS 1.3.
    New,
    /// With forward secrecy and authenticated encryption.
    Restricted,
    /// With forward secrecy, and hashes of SHA-2.
    Forward,
    /// Those, and keys exchanged by RSA, with hashes of SHA-2.
    Exchanged,
    /// With forward secrecy, and any hash.
    ForwardOld,
    /// All.
    All,
}

const fn policy(name: &'static str, versions: (u8, u8), ciphers: Ciphers) -> Policy {
    Policy { name, versions, ciphers }
}

const POLICIES: [Policy; 18] = [
    policy("ELBSecurityPolicy-2015-05", (0, 2), Ciphers::All),
    policy("ELBSecurityPolicy-2016-08", (0, 2), Ciphers::All),
    policy("ELBSecurityPolicy-FS-1-1-2019-08", (1, 2), Ciphers::ForwardOld),
    policy("ELBSecurityPolicy-FS-1-2-2019-08", (2, 2), Ciphers::ForwardOld),
    policy("ELBSecurityPolicy-FS-1-2-Res-2019-08", (2, 2), Ciphers::Forward),
    policy("ELBSecurityPolicy-FS-1-2-Res-2020-10", (2, 2), Ciphers::Restricted),
    policy("ELBSecurityPolicy-FS-2018-06", (0, 2), Ciphers::ForwardOld),
    policy("ELBSecurityPolicy-TLS-1-1-2017-01", (1, 2), Ciphers::All),
    policy("ELBSecurityPolicy-TLS-1-2-2017-01", (2, 2), Ciphers::Exchanged),
    policy("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", (2, 2), Ciphers::All),
    policy("ELBSecurityPolicy-TLS13-1-0-2021-06", (0, 3), Ciphers::All),
    policy("ELBSecurityPolicy-TLS13-1-1-2021-06", (1, 3), Ciphers::All),
    policy("ELBSecurityPolicy-TLS13-1-2-2021-06", (2, 3), Ciphers::Forward),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext0-2021-06", (2, 3), Ciphers::ForwardOld),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06", (2, 3), Ciphers::Exchanged),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06", (2, 3), Ciphers::All),
    policy("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", (2, 3), Ciphers::Restricted),
    policy("ELBSecurityPolicy-TLS13-1-3-2021-06", (3, 3), Ciphers::New),
];

/// The ciphers of TLS 1.3.
const NEW: [&str; 3] =
    ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

/// The other ciphers in the order of their priorities, each with the smallest group it is in.
const OLD: [(&str, Ciphers); 18] = [
    ("ECDHE-ECDSA-AES128-GCM-SHA256", Ciphers::Restricted),
    ("ECDHE-RSA-AES128-GCM-SHA256", Ciphers::Restricted),
    ("ECDHE-ECDSA-AES128-SHA256", Ciphers::Forward),
    ("ECDHE-RSA-AES128-SHA256", Ciphers::Forward),
    ("ECDHE-ECDSA-AES128-SHA", Ciphers::ForwardOld),
    ("ECDHE-RSA-AES128-SHA", Ciphers::ForwardOld),
    ("ECDHE-ECDSA-AES256-GCM-SHA384", Ciphers::Restricted),
    ("ECDHE-RSA-AES256-GCM-SHA384", Ciphers::Restricted),
    ("ECDHE-ECDSA-AES256-SHA384", Ciphers::Forward),
    ("ECDHE-RSA-AES256-SHA384", Ciphers::Forward),
    ("ECDHE-RSA-AES256-SHA", Ciphers::ForwardOld),
    ("ECDHE-ECDSA-AES256-SHA", Ciphers::ForwardOld),
    ("AES128-GCM-SHA256", Ciphers::Exchanged),
    ("AES128-SHA256", Ciphers::Exchanged),
    ("AES128-SHA", Ciphers::All),
    ("AES256-GCM-SHA384", Ciphers::Exchanged),
    ("AES256-SHA256", Ciphers::Exchanged),
    ("AES256-SHA", Ciphers::All),
];

/// Which of the versions that listeners can offer a policy has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// TLS 1.2.
    pub tls12: bool,
    /// TLS 1.3.
    pub tls13: bool,
}

/// The versions of a policy; both for one that is not known.
#[must_use]
pub fn versions(name: &str) -> Versions {
    let policy = POLICIES.iter().find(|policy| policy.name == name);
    let (first, last) = policy.map_or((2, 3), |policy| policy.versions);
    Versions { tls12: first <= 2, tls13: last >= 3 }
}

/// Refuses a policy that is not there.
pub(super) fn check(name: &str) -> Result<(), Fault> {
    let known = POLICIES.iter().any(|policy| policy.name == name);
    if known { Ok(()) } else { Err(fault::secure::no_policy(name)) }
}

/// `DescribeSSLPolicies`.
pub(super) fn describe(
    _: &World,
    _: &Cx<'_>,
    input: DescribeSSLPoliciesInput,
) -> Result<DescribeSSLPoliciesOutput, Fault> {
    let names = input.names.unwrap_or_default();
    names.iter().try_for_each(|name| check(name))?;
    let kind = input.load_balancer_type.as_deref().unwrap_or("application");
    let asked = |policy: &&Policy| {
        (names.is_empty() || names.iter().any(|name| name == policy.name)) && kind != "gateway"
    };
    let wanted =
        Wanted { listing: "DescribeSSLPolicies", marker: input.marker, size: input.page_size };
    let page = pages(POLICIES.iter().filter(asked), &wanted, |policy| policy.name.to_owned())?;
    let shown = page.rows.into_iter().map(show).collect();
    Ok(DescribeSSLPoliciesOutput { ssl_policies: Some(shown), next_marker: page.next })
}

fn show(policy: &Policy) -> SslPolicy {
    let (first, last) = policy.versions;
    let protocol = |version: u8| match version {
        0 => "TLSv1".to_owned(),
        _ => format!("TLSv1.{version}"),
    };
    let named = policy
        .ciphers()
        .zip(1..)
        .map(|(name, priority)| Cipher { name: Some(name.to_owned()), priority: Some(priority) });
    SslPolicy {
        name: Some(policy.name.to_owned()),
        ssl_protocols: Some((first..=last).map(protocol).collect()),
        ciphers: Some(named.collect()),
        supported_load_balancer_types: Some(vec!["application".to_owned(), "network".to_owned()]),
    }
}

// === impl Policy ===

impl Policy {
    fn ciphers(&self) -> impl Iterator<Item = &'static str> {
        let new = NEW.into_iter().filter(|_| self.versions.1 >= 3);
        let has = self.ciphers;
        let old = OLD.into_iter().filter(move |(_, least)| has.has(*least));
        new.chain(old.map(|(name, _)| name))
    }
}

// === impl Ciphers ===

impl Ciphers {
    /// Whether the group has the ciphers that are first in another one. Old hashes with forward
    /// secrecy and keys exchanged by RSA are two ways on from [`Ciphers::Forward`].
    fn has(self, least: Self) -> bool {
        match (self, least) {
            (Self::ForwardOld, Self::Exchanged) => false,
            _ => least <= self && least != Self::New,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_have_as_many_ciphers_as_aws_lists() {
        let check = |name: &str, expected: usize| {
            let policy = POLICIES.iter().find(|policy| policy.name == name).unwrap();
            assert_eq!(policy.ciphers().count(), expected, "{name}");
        };
        check("ELBSecurityPolicy-2016-08", 18);
        check("ELBSecurityPolicy-FS-2018-06", 12);
        check("ELBSecurityPolicy-FS-1-2-Res-2019-08", 8);
        check("ELBSecurityPolicy-FS-1-2-Res-2020-10", 4);
        check("ELBSecurityPolicy-TLS-1-2-2017-01", 12);
        check("ELBSecurityPolicy-TLS13-1-2-2021-06", 11);
        check("ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06", 15);
        check("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", 7);
        check("ELBSecurityPolicy-TLS13-1-3-2021-06", 3);
    }

    #[test]
    fn a_policy_decides_between_the_versions_that_are_offered() {
        let check = |name: &str, tls12, tls13| {
            assert_eq!(versions(name), Versions { tls12, tls13 }, "{name}");
        };
        check(DEFAULT, true, false);
        check("ELBSecurityPolicy-TLS13-1-2-2021-06", true, true);
        check("ELBSecurityPolicy-TLS13-1-3-2021-06", false, true);
    }

    #[test]
    fn names_rise_so_that_pages_work() {
        assert!(POLICIES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
