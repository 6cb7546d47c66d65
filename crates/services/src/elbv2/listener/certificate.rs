//! Certificates of a listener besides its default one, chosen by the name that a client asks for:
//! `AddListenerCertificates`, `RemoveListenerCertificates`, `DescribeListenerCertificates`.

use super::super::{Wanted, fault, pages, quota};
use super::find;
use super::secure::{HTTPS, usable};
use crate::Cx;
use api::Fault;
use api::elbv2::*;
use model::Ids;
use world::{Draft, World};

/// Adds certificates; one that is there already is no mistake.
pub(in super::super) fn add(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: AddListenerCertificatesInput,
) -> Result<AddListenerCertificatesOutput, Fault> {
    let mut listener = secure(draft, &input.listener_arn)?;
    let mut added = Vec::new();
    for certificate in &input.certificates {
        if certificate.is_default.is_some() {
            return Err(fault::secure::default_is_said());
        }
        let arn = usable(certificate, draft, cx)?;
        if !listener.certificates.contains(&arn) {
            listener.certificates.push(arn.clone());
        }
        added.push(show(&arn, None));
    }
    draft.put(listener.clone());
    let all = draft.listeners_of(&listener.load_balancer);
    let count: usize = all.map(|listener| listener.certificates.len().saturating_sub(1)).sum();
    if count > quota::CERTIFICATES_PER_BALANCER {
        return Err(fault::secure::too_many_certificates());
    }
    Ok(AddListenerCertificatesOutput { certificates: Some(added) })
}

/// Takes certificates away; the default one can only be replaced.
pub(in super::super) fn remove(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: RemoveListenerCertificatesInput,
) -> Result<RemoveListenerCertificatesOutput, Fault> {
    let mut listener = secure(draft, &input.listener_arn)?;
    for certificate in &input.certificates {
        let arn = certificate.certificate_arn.as_ref();
        if listener.certificates.first() == arn {
            return Err(fault::secure::default_certificate());
        }
        listener.certificates.retain(|known| Some(known) != arn);
    }
    draft.put(listener);
    Ok(RemoveListenerCertificatesOutput {})
}

/// The default certificate and the others.
pub(in super::super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeListenerCertificatesInput,
) -> Result<DescribeListenerCertificatesOutput, Fault> {
    let listener = find(world, &input.listener_arn)?;
    let default = listener.certificates.first();
    let mut sorted: Vec<&String> = listener.certificates.iter().collect();
    sorted.sort();
    let listing = "DescribeListenerCertificates";
    let wanted = Wanted { listing, marker: input.marker, size: input.page_size };
    let page = pages(sorted, &wanted, |arn| (*arn).clone())?;
    let shown = page.rows.into_iter().map(|arn| show(arn, default));
    Ok(DescribeListenerCertificatesOutput {
        certificates: Some(shown.collect()),
        next_marker: page.next,
    })
}

/// The listener with this ARN, which has to speak TLS.
fn secure(world: &World, arn: &str) -> Result<world::Listener, Fault> {
    let listener = find(world, arn)?;
    if listener.protocol != HTTPS {
        return Err(fault::no_certificate());
    }
    Ok(listener.clone())
}

/// A certificate; `default` is the listener's default one.
fn show(arn: &String, default: Option<&String>) -> Certificate {
    Certificate { certificate_arn: Some(arn.clone()), is_default: Some(default == Some(arn)) }
}
