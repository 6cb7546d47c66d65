//! `neargate.yml`: text to manifest, with every mistake at once.
//!
//! [`parse`] reads the text and looks at every environment in it, [`resolve`] gives the values that
//! hold in one of them. Both return diagnostics instead of failing: plain data with a code, a place
//! and a hint, which the binary draws.
//!
//! This room must not know files, the environment or the terminal: variables from outside are
//! passed in, and nothing is printed here. It must not know what is done with a manifest either.
//!
//! Each part of a manifest is declared once, in `parts`; parser, [`schema()`] and [`reference()`]
//! all follow from the declaration. Start reading at `parts/health.rs`, then `kind/record.rs`.

mod code;
mod cx;
mod diagnostic;
mod interpolate;
mod kind;
mod nearest;
mod not_yet;
pub mod outline;
mod overlay;
mod parts;
mod positions;
mod reference;
mod resolve;
mod schema;
mod span;
mod template;
mod unfold;
pub mod yaml;

pub use code::Code;
pub use diagnostic::{Diagnostic, Related, Severity, has_errors};
pub use kind::command::{Command, HealthCommand};
pub use nearest::suggest;
pub use not_yet::not_yet;
pub use outline::Outline;
pub use parts::backing::{Backing, backing_name};
pub use parts::budget::Budget;
pub use parts::build::Build;
pub use parts::checks::{Checks, Ignore};
pub use parts::database::Database;
pub use parts::depends::Condition;
pub use parts::deploy::{Before, Breaker, Canary, Deploy, Linear, Strategy};
pub use parts::environment::Environment;
pub use parts::foundation::{Existing, Foundation};
pub use parts::health::{Health, StatusCodes};
pub use parts::health_check::HealthCheck;
pub use parts::limits::{Ulimit, Ulimits};
pub use parts::logs::{Logs, Retention};
pub use parts::names::resource_name;
pub use parts::notify::{Moment, Notify};
pub use parts::process::Process;
pub use parts::routes::Route;
pub use parts::scale::{Cooldowns, Scale, Schedule};
pub use parts::secrets::{SecretPart, SecretReference};
pub use parts::service::{Platform, Service};
pub use parts::sidecar::Sidecar;
pub use parts::static_site::StaticSite;
pub use positions::{Position, Positions};
pub use reference::reference;
pub use resolve::{LOCAL, Manifest, Resolved, parse, resolve};
pub use schema::schema;
pub use span::TextSpan;
pub use template::{TaskWord, Template};
