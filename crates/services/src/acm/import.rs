//! `ImportCertificate`.

use super::{fault, find};
use crate::Cx;
use crate::cx::ImportMistake;
use api::Fault;
use api::acm::{ImportCertificateRequest, ImportCertificateResponse};
use model::Ids;
use world::certificate::Origin;
use world::{Certificate, Draft};

/// Keeps a client's certificate, in the place of an earlier one when its ARN is given.
pub(super) fn certificate(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: ImportCertificateRequest,
) -> Result<ImportCertificateResponse, Fault> {
    let chain = input.certificate_chain.as_deref();
    let paper =
        cx.authority.read(&input.certificate, chain, &input.private_key).map_err(refused)?;
    if paper.facts.not_after <= cx.now {
        return Err(fault::invalid("the certificate has expired"));
    }
    let tags = input.tags.unwrap_or_default();
    let row = match &input.certificate_arn {
        Some(arn) => {
            let old = find(draft, arn)?.clone();
            if old.origin != Origin::Imported {
                return Err(fault::invalid("only a certificate that was imported can be replaced"));
            }
            if !tags.is_empty() {
                return Err(fault::invalid("tags can't be given when a certificate is replaced"));
            }
            Certificate { paper, issued_at: cx.now, ..old }
        }
        None => Certificate {
            arn: draft.place.arn("acm", &format!("certificate/{}", ids.uuid())).into(),
            paper,
            origin: Origin::Imported,
            created_at: cx.now,
            issued_at: cx.now,
            tags: super::tags::new(tags)?,
        },
    };
    let arn = row.arn.to_string();
    draft.put(row);
    Ok(ImportCertificateResponse { certificate_arn: Some(arn) })
}

fn refused(mistake: ImportMistake) -> Fault {
    fault::invalid(match mistake {
        // Observed.
        ImportMistake::CertificateForm => "The certificate is not in valid PEM format.",
        ImportMistake::SeveralCertificates => {
            "The certificate field contains more than one certificate. You can specify only one \
             certificate in this field."
        }
        ImportMistake::KeyForm => "The private key is not in valid PEM format.",
        // Ours.
        ImportMistake::ChainForm => "The certificate chain is not in valid PEM format.",
        ImportMistake::KeyKind => "the private key's type is not supported",
        ImportMistake::OtherKey => "the private key is not the certificate's",
        ImportMistake::NoNames => "the certificate names no host",
    })
}
