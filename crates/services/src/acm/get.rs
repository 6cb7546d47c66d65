//! `GetCertificate`.

use super::{fault, find};
use crate::Cx;
use api::Fault;
use api::acm::{GetCertificateRequest, GetCertificateResponse};
use world::World;

/// The certificate and what leads to its authority, never its key.
pub(super) fn certificate(
    world: &World,
    cx: &Cx<'_>,
    input: GetCertificateRequest,
) -> Result<GetCertificateResponse, Fault> {
    let row = find(world, &input.certificate_arn)?;
    if !row.is_issued(cx.now) {
        return Err(fault::in_progress());
    }
    Ok(GetCertificateResponse {
        certificate: Some(row.paper.certificate.clone()),
        certificate_chain: row.paper.chain.clone(),
    })
}
