//! Desired against observed: the next steps, with their reasons, and the verdict.
//!
//! [`plan`](plan()) holds a [`Wish`] (a manifest for one environment, and what was built for it) against what
//! was [`Observed`] at an AWS endpoint, and returns the steps that can be done now. Whoever carries
//! them out looks again and asks again, until nothing is left: steps that need the outcome of others
//! come in a later round, so nobody has to keep track of outcomes.
//!
//! [`foundation`](foundation()) gives what an environment on AWS stands on, as a CloudFormation template.
//!
//! [`cost`](cost()) says what it costs a month.
//!
//! [`progress`](progress()) looks at a service under way and says whether what was wished for runs, and if not,
//! what it waits for or why it never will.
//!
//! This room must not know: that a local region exists, how a call travels, files, the terminal.

pub mod account;
mod alarms;
pub mod approval;
pub mod backing;
mod balancer;
pub mod bound;
mod cluster;
mod compare;
pub mod cost;
mod definition;
pub mod destroy;
pub mod diagnosis;
mod digest;
pub mod dotenv;
mod down;
pub mod drift;
pub mod earlier;
mod exec;
pub mod forecast;
mod foundation;
mod groups;
mod keep;
pub mod kept;
pub mod layers;
pub mod lease;
mod logs;
pub mod names;
pub mod notice;
pub mod observed;
mod outline;
mod pair;
mod planner;
mod preview;
pub mod progress;
pub mod promotion;
mod recipe;
pub mod record;
mod roles;
mod rules;
mod scaling;
mod secrets;
mod services;
pub mod ship;
pub mod site;
pub mod stack;
mod stand;
pub mod step;
mod tags;
pub mod values;
pub mod verdict;
pub mod verify;
pub mod wish;

pub use account::Account;
pub use approval::{Approval, approval};
pub use backing::plan_backing;
pub use bound::Bound;
pub use cost::cost;
pub use definition::intended;
pub use diagnosis::{Evidence, Finding, diagnose};
pub use down::down;
pub use foundation::{Template, Unsettled, Weights, description, foundation, remarks, weigh};
pub use lease::Lease;
pub use observed::Observed;
pub use outline::{Outlined, outline};
pub use planner::{Held, Plan, Problem, Until, plan};
pub use preview::preview;
pub use progress::{Progress, Sight, progress};
pub use promotion::{Promotion, promotion};
pub use recipe::{AUTHORITY, NoRecipe, Recipe, Wanted, bases, pin, recipe, unpinned};
pub use record::Record;
pub use services::other_strategy;
pub use ship::ship;
pub use stand::{Site, Stand, needs_stack, stand, unfounded};
pub use step::{Act, Before, Step};
pub use tags::shared as shared_tags;
pub use verdict::{Attempt, Flaw, FlawKind, Verdict};
pub use wish::{Artifact, Wish};
