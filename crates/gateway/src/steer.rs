//! What becomes of a request: read its head, find its rule, pick its target, write its new head.
//!
//! All of it happens on the bytes where they arrived, in one go and without waiting.

use crate::access::Entry;
use crate::answer::{Answer, Page, Uri, location};
use crate::headers::{self, Hop, without_port};
use crate::http1::{self, Body, Conduct, Persistence, Refusal, Request, Trust, Verb, Version};
use crate::live::{Booking, Course, Draw, Plan};
use crate::route::Asked;
use crate::routes::Desync;
use crate::spoken;
use crate::sticky::{Cookies, Seal, Visitor};
use model::Timestamp;
use tokio::time::Instant;

/// A request whose head has been read.
#[derive(Debug)]
pub(crate) struct Steered {
    /// What becomes of it.
    pub(crate) direction: Direction,
    /// What is left of its body.
    pub(crate) body: Body,
    /// How it wants to be treated.
    pub(crate) manners: Manners,
    /// How many bytes it took: its head, and as much of its body as was there.
    pub(crate) used: usize,
    /// What the access log will say, if one is kept.
    pub(crate) entry: Option<Box<Entry>>,
}

/// What becomes of a request, and by which rule.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) direction: Direction,
    /// The rule's priority; 0 for the default one.
    pub(crate) priority: u32,
    /// AWS's word for its action.
    pub(crate) action: &'static str,
}

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Direction {
    /// It goes to a target; what is to be sent has been written.
    Forward(Booking),
    /// It is answered here.
    Answer(Answer),
}

/// What has to be known of a request when its head is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Manners {
    /// What its method means.
    pub(crate) verb: Verb,
    /// The client's version of HTTP.
    pub(crate) version: Version,
    /// Whether the client goes on using the connection.
    pub(crate) persistence: Persistence,
    /// Whether it asks for WebSocket.
    pub(crate) upgrade: bool,
    /// Whether it waits for `100 Continue`.
    pub(crate) expects_continue: bool,
    /// How well it behaves.
    pub(crate) conduct: Conduct,
    /// Whether its connections may be used behind it: they are not when servers could read it
    /// differently.
    pub(crate) reuse: Persistence,
}

/// What a choice of a target needs besides the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reception<'a> {
    /// What opens the client's cookies.
    pub(crate) seal: &'a Seal,
    /// When the request arrived.
    pub(crate) arrived: Instant,
}

/// Decides about the request at the front of `bytes`; `None` when its head is not complete yet.
/// What a target is to be sent replaces `out`.
pub(crate) fn steer(
    bytes: &[u8],
    plan: &Plan,
    (hop, reception): (&Hop<'_>, Reception<'_>),
    out: &mut Vec<u8>,
) -> Result<Option<Steered>, Refusal> {
    let mut slots = http1::slots();
    let Some(request) = Request::parse(bytes, &mut slots)? else { return Ok(None) };
    let reuse = trust(&request, plan.attributes.desync)?;
    let mut body = request.body;
    let behind = &bytes[request.head..];
    let taken = body.take(behind).map_err(|_| Refusal::Malformed)?;
    let found = direct(&request, plan, hop, reception);
    let entry = Entry::of(&request, hop, &found, reception.arrived);
    let direction = found.direction;
    if let Direction::Forward(_) = direction {
        out.clear();
        headers::write_request(out, &request, hop)?;
        out.extend_from_slice(&behind[..taken]);
    }
    let manners = manners(&request, reuse);
    Ok(Some(Steered { direction, body, manners, used: request.head + taken, entry }))
}

/// Whether the connections may be used behind a request that is oddly written, if it is taken.
pub(crate) fn trust(request: &Request<'_, '_>, mode: Desync) -> Result<Persistence, Refusal> {
    let conduct = match mode {
        Desync::Strictest => request.conduct.of_all(request.fields),
        Desync::Monitor | Desync::Defensive => request.conduct,
    };
    match conduct.trust(mode) {
        Trust::Full => Ok(Persistence::KeepAlive),
        Trust::Once => Ok(Persistence::Close),
        Trust::None => Err(Refusal::Malformed),
    }
}

/// Follows the first rule that matches.
pub(crate) fn direct(
    request: &Request<'_, '_>,
    plan: &Plan,
    hop: &Hop<'_>,
    reception: Reception<'_>,
) -> Found {
    let asked = Asked {
        method: request.method,
        host: without_port(request.host),
        path: request.path(),
        query: request.query(),
        fields: request.fields,
        source: hop.client.0.ip(),
    };
    let (priority, course) = plan.table.find(&asked);
    let (action, direction) = match course {
        Course::Forward(forwarding) => {
            let visitor = Visitor {
                cookies: Cookies(request.fields),
                seal: reception.seal,
                now: Timestamp::from_seconds(hop.stamp.seconds.into()),
            };
            let draw = Draw { now: reception.arrived, chance: hop.stamp.chance() };
            let direction = match forwarding.pick(&visitor, draw) {
                Some(booking) if !spoken::fits(request, booking.ticket.spoken.version) => {
                    Direction::Answer(Answer::Page(Page::VersionMismatch))
                }
                Some(booking) => Direction::Forward(booking),
                None => Direction::Answer(Answer::Page(Page::ServiceUnavailable)),
            };
            ("forward", direction)
        }
        Course::Redirect(redirect) => {
            let came_to = hop.came_to.ip().to_canonical().to_string();
            let uri = Uri {
                protocol: plan.scheme.as_str(),
                host: if asked.host.is_empty() { &came_to } else { asked.host },
                port: &plan.port_text,
                path: asked.path,
                query: asked.query,
            };
            ("redirect", Direction::Answer(location(redirect, &uri)))
        }
        Course::Fixed(response) => {
            ("fixed-response", Direction::Answer(Answer::Fixed(response.clone())))
        }
    };
    Found { direction, priority, action }
}

fn manners(request: &Request<'_, '_>, reuse: Persistence) -> Manners {
    Manners {
        verb: request.verb(),
        version: request.version,
        persistence: request.persistence,
        upgrade: request.upgrade,
        expects_continue: request.expects_continue,
        conduct: request.conduct,
        reuse,
    }
}
