//! AWS's quotas as they are for a new account (reference §4.15).

pub(super) const LOAD_BALANCERS: usize = 50;
pub(super) const TARGET_GROUPS: usize = 3000;
pub(super) const LISTENERS_PER_BALANCER: usize = 50;
/// Default certificates excepted.
pub(super) const CERTIFICATES_PER_BALANCER: usize = 25;
/// Default rules excepted.
pub(super) const RULES_PER_BALANCER: usize = 100;
pub(super) const GROUPS_PER_BALANCER: usize = 100;
pub(super) const GROUPS_PER_ACTION: usize = 5;
pub(super) const TARGETS_PER_GROUP: usize = 1000;
pub(super) const VALUES_PER_RULE: usize = 5;
pub(super) const WILDCARDS_PER_RULE: usize = 6;
pub(super) const RESOURCES_PER_TAG_CALL: usize = 20;
