//! AWS's response headers policies.

use super::{YEAR, part};
use api::cloudfront::*;
use std::sync::LazyLock;
use world::edge::Part;

/// All of them.
pub(in crate::cloudfront) fn policies() -> &'static [Part<ResponseHeadersPolicyConfig>] {
    static ALL: LazyLock<Vec<Part<ResponseHeadersPolicyConfig>>> = LazyLock::new(|| {
        let simple = || cors(&["GET"], None);
        let preflight =
            || cors(&["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"], Some("*"));
        vec![
            policy(
                "60669652-455b-4ae9-85a4-c4c02393f86c",
                "Managed-SimpleCORS",
                Some(simple()),
                None,
            ),
            policy(
                "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
                "Managed-CORS-With-Preflight",
                Some(preflight()),
                None,
            ),
            policy(
                "67f7725c-6f97-4210-82d7-5512b31e9d03",
                "Managed-SecurityHeadersPolicy",
                None,
                Some(security()),
            ),
            policy(
                "e61eb60c-9c35-4d20-a928-2b84e02af89c",
                "Managed-CORS-and-SecurityHeadersPolicy",
                Some(simple()),
                Some(security()),
            ),
            policy(
                "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
                "Managed-CORS-with-preflight-and-SecurityHeadersPolicy",
                Some(preflight()),
                Some(security()),
            ),
        ]
    });
    &ALL
}

fn policy(
    id: &str,
    name: &str,
    cors_config: Option<ResponseHeadersPolicyCorsConfig>,
    security_headers_config: Option<ResponseHeadersPolicySecurityHeadersConfig>,
) -> Part<ResponseHeadersPolicyConfig> {
    let config = ResponseHeadersPolicyConfig {
        name: name.to_owned(),
        cors_config,
        security_headers_config,
        ..Default::default()
    };
    part(id, config)
}

/// Everybody may ask; with a preflight, scripts see all headers of the answer.
fn cors(methods: &[&str], exposed: Option<&str>) -> ResponseHeadersPolicyCorsConfig {
    let all = || vec!["*".to_owned()];
    let methods: Vec<String> = methods.iter().map(|method| (*method).to_owned()).collect();
    ResponseHeadersPolicyCorsConfig {
        access_control_allow_origins: ResponseHeadersPolicyAccessControlAllowOrigins {
            quantity: 1,
            items: all(),
        },
        access_control_allow_headers: ResponseHeadersPolicyAccessControlAllowHeaders {
            quantity: 1,
            items: all(),
        },
        access_control_allow_methods: ResponseHeadersPolicyAccessControlAllowMethods {
            quantity: i32::try_from(methods.len()).unwrap_or(i32::MAX),
            items: methods,
        },
        access_control_allow_credentials: false,
        access_control_expose_headers: exposed.map(|name| {
            let items = Some(vec![name.to_owned()]);
            ResponseHeadersPolicyAccessControlExposeHeaders { quantity: 1, items }
        }),
        access_control_max_age_sec: None,
        origin_override: false,
    }
}

fn security() -> ResponseHeadersPolicySecurityHeadersConfig {
    ResponseHeadersPolicySecurityHeadersConfig {
        xss_protection: Some(ResponseHeadersPolicyXSSProtection {
            r#override: false,
            protection: true,
            mode_block: Some(true),
            report_uri: None,
        }),
        frame_options: Some(ResponseHeadersPolicyFrameOptions {
            r#override: false,
            frame_option: "SAMEORIGIN".to_owned(),
        }),
        referrer_policy: Some(ResponseHeadersPolicyReferrerPolicy {
            r#override: false,
            referrer_policy: "strict-origin-when-cross-origin".to_owned(),
        }),
        content_security_policy: None,
        content_type_options: Some(ResponseHeadersPolicyContentTypeOptions { r#override: true }),
        strict_transport_security: Some(ResponseHeadersPolicyStrictTransportSecurity {
            r#override: false,
            include_subdomains: None,
            preload: None,
            access_control_max_age_sec: i32::try_from(YEAR).unwrap_or(i32::MAX),
        }),
    }
}
