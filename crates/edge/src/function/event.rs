//! Requests and answers as functions see them, in CloudFront's structure of events.

use http::header::{COOKIE, HOST, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value as Json, json};

/// Where an event happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) domain: &'a str,
    pub(crate) site: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) id: &'a str,
    pub(crate) viewer: &'a str,
}

/// An event about a request.
pub(crate) fn event(place: &Place<'_>, request: &Json) -> Json {
    json!({
        "version": "1.0",
        "context": {
            "distributionDomainName": place.domain,
            "distributionId": place.site,
            "eventType": place.kind,
            "requestId": place.id,
        },
        "viewer": { "ip": place.viewer },
        "request": request,
    })
}

/// A request.
pub(crate) fn request(method: &str, (path, query): (&str, &str), headers: &HeaderMap) -> Json {
    json!({
        "method": method,
        "uri": path,
        "querystring": parameters(query),
        "headers": shown(headers, &[COOKIE]),
        "cookies": cookies(headers),
    })
}

/// An answer.
pub(crate) fn response(status: u16, reason: &str, headers: &HeaderMap) -> Json {
    json!({
        "statusCode": status,
        "statusDescription": reason,
        "headers": shown(headers, &[SET_COOKIE]),
        "cookies": set_cookies(headers),
    })
}

/// The headers of a request that a function returned; the name that was asked for stays.
pub(crate) fn request_headers(returned: &Json, before: &HeaderMap) -> HeaderMap {
    let mut headers = read(returned);
    headers.remove(COOKIE);
    headers.remove(HOST);
    headers.extend(before.get(HOST).cloned().map(|host| (HOST, host)));
    let pairs = entries(&returned["cookies"]).map(|(name, value)| format!("{name}={value}"));
    let pairs: Vec<String> = pairs.collect();
    if !pairs.is_empty() {
        headers.extend(HeaderValue::from_str(&pairs.join("; ")).ok().map(|it| (COOKIE, it)));
    }
    headers
}

/// The headers of an answer that a function returned.
pub(crate) fn response_headers(returned: &Json) -> HeaderMap {
    let mut headers = read(returned);
    headers.remove(SET_COOKIE);
    let cookies = returned["cookies"].as_object().into_iter().flatten();
    for (name, held) in cookies.flat_map(|(name, held)| several(held).map(move |one| (name, one))) {
        let attributes = held["attributes"].as_str().filter(|text| !text.is_empty());
        let attributes = attributes.map_or(String::new(), |text| format!("; {text}"));
        let value = text_of(&held["value"]);
        if let Ok(value) = HeaderValue::from_str(&format!("{name}={value}{attributes}")) {
            headers.append(SET_COOKIE, value);
        }
    }
    headers
}

/// The parameters of a request that a function returned.
pub(crate) fn query(returned: &Json) -> String {
    let pairs = entries(&returned["querystring"]).map(|(name, value)| match value.as_str() {
        "" => name,
        value => format!("{name}={value}"),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The body that a function returned: a text, or one in base64.
pub(crate) fn body(returned: &Json) -> Option<Vec<u8>> {
    use base64::Engine as _;
    match &returned["body"] {
        Json::String(text) => Some(text.clone().into_bytes()),
        Json::Object(held) => {
            let data = held.get("data").and_then(Json::as_str)?;
            let packed = held.get("encoding").and_then(Json::as_str) == Some("base64");
            let engine = base64::engine::general_purpose::STANDARD;
            if packed { engine.decode(data).ok() } else { Some(data.as_bytes().to_vec()) }
        }
        _ => None,
    }
}

fn shown(headers: &HeaderMap, without: &[HeaderName]) -> Json {
    let mut map = Map::new();
    for name in headers.keys().filter(|name| !without.contains(name)) {
        let values = headers.get_all(name).iter();
        let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        map.insert(name.as_str().to_owned(), grouped(&values.collect::<Vec<_>>()));
    }
    Json::Object(map)
}

/// A name's value, or its values.
fn grouped(values: &[String]) -> Json {
    let first = values.first().cloned().unwrap_or_default();
    let all: Vec<Json> = values.iter().map(|value| json!({ "value": value })).collect();
    if all.len() > 1 {
        json!({ "value": first, "multiValue": all })
    } else {
        json!({ "value": first })
    }
}

fn parameters(query: &str) -> Json {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    gathered(pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))))
}

fn cookies(headers: &HeaderMap) -> Json {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).map(str::trim);
    gathered(pairs.filter_map(|pair| pair.split_once('=')))
}

fn gathered<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Json {
    let mut by_name: Map<String, Json> = Map::new();
    for (name, value) in pairs {
        let held = by_name.entry(name).or_insert_with(|| json!([]));
        if let Json::Array(values) = held {
            values.push(json!(value));
        }
    }
    let named = by_name.into_iter().map(|(name, values)| {
        let values: Vec<String> = values.as_array().into_iter().flatten().map(text_of).collect();
        (name, grouped(&values))
    });
    Json::Object(named.collect())
}

fn set_cookies(headers: &HeaderMap) -> Json {
    let mut map = Map::new();
    for value in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
        let (pair, attributes) = value.split_once(';').unwrap_or((value, ""));
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let held = json!({ "value": value, "attributes": attributes.trim() });
        map.insert(name.to_owned(), held);
    }
    Json::Object(map)
}

/// The headers that a function returned. What no header can carry is left out.
fn read(returned: &Json) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in entries(&returned["headers"]) {
        let name = HeaderName::from_bytes(name.to_ascii_lowercase().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            headers.append(name, value);
        }
    }
    headers
}

/// Names with each of their values.
fn entries(held: &Json) -> impl Iterator<Item = (String, String)> {
    let named = held.as_object().into_iter().flatten();
    named.flat_map(|(name, held)| {
        several(held).map(move |one| (name.clone(), text_of(&one["value"])))
    })
}

/// All of a name's values, where there are several, or the one.
fn several(held: &Json) -> impl Iterator<Item = &Json> {
    match held["multiValue"].as_array() {
        Some(all) if !all.is_empty() => all.iter().collect::<Vec<_>>().into_iter(),
        _ => vec![held].into_iter(),
    }
}

fn text_of(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}
