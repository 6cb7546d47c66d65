//! What an environment costs a month, before it is there.
//!
//! Everything that is billed by the hour, whether anybody comes or not, is a line. What is billed
//! by use is named without a sum: nobody knows the use beforehand. Sums are of list prices: no free
//! tier, no discount, no tax.

mod budget;
mod prices;
mod tasks;

pub use budget::over_budget;
pub use prices::{AS_OF, Prices, prices};
pub use tasks::change;

use crate::foundation::Ground;
use crate::secrets::{references, whole_secret};
use manifest::{Platform, Resolved, SecretReference, Service};
use std::collections::BTreeSet;
use std::fmt;
use std::ops::{Add, Mul};

/// The hours of a month, as AWS's calculator has them.
const HOURS: u64 = 730;

/// A load balancer has an address in each of its zones.
const BALANCER_ADDRESSES: u64 = 2;

/// An amount of US dollars, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Dollars(pub u64);

/// What an environment costs a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// The region whose prices these are.
    pub region: &'static str,
    /// The region that was asked for, where its prices are not known.
    pub instead_of: Option<String>,
    /// What is billed by the hour or month.
    pub lines: Vec<Line>,
    /// What is billed by use, with its price.
    pub by_use: Vec<String>,
}

/// A line of an estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is for: a service's name, or something that all of them share.
    pub of: String,
    /// What it is.
    pub what: String,
    /// With as many tasks as there are at least.
    pub least: Dollars,
    /// With as many as there are at most.
    pub most: Dollars,
}

/// What an environment costs a month.
#[must_use]
pub fn cost(manifest: &Resolved) -> Estimate {
    let ground = Ground::new(manifest);
    let asked = manifest.environment.region.as_deref();
    let (prices, known) = prices(asked);
    let mut lines: Vec<Line> =
        ground.services().map(|(name, service)| tasks(name, service, prices)).collect();
    lines.extend(ground.has_balancer().then(|| balancer(prices)));
    lines.extend(addresses(&ground, prices));
    lines.extend(secrets(&ground, prices));
    Estimate {
        region: prices.region,
        instead_of: if known { None } else { asked.map(str::to_owned) },
        lines,
        by_use: by_use(&ground, prices),
    }
}

fn tasks(name: &str, service: &Service, prices: &Prices) -> Line {
    let size = service.size();
    let (cpu, memory) = match service.platform {
        Platform::Amd64 => prices.x86,
        Platform::Arm64 => prices.arm,
    };
    // Fargate counts CPU in units of which 1024 are a vCPU, and memory in MiB.
    let units = cpu.0 * u64::from(size.cpu()) + memory.0 * u64::from(size.memory());
    let each = Dollars(units * HOURS / 1024);
    let (least, most) = counts(service);
    let tasks =
        if least == most { counted(least) } else { format!("{least} to {}", counted(most)) };
    let (vcpu, gigabytes) = (f64::from(size.cpu()) / 1024.0, f64::from(size.memory()) / 1024.0);
    let processor = match service.platform {
        Platform::Amd64 => "",
        Platform::Arm64 => ", Graviton",
    };
    Line {
        of: name.to_owned(),
        what: format!("{tasks} of {vcpu} vCPU and {gigabytes} GB{processor}"),
        least: each * u64::from(least),
        most: each * u64::from(most),
    }
}

fn counted(count: u32) -> String {
    if count == 1 { "1 task".to_owned() } else { format!("{count} tasks") }
}

/// How many tasks there are at least and at most.
fn counts(service: &Service) -> (u32, u32) {
    let least = service.desired_count();
    (least, service.scale.as_ref().map_or(least, |scale| scale.max.max(least)))
}

fn balancer(prices: &Prices) -> Line {
    let price = prices.balancer * HOURS;
    Line {
        of: "load balancer".to_owned(),
        what: "1, without its traffic".to_owned(),
        least: price,
        most: price,
    }
}

/// Public addresses: of the tasks, whose subnets are public unless they are somebody else's, and of
/// the load balancer.
fn addresses(ground: &Ground<'_>, prices: &Prices) -> Option<Line> {
    let own_network = ground.existing().subnets.is_empty();
    let balancer = if ground.has_balancer() { BALANCER_ADDRESSES } else { 0 };
    let (mut least, mut most) = (balancer, balancer);
    for (_, service) in ground.services().filter(|_| own_network) {
        let (few, many) = counts(service);
        least += u64::from(few);
        most += u64::from(many);
    }
    let count = if least == most { least.to_string() } else { format!("{least} to {most}") };
    (most > 0).then(|| Line {
        of: "public addresses".to_owned(),
        what: format!("{count}, {balancer} of them the load balancer's"),
        least: prices.address * HOURS * least,
        most: prices.address * HOURS * most,
    })
}

/// Secrets of Secrets Manager; parameters cost nothing.
fn secrets(ground: &Ground<'_>, prices: &Prices) -> Option<Line> {
    let held = ground.services().flat_map(|(_, service)| references(service));
    let names: BTreeSet<String> = held
        .filter_map(|reference| match reference {
            SecretReference::Secret { name, .. } => Some(name.clone()),
            SecretReference::Arn(arn) if arn.service == "secretsmanager" => {
                Some(whole_secret(&arn.to_string()))
            }
            SecretReference::Parameter { .. } | SecretReference::Arn(_) => None,
        })
        .collect();
    let count = u64::try_from(names.len()).unwrap_or(u64::MAX);
    (count > 0).then(|| Line {
        of: "secrets".to_owned(),
        what: format!("{count} of Secrets Manager"),
        least: prices.secret * count,
        most: prices.secret * count,
    })
}

fn by_use(ground: &Ground<'_>, prices: &Prices) -> Vec<String> {
    let mut all = Vec::new();
    if ground.has_balancer() {
        let unit = prices.balancer_unit;
        all.push(format!(
            "load balancer: {unit} for each hour and unit (25 new connections a second, or 1 GB an hour)"
        ));
    }
    all.push(format!("logs: {} for each GB that is written", prices.logs));
    all.push("data to the internet, registry storage, alarms and Container Insights".to_owned());
    let sites = ground.manifest.environment.services.values();
    if sites.into_iter().any(|service| service.static_site.is_some()) {
        all.push("static sites: bucket and CloudFront".to_owned());
    }
    all
}

// === impl Estimate ===

impl Estimate {
    /// All lines together, with the least tasks.
    #[must_use]
    pub fn least(&self) -> Dollars {
        self.lines.iter().fold(Dollars::default(), |sum, line| sum + line.least)
    }

    /// All lines together, with the most tasks.
    #[must_use]
    pub fn most(&self) -> Dollars {
        self.lines.iter().fold(Dollars::default(), |sum, line| sum + line.most)
    }
}

// === impl Dollars ===

impl Dollars {
    /// To the cent.
    #[must_use]
    pub fn rounded(self) -> String {
        let cents = (self.0 + 5_000) / 10_000;
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

impl Add for Dollars {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Mul<u64> for Dollars {
    type Output = Self;

    fn mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

/// As a price: `0.0225 USD`, with the digits that it has.
impl fmt::Display for Dollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let digits = format!("{rest:06}");
        let trimmed = digits.trim_end_matches('0');
        write!(f, "{whole}.{trimmed:0<2} USD")
    }
}

#[cfg(test)]
mod tests;
