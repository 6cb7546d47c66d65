//! What answers say beside what their origin says.

use crate::path::is_like;
use crate::sites::{Cors, HeaderPolicy, Security};
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// Puts a policy's headers on an answer.
pub(crate) fn dress(
    policy: &HeaderPolicy,
    (method, asked): (&Method, &HeaderMap),
    answer: &mut HeaderMap,
) {
    for name in &policy.removed {
        answer.remove(name.as_str());
    }
    if let Some(cors) = &policy.cors {
        let origin = asked.get("origin").and_then(|value| value.to_str().ok());
        if let Some(allowed) = origin.and_then(|origin| allowed(cors, origin)) {
            let preflight =
                *method == Method::OPTIONS && asked.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
            allow(cors, &allowed, answer);
            if preflight {
                answer_preflight(cors, answer);
            }
        }
    }
    for header in &policy.set {
        put(answer, &header.name, &header.value, header.over);
    }
}

/// What `Access-Control-Allow-Origin` says to an origin that may ask.
fn allowed(cors: &Cors, origin: &str) -> Option<String> {
    let bare = origin.split_once("://").map_or(origin, |(_, host)| host);
    let fits = |pattern: &String| {
        if pattern.contains("://") { is_like(origin, pattern) } else { is_like(bare, pattern) }
    };
    cors.origins.iter().find(|pattern| fits(pattern)).map(|pattern| {
        // With cookies, browsers do not take a star.
        if pattern == "*" && !cors.credentials { "*".to_owned() } else { origin.to_owned() }
    })
}

fn allow(cors: &Cors, allowed: &str, answer: &mut HeaderMap) {
    // What the origin says of it is the origin's, unless the policy is stronger.
    let said = answer.keys().any(|name| name.as_str().starts_with("access-control-"));
    if said && cors.over == Security::Keep {
        return;
    }
    insert(answer, ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    if allowed != "*" {
        answer.append(VARY, HeaderValue::from_static("Origin"));
    }
    if cors.credentials {
        insert(answer, ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    if !cors.exposed.is_empty() {
        insert(answer, ACCESS_CONTROL_EXPOSE_HEADERS, &cors.exposed.join(", "));
    }
}

fn answer_preflight(cors: &Cors, answer: &mut HeaderMap) {
    insert(answer, ACCESS_CONTROL_ALLOW_METHODS, &cors.methods.join(", "));
    insert(answer, ACCESS_CONTROL_ALLOW_HEADERS, &cors.headers.join(", "));
    if let Some(seconds) = cors.max_age {
        insert(answer, ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
    }
}

fn put(answer: &mut HeaderMap, name: &str, value: &str, over: Security) {
    let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { return };
    if over == Security::Override || !answer.contains_key(&name) {
        insert(answer, name, value);
    }
}

/// Puts a header in. One that no header can carry is left out.
fn insert(answer: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::Header;

    fn answered(policy: &HeaderPolicy, origin: &'static str, held: &[(&str, &str)]) -> HeaderMap {
        let mut asked = HeaderMap::new();
        asked.insert("origin", HeaderValue::from_static(origin));
        let mut answer = HeaderMap::new();
        for (name, value) in held {
            put(&mut answer, name, value, Security::Override);
        }
        dress(policy, (&Method::GET, &asked), &mut answer);
        answer
    }

    #[test]
    fn what_the_origin_says_stays_unless_the_policy_is_stronger() {
        let header = |name: &str, over| Header { name: name.into(), value: "policy".into(), over };
        let policy = HeaderPolicy {
            set: vec![header("x-a", Security::Override), header("x-b", Security::Keep)],
            cors: None,
            removed: vec!["x-c".to_owned()],
        };
        let answer =
            answered(&policy, "https://shop.example", &[("x-a", "1"), ("x-b", "1"), ("x-c", "1")]);
        assert_eq!(
            (answer["x-a"].as_bytes(), answer["x-b"].as_bytes()),
            (&b"policy"[..], &b"1"[..])
        );
        assert!(!answer.contains_key("x-c"));
    }

    #[test]
    fn only_allowed_origins_are_let_in() {
        let cors = Cors {
            origins: vec!["https://*.example".to_owned()],
            headers: vec!["*".to_owned()],
            methods: vec!["GET".to_owned()],
            exposed: Vec::new(),
            credentials: true,
            max_age: None,
            over: Security::Override,
        };
        let policy = HeaderPolicy { set: Vec::new(), cors: Some(cors), removed: Vec::new() };
        let answer = answered(&policy, "https://shop.example", &[]);
        assert_eq!(answer[ACCESS_CONTROL_ALLOW_ORIGIN], "https://shop.example");
        assert_eq!(answer[ACCESS_CONTROL_ALLOW_CREDENTIALS], "true");
        assert!(answered(&policy, "https://other.test", &[]).is_empty());
    }
}
