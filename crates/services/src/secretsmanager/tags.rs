//! Tags of secrets.

use super::{fault, name};
use crate::Cx;
use crate::tags::{self, MOST};
use api::Fault;
use api::secretsmanager::{TagResourceRequest, UntagResourceRequest};
use api::value::Nothing;
use model::Ids;
use world::{Draft, SecretItem};

/// `TagResource`.
pub(super) fn tag(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: TagResourceRequest,
) -> Result<Nothing, Fault> {
    let secret = name::find_usable(draft, &input.secret_id, cx.now)?.clone();
    let given = input.tags.into_iter();
    let pairs = given.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())));
    // The texts are ours.
    let tags = tags::merged(&secret.tags, pairs, MOST)
        .map_err(|mistake| fault::parameter(mistake.to_string()))?;
    draft.put(SecretItem { tags, changed_at: cx.now, ..secret });
    Ok(Nothing)
}

/// `UntagResource`.
pub(super) fn untag(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: UntagResourceRequest,
) -> Result<Nothing, Fault> {
    let secret = name::find_usable(draft, &input.secret_id, cx.now)?.clone();
    let tags = tags::without(&secret.tags, &input.tag_keys);
    draft.put(SecretItem { tags, changed_at: cx.now, ..secret });
    Ok(Nothing)
}
