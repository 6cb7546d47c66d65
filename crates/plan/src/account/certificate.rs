//! A certificate that browsers accept for the domain.

use super::{Lack, Scene, existing};

const RULE: &str = "aws-certificate";

pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let Some(certificate) = &scene.account.certificate else { return Vec::new() };
    let mut found = Vec::new();
    let status = certificate.status.as_deref().unwrap_or_default();
    if status != "ISSUED" {
        let what = format!("the certificate is {status}, not ISSUED");
        let hint = match status {
            "PENDING_VALIDATION" => "make the records of DNS that Certificate Manager asks for",
            _ => "request another one: aws acm request-certificate",
        };
        found.push(Lack::error(RULE, existing("certificate"), what, hint));
    }
    let Some(domain) = scene.wish.manifest.environment.domain.as_deref() else { return found };
    let names = certificate.subject_alternative_names.iter().flatten();
    let names: Vec<&String> = names.chain(certificate.domain_name.iter()).collect();
    if !names.iter().any(|name| covers(name, domain)) {
        let what = format!("the certificate does not hold for {domain}");
        let mut shown: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        shown.sort_unstable();
        shown.dedup();
        let hint = format!("it holds for {}", shown.join(", "));
        found.push(Lack::error(RULE, existing("certificate"), what, hint));
    }
    found
}

/// Whether a name of a certificate stands for a domain: `*` is one label.
fn covers(name: &str, domain: &str) -> bool {
    match (name.strip_prefix("*."), domain.split_once('.')) {
        (Some(above), Some((_, rest))) => above.eq_ignore_ascii_case(rest),
        _ => name.eq_ignore_ascii_case(domain),
    }
}
