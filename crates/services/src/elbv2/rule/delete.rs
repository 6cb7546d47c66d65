//! `DeleteRule`.

use super::find_own;
use crate::Cx;
use api::Fault;
use api::elbv2::{DeleteRuleInput, DeleteRuleOutput};
use model::Ids;
use world::{Draft, RowKey};

/// Deletes a rule; a listener's default rule goes with its listener.
pub(in super::super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteRuleInput,
) -> Result<DeleteRuleOutput, Fault> {
    let key = find_own(draft, &input.rule_arn, "deleted")?.key.clone();
    draft.remove(RowKey::Rule(key));
    Ok(DeleteRuleOutput {})
}
