//! Systems Manager, of which the region has Parameter Store.

mod check;
mod data;
mod delete;
mod describe;
mod fault;
mod filter;
mod get;
mod history;
mod label;
mod name;
mod path;
mod policy;
mod put;
mod reference;
mod show;
mod tags;
#[cfg(test)]
mod tests;

use crate::Table;
use api::ssm::{
    AddTagsToResource, DeleteParameter, DeleteParameters, DescribeParameters, GetParameter,
    GetParameterHistory, GetParameters, GetParametersByPath, LabelParameterVersion,
    ListTagsForResource, PutParameter, RemoveTagsFromResource, UnlabelParameterVersion,
};

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    (
        "PutParameter.KeyId",
        "echoed; the region has no KMS, its store seals every row with its own key",
    ),
    ("PutParameter.DataType aws:ec2:image", "checked for its form; the region has no images"),
    (
        "PutParameter.Policies ExpirationNotification, NoChangeNotification",
        "checked and echoed; the region has no EventBridge to notify through",
    ),
    ("DescribeParameters.Shared", "no parameters are shared with the account, so none are listed"),
];

/// The operations of Parameter Store.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<PutParameter>(put::parameter)
        .read::<GetParameter>(get::parameter)
        .read::<GetParameters>(get::parameters)
        .read::<GetParametersByPath>(path::parameters)
        .read::<DescribeParameters>(describe::parameters)
        .write::<DeleteParameter>(delete::parameter)
        .write::<DeleteParameters>(delete::parameters)
        .read::<GetParameterHistory>(history::get)
        .write::<LabelParameterVersion>(label::add)
        .write::<UnlabelParameterVersion>(label::remove)
        .write::<AddTagsToResource>(tags::add)
        .write::<RemoveTagsFromResource>(tags::remove)
        .read::<ListTagsForResource>(tags::list)
}
