//! `DescribeCertificate`.

use super::find;
use crate::Cx;
use api::Fault;
use api::acm::{
    CertificateDetail, CertificateOptions, DescribeCertificateRequest, DescribeCertificateResponse,
    DomainValidation, ExtendedKeyUsage, KeyUsage, ResourceRecord,
};
use model::Timestamp;
use world::certificate::{Origin, Proof, Validation};
use world::{Certificate, World};

/// What certificates of both origins may be used for.
pub(super) const KEY_USAGES: [&str; 2] = ["DIGITAL_SIGNATURE", "KEY_ENCIPHERMENT"];
/// The same, in the words of the extension, with its object identifiers.
pub(super) const EXTENDED: [(&str, &str); 2] = [
    ("TLS_WEB_SERVER_AUTHENTICATION", "1.3.6.1.5.5.7.3.1"),
    ("TLS_WEB_CLIENT_AUTHENTICATION", "1.3.6.1.5.5.7.3.2"),
];
/// Where a proof by mail is asked for.
const MAILBOXES: [&str; 5] = ["administrator", "hostmaster", "postmaster", "webmaster", "admin"];

/// Says everything about a certificate but its key.
pub(super) fn certificate(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeCertificateRequest,
) -> Result<DescribeCertificateResponse, Fault> {
    let row = find(world, &input.certificate_arn)?;
    let users = world.listeners_with(&row.arn).map(|listener| listener.load_balancer.to_string());
    let mut in_use_by: Vec<String> = users.collect();
    in_use_by.dedup();
    let mut shown = show(row, cx.now);
    shown.in_use_by = Some(in_use_by);
    Ok(DescribeCertificateResponse { certificate: Some(shown) })
}

/// AWS's word for what became of it.
pub(super) fn status(row: &Certificate, now: Timestamp) -> &'static str {
    if !row.is_issued(now) {
        "PENDING_VALIDATION"
    } else if row.paper.facts.not_after <= now {
        "EXPIRED"
    } else {
        "ISSUED"
    }
}

/// AWS's word for where it comes from.
pub(super) fn kind(row: &Certificate) -> &'static str {
    match row.origin {
        Origin::Requested { .. } => "AMAZON_ISSUED",
        Origin::Imported => "IMPORTED",
    }
}

/// Its names, the domain first.
pub(super) fn names(row: &Certificate) -> &[String] {
    &row.paper.facts.names
}

fn show(row: &Certificate, now: Timestamp) -> CertificateDetail {
    let facts = &row.paper.facts;
    let issued = row.is_issued(now);
    let imported = row.origin == Origin::Imported;
    let when_issued = |value: &str| issued.then(|| value.to_owned());
    let mut shown = CertificateDetail {
        certificate_arn: Some(row.arn.to_string()),
        domain_name: facts.names.first().cloned(),
        subject_alternative_names: Some(facts.names.clone()),
        subject: Some(facts.subject.clone()),
        issuer: when_issued(&facts.issuer),
        serial: when_issued(&facts.serial),
        created_at: (!imported).then_some(row.created_at),
        issued_at: (issued && !imported).then_some(row.issued_at),
        imported_at: imported.then_some(row.issued_at),
        status: Some(status(row, now).to_owned()),
        not_before: issued.then_some(facts.not_before),
        not_after: issued.then_some(facts.not_after),
        key_algorithm: Some(facts.key_algorithm.clone()),
        signature_algorithm: Some(facts.signature_algorithm.clone()),
        r#type: Some(kind(row).to_owned()),
        renewal_eligibility: Some("INELIGIBLE".to_owned()),
        ..CertificateDetail::default()
    };
    if issued {
        let usage = |name: &&str| KeyUsage { name: Some((*name).to_owned()) };
        shown.key_usages = Some(KEY_USAGES.iter().map(usage).collect());
        let extended = |(name, oid): &(&str, &str)| ExtendedKeyUsage {
            name: Some((*name).to_owned()),
            oid: Some((*oid).to_owned()),
        };
        shown.extended_key_usages = Some(EXTENDED.iter().map(extended).collect());
    }
    if let Origin::Requested { validation, transparency, .. } = &row.origin {
        let status = if issued { "SUCCESS" } else { "PENDING_VALIDATION" };
        let steps = validation.iter().map(|step| step_of(step, status));
        shown.domain_validation_options = Some(steps.collect());
        shown.options = Some(CertificateOptions {
            certificate_transparency_logging_preference: Some(transparency.clone()),
            export: Some("DISABLED".to_owned()),
            ..CertificateOptions::default()
        });
    }
    shown
}

fn step_of(step: &Validation, status: &str) -> DomainValidation {
    let mut shown = DomainValidation {
        domain_name: step.domain.clone(),
        validation_domain: Some(step.at.clone()),
        validation_status: Some(status.to_owned()),
        ..DomainValidation::default()
    };
    match &step.proof {
        Proof::Dns { name, value } => {
            shown.validation_method = Some("DNS".to_owned());
            shown.resource_record = Some(ResourceRecord {
                name: name.clone(),
                r#type: "CNAME".to_owned(),
                value: value.clone(),
            });
        }
        Proof::Email => {
            shown.validation_method = Some("EMAIL".to_owned());
            let mails = MAILBOXES.iter().map(|mailbox| format!("{mailbox}@{}", step.at));
            shown.validation_emails = Some(mails.collect());
        }
    }
    shown
}
