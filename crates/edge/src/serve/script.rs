//! The functions of a behaviour, before and after.

use super::{Visit, whole};
use crate::body::Body;
use crate::function::{self, event};
use crate::page::{Reason, X_CACHE};
use crate::sites::Function;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::Value as Json;
use std::sync::Arc;

/// Runs the function for requests. It changes the request, or answers it.
pub(super) async fn on_request(visit: &mut Visit<'_>) -> Result<Option<Response<Body>>, Reason> {
    let Some(function) = &visit.behaviour.on_request else { return Ok(None) };
    let before = shown(visit);
    let returned = run(function, told(visit, "viewer-request", &before)).await?;
    if returned.get("statusCode").is_some() {
        let (status, mut headers) = head(&returned)?;
        let made = HeaderValue::from_static("FunctionGeneratedResponse from cloudfront");
        headers.insert(X_CACHE, made);
        return Ok(Some(whole(status, headers, event::body(&returned).unwrap_or_default())));
    }
    let path = returned["uri"].as_str().filter(|path| path.starts_with('/'));
    visit.ask.path = path.ok_or(Reason::Function)?.to_owned();
    // What a function leaves as it is goes on as it came, in its order and with its spelling.
    if returned["querystring"] != before["querystring"] {
        visit.ask.query = event::query(&returned);
    }
    if returned["headers"] != before["headers"] || returned["cookies"] != before["cookies"] {
        visit.ask.headers = event::request_headers(&returned, &visit.ask.headers);
    }
    Ok(None)
}

/// Runs the function for answers. Errors of origins don't come to it, as at AWS.
pub(super) async fn on_response(
    visit: &Visit<'_>,
    answer: Response<Body>,
) -> Result<Response<Body>, Reason> {
    let Some(function) = &visit.behaviour.on_response else { return Ok(answer) };
    if answer.status().is_client_error() || answer.status().is_server_error() {
        return Ok(answer);
    }
    let mut event = told(visit, "viewer-response", &shown(visit));
    let status = answer.status();
    let reason = status.canonical_reason().unwrap_or_default();
    event["response"] = event::response(status.as_u16(), reason, answer.headers());
    let returned = run(function, event).await?;
    let (status, headers) = head(&returned)?;
    if let Some(bytes) = event::body(&returned) {
        return Ok(whole(status, headers, bytes));
    }
    let length = answer.headers().get(CONTENT_LENGTH).cloned();
    let (_, body) = answer.into_parts();
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    // A function can't change how long an answer is.
    answer.headers_mut().remove(CONTENT_LENGTH);
    answer.headers_mut().extend(length.map(|length| (CONTENT_LENGTH, length)));
    Ok(answer)
}

fn shown(visit: &Visit<'_>) -> Json {
    let ask = &visit.ask;
    event::request(ask.method.as_str(), (&ask.path, &ask.query), &ask.headers)
}

fn told(visit: &Visit<'_>, kind: &str, request: &Json) -> Json {
    let viewer = visit.viewer.to_string();
    let place = event::Place {
        domain: &visit.site.domain,
        site: &visit.site.id,
        kind,
        id: &visit.id,
        viewer: &viewer,
    };
    event::event(&place, request)
}

/// Runs a function where it holds nobody up.
async fn run(function: &Arc<Function>, event: Json) -> Result<Json, Reason> {
    let function = Arc::clone(function);
    let ran = tokio::task::spawn_blocking(move || function::run(&function, &event)).await;
    let returned = ran.ok().and_then(Result::ok).ok_or(Reason::Function)?;
    if returned.is_object() { Ok(returned) } else { Err(Reason::Function) }
}

fn head(returned: &Json) -> Result<(StatusCode, HeaderMap), Reason> {
    let status = returned["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status.filter(|status| (200..600).contains(status));
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    Ok((status.ok_or(Reason::Function)?, event::response_headers(returned)))
}
