//! `bun.lock`: members with their ranges under `workspaces`. The older `bun.lockb` is binary.

use super::{Locked, npm};
use crate::script::json;

pub(super) fn read(text: &str) -> Option<Locked> {
    let lock = json(text)?;
    let members = lock.get("workspaces")?.fields().iter();
    Some(Locked::ByMember(members.map(|(path, it)| (path.to_string(), npm::ranges(it))).collect()))
}
