//! `AWS::CertificateManager::Certificate`.

use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Wish, list};
use api::acm::*;
use serde_json::json;
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Certificate;

impl Kind for Certificate {
    fn name(&self) -> &'static str {
        "AWS::CertificateManager::Certificate"
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &[
            "CertificateAuthorityArn",
            "DomainName",
            "DomainValidationOptions",
            "KeyAlgorithm",
            "SubjectAlternativeNames",
            "ValidationMethod",
        ]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        // Where the record of the validation goes is for Route 53, which the region does not ask.
        let mut input = wish.without(&["DomainValidationOptions"]);
        input.extend(wish.tag_list().map(|tags| ("Tags".to_owned(), tags)));
        let made = hand.call::<RequestCertificate>(input)?;
        Ok(made.certificate_arn.unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let changes = wish.tag_changes(held);
        let arn = ("CertificateArn", json!(held.physical));
        if !changes.gone.is_empty() {
            let gone: Vec<_> = changes.gone.iter().map(|key| json!({ "Key": key })).collect();
            let input = members([arn.clone(), ("Tags", json!(gone))]);
            hand.call::<RemoveTagsFromCertificate>(input)?;
        }
        if let Some(tags) = list(&changes.set) {
            hand.call::<AddTagsToCertificate>(members([arn, ("Tags", tags)]))?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteCertificate>(members([("CertificateArn", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let input = members([("CertificateArn", json!(held.physical))]);
        let found = hand.call::<DescribeCertificate>(input)?.certificate;
        match found.and_then(|it| it.status).as_deref() {
            Some("ISSUED") => Ok(stable([])),
            Some("FAILED" | "VALIDATION_TIMED_OUT") => {
                Err(Failure::handler("NotStabilized", "The certificate was not issued."))
            }
            _ => Ok(Look::NotYet),
        }
    }
}
