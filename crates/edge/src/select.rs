//! What counts of a request: what tells answers apart, and what an origin is told.
//!
//! An origin is told at least what tells its answers apart.

use crate::sites::{Behaviour, Names};
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
    COOKIE, HOST, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE,
    PRAGMA, RANGE, USER_AGENT,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// What an origin is told in any case.
const ALWAYS: [HeaderName; 11] = [
    CACHE_CONTROL,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    IF_MATCH,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    IF_RANGE,
    IF_UNMODIFIED_SINCE,
    PRAGMA,
    RANGE,
];
/// What belongs to a connection, and goes no further.
const HOP: [&str; 8] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// What the edge says itself.
const OWN: [&str; 3] = ["accept-encoding", "cookie", "via"];

/// What tells this request's answer from others.
pub(crate) fn key(behaviour: &Behaviour, method: &Method, path: &str, seen: &Seen<'_>) -> String {
    let cached = &behaviour.cached;
    let mut key = format!("{path}\n{}\n", query(seen.query, &[&cached.query]));
    // Answers to `HEAD` are the heads of those to `GET`.
    if *method == Method::OPTIONS {
        key.push_str("OPTIONS\n");
    }
    for (name, value) in seen.headers {
        if counts(&cached.headers, name.as_str()) {
            key.push_str(name.as_str());
            key.push('=');
            key.push_str(&String::from_utf8_lossy(value.as_bytes()));
            key.push('\n');
        }
    }
    key.push_str(&cookies(seen.headers, &[&cached.cookies]));
    if wants_gzip(behaviour, seen.headers) {
        key.push_str("\ngzip");
    }
    key
}

/// A request's head as the viewer sent it, or as a function changed it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: &'a str,
}

/// The headers for an origin, but for those that say who asks.
pub(crate) fn headers(behaviour: &Behaviour, method: &Method, seen: &Seen<'_>) -> HeaderMap {
    let asked = [&behaviour.cached.headers, &behaviour.forwarded.headers];
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(method);
    let told = |name: &HeaderName| {
        let listed = asked.iter().any(|names| counts(names, name.as_str()));
        // Credentials of a changing request go through, those of a reading one by a policy only.
        let credentials = *name == AUTHORIZATION && !reads;
        listed || credentials || ALWAYS.contains(name)
    };
    let passes = |name: &HeaderName| !HOP.contains(&name.as_str()) && !OWN.contains(&name.as_str());
    let mut headers = HeaderMap::new();
    for (name, value) in seen.headers.iter().filter(|(name, _)| passes(name) && told(name)) {
        headers.append(name.clone(), value.clone());
    }
    let cookies = cookies(seen.headers, &[&behaviour.cached.cookies, &behaviour.forwarded.cookies]);
    if let Some(cookies) = HeaderValue::from_str(&cookies).ok().filter(|it| !it.is_empty()) {
        headers.insert(COOKIE, cookies);
    }
    if wants_gzip(behaviour, seen.headers) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    } else if asked.iter().any(|names| counts(names, ACCEPT_ENCODING.as_str())) {
        headers.extend(seen.headers.get(ACCEPT_ENCODING).cloned().map(|it| (ACCEPT_ENCODING, it)));
    }
    if !headers.contains_key(USER_AGENT) {
        headers.insert(USER_AGENT, HeaderValue::from_static("Amazon CloudFront"));
    }
    headers
}

/// The parameters for an origin.
pub(crate) fn query_for_origin(behaviour: &Behaviour, seen: &Seen<'_>) -> String {
    query(seen.query, &[&behaviour.cached.query, &behaviour.forwarded.query])
}

/// Whether an origin is told the name that the viewer asked for.
pub(crate) fn tells_host(behaviour: &Behaviour) -> bool {
    let asked = [&behaviour.cached.headers, &behaviour.forwarded.headers];
    asked.iter().any(|names| counts(names, HOST.as_str()))
}

/// Whether a viewer takes packed answers, and they are told from others.
pub(crate) fn wants_gzip(behaviour: &Behaviour, headers: &HeaderMap) -> bool {
    let takes = headers.get_all(ACCEPT_ENCODING).iter().any(|value| {
        let value = value.to_str().unwrap_or_default();
        value.split(',').map(str::trim).any(|one| {
            one.split(';').next() == Some("gzip") && !one.replace(' ', "").ends_with("q=0")
        })
    });
    behaviour.cached.gzip && takes
}

fn counts(names: &Names, name: &str) -> bool {
    match names {
        Names::Nothing => false,
        Names::All => true,
        Names::Only(held) => held.iter().any(|held| held.eq_ignore_ascii_case(name)),
        Names::Except(held) => !held.iter().any(|held| held.eq_ignore_ascii_case(name)),
    }
}

/// The cookies that one of the lists names, as a header has them.
fn cookies(headers: &HeaderMap, asked: &[&Names]) -> String {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).map(str::trim);
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    // Names of cookies mind the case.
    let told = pairs.filter(|pair| asked.iter().any(|names| exactly(names, &name(pair))));
    told.collect::<Vec<_>>().join("; ")
}

/// The parameters that one of the lists names.
fn query(text: &str, asked: &[&Names]) -> String {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    let told = pairs.filter(|pair| asked.iter().any(|names| exactly(names, &name(pair))));
    told.collect::<Vec<_>>().join("&")
}

fn exactly(names: &Names, name: &str) -> bool {
    match names {
        Names::Nothing => false,
        Names::All => true,
        Names::Only(held) => held.iter().any(|held| held == name),
        Names::Except(held) => !held.iter().any(|held| held == name),
    }
}

#[cfg(test)]
mod tests;
