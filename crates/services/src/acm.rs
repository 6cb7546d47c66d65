//! Certificate Manager: certificates for HTTPS listeners, from the region's own authority or
//! imported.
//!
//! Handlers keep papers; keys and certificates are made, and read, by `Cx`'s authority, since that
//! needs chance and cryptography. No operation answers a private key.

mod delete;
mod describe;
mod fault;
mod get;
mod import;
mod list;
mod request;
mod tags;
#[cfg(test)]
mod tests;

use crate::Table;
use api::Fault;
use api::acm::{
    AddTagsToCertificate, DeleteCertificate, DescribeCertificate, GetCertificate,
    ImportCertificate, ListCertificates, ListTagsForCertificate, RemoveTagsFromCertificate,
    RequestCertificate,
};
use world::{Certificate, World};

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    (
        "RequestCertificate.ValidationMethod",
        "shown; every name is taken for the account's own, and the certificate is issued by itself",
    ),
    (
        "RequestCertificate.DomainValidationOptions",
        "shown; no record is looked up and no mail is sent",
    ),
    (
        "RequestCertificate.Options.CertificateTransparencyLoggingPreference",
        "echoed; there is no log of certificates",
    ),
];

/// The operations of Certificate Manager.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<RequestCertificate>(request::certificate)
        .write::<ImportCertificate>(import::certificate)
        .read::<DescribeCertificate>(describe::certificate)
        .read::<ListCertificates>(list::certificates)
        .read::<GetCertificate>(get::certificate)
        .write::<DeleteCertificate>(delete::certificate)
        .write::<AddTagsToCertificate>(tags::add)
        .write::<RemoveTagsFromCertificate>(tags::remove)
        .read::<ListTagsForCertificate>(tags::list)
}

/// The certificate with this ARN.
fn find<'a>(world: &'a World, arn: &str) -> Result<&'a Certificate, Fault> {
    let prefix = world.place.arn("acm", "certificate/");
    if !arn.starts_with("arn:aws:acm:") {
        return Err(fault::bad_arn(arn, &prefix));
    }
    world.certificates.get(arn).ok_or_else(|| fault::missing(arn))
}
