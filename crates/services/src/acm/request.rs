//! `RequestCertificate`.

use super::{describe, fault};
use crate::Cx;
use crate::cx::Wish;
use api::Fault;
use api::acm::{RequestCertificateRequest, RequestCertificateResponse};
use model::{Ids, Span};
use world::certificate::{Origin, Proof, Validation};
use world::{Certificate, Draft};

/// How long a certificate is `PENDING_VALIDATION`; an AWS-side wait. AWS waits for the proof, which
/// takes minutes at least; a script has to meet that state, but nobody has to wait for it.
const ISSUING: Span = Span::seconds(20);
/// How long a certificate is good: 13 months.
const GOOD: Span = Span::minutes(395 * 24 * 60);
/// AWS's quota of names in a certificate.
const MOST_NAMES: usize = 10;
/// For how long a request's token is known: an hour.
const REMEMBERED: Span = Span::minutes(60);

/// Has a certificate made. The same request with the same token answers the one that was made.
pub(super) fn certificate(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: RequestCertificateRequest,
) -> Result<RequestCertificateResponse, Fault> {
    check(&input)?;
    let names = names(&input)?;
    if let Some(known) = known(draft, cx, &input, &names) {
        return Ok(RequestCertificateResponse { certificate_arn: Some(known) });
    }
    let method = input.validation_method.as_deref().unwrap_or("EMAIL");
    let algorithm = input.key_algorithm.as_deref().unwrap_or("RSA_2048");
    let validation: Result<Vec<_>, Fault> =
        names.iter().map(|name| validation(name, method, &input, ids)).collect();
    let wish = Wish { names: &names, algorithm, from: cx.now, until: cx.now + GOOD };
    let arn = draft.place.arn("acm", &format!("certificate/{}", ids.uuid()));
    let options = input.options.unwrap_or_default();
    let transparency = options.certificate_transparency_logging_preference;
    let tags = super::tags::new(input.tags.unwrap_or_default())?;
    draft.put(Certificate {
        arn: arn.as_str().into(),
        paper: cx.authority.issue(&wish).map_err(|_| Fault::internal())?,
        origin: Origin::Requested {
            validation: validation?,
            transparency: transparency.unwrap_or_else(|| "ENABLED".to_owned()),
            token: input.idempotency_token,
        },
        created_at: cx.now,
        issued_at: cx.now + cx.pace.wait(ISSUING),
        tags,
    });
    Ok(RequestCertificateResponse { certificate_arn: Some(arn) })
}

/// What the region's authority does not do.
fn check(input: &RequestCertificateRequest) -> Result<(), Fault> {
    let absent = |what: &str| format!("the local region does not implement {what}");
    if input.certificate_authority_arn.is_some() {
        return Err(fault::parameter(absent("private certificate authorities")));
    }
    if input.managed_by.is_some() {
        return Err(fault::parameter(absent("certificates that other services manage")));
    }
    if input.options.as_ref().is_some_and(|options| options.validation_method.is_some()) {
        return Err(fault::parameter("the method of validation is a member of the request itself"));
    }
    let export = input.options.as_ref().and_then(|options| options.export.as_deref());
    if export == Some("ENABLED") {
        return Err(fault::parameter(absent("certificates that can be exported")));
    }
    match input.validation_method.as_deref() {
        None | Some("DNS" | "EMAIL") => {}
        Some(method) => return Err(fault::parameter(absent(&format!("validation by {method}")))),
    }
    match input.key_algorithm.as_deref() {
        None | Some("RSA_2048" | "EC_prime256v1" | "EC_secp384r1") => Ok(()),
        // AWS requests no others either; they can be imported.
        Some(other) => Err(fault::parameter(format!(
            "a certificate with a key of type {other} can't be requested: it must be RSA_2048, \
             EC_prime256v1 or EC_secp384r1"
        ))),
    }
}

/// The names, the domain first, each once.
fn names(input: &RequestCertificateRequest) -> Result<Vec<String>, Fault> {
    let mut names = vec![input.domain_name.to_ascii_lowercase()];
    for name in input.subject_alternative_names.iter().flatten() {
        let name = name.to_ascii_lowercase();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.len() {
        0..=MOST_NAMES => Ok(names),
        _ => Err(fault::too_many_names(MOST_NAMES)),
    }
}

/// The ARN that the same request was answered before.
fn known(
    draft: &Draft,
    cx: &Cx<'_>,
    input: &RequestCertificateRequest,
    names: &[String],
) -> Option<String> {
    let asked = input.idempotency_token.as_ref()?;
    let same = |row: &&Certificate| match &row.origin {
        Origin::Requested { token, .. } => {
            token.as_ref() == Some(asked)
                && describe::names(row) == names
                && row.created_at + REMEMBERED > cx.now
        }
        Origin::Imported => false,
    };
    draft.certificates.iter().find(same).map(|row| row.arn.to_string())
}

/// How a name would be validated.
fn validation(
    name: &str,
    method: &str,
    input: &RequestCertificateRequest,
    ids: &mut Ids,
) -> Result<Validation, Fault> {
    let base = name.strip_prefix("*.").unwrap_or(name);
    let options = input.domain_validation_options.iter().flatten();
    let mut meant = options.filter(|option| option.domain_name.eq_ignore_ascii_case(name));
    let chosen = meant.next_back();
    let at = chosen.map_or(base, |option| option.validation_domain.as_str());
    if base != at && !base.ends_with(&format!(".{at}")) {
        return Err(fault::bad_validation(format!(
            "the validation domain `{at}` is neither `{base}` nor a domain above it"
        )));
    }
    let proof = match method {
        "DNS" => Proof::Dns {
            name: format!("_{}.{base}.", ids.hex(32)),
            value: format!("_{}.{}.acm-validations.aws.", ids.hex(32), ids.word(10)),
        },
        _ => Proof::Email,
    };
    Ok(Validation { domain: name.to_owned(), at: at.to_owned(), proof })
}
