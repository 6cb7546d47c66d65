//! `DeleteCertificate`.

use super::{fault, find};
use crate::Cx;
use api::Fault;
use api::acm::DeleteCertificateRequest;
use api::value::Nothing;
use model::Ids;
use world::{Draft, RowKey};

/// Deletes a certificate that no listener uses.
pub(super) fn certificate(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteCertificateRequest,
) -> Result<Nothing, Fault> {
    let arn = find(draft, &input.certificate_arn)?.arn.clone();
    if draft.listeners_with(&arn).next().is_some() {
        return Err(fault::in_use(arn.as_str(), draft.place.account.as_str()));
    }
    draft.remove(RowKey::Certificate(arn));
    Ok(Nothing)
}
