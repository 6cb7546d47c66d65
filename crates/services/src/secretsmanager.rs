//! Secrets Manager: secrets with versions, and the staging labels that say which version counts.

mod batch;
mod content;
mod create;
mod delete;
mod describe;
mod fault;
mod filter;
mod get;
mod list;
mod name;
mod password;
mod policy;
mod put;
mod stage;
mod stages;
mod tags;
#[cfg(test)]
mod tests;
mod update;
mod versions;

use crate::Table;
use api::secretsmanager::{
    BatchGetSecretValue, CreateSecret, DeleteResourcePolicy, DeleteSecret, DescribeSecret,
    GetRandomPassword, GetResourcePolicy, GetSecretValue, ListSecretVersionIds, ListSecrets,
    PutResourcePolicy, PutSecretValue, RestoreSecret, TagResource, UntagResource, UpdateSecret,
    UpdateSecretVersionStage,
};

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    (
        "CreateSecret.KmsKeyId, UpdateSecret.KmsKeyId",
        "echoed; the region has no KMS, its store seals every row with its own key",
    ),
    ("CreateSecret.ForceOverwriteReplicaSecret", "there are no other regions to replicate to"),
    (
        "PutSecretValue.RotationToken",
        "no rotation function runs, so there is none to be told apart",
    ),
    (
        "PutResourcePolicy.ResourcePolicy",
        "checked and echoed; the region refuses no call by policy",
    ),
];

/// The operations of Secrets Manager.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<CreateSecret>(create::secret)
        .write::<UpdateSecret>(update::secret)
        .write::<PutSecretValue>(put::value)
        .write::<GetSecretValue>(get::value)
        .write::<BatchGetSecretValue>(batch::values)
        .read::<DescribeSecret>(describe::secret)
        .read::<ListSecrets>(list::secrets)
        .read::<ListSecretVersionIds>(versions::list)
        .write::<UpdateSecretVersionStage>(stage::update)
        .write::<DeleteSecret>(delete::secret)
        .write::<RestoreSecret>(delete::restore)
        .write::<GetRandomPassword>(password::random)
        .write::<PutResourcePolicy>(policy::put)
        .read::<GetResourcePolicy>(policy::get)
        .write::<DeleteResourcePolicy>(policy::delete)
        .write::<TagResource>(tags::tag)
        .write::<UntagResource>(tags::untag)
}
