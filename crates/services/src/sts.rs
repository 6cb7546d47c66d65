//! Security Token Service: who calls, and sessions of roles.

mod identity;
mod session;
#[cfg(test)]
mod tests;

use crate::Table;
use api::sts::{AssumeRole, GetCallerIdentity};

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("AssumeRole.Policy", "checked for its form; the region refuses no call by policy"),
    ("AssumeRole.PolicyArns", "the region refuses no call by policy"),
    ("AssumeRole.Tags", "session tags matter to policies only"),
    ("AssumeRole.TransitiveTagKeys", "session tags matter to policies only"),
    ("AssumeRole.ExternalId", "trust policies are not evaluated"),
    ("AssumeRole.SourceIdentity", "echoed; it matters to policies and CloudTrail only"),
    ("AssumeRole.ProvidedContexts", "contexts matter to policies only"),
    ("AssumeRole.MinimumSessionTokenSize", "the region's session tokens have one size"),
];

/// The operations of STS.
pub(crate) fn table() -> Table {
    Table::default().read::<GetCallerIdentity>(identity::get).read::<AssumeRole>(session::assume)
}
