//! Attributes of listeners (reference §4.8).

use super::super::listener::{HTTPS, find};
use super::{Attribute, Refusal, Values, all, changed};
use crate::Cx;
use crate::query::{declared, invalid};
use api::Fault;
use api::elbv2::errors::INVALID_CONFIGURATION_REQUEST_EXCEPTION;
use api::elbv2::*;
use model::Ids;
use world::{Draft, Listener, World};

/// A header that the load balancer may be told to set in answers.
macro_rules! header {
    ($name:literal) => {
        Attribute {
            key: concat!("routing.http.response.", $name, ".header_value"),
            default: "",
            values: Values::HeaderValue,
            refusal: NO_HEADER,
        }
    };
    ($name:literal, $words:expr, $listed:literal) => {
        Attribute {
            key: concat!("routing.http.response.", $name, ".header_value"),
            default: "",
            values: Values::Words($words),
            refusal: |key, value| {
                let listed = $listed;
                format!(
                    "The value of '{key}' must be from the following: [{listed}], but was '{value}'"
                )
            },
        }
    };
}

/// Texts unverified.
const NO_HEADER: Refusal = |key, _| {
    format!("The value of '{key}' is too long, or contains a character that a header can't have")
};

/// A header of requests that the load balancer adds, under a name of choice.
const fn renamed(key: &'static str, default: &'static str) -> Attribute {
    Attribute { key, default, values: Values::HeaderName, refusal: NO_HEADER }
}

/// How many rows of the table only listeners with TLS have: the first ones.
const SECURE: usize = 2;

const TABLE: [Attribute; 13] = [
    renamed("routing.http.request.x_amzn_tls_version.header_name", "X-Amzn-Tls-Version"),
    renamed("routing.http.request.x_amzn_tls_cipher_suite.header_name", "X-Amzn-Tls-Cipher-Suite"),
    Attribute::flag("routing.http.response.server.enabled", "true"),
    header!("strict_transport_security"),
    header!("access_control_allow_origin"),
    header!("access_control_allow_methods"),
    header!("access_control_allow_headers"),
    header!("access_control_allow_credentials"),
    header!("access_control_expose_headers"),
    header!("access_control_max_age"),
    header!("content_security_policy"),
    header!("x_content_type_options", &["", "nosniff"], "nosniff"),
    header!("x_frame_options", &["", "DENY", "SAMEORIGIN"], "DENY, SAMEORIGIN"),
];

/// Keys of listeners with other protocols, and of those that ask clients for certificates.
const ELSEWHERE: &[&str] = &[
    "routing.http.request.x_amzn_mtls_clientcert.header_name",
    "routing.http.request.x_amzn_mtls_clientcert_issuer.header_name",
    "routing.http.request.x_amzn_mtls_clientcert_leaf.header_name",
    "routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name",
    "routing.http.request.x_amzn_mtls_clientcert_subject.header_name",
    "routing.http.request.x_amzn_mtls_clientcert_validity.header_name",
    "routing.http.request.x_amzn_tls_cipher_suite.header_name",
    "routing.http.request.x_amzn_tls_version.header_name",
    "send_tcp_reset.on_idle_timeout.enabled",
    "tcp.idle_timeout.seconds",
];

/// `ModifyListenerAttributes`.
pub(in super::super) fn modify(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: ModifyListenerAttributesInput,
) -> Result<ModifyListenerAttributesOutput, Fault> {
    let mut listener = find(draft, &input.listener_arn)?.clone();
    let given = input.attributes.into_iter();
    let given = given.map(|a| (a.key.unwrap_or_default(), a.value.unwrap_or_default())).collect();
    // Text unverified: worded as for load balancers.
    let twice =
        |key: &str| invalid(format!("Attribute key '{key}' has been specified more than once"));
    let table = table(&listener);
    listener.attributes = changed(&listener.attributes, given, table, unknown, twice)?;
    let attributes = Some(shown(&listener));
    draft.put(listener);
    Ok(ModifyListenerAttributesOutput { attributes })
}

/// `DescribeListenerAttributes`.
pub(in super::super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeListenerAttributesInput,
) -> Result<DescribeListenerAttributesOutput, Fault> {
    let attributes = Some(shown(find(world, &input.listener_arn)?));
    Ok(DescribeListenerAttributesOutput { attributes })
}

fn unknown(key: &str) -> Fault {
    if ELSEWHERE.contains(&key) {
        let message = "The provided listener attribute is not supported";
        return declared(&INVALID_CONFIGURATION_REQUEST_EXCEPTION, message);
    }
    invalid(format!("Listener attribute key '{key}' is not recognized"))
}

/// The attributes that a listener has.
fn table(listener: &Listener) -> &'static [Attribute] {
    static ALL: &[Attribute] = &TABLE;
    if listener.protocol == HTTPS { ALL } else { &ALL[SECURE..] }
}

fn shown(listener: &Listener) -> Vec<ListenerAttribute> {
    let show = |(key, value): (&'static str, &str)| ListenerAttribute {
        key: Some(key.to_owned()),
        value: Some(value.to_owned()),
    };
    all(&listener.attributes, table(listener)).map(show).collect()
}
