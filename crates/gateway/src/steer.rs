//! What becomes of a request: read its head, find its rule, pick its target, write its new head.
//!
//! All of it happens on the bytes where they arrived, in one go and without waiting.

use crate::answer::{Answer, Page, Uri, location};
use crate::headers::{self, Hop, without_port};
use crate::http1::{self, Body, Conduct, Persistence, Refusal, Request, Verb, Version};
use crate::live::{Course, Plan, Ticket};
use crate::route::Asked;

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
}

/// What becomes of a request.
#[derive(Debug)]
pub(crate) enum Direction {
    /// It goes to a target; what is to be sent has been written.
    Forward(Ticket),
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
}

/// Decides about the request at the front of `bytes`; `None` when its head is not complete yet.
/// What a target is to be sent replaces `out`.
pub(crate) fn steer(
    bytes: &[u8],
    plan: &Plan,
    hop: &Hop<'_>,
    out: &mut Vec<u8>,
) -> Result<Option<Steered>, Refusal> {
    let mut slots = http1::slots();
    let Some(request) = Request::parse(bytes, &mut slots)? else { return Ok(None) };
    let mut body = request.body;
    let behind = &bytes[request.head..];
    let taken = body.take(behind).map_err(|_| Refusal::Malformed)?;
    let direction = direct(&request, plan, hop);
    if let Direction::Forward(_) = direction {
        out.clear();
        headers::write_request(out, &request, hop)?;
        out.extend_from_slice(&behind[..taken]);
    }
    Ok(Some(Steered { direction, body, manners: manners(&request), used: request.head + taken }))
}

/// Follows the first rule that matches.
fn direct(request: &Request<'_, '_>, plan: &Plan, hop: &Hop<'_>) -> Direction {
    let asked = Asked {
        method: request.method,
        host: without_port(request.host),
        path: request.path(),
        query: request.query(),
        fields: request.fields,
        source: hop.client.0.ip(),
    };
    match plan.table.find(&asked) {
        Course::Forward(forwarding) => match forwarding.pick() {
            Some(ticket) => Direction::Forward(ticket),
            None => Direction::Answer(Answer::Page(Page::ServiceUnavailable)),
        },
        Course::Redirect(redirect) => {
            let came_to = hop.came_to.ip().to_canonical().to_string();
            let uri = Uri {
                protocol: plan.scheme.as_str(),
                host: if asked.host.is_empty() { &came_to } else { asked.host },
                port: &plan.port_text,
                path: asked.path,
                query: asked.query,
            };
            Direction::Answer(location(redirect, &uri))
        }
        Course::Fixed(response) => Direction::Answer(Answer::Fixed(response.clone())),
    }
}

fn manners(request: &Request<'_, '_>) -> Manners {
    Manners {
        verb: request.verb(),
        version: request.version,
        persistence: request.persistence,
        upgrade: request.upgrade,
        expects_continue: request.expects_continue,
        conduct: request.conduct,
    }
}
