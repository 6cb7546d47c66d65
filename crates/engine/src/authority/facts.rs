//! What a certificate says, in AWS's words.

use model::Timestamp;
use rustls::pki_types::CertificateDer;
use world::certificate::Facts;
use x509_parser::oid_registry as oid;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate, X509Name};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// What a certificate says; none when it is none.
pub(super) fn of(certificate: &CertificateDer<'_>) -> Option<Facts> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let validity = certificate.validity();
    let issuer = certificate.issuer();
    Some(Facts {
        names: names(&certificate),
        subject: certificate.subject().to_string(),
        issuer: common_name(issuer).unwrap_or_else(|| issuer.to_string()),
        serial: certificate.raw_serial_as_string(),
        key_algorithm: key_algorithm(certificate.public_key()),
        signature_algorithm: signature_algorithm(&certificate),
        not_before: Timestamp::from_seconds(validity.not_before.timestamp()),
        not_after: Timestamp::from_seconds(validity.not_after.timestamp()),
    })
}

/// The hosts that it is for; its subject, when it names none, as certificates did before 2000.
fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let alternatives = certificate.subject_alternative_name().ok().flatten();
    let listed = alternatives.iter().flat_map(|names| &names.value.general_names);
    let names: Vec<String> = listed
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        })
        .collect();
    if names.is_empty() { common_name(certificate.subject()).into_iter().collect() } else { names }
}

fn common_name(name: &X509Name<'_>) -> Option<String> {
    name.iter_common_name().next()?.as_str().ok().map(str::to_owned)
}

fn key_algorithm(key: &SubjectPublicKeyInfo<'_>) -> String {
    if let Ok(PublicKey::RSA(rsa)) = key.parsed() {
        return format!("RSA_{}", rsa.key_size());
    }
    let curve = key.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok());
    match curve {
        Some(curve) if curve == oid::OID_EC_P256 => "EC_prime256v1".to_owned(),
        Some(curve) if curve == oid::OID_NIST_EC_P384 => "EC_secp384r1".to_owned(),
        Some(curve) if curve == oid::OID_NIST_EC_P521 => "EC_secp521r1".to_owned(),
        _ => key.algorithm.algorithm.to_id_string(),
    }
}

fn signature_algorithm(certificate: &X509Certificate<'_>) -> String {
    let algorithm = &certificate.signature_algorithm.algorithm;
    let known = [
        (oid::OID_PKCS1_SHA256WITHRSA, "SHA256WITHRSA"),
        (oid::OID_PKCS1_SHA384WITHRSA, "SHA384WITHRSA"),
        (oid::OID_PKCS1_SHA512WITHRSA, "SHA512WITHRSA"),
        (oid::OID_SIG_ECDSA_WITH_SHA256, "SHA256WITHECDSA"),
        (oid::OID_SIG_ECDSA_WITH_SHA384, "SHA384WITHECDSA"),
        (oid::OID_SIG_ECDSA_WITH_SHA512, "SHA512WITHECDSA"),
    ];
    let known = known.into_iter().find(|(known, _)| known == algorithm);
    known.map_or_else(|| algorithm.to_id_string(), |(_, name)| name.to_owned())
}
