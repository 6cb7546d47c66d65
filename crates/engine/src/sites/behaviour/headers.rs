//! Response headers policies as headers with values.

use api::cloudfront::{
    ResponseHeadersPolicyConfig, ResponseHeadersPolicyCorsConfig,
    ResponseHeadersPolicySecurityHeadersConfig, ResponseHeadersPolicyStrictTransportSecurity,
    ResponseHeadersPolicyXSSProtection,
};
use edge::{Cors, Header, HeaderPolicy, Security};

/// A policy.
pub(super) fn policy(held: &ResponseHeadersPolicyConfig) -> HeaderPolicy {
    let mut set = held.security_headers_config.as_ref().map(security).unwrap_or_default();
    let custom = held.custom_headers_config.iter().flat_map(|held| held.items.iter()).flatten();
    set.extend(custom.map(|it| header(&it.header, it.value.clone(), over(it.r#override))));
    let removed = held.remove_headers_config.iter().flat_map(|held| held.items.iter()).flatten();
    HeaderPolicy {
        set,
        cors: held.cors_config.as_ref().map(cors),
        removed: removed.map(|it| it.header.to_ascii_lowercase()).collect(),
    }
}

fn header(name: &str, value: impl Into<String>, over: Security) -> Header {
    Header { name: name.to_ascii_lowercase(), value: value.into(), over }
}

#[expect(clippy::fn_params_excessive_bools, reason = "it names what AWS's truth value means")]
fn over(given: bool) -> Security {
    if given { Security::Override } else { Security::Keep }
}

fn security(held: &ResponseHeadersPolicySecurityHeadersConfig) -> Vec<Header> {
    let mut set = Vec::new();
    if let Some(it) = &held.strict_transport_security {
        set.push(header("strict-transport-security", transport(it), over(it.r#override)));
    }
    if let Some(it) = &held.content_type_options {
        set.push(header("x-content-type-options", "nosniff", over(it.r#override)));
    }
    if let Some(it) = &held.frame_options {
        set.push(header("x-frame-options", it.frame_option.clone(), over(it.r#override)));
    }
    if let Some(it) = &held.referrer_policy {
        set.push(header("referrer-policy", it.referrer_policy.clone(), over(it.r#override)));
    }
    if let Some(it) = &held.content_security_policy {
        let text = it.content_security_policy.clone();
        set.push(header("content-security-policy", text, over(it.r#override)));
    }
    if let Some(it) = &held.xss_protection {
        set.push(header("x-xss-protection", scripting(it), over(it.r#override)));
    }
    set
}

fn transport(held: &ResponseHeadersPolicyStrictTransportSecurity) -> String {
    let mut text = format!("max-age={}", held.access_control_max_age_sec);
    if held.include_subdomains == Some(true) {
        text.push_str("; includeSubDomains");
    }
    if held.preload == Some(true) {
        text.push_str("; preload");
    }
    text
}

fn scripting(held: &ResponseHeadersPolicyXSSProtection) -> String {
    if !held.protection {
        return "0".to_owned();
    }
    let report = held.report_uri.as_ref().map(|uri| format!("; report={uri}"));
    let mode = if held.mode_block == Some(true) { "; mode=block" } else { "" };
    format!("1{mode}{}", report.unwrap_or_default())
}

fn cors(held: &ResponseHeadersPolicyCorsConfig) -> Cors {
    let exposed = held.access_control_expose_headers.as_ref();
    Cors {
        origins: held.access_control_allow_origins.items.clone(),
        headers: held.access_control_allow_headers.items.clone(),
        methods: held.access_control_allow_methods.items.clone(),
        exposed: exposed.and_then(|held| held.items.clone()).unwrap_or_default(),
        credentials: held.access_control_allow_credentials,
        max_age: held.access_control_max_age_sec,
        over: over(held.origin_override),
    }
}
