//! Where an answer comes from: from those that are kept, or from the origin, whose answer may be
//! kept then.

use super::{Load, Visit};
use crate::body::{self, Body};
use crate::page::{Reason, X_CACHE};
use crate::select::{self, Seen};
use crate::sites::{FileAsk, Origin};
use crate::store::{Kept, LARGEST};
use crate::{lifetime, origin, pack, tunnel};
use bytes::{Bytes, BytesMut};
use http::header::{
    AGE, CONNECTION, CONTENT_LENGTH, ETAG, HOST, IF_NONE_MATCH, RANGE, TRANSFER_ENCODING, UPGRADE,
    VIA,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body as _;
use http_body_util::{BodyExt as _, StreamBody};
use std::time::{Duration, Instant};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Finds the answer.
pub(super) async fn seek(visit: &Visit<'_>, load: Load) -> Result<Response<Body>, Reason> {
    let Visit { ask, behaviour, site, desk, .. } = visit;
    let seen = Seen { headers: &ask.headers, query: &ask.query };
    let reads = ask.method == Method::HEAD || behaviour.cached_methods.contains(&ask.method);
    let keeps = reads
        && !behaviour.cached.lifetimes.most.is_zero()
        && !ask.headers.contains_key(RANGE)
        && load.upgrade.is_none();
    let key = select::key(behaviour, &ask.method, &ask.path, &seen);
    if let Some(kept) = keeps.then(|| desk.store.find(&site.id, &key)).flatten() {
        return Ok(again(visit, kept));
    }
    let mut answer = fetch(visit, load).await?;
    let failed = answer.status().is_client_error() || answer.status().is_server_error();
    let said = if failed { "Error from cloudfront" } else { "Miss from cloudfront" };
    answer.headers_mut().insert(X_CACHE, HeaderValue::from_static(said));
    let lasting = lasting(visit, &answer);
    if !keeps || ask.method == Method::HEAD || lasting.is_zero() {
        return Ok(answer);
    }
    keep(visit, (key, lasting), answer).await
}

fn lasting(visit: &Visit<'_>, answer: &Response<Body>) -> Duration {
    let status = answer.status();
    let page = visit.site.pages.iter().find(|page| page.status == status.as_u16());
    let error = page.map(|page| page.kept);
    lifetime::of(status, answer.headers(), visit.behaviour.cached.lifetimes, error)
}

/// An answer that was kept.
fn again(visit: &Visit<'_>, kept: Kept) -> Response<Body> {
    let Kept { status, mut headers, body, since, .. } = kept;
    let failed = status.is_client_error() || status.is_server_error();
    let said = if failed { "Error from cloudfront" } else { "Hit from cloudfront" };
    headers.insert(X_CACHE, HeaderValue::from_static(said));
    headers.insert(AGE, HeaderValue::from(since.elapsed().as_secs()));
    if is_known(&visit.ask.headers, &headers) {
        headers.remove(CONTENT_LENGTH);
        let mut answer = Response::new(body::none());
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        *answer.headers_mut() = headers;
        return answer;
    }
    let body = if visit.ask.method == Method::HEAD { body::none() } else { body::whole(body) };
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    answer
}

/// Whether a viewer has what would be sent.
fn is_known(asked: &HeaderMap, held: &HeaderMap) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = held.get(ETAG).and_then(|tag| tag.to_str().ok()).map(bare);
    let known = asked.get_all(IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let mut known = known.flat_map(|tags| tags.split(',')).map(bare);
    tag.is_some_and(|tag| known.any(|one| one == tag || one == "*"))
}

/// Asks the origin.
async fn fetch(visit: &Visit<'_>, load: Load) -> Result<Response<Body>, Reason> {
    let Visit { ask, behaviour, site, desk, .. } = visit;
    let seen = Seen { headers: &ask.headers, query: &ask.query };
    let mut headers = select::headers(behaviour, &ask.method, &seen);
    match site.origins.get(&behaviour.origin) {
        Some(Origin::Files { bucket, path }) => {
            let path = format!("{path}{}", ask.path);
            let (site, method, headers) = (site.id.as_str(), &ask.method, &headers);
            Ok(desk.files.read(&FileAsk { site, bucket, path: &path, method, headers }))
        }
        Some(Origin::Server(server)) => {
            introduce(visit, &mut headers);
            let query = select::query_for_origin(behaviour, &seen);
            let mut path = format!("{}{}", server.path, ask.path);
            if !query.is_empty() {
                path = format!("{path}?{query}");
            }
            let Load { body, upgrade } = load;
            if upgrade.is_some() {
                go_on(&ask.headers, &mut headers);
            }
            let mut request = Request::new(body.map_or_else(body::none, origin::body));
            *request.method_mut() = ask.method.clone();
            *request.uri_mut() = path.parse().map_err(|_| Reason::Request)?;
            *request.headers_mut() = headers;
            let mut answer = origin::send(server, &desk.secret, request).await?;
            if let Some(viewer) = upgrade {
                tunnel::join(viewer, &mut answer);
            }
            Ok(passed_on(answer.map(origin::body)))
        }
        Some(Origin::Elsewhere(why)) => {
            tracing::warn!(distribution = site.id, origin = behaviour.origin, "{why}");
            Err(Reason::Garbled)
        }
        None => Err(Reason::Garbled),
    }
}

/// Says who asks, and for whom.
fn introduce(visit: &Visit<'_>, headers: &mut HeaderMap) {
    if select::tells_host(visit.behaviour) {
        headers.extend(visit.ask.headers.get(HOST).cloned().map(|host| (HOST, host)));
    }
    let before = visit.ask.headers.get(FORWARDED_FOR).and_then(|value| value.to_str().ok());
    let viewer = visit.viewer;
    let chain = before.map_or_else(|| viewer.to_string(), |before| format!("{before}, {viewer}"));
    let own = [
        (FORWARDED_FOR, chain),
        (VIA, format!("1.1 {} (CloudFront)", visit.site.domain)),
        (HeaderName::from_static("x-amz-cf-id"), visit.id.clone()),
    ];
    for (name, value) in own {
        headers.extend(HeaderValue::from_str(&value).ok().map(|value| (name, value)));
    }
}

/// What a WebSocket begins with.
fn go_on(asked: &HeaderMap, headers: &mut HeaderMap) {
    for (name, value) in asked {
        let is_part = name.as_str().starts_with("sec-websocket-") || *name == UPGRADE;
        if is_part || *name == CONNECTION {
            headers.insert(name.clone(), value.clone());
        }
    }
}

/// An origin's answer without what belongs to its connection.
fn passed_on(mut answer: Response<Body>) -> Response<Body> {
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        answer.headers_mut().remove(CONNECTION);
        answer.headers_mut().remove("keep-alive");
        answer.headers_mut().remove(TRANSFER_ENCODING);
    }
    answer
}

/// Keeps an answer that is not too long; a longer one goes through as it comes.
async fn keep(
    visit: &Visit<'_>,
    (key, lasting): (String, Duration),
    answer: Response<Body>,
) -> Result<Response<Body>, Reason> {
    let too_long = |size: u64| usize::try_from(size).is_ok_and(|size| size > LARGEST);
    if too_long(answer.body().size_hint().lower()) {
        return Ok(answer);
    }
    let (mut parts, body) = answer.into_parts();
    let mut bytes = match collect(body).await? {
        Collected::Whole(bytes) => bytes,
        Collected::Long(body) => return Ok(Response::from_parts(parts, body)),
    };
    let packs = visit.behaviour.compress && select::wants_gzip(visit.behaviour, &visit.ask.headers);
    if let Some(packed) = packs.then(|| pack::pack(&mut parts.headers, &bytes)).flatten() {
        bytes = packed;
    }
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let query = &visit.ask.query;
    let path = &visit.ask.path;
    let path = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
    let kept = Kept {
        status: parts.status,
        headers: parts.headers.clone(),
        body: bytes.clone(),
        since: Instant::now(),
        lasting,
        path,
    };
    visit.desk.store.keep(&visit.site.id, key, kept);
    Ok(Response::from_parts(parts, body::whole(bytes)))
}

/// A body as far as it was read.
enum Collected {
    /// To its end.
    Whole(Bytes),
    /// It is longer than any that is kept: what was read, and the rest.
    Long(Body),
}

async fn collect(mut body: Body) -> Result<Collected, Reason> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Reason::Garbled)?;
        if let Ok(data) = frame.into_data() {
            read.extend_from_slice(&data);
        }
        if read.len() > LARGEST {
            return Ok(Collected::Long(chained(read.freeze(), body)));
        }
    }
    Ok(Collected::Whole(read.freeze()))
}

/// Bytes, then the rest of a body.
fn chained(first: Bytes, rest: Body) -> Body {
    let first = futures_util::stream::once(async move { Ok(http_body::Frame::data(first)) });
    let rest = rest.into_data_stream();
    let rest = futures_util::StreamExt::map(rest, |piece| piece.map(http_body::Frame::data));
    StreamBody::new(futures_util::StreamExt::chain(first, rest)).boxed_unsync()
}
