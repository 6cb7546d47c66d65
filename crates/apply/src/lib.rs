//! Looks at an AWS endpoint, and carries out a plan's steps there.
//!
//! The only room that signs and sends AWS calls. It does not know which endpoint it talks to: the
//! local region is one like AWS's own.
//!
//! This room decides nothing: which steps there are, and whether what runs is what was meant, is
//! `plan`'s to say. Start reading at [`client`].

pub mod before;
pub mod client;
pub mod evidence;
pub mod follow;
pub mod kept;
pub mod logs;
pub mod observe;
pub mod past;
pub mod run;
pub mod sight;

pub use client::{CallError, Client, Credentials};
pub use evidence::Gathering;
pub use follow::{EndError, Round, follow};
pub use observe::observe;
pub use sight::sights;
