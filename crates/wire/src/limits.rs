//! How much of a request is read.
//!
//! AWS's own limits lie below these and differ by service; these only keep a request from costing
//! more than its answer is worth.

/// The most bytes of a body. The largest request here is a full PutLogEvents batch: 1 MiB of
/// messages (reference §6.3), which JSON's escapes can make six times as long.
pub const MAX_BODY: usize = 8 * 1024 * 1024;

/// The most parts of a form parameter's name: `Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight`
/// has eight. JSON needs no limit of its own: its parser stops at a depth of 128.
pub const MAX_NAME_PARTS: usize = 32;

/// The most parameters of a form: a thousand targets (reference §4.15) have two or three each.
pub const MAX_PARAMETERS: usize = 10_000;

/// The most violations that one refusal lists. AWS lists all; ten thousand wrong log events would
/// make a message of megabytes.
pub const MAX_VIOLATIONS: usize = 100;
