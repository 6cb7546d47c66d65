//! Refusals of Service Quotas. Texts are likely, unless a comment says otherwise.

use api::Fault;

pub(super) fn no_quota(service: &str, code: &str) -> Fault {
    let message = format!(
        "The request failed because the specified quota {code} of {service} does not exist."
    );
    Fault::refuse("NoSuchResourceException", message)
}

pub(super) fn no_service(service: &str) -> Fault {
    let message =
        format!("The request failed because the specified service {service} does not exist.");
    Fault::refuse("NoSuchResourceException", message)
}

pub(super) fn bad_token() -> Fault {
    Fault::refuse("InvalidPaginationTokenException", "Invalid NextToken.")
}

/// Our own words: AWS takes it.
pub(super) fn not_implemented(what: &str) -> Fault {
    let message = format!("{what} is not implemented by the local region");
    Fault::refuse("IllegalArgumentException", message)
}
