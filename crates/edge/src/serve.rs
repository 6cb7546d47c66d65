//! A request's way through a distribution: behaviour, function, cache or origin, error page, headers,
//! function.

mod script;
mod seek;

use crate::body::{self, Body};
use crate::origin::Secret;
use crate::page::{self, Reason, X_CACHE};
use crate::sites::{Behaviour, Files, Site};
use crate::store::Store;
use crate::{dress, ids, path, tunnel};
use http::header::{CONTENT_LENGTH, VIA};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use std::net::IpAddr;
use std::sync::Arc;

const ID: HeaderName = HeaderName::from_static("x-amz-cf-id");
const POP: HeaderName = HeaderName::from_static("x-amz-cf-pop");

/// What every request may need.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) files: Arc<dyn Files>,
    pub(crate) secret: Secret,
}

/// A request on its way.
pub(crate) struct Visit<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) site: &'a Site,
    pub(crate) behaviour: &'a Behaviour,
    pub(crate) id: String,
    pub(crate) viewer: IpAddr,
    pub(crate) ask: Ask,
}

/// What is asked for, as the viewer does or as a function changed it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
}

/// What comes with a request and is no head.
#[derive(Default)]
pub(crate) struct Load {
    pub(crate) body: Option<Incoming>,
    pub(crate) upgrade: Option<OnUpgrade>,
}

impl Desk {
    pub(crate) fn new(files: Arc<dyn Files>) -> Self {
        Self { store: Store::default(), files, secret: Secret::default() }
    }
}

/// Answers a viewer.
pub(crate) async fn answer(
    desk: &Desk,
    site: &Site,
    viewer: IpAddr,
    mut request: Request<Incoming>,
) -> Response<Body> {
    let id = ids::request();
    let upgrade = tunnel::is_asked_for(request.headers()).then(|| tunnel::viewer(&mut request));
    let (parts, incoming) = request.into_parts();
    let ask = Ask {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
    };
    let mut answer = match path::find(site, &ask.path) {
        Some(behaviour) => {
            let visit = Visit { desk, site, behaviour, id: id.clone(), viewer, ask };
            go(visit, Load { body: Some(incoming), upgrade }).await
        }
        None => page::page(Reason::Request, &id),
    };
    sign(site, &id, answer.headers_mut());
    answer
}

/// What CloudFront says of itself on every answer.
fn sign(site: &Site, id: &str, headers: &mut HeaderMap) {
    if let Ok(via) = HeaderValue::from_str(&format!("1.1 {} (CloudFront)", site.domain)) {
        headers.append(VIA, via);
    }
    headers.insert(POP, HeaderValue::from_static("LOCAL50-P1"));
    headers.extend(HeaderValue::from_str(id).ok().map(|id| (ID, id)));
}

async fn go(mut visit: Visit<'_>, load: Load) -> Response<Body> {
    if !visit.behaviour.methods.contains(&visit.ask.method) {
        return page::page(Reason::Method, &visit.id);
    }
    // The headers that were asked with: a CORS policy looks at those.
    let asked = visit.ask.clone();
    match script::on_request(&mut visit).await {
        Ok(None) => {}
        Ok(Some(answer)) => return answer,
        Err(reason) => return page::page(reason, &visit.id),
    }
    if visit.ask.path == "/" && !visit.site.root.is_empty() {
        visit.ask.path = format!("/{}", visit.site.root);
    }
    let mut answer = match seek::seek(&visit, load).await {
        Ok(answer) => answer,
        Err(reason) => page::page(reason, &visit.id),
    };
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        return answer;
    }
    answer = instead(&visit, answer).await;
    dress::dress(&visit.behaviour.headers, (&asked.method, &asked.headers), answer.headers_mut());
    match script::on_response(&visit, answer).await {
        Ok(answer) => answer,
        Err(reason) => page::page(reason, &visit.id),
    }
}

/// The distribution's own page for an error, where it has one and it can be had.
async fn instead(visit: &Visit<'_>, answer: Response<Body>) -> Response<Body> {
    let status = answer.status().as_u16();
    let held = visit.site.pages.iter().find(|page| page.status == status);
    let Some((path, shown)) = held.and_then(|page| page.page.as_ref()) else { return answer };
    let Some(behaviour) = path::find(visit.site, path) else { return answer };
    let method = if visit.ask.method == Method::HEAD { Method::HEAD } else { Method::GET };
    let ask = Ask { method, path: path.clone(), query: String::new(), headers: HeaderMap::new() };
    let id = visit.id.clone();
    let page = Visit { behaviour, ask, id, ..*visit };
    match seek::seek(&page, Load::default()).await {
        Ok(mut page) if page.status().is_success() => {
            *page.status_mut() = StatusCode::from_u16(*shown).unwrap_or(answer.status());
            page.headers_mut().insert(X_CACHE, HeaderValue::from_static("Error from cloudfront"));
            page
        }
        _ => answer,
    }
}

/// An answer with a whole body, as long as it is.
pub(crate) fn whole(status: StatusCode, headers: HeaderMap, bytes: Vec<u8>) -> Response<Body> {
    let length = bytes.len();
    let mut answer = Response::new(body::whole(bytes));
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    answer
}
