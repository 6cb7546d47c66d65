//! `DeleteListener`.

use super::find;
use crate::Cx;
use api::Fault;
use api::elbv2::{DeleteListenerInput, DeleteListenerOutput};
use model::{Ids, ListenerArn};
use world::{Draft, RowKey};

/// Deletes a listener with its rules.
pub(in super::super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteListenerInput,
) -> Result<DeleteListenerOutput, Fault> {
    let arn = find(draft, &input.listener_arn)?.arn.clone();
    remove(draft, &arn);
    Ok(DeleteListenerOutput {})
}

/// Takes a listener out, with its rules.
pub(in super::super) fn remove(draft: &mut Draft, listener: &ListenerArn) {
    let rules: Vec<_> = draft.rules_of(listener).map(|rule| rule.key.clone()).collect();
    for rule in rules {
        draft.remove(RowKey::Rule(rule));
    }
    draft.remove(RowKey::Listener(listener.clone()));
}
