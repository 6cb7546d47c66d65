//! AWS's list prices (reference §8.1). They change rarely; [`AS_OF`] says when these were looked at.

use super::Dollars;

/// The month in which the prices were looked at.
pub const AS_OF: &str = "2026-09";

/// The prices of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prices {
    /// The region's name.
    pub region: &'static str,
    /// Fargate on Linux and x86: a vCPU and a GB, each for an hour.
    pub x86: (Dollars, Dollars),
    /// Fargate on Linux and ARM, likewise.
    pub arm: (Dollars, Dollars),
    /// A load balancer for an hour.
    pub balancer: Dollars,
    /// A unit of its capacity for an hour.
    pub balancer_unit: Dollars,
    /// A public IPv4 address for an hour.
    pub address: Dollars,
    /// A GB of log events when it comes in.
    pub logs: Dollars,
    /// A secret of Secrets Manager for a month.
    pub secret: Dollars,
}

/// Fargate, public addresses and load balancer units cost the same in both.
const VIRGINIA: Prices = Prices {
    region: "us-east-1",
    x86: (Dollars(40_480), Dollars(4_445)),
    arm: (Dollars(32_380), Dollars(3_560)),
    balancer: Dollars(22_500),
    balancer_unit: Dollars(8_000),
    address: Dollars(5_000),
    logs: Dollars(500_000),
    secret: Dollars(400_000),
};

const IRELAND: Prices =
    Prices { region: "eu-west-1", balancer: Dollars(25_200), logs: Dollars(570_000), ..VIRGINIA };

/// The prices of a region, and whether they are its own: where they are not known, those of
/// us-east-1, which are the lowest.
#[must_use]
pub fn prices(region: Option<&str>) -> (&'static Prices, bool) {
    match region {
        None => (&VIRGINIA, true),
        Some(name) => [&VIRGINIA, &IRELAND]
            .into_iter()
            .find(|prices| prices.region == name)
            .map_or((&VIRGINIA, false), |prices| (prices, true)),
    }
}
