//! Stickiness: what a client's cookies say, and what the next answer's cookies will say
//! (reference §4.6).
//!
//! A cookie's value is sealed ([`seal`]), so nobody reads or makes one but a gateway with the same
//! key. It must not know connections, or how a target is picked when no cookie counts.

mod cookie;
mod seal;

pub(crate) use cookie::Cookies;
pub(crate) use seal::{KEY_LENGTH, Seal};

use crate::http1::Field;
use crate::routes::{Scheme, Stickiness, TargetId};
use crate::worker::Worker;
use cookie::set_by;
use model::Timestamp;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

/// What keeps a client with a target group.
const GROUP: &str = "AWSALBTG";
/// The same for requests from other sites.
const GROUP_ELSEWHERE: &str = "AWSALBTGCORS";
/// What keeps a client with a target.
const TARGET: &str = "AWSALB";
/// The same for requests from other sites.
const TARGET_ELSEWHERE: &str = "AWSALBCORS";
/// What keeps a client with a target as long as the application's own cookie is there.
const APPLICATION: [&str; 4] = ["AWSALBAPP-0", "AWSALBAPP-1", "AWSALBAPP-2", "AWSALBAPP-3"];
/// What AWS puts into a cookie of [`APPLICATION`] that is not needed.
const UNUSED: &str = "_remove_";
/// Cookies are kept for so long by clients, whatever the duration that the value is good for.
const KEPT: i64 = 7 * 24 * 3600;
/// The length of the value that names a target. Sealed and encoded it has 128 characters, as AWS's.
const TARGET_LENGTH: usize = 68;

/// Who comes, as far as stickiness is concerned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visitor<'a> {
    /// What it brings.
    pub(crate) cookies: Cookies<'a>,
    /// What opens that.
    pub(crate) seal: &'a Seal,
    /// Now.
    pub(crate) now: Timestamp,
}

/// What a client's next answer says in cookies.
#[derive(Debug, Default)]
pub(crate) struct Bonds {
    /// Which group it stays with.
    pub(crate) group: Option<GroupBond>,
    /// Which target it stays with.
    pub(crate) target: Option<TargetBond>,
}

/// A client that stays with a group.
#[derive(Debug)]
pub(crate) struct GroupBond {
    pub(crate) group: Arc<str>,
    pub(crate) lasting: Duration,
}

/// A client that stays with a target.
#[derive(Debug)]
pub(crate) struct TargetBond {
    pub(crate) group: Arc<str>,
    pub(crate) target: TargetId,
    pub(crate) stickiness: Arc<Stickiness>,
    /// Whether a cookie led here. One that follows the application's cookie begins only where
    /// the application sets that.
    pub(crate) known: bool,
}

/// Who the client's cookies are good for, and when.
#[derive(Debug, Clone, Copy)]
struct Issue<'a> {
    /// What seals them.
    seal: &'a Seal,
    /// Now.
    now: Timestamp,
    /// Whether the client speaks TLS: only then may cookies be for other sites.
    secure: bool,
}

/// The `Set-Cookie` values of an answer with these headers.
pub(crate) fn own_cookies(
    fields: &[Field<'_>],
    bonds: &Bonds,
    (worker, scheme): (&Worker, Scheme),
) -> Vec<String> {
    if bonds.is_empty() {
        return Vec::new();
    }
    let sets = |name: &str| {
        let mut lines = fields.iter().filter(|f| f.name.eq_ignore_ascii_case("set-cookie"));
        lines.any(|field| set_by(field.value) == name.as_bytes())
    };
    let followed = bonds.follows().is_some_and(sets);
    let issue = Issue { seal: &worker.seal, now: worker.now(), secure: scheme == Scheme::Https };
    bonds.cookies(&issue, if followed { Followed::Yes } else { Followed::No })
}

// === impl Visitor ===

impl Visitor<'_> {
    /// The id of the group that the client stays with, if its cookie still counts.
    pub(crate) fn group(&self) -> Option<String> {
        let rest = self.open(&[GROUP, GROUP_ELSEWHERE], "group")?;
        String::from_utf8(rest).ok()
    }

    /// The target of the group that the client stays with, if its cookie still counts.
    pub(crate) fn target(&self, group: &str, stickiness: &Stickiness) -> Option<TargetId> {
        let rest = match stickiness {
            Stickiness::Balancer { .. } => {
                self.open(&[TARGET, TARGET_ELSEWHERE], &purpose("target", group))
            }
            Stickiness::Application { cookie, .. } => {
                self.cookies.get(cookie)?;
                self.open(&APPLICATION[..1], &purpose("application", group))
            }
        }?;
        let (port, rest) = rest.split_first_chunk()?;
        let ip = Ipv6Addr::from(*rest.first_chunk::<16>()?).to_canonical();
        Some(TargetId { ip, port: u16::from_be_bytes(*port) })
    }

    /// The value of the first of these cookies that opens and is not too old, without its time.
    fn open(&self, names: &[&str], purpose: &str) -> Option<Vec<u8>> {
        let mut values = names.iter().filter_map(|name| self.cookies.get(name));
        values.find_map(|value| {
            let mut plain = self.seal.open(purpose, value)?;
            let until = i64::from_be_bytes(*plain.first_chunk()?);
            plain.drain(..size_of::<i64>());
            (self.now.millis() < until).then_some(plain)
        })
    }
}

// === impl Bonds ===

impl Bonds {
    /// Whether an answer has nothing to say about them.
    pub(crate) fn is_empty(&self) -> bool {
        self.group.is_none() && self.target.is_none()
    }

    /// The application's cookie that a client's stay follows.
    pub(crate) fn follows(&self) -> Option<&str> {
        match &*self.target.as_ref()?.stickiness {
            Stickiness::Balancer { .. } => None,
            Stickiness::Application { cookie, .. } => Some(cookie),
        }
    }

    /// The values of the answer's `Set-Cookie` headers. `followed` says whether the answer sets
    /// the application's cookie.
    fn cookies(&self, issue: &Issue<'_>, followed: Followed) -> Vec<String> {
        let mut cookies = Vec::new();
        if let Some(bond) = &self.group {
            let value = issue.seal(bond.lasting, "group", bond.group.as_bytes());
            cookies.extend(issue.pair([GROUP, GROUP_ELSEWHERE], &value));
        }
        match self.target.as_ref().map(|bond| (bond, &*bond.stickiness)) {
            None => {}
            Some((bond, Stickiness::Balancer { lasting })) => {
                let purpose = purpose("target", &bond.group);
                let value = issue.seal(*lasting, &purpose, &bond.place());
                cookies.extend(issue.pair([TARGET, TARGET_ELSEWHERE], &value));
            }
            Some((bond, Stickiness::Application { lasting, .. })) => {
                let purpose = purpose("application", &bond.group);
                let sticks = bond.known || followed == Followed::Yes;
                let value = sticks.then(|| issue.seal(*lasting, &purpose, &bond.place()));
                let values = [value.as_deref().unwrap_or(UNUSED), UNUSED, UNUSED, UNUSED];
                cookies.extend(APPLICATION.iter().zip(values).map(|(n, v)| issue.cookie(n, v)));
            }
        }
        cookies
    }
}

/// Whether an answer sets the application's cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Followed {
    Yes,
    No,
}

// === impl TargetBond ===

impl TargetBond {
    /// Port and address, with zeros behind them.
    fn place(&self) -> Vec<u8> {
        let address = match self.target.ip {
            IpAddr::V4(ip) => ip.to_ipv6_mapped(),
            IpAddr::V6(ip) => ip,
        };
        let mut place = self.target.port.to_be_bytes().to_vec();
        place.extend(address.octets());
        place.resize(TARGET_LENGTH - size_of::<i64>(), 0);
        place
    }
}

// === impl Issue ===

impl Issue<'_> {
    /// A value that is good for so long.
    fn seal(&self, lasting: Duration, purpose: &str, value: &[u8]) -> String {
        let lasting = i64::try_from(lasting.as_millis()).unwrap_or(i64::MAX);
        let until = self.now.millis().saturating_add(lasting);
        self.seal.seal(purpose, &[&until.to_be_bytes(), value].concat())
    }

    /// A cookie, and the same for requests from other sites.
    fn pair(&self, [name, elsewhere]: [&str; 2], value: &str) -> [String; 2] {
        let secure = if self.secure { "; Secure" } else { "" };
        let other = format!("{}; SameSite=None{secure}", self.cookie(elsewhere, value));
        [self.cookie(name, value), other]
    }

    fn cookie(&self, name: &str, value: &str) -> String {
        let expires = Timestamp::from_seconds(self.now.seconds().saturating_add(KEPT));
        format!("{name}={value}; Expires={}; Path=/", crate::answer::http_date(expires))
    }
}

/// What a value is for: one that was made for another group does not open.
fn purpose(kind: &str, group: &str) -> String {
    format!("{kind} {group}")
}

#[cfg(test)]
mod tests;
