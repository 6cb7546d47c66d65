//! The local region: one loop that commits, and its doors to the outside.
//!
//! [`Region::start`] opens the store, the doors, the driver and the load balancer, adopts what a
//! region before it left running, and starts the loop (`heart`). Requests come in through `door`,
//! go to the heart when they write, and are answered from the published World when they read. What
//! the heart decides is carried out by `hands`; what that comes to returns to the heart as reports.
//!
//! This room holds no decision that deserves a table test: those are in `control` and `services`.
//!
//! Start reading at [`region`], then `heart`.

mod access;
mod adopt;
mod authority;
mod balancer;
mod clock;
pub mod config;
mod desk;
mod door;
mod ending;
mod ground;
mod hands;
mod heart;
mod house;
mod issuer;
mod layers;
mod output;
mod reach;
mod reader;
pub mod region;
mod report;
mod routes;
mod seal;
mod sessions;
mod shelf;
mod sites;
mod stacks;
mod store;
mod sums;
mod tailor;
mod wakes;

pub use config::Config;
pub use region::{Region, StartError};
pub use store::StoreError;
