use super::*;
use crate::sites::{Cached, Forwarded, HeaderPolicy};

fn behaviour(cached: Cached, forwarded: Forwarded) -> Behaviour {
    Behaviour {
        pattern: "*".to_owned(),
        origin: "files".to_owned(),
        methods: vec![Method::GET],
        cached_methods: vec![Method::GET],
        compress: false,
        cached,
        forwarded,
        headers: HeaderPolicy::default(),
        on_request: None,
        on_response: None,
    }
}

fn asked(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
}

#[test]
fn answers_are_told_apart_by_what_the_policy_names() {
    let held = behaviour(
        Cached { query: Names::Only(vec!["page".to_owned()]), ..Default::default() },
        Forwarded::default(),
    );
    let headers = asked(&[("cookie", "a=1"), ("x-a", "1")]);
    let of = |query| key(&held, &Method::GET, "/a", &Seen { headers: &headers, query });
    assert_eq!(of("page=1&other=2"), of("page=1&other=3"));
    assert_ne!(of("page=1"), of("page=2"));
}

#[test]
fn an_origin_is_told_what_either_policy_names() {
    let held = behaviour(
        Cached { cookies: Names::Only(vec!["b".to_owned()]), ..Default::default() },
        Forwarded { headers: Names::Except(vec!["host".to_owned()]), ..Default::default() },
    );
    let headers = asked(&[
        ("host", "d1.cloudfront.net"),
        ("cookie", "a=1; b=2"),
        ("x-a", "1"),
        ("connection", "close"),
    ]);
    let told = super::headers(&held, &Method::GET, &Seen { headers: &headers, query: "" });
    assert_eq!((told["cookie"].as_bytes(), told["x-a"].as_bytes()), (&b"b=2"[..], &b"1"[..]));
    assert!(!told.contains_key("host") && !told.contains_key("connection"));
    assert!(!tells_host(&held));
}

#[test]
fn credentials_of_reading_requests_go_by_policy_only() {
    let held = behaviour(Cached::default(), Forwarded::default());
    let headers = asked(&[("authorization", "secret")]);
    let told = |method| super::headers(&held, &method, &Seen { headers: &headers, query: "" });
    assert!(!told(Method::GET).contains_key("authorization"));
    assert!(told(Method::POST).contains_key("authorization"));
}
