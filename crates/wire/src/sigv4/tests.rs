use super::*;
use crate::{Dialect, Head};
use api::{Protocol, Service};
use http::{HeaderMap, HeaderValue, Method, Uri};
use model::{Secret, Span, Timestamp};

/// 2015-08-30T12:36:00Z, the moment of AWS's own examples.
const NOW: Timestamp = Timestamp::from_seconds(1_440_938_160);
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: &'static [u8],
}

impl Asked {
    fn head(&self) -> Head<'_> {
        Head { method: &self.method, uri: &self.uri, headers: &self.headers }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.append(name, HeaderValue::from_str(value).unwrap());
        self
    }

    fn claim(&self) -> Claim {
        claim(&self.head()).unwrap()
    }

    fn check(&self, secret: &str) -> Result<(), Trouble> {
        self.claim().check_signature(&self.head(), self.body, &Secret::from(secret))
    }
}

fn asked(start: &str, body: &'static [u8]) -> Asked {
    let (method, uri) = start.split_once(' ').unwrap();
    let headers = HeaderMap::new();
    Asked { method: method.parse().unwrap(), uri: uri.parse().unwrap(), headers, body }
}

fn authorization(scope: &str, headers: &str, signature: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential={scope}/aws4_request, SignedHeaders={headers}, Signature={signature}"
    )
}

/// AWS's example `get-vanilla`.
fn vanilla() -> Asked {
    asked("GET /", b"")
        .with("host", "example.amazonaws.com")
        .with("x-amz-date", "20150830T123600Z")
        .with(
            "authorization",
            &authorization(
                "AKIDEXAMPLE/20150830/us-east-1/service",
                "host;x-amz-date",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
        )
}

/// A JSON call with a session token, signed by botocore 1.44.5.
fn json_call() -> Asked {
    asked("POST /", br#"{"cluster":"shop"}"#)
        .with("host", "ecs.us-east-1.amazonaws.com")
        .with("content-type", "application/x-amz-json-1.1")
        .with("x-amz-target", "AmazonEC2ContainerServiceV20141113.ListServices")
        .with("x-amz-date", "20150830T123600Z")
        .with("x-amz-security-token", "token/with+signs==")
        .with(
            "authorization",
            &authorization(
                "ASIAEXAMPLE/20150830/us-east-1/ecs",
                "content-type;host;x-amz-date;x-amz-security-token;x-amz-target",
                "cbe4ee9bfdc42de12a9f55e69279b43b28d2963c6041f5beafe18c382dddec3f",
            ),
        )
}

/// A URL presigned for a minute by botocore 1.44.5.
fn presigned() -> Asked {
    let query = "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=ASIAEXAMPLE%2F20150830%2Fus-east-1%2Fsts%2Faws4_request\
        &X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host\
        &X-Amz-Security-Token=token%2Fwith%2Bsigns%3D%3D\
        &X-Amz-Signature=bcab2e14b81538de2bf5c9081641d751ca3a7c0cb7d8d58c2027bc322a55fde9";
    asked(&format!("GET /?{query}"), b"").with("host", "sts.us-east-1.amazonaws.com")
}

#[test]
fn a_claim_is_read_from_the_header() {
    let claim = json_call().claim();
    assert_eq!(claim.access_key, "ASIAEXAMPLE");
    assert_eq!((claim.date.as_str(), claim.region.as_str()), ("20150830", "us-east-1"));
    assert_eq!(claim.service, "ecs");
    assert_eq!(claim.token.as_ref().map(Secret::reveal), Some("token/with+signs=="));
    assert_eq!((claim.at, claim.expires), (NOW, None));
    assert_eq!(claim.signed_headers[0], "content-type");
    assert!(!format!("{claim:?}").contains("with+signs"));
}

#[test]
fn a_claim_is_read_from_a_presigned_url() {
    let claim = presigned().claim();
    assert_eq!((claim.access_key.as_str(), claim.service.as_str()), ("ASIAEXAMPLE", "sts"));
    assert_eq!(claim.token.as_ref().map(Secret::reveal), Some("token/with+signs=="));
    assert_eq!((claim.at, claim.expires), (NOW, Some(Span::seconds(60))));
}

#[test]
fn signatures_of_other_signers_hold() {
    let form = asked("POST /", b"Action=GetCallerIdentity&Version=2011-06-15")
        .with("host", "127.0.0.1:4566")
        .with("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .with("my-header", "a   b")
        .with("x-amz-date", "20150830T123600Z")
        .with(
            "authorization",
            &authorization(
                "AKIDEXAMPLE/20150830/us-east-1/sts",
                "content-type;host;my-header;x-amz-date",
                "7106bf968cd55aef3ba4163996b67359013e8085a1f26b11378f0f04413d82dd",
            ),
        );
    let path = asked("GET /a%20b/../c//d/?b=2&a=1&a=%C3%A9&c", b"")
        .with("host", "127.0.0.1:4566")
        .with("x-amz-date", "20150830T123600Z")
        .with(
            "authorization",
            &authorization(
                "AKIDEXAMPLE/20150830/us-east-1/sts",
                "host;x-amz-date",
                "963e96e46ead4a6c65047a9b8498a1e16950c864ddba9b8216ab65a591b2e96a",
            ),
        );
    for asked in [vanilla(), json_call(), presigned(), form, path] {
        assert_eq!(asked.check(SECRET), Ok(()), "{:?}", asked.head());
    }
}

#[test]
fn over_http_2_the_host_is_the_authority() {
    let mut asked = vanilla();
    asked.headers.remove("host");
    asked.uri = "https://example.amazonaws.com/".parse().unwrap();
    assert_eq!(asked.check(SECRET), Ok(()));
}

#[test]
fn whatever_is_changed_the_signature_no_longer_holds() {
    assert_eq!(vanilla().check("another"), Err(Trouble::Mismatch));
    let changes: [fn(&mut Asked); 6] = [
        |asked| asked.body = b"{}",
        |asked| asked.method = Method::PUT,
        |asked| asked.uri = "/x".parse().unwrap(),
        |asked| asked.uri = "/?a=b".parse().unwrap(),
        |asked| drop(asked.headers.insert("x-amz-target", HeaderValue::from_static("x"))),
        |asked| drop(asked.headers.remove("x-amz-target")),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut asked = json_call();
        change(&mut asked);
        assert_eq!(asked.check(SECRET), Err(Trouble::Mismatch), "change {at}");
    }
    for signature in ["", "0", "zz", &"0".repeat(64)] {
        let mut claim = vanilla().claim();
        signature.clone_into(&mut claim.signature);
        let secret = Secret::from(SECRET);
        assert_eq!(claim.check_signature(&vanilla().head(), b"", &secret), Err(Trouble::Mismatch));
    }
}

#[test]
fn a_body_that_the_signer_did_not_read_is_not_held_against_it() {
    let unsigned = |body| {
        let mut asked = vanilla().with("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        asked.body = body;
        asked.claim().string_to_sign(&asked.head(), asked.body)
    };
    assert_eq!(unsigned(b""), unsigned(b"x"));
    let read = vanilla();
    assert_ne!(unsigned(b""), read.claim().string_to_sign(&read.head(), b""));
}

/// The fault of a trouble in one of the protocols.
fn said(trouble: &Trouble, service: Service) -> (u16, String) {
    let fault = trouble.fault(Dialect::of(service));
    (fault.status, fault.to_string())
}

#[test]
fn each_protocol_has_codes_of_its_own() {
    let check = |trouble: Trouble, codes: [(u16, &str); 3]| {
        let services = [Service::Ecs, Service::Sts, Service::Ec2];
        for (service, (status, code)) in services.into_iter().zip(codes) {
            let said = said(&trouble, service);
            let code_said = said.1.split(": ").next().unwrap();
            assert_eq!((said.0, code_said), (status, code), "{trouble:?}");
        }
    };
    check(
        Trouble::Missing,
        [
            (400, "MissingAuthenticationTokenException"),
            (403, "MissingAuthenticationToken"),
            (401, "AuthFailure"),
        ],
    );
    check(
        Trouble::Mismatch,
        [(400, "InvalidSignatureException"), (403, "SignatureDoesNotMatch"), (401, "AuthFailure")],
    );
    check(
        Trouble::UnknownKey,
        [(400, "UnrecognizedClientException"), (403, "InvalidClientTokenId"), (401, "AuthFailure")],
    );
    check(
        Trouble::ExpiredToken,
        [(400, "ExpiredTokenException"), (403, "ExpiredToken"), (400, "RequestExpired")],
    );
    check(
        Trouble::Credential { given: "a/b".to_owned() },
        [
            (400, "IncompleteSignatureException"),
            (400, "IncompleteSignature"),
            (400, "IncompleteSignature"),
        ],
    );
}

fn refused(asked: &Asked) -> String {
    let dialect = Dialect { protocol: Protocol::Json11, service: None };
    claim(&asked.head()).unwrap_err().fault(dialect).to_string()
}

#[test]
fn a_request_without_a_claim_is_told_so() {
    let missing = "MissingAuthenticationTokenException: Missing Authentication Token";
    assert_eq!(refused(&asked("POST /", b"")), missing);
    assert_eq!(refused(&asked("POST /", b"").with("authorization", "Bearer x")), missing);
    assert_eq!(
        refused(&asked("GET /?X-Amz-Algorithm=a", b"").with("authorization", "AWS4-HMAC-SHA256")),
        "InvalidSignatureException: Found both 'X-Amz-Algorithm' as a query-string param and \
         'Authorization' as HTTP header."
    );
}

#[test]
fn what_is_missing_from_a_claim_is_named_and_the_header_is_not_shown() {
    let said =
        refused(&asked("POST /", b"").with("authorization", "AWS4-HMAC-SHA256 Signature=a1"));
    assert_eq!(
        said,
        "IncompleteSignatureException: Authorization header requires 'Credential' parameter. \
         Authorization header requires 'SignedHeaders' parameter. Authorization header requires \
         existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with \
         Base64) Authorization=OEZd/TfB1ICRT98GxSCCYS7VF5QItZcVutphcrzsZPM="
    );
    let said = refused(&asked("GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=", b""));
    assert_eq!(
        said,
        "IncompleteSignatureException: AWS query-string parameters must include 'X-Amz-Credential'. \
         AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must \
         include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. \
         Re-examine the query-string parameters."
    );
    let said = refused(&vanilla_with("AWS4-HMAC-SHA256 Credential=secret stuff, Foo"));
    assert!(
        said.starts_with(
            "IncompleteSignatureException: Invalid key=value pair (missing equal-sign)"
        )
    );
    assert!(!said.contains("secret stuff"));
}

/// The example with another `Authorization`.
fn vanilla_with(authorization: &str) -> Asked {
    let mut asked = vanilla();
    asked.headers.insert("authorization", HeaderValue::from_str(authorization).unwrap());
    asked
}

#[test]
fn malformed_parts_are_quoted() {
    let scope = "AKID/20150830/us-east-1/ecs";
    let check = |authorization: &str, expected: &str| {
        assert_eq!(refused(&vanilla_with(authorization)), expected);
    };
    check(
        "AWS4-HMAC-SHA25 Credential=a, SignedHeaders=host, Signature=b",
        "IncompleteSignatureException: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only \
         AWS4-HMAC-SHA256 for now). ",
    );
    check(
        "AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=b",
        "IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements, e.g. \
         keyid/date/region/service/term, got 'a/b/c/d'",
    );
    check(
        &authorization(scope, "x-amz-date", "00"),
        "InvalidSignatureException: 'Host' or ':authority' must be a 'SignedHeader' in the AWS \
         Authorization.",
    );
    let mut asked = vanilla();
    asked.headers.insert("x-amz-date", HeaderValue::from_static("today"));
    assert_eq!(
        refused(&asked),
        "IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got 'today'. See \
         http://en.wikipedia.org/wiki/ISO_8601"
    );
}

#[test]
fn a_scope_must_be_of_the_region_the_service_and_the_day() {
    let claim = json_call().claim();
    assert_eq!(claim.check_scope("us-east-1", Service::Ecs), Ok(()));
    let trouble = claim.check_scope("eu-west-1", Service::Logs).unwrap_err();
    assert_eq!(
        said(&trouble, Service::Logs).1,
        "InvalidSignatureException: Credential should be scoped to a valid region. Credential should \
         be scoped to correct service: 'logs'. The local region is named eu-west-1: set \
         AWS_REGION=eu-west-1, or start one of another name with `neargate region start --region`."
    );
    assert_eq!(
        said(&trouble, Service::Ec2).1,
        "AuthFailure: AWS was not able to validate the provided access credentials. The local region \
         is named eu-west-1: set AWS_REGION=eu-west-1, or start one of another name with `neargate \
         region start --region`."
    );
    let other_day = Claim { date: "20150831".to_owned(), terminator: "end".to_owned(), ..claim };
    assert_eq!(
        other_day.check_scope("us-east-1", Service::Ecs),
        Err(Trouble::Scope(vec![ScopeTrouble::Terminator, ScopeTrouble::Date]))
    );
}

#[test]
fn global_services_may_be_signed_for_their_home_region() {
    let claim = |service: &str| Claim { service: service.to_owned(), ..json_call().claim() };
    assert_eq!(claim("iam").check_scope("eu-west-1", Service::Iam), Ok(()));
    assert_eq!(claim("sts").check_scope("eu-west-1", Service::Sts), Ok(()));
    assert!(claim("ecs").check_scope("eu-west-1", Service::Ecs).is_err());
}

#[test]
fn a_claim_is_good_for_five_minutes_either_way() {
    let claim = vanilla().claim();
    let (minutes, second) = (Span::minutes(5), Span::seconds(1));
    assert_eq!(claim.check_time(NOW), Ok(()));
    assert_eq!(claim.check_time(NOW + minutes), Ok(()));
    assert_eq!(claim.check_time(NOW - minutes), Ok(()));
    assert_eq!(
        said(&claim.check_time(NOW + minutes + second).unwrap_err(), Service::Sts).1,
        "SignatureDoesNotMatch: Signature expired: 20150830T123600Z is now earlier than \
         20150830T123601Z (20150830T124101Z - 5 min.)"
    );
    assert_eq!(
        said(&claim.check_time(NOW - minutes - second).unwrap_err(), Service::Sts).1,
        "SignatureDoesNotMatch: Signature not yet current: 20150830T123600Z is still later than \
         20150830T123559Z (20150830T123059Z + 5 min.)"
    );
}

#[test]
fn a_presigned_url_is_good_for_as_long_as_it_says() {
    let claim = presigned().claim();
    assert_eq!(claim.check_time(NOW + Span::seconds(60)), Ok(()));
    assert!(claim.check_time(NOW + Span::seconds(61)).is_err());
}
