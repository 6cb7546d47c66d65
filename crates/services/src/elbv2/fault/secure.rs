//! Refusals about certificates and security policies.

use super::super::quota;
use crate::query::{declared, invalid};
use api::Fault;
use api::elbv2::errors::*;

pub(crate) fn needs_certificate() -> Fault {
    invalid("A certificate must be specified for HTTPS listeners")
}

pub(crate) fn one_certificate(given: usize) -> Fault {
    // Text unverified.
    let message = format!("Up to '1' certificates can be specified, but '{given}' were specified");
    declared(&TOO_MANY_CERTIFICATES_EXCEPTION, message)
}

pub(crate) fn default_is_said() -> Fault {
    // Text unverified: the model says not to set it.
    invalid("You cannot specify 'IsDefault' for a certificate")
}

pub(crate) fn no_certificate(arn: &str) -> Fault {
    declared(&CERTIFICATE_NOT_FOUND_EXCEPTION, format!("Certificate '{arn}' not found"))
}

/// AWS's own code, which its model does not declare.
pub(crate) fn unusable_certificate(arn: &str) -> Fault {
    let message = format!(
        "The certificate '{arn}' must have a fully-qualified domain name, a supported signature, \
         and a supported key size."
    );
    Fault::refuse("UnsupportedCertificate", message)
}

pub(crate) fn default_certificate() -> Fault {
    // Text unverified.
    declared(&OPERATION_NOT_PERMITTED_EXCEPTION, "The default certificate cannot be removed")
}

pub(crate) fn too_many_certificates() -> Fault {
    let most = quota::CERTIFICATES_PER_BALANCER;
    // Text unverified: the model's, with the quota.
    let message = format!(
        "You've reached the limit on the number of certificates per load balancer: [{most}]"
    );
    declared(&TOO_MANY_CERTIFICATES_EXCEPTION, message)
}

pub(crate) fn no_policy(name: &str) -> Fault {
    declared(&SSL_POLICY_NOT_FOUND_EXCEPTION, format!("SSL policy '{name}' not found"))
}

pub(crate) fn no_mutual_authentication() -> Fault {
    let message = "the local region does not implement 'MutualAuthentication': clients need no \
                   certificates of their own";
    declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message)
}
