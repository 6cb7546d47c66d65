//! CloudFormation: stacks of the region's own resources.
//!
//! The operations keep what a stack is to have. Whose turn it is, `control::stack` decides; what a
//! resource's turn consists of is here: [`make`], [`settle`] and [`remove`] carry a step out by calling
//! ordinary operations of the region through the table, as any client could. No other service's rows
//! are touched.
//!
//! Start reading at `create` for a stack's beginning, at `work` for a resource's way,
//! and at `types` for how to add a type.

mod back;
mod change_set;
mod create;
mod delete;
mod describe;
mod differ;
mod drift;
mod exports;
mod failure;
mod fault;
mod find;
mod fit;
mod hand;
mod plan;
mod protect;
mod resources;
mod show;
mod surroundings;
mod templates;
#[cfg(test)]
mod tests;
mod types;
mod update;
mod url;
mod version;
mod wish;
mod work;

pub use hand::{Check, Hand};
pub use url::template_object;
pub use work::{conclude, give_up, make, remove, settle, stop};

use crate::Table;
use api::cloudformation::*;

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    ("RoleARN", "kept and shown; the region refuses no call by policy"),
    ("NotificationARNs", "kept and shown; the region tells no topic of a stack's events"),
    ("ResourceTypes", "the region refuses no type by policy"),
    ("StackPolicyBody", "kept and shown; the region refuses no update by policy"),
    ("RollbackConfiguration.MonitoringTimeInMinutes", "there are no triggers to be watched"),
    (
        "ImportExistingResources",
        "nothing is imported: to make what exists already fails, and says so",
    ),
    ("DisableValidation", "what the region checks before an operation, it always checks"),
    ("IncludeNestedStacks", "there are no nested stacks"),
    ("ForceRollback", "the way back is tried again as it is"),
    ("TemplateStage", "there are no transforms, so both stages are the same"),
    ("CallAs", "there are no stack sets"),
    ("IncludePropertyValues", "values are not shown: some of them are secrets"),
    (
        "AWS::CertificateManager::Certificate.DomainValidationOptions",
        "the region's certificates need no record in Route 53",
    ),
];

/// The types of resources that stacks can have.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    types::names()
}

/// The operations of CloudFormation.
pub(crate) fn table() -> Table {
    let table = Table::default()
        .write::<CreateStack>(create::create)
        .write::<UpdateStack>(update::update)
        .write::<DeleteStack>(delete::delete)
        .write::<CancelUpdateStack>(back::cancel)
        .write::<ContinueUpdateRollback>(back::go_on)
        .read::<DescribeStacks>(describe::stacks)
        .read::<ListStacks>(describe::list)
        .read::<DescribeStackEvents>(describe::events)
        .read::<DescribeStackResource>(resources::one)
        .read::<DescribeStackResources>(resources::all)
        .read::<ListStackResources>(resources::list)
        .write::<DetectStackDrift>(drift::detect)
        .write::<DetectStackResourceDrift>(drift::detect_one)
        .read::<DescribeStackDriftDetectionStatus>(drift::status)
        .read::<DescribeStackResourceDrifts>(drift::list);
    table.and(templates_and_sets())
}

fn templates_and_sets() -> Table {
    Table::default()
        .read::<GetTemplate>(templates::get)
        .read::<GetTemplateSummary>(templates::summary)
        .read::<ValidateTemplate>(templates::validate)
        .write::<CreateChangeSet>(change_set::create::create)
        .read::<DescribeChangeSet>(change_set::describe::describe)
        .write::<ExecuteChangeSet>(change_set::execute::execute)
        .write::<DeleteChangeSet>(change_set::delete::delete)
        .read::<ListChangeSets>(change_set::describe::list)
        .read::<ListExports>(exports::exports)
        .read::<ListImports>(exports::imports)
        .write::<UpdateTerminationProtection>(protect::termination)
        .write::<SetStackPolicy>(protect::set_policy)
        .read::<GetStackPolicy>(protect::get_policy)
}
