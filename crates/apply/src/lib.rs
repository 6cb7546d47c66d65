//! Looks at an AWS endpoint, and carries out a plan's steps there.
//!
//! The only room that signs and sends AWS calls. It does not know which endpoint it talks to: the
//! local region is one like AWS's own.
//!
//! This room decides nothing: which steps there are, and whether what runs is what was meant, is
//! `plan`'s to say. Start reading at [`client`].

pub mod account;
mod attempts;
pub mod before;
pub mod client;
pub mod connect;
mod endpoints;
pub mod estate;
pub mod evidence;
pub mod exec;
pub mod follow;
pub mod images;
pub mod kept;
mod keys;
pub mod lock;
pub mod logs;
pub mod notify;
pub mod observe;
pub mod past;
pub mod records;
pub mod retry;
pub mod run;
pub mod sight;
pub mod site;
pub mod stack;
mod tokens;
pub mod visit;

pub use client::{CallError, Client};
pub use connect::{Access, ConnectError, connect};
pub use evidence::Gathering;
pub use follow::{EndError, Round, follow, follow_looking};
pub use keys::Credentials;
pub use observe::{observe, observe_standing};
pub use sight::{sights, sights_closely};

use model::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// The time, as this machine has it.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
