//! Making certificates, and reading those that clients bring.

use super::{date, facts};
use model::secret::SecretBytes;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, RsaKeySize,
};
use rustls::InconsistentKeys;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use services::cx::{ImportMistake, Wish};
use world::certificate::Paper;

/// A key of RSA, which takes long to make.
pub(super) fn rsa() -> Result<KeyPair, rcgen::Error> {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)
}

/// A key of the kind that AWS calls so; one of RSA may be there already.
pub(super) fn key(algorithm: &str, rsa_key: Option<KeyPair>) -> Result<KeyPair, rcgen::Error> {
    match algorithm {
        "EC_prime256v1" => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
        "EC_secp384r1" => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
        _ => rsa_key.map_or_else(rsa, Ok),
    }
}

/// A certificate that the authority signs, with its key.
pub(super) fn issue(
    wish: &Wish<'_>,
    key: &KeyPair,
    issuer: &Issuer<'static, KeyPair>,
    chain: &str,
) -> Result<Paper, rcgen::Error> {
    let mut params = CertificateParams::new(wish.names.to_vec())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, wish.names[0].as_str());
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    let day = |at| {
        let (year, month, day) = date(at);
        rcgen::date_time_ymd(year, month, day)
    };
    (params.not_before, params.not_after) = (day(wish.from), day(wish.until));
    let certificate = params.signed_by(key, issuer)?;
    let facts = facts::of(certificate.der()).ok_or(rcgen::Error::CouldNotParseCertificate)?;
    Ok(Paper {
        certificate: certificate.pem(),
        chain: Some(chain.to_owned()),
        key: key.serialize_pem().into(),
        facts,
    })
}

/// A client's certificate, if it and the key belong together.
pub(super) fn read(
    certificate: &[u8],
    chain: Option<&[u8]>,
    key: &SecretBytes,
) -> Result<Paper, ImportMistake> {
    let all = |bytes| CertificateDer::pem_slice_iter(bytes).collect::<Result<Vec<_>, _>>();
    let own = all(certificate).map_err(|_| ImportMistake::CertificateForm)?;
    let own = match own.as_slice() {
        [] => return Err(ImportMistake::CertificateForm),
        [own] => own.clone(),
        _ => return Err(ImportMistake::SeveralCertificates),
    };
    match chain.map(all) {
        None => {}
        Some(Ok(chain)) if !chain.is_empty() => {}
        Some(_) => return Err(ImportMistake::ChainForm),
    }
    let facts = facts::of(&own).ok_or(ImportMistake::CertificateForm)?;
    if facts.names.is_empty() {
        return Err(ImportMistake::NoNames);
    }
    let der = PrivateKeyDer::from_pem_slice(key.reveal()).map_err(|_| ImportMistake::KeyForm)?;
    let belongs = CertifiedKey::from_der(vec![own], der, &default_provider());
    belongs.map_err(|error| match error {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => ImportMistake::OtherKey,
        _ => ImportMistake::KeyKind,
    })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (certificate, chain) = (text(certificate), chain.map(text));
    Ok(Paper { certificate, chain, key: text(key.reveal()).into(), facts })
}
