//! What an access log says of a request (reference §4.12).
//!
//! Facts are collected while a request is under way, and made a line of when it is over. Only load
//! balancers that keep a log pay for that. It must not know where lines go.

mod line;

use crate::answer::Answer;
use crate::headers::{Hop, trace_id, without_port};
use crate::http1::{Conduct, Request, Version};
use crate::live::Ticket;
use crate::routes::TargetId;
use crate::spoken::is_grpc;
use crate::steer::{Direction, Found};
use crate::tls::{Agreed, Shown};
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::time::Instant;

/// AWS's limit for what is said of a user agent.
const USER_AGENT: usize = 8 * 1024;

/// A line of an access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// The load balancer, as [`crate::Attributes::access_log`] names it.
    pub balancer: Arc<str>,
    /// The entry, without a line's end.
    pub text: String,
}

/// Takes lines.
pub type AccessTo = Arc<dyn Fn(AccessLine) + Send + Sync>;

/// Where lines go.
#[derive(Clone)]
pub(crate) struct Ledger(pub(crate) AccessTo);

/// What is known of a request.
#[derive(Debug)]
pub(crate) struct Entry {
    balancer: Arc<str>,
    kind: &'static str,
    client: SocketAddr,
    request: String,
    user_agent: String,
    agreed: Option<Agreed>,
    shown: Option<Arc<Shown>>,
    trace: String,
    connection: u128,
    priority: Option<u32>,
    action: &'static str,
    redirect: Option<String>,
    conduct: Conduct,
    target: Option<(TargetId, Arc<str>)>,
    created: SystemTime,
    arrived: Instant,
    /// When it was sent to its target.
    sent: Option<Instant>,
    /// When the target's answer began, and its status.
    answered: Option<(Instant, u16)>,
    /// What the client was answered.
    status: Option<u16>,
    traffic: Traffic,
}

/// Bytes of a request and of its answer, heads included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Traffic {
    pub(crate) received: u64,
    pub(crate) sent: u64,
}

// === impl Ledger ===

impl Ledger {
    /// Writes what is known of a request that is over.
    pub(crate) fn take(&self, entry: &Entry) {
        let text = entry.line(SystemTime::now());
        (self.0)(AccessLine { balancer: Arc::clone(&entry.balancer), text });
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ledger")
    }
}

// === impl Entry ===

impl Entry {
    /// A request that goes where it was found to go; none where no log is kept.
    pub(crate) fn of(
        request: &Request<'_, '_>,
        hop: &Hop<'_>,
        found: &Found,
        arrived: Instant,
    ) -> Option<Box<Self>> {
        let balancer = Arc::clone(hop.attributes.access_log.as_ref()?);
        let (target, redirect) = match &found.direction {
            Direction::Forward(booking) => (Some(place(&booking.ticket)), None),
            Direction::Answer(Answer::Redirect { location, .. }) => (None, Some(location.clone())),
            Direction::Answer(_) => (None, None),
        };
        Some(Box::new(Self {
            kind: kind(request, hop),
            request: shown(request, hop),
            user_agent: user_agent(request),
            trace: trace_id(request, hop),
            priority: Some(found.priority),
            action: found.action,
            redirect,
            conduct: request.conduct,
            target,
            ..Self::nothing(balancer, hop, arrived)
        }))
    }

    /// What came instead of a request.
    pub(crate) fn unread(hop: &Hop<'_>, arrived: Instant) -> Option<Box<Self>> {
        let balancer = Arc::clone(hop.attributes.access_log.as_ref()?);
        Some(Box::new(Self::nothing(balancer, hop, arrived)))
    }

    fn nothing(balancer: Arc<str>, hop: &Hop<'_>, arrived: Instant) -> Self {
        let scheme = hop.scheme.as_str();
        let (ip, port) = (hop.came_to.ip().to_canonical(), hop.port.1);
        Self {
            balancer,
            kind: scheme,
            client: SocketAddr::new(hop.client.0.ip().to_canonical(), hop.client.0.port()),
            request: format!("- {scheme}://{ip}:{port}- -"),
            user_agent: "-".to_owned(),
            agreed: hop.agreed,
            shown: hop.shown.cloned(),
            trace: "-".to_owned(),
            connection: hop.connection,
            priority: None,
            action: "-",
            redirect: None,
            conduct: Conduct::Fine,
            target: None,
            created: SystemTime::now(),
            arrived,
            sent: None,
            answered: None,
            status: None,
            traffic: Traffic::default(),
        }
    }

    /// It is sent to a target now, which need not be the one that was picked first.
    pub(crate) fn goes_out(&mut self, ticket: &Ticket) {
        self.target = Some(place(ticket));
        self.sent = Some(Instant::now());
    }

    /// The target began to answer then.
    pub(crate) fn is_answered(&mut self, at: Instant, status: u16) {
        self.answered = Some((at, status));
        self.status = Some(status);
    }

    /// The client is answered so by the load balancer itself.
    pub(crate) fn is_refused(&mut self, status: u16) {
        self.status = Some(status);
    }

    /// The client was gone before there was an answer for it: 460, which nobody is sent.
    pub(crate) fn is_abandoned(&mut self) {
        self.status.get_or_insert(460);
    }

    /// So many bytes passed.
    pub(crate) fn count(&mut self, traffic: Traffic) {
        self.traffic = traffic;
    }
}

fn place(ticket: &Ticket) -> (TargetId, Arc<str>) {
    (ticket.id, Arc::clone(&ticket.group))
}

fn kind(request: &Request<'_, '_>, hop: &Hop<'_>) -> &'static str {
    match (request.version, hop.scheme.as_str()) {
        (Version::Http2, _) if is_grpc(request) => "grpcs",
        (Version::Http2, _) => "h2",
        (_, "https") if request.upgrade => "wss",
        (_, _) if request.upgrade => "ws",
        (_, scheme) => scheme,
    }
}

/// `GET http://example.com:80/path?query HTTP/1.1`.
fn shown(request: &Request<'_, '_>, hop: &Hop<'_>) -> String {
    let version = match request.version {
        Version::Http10 => "HTTP/1.0",
        Version::Http11 => "HTTP/1.1",
        Version::Http2 => "HTTP/2.0",
    };
    let came_to = hop.came_to.ip().to_canonical().to_string();
    let host = Some(without_port(request.host)).filter(|host| !host.is_empty());
    let (host, port) = (host.unwrap_or(&came_to), hop.port.1);
    let (method, scheme, target) = (request.method, hop.scheme.as_str(), request.target);
    format!("{method} {scheme}://{host}:{port}{target} {version}")
}

fn user_agent(request: &Request<'_, '_>) -> String {
    let named = |name: &str| name.eq_ignore_ascii_case("user-agent");
    let agent = request.fields.iter().find(|field| named(field.name)).map(|field| field.value);
    let agent = agent.unwrap_or(b"-");
    String::from_utf8_lossy(&agent[..agent.len().min(USER_AGENT)]).into_owned()
}
