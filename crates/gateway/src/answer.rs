//! What the load balancer answers itself: its pages, redirects, fixed responses (reference §4.10).
//!
//! Pure: decisions in, bytes out. It must not know connections or why an answer is due.

mod date;
mod reason;
mod redirect;

pub(crate) use date::http_date;
pub(crate) use redirect::{Uri, location};

use crate::headers::{line, retouch, status_line};
use crate::http1::{Persistence, Refusal};
use crate::routes::{FixedResponse, Retouch, ServerHeader};
use model::Timestamp;

/// An answer of the load balancer itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// One of its own pages.
    Page(Page),
    /// A redirect to this URL.
    Redirect {
        /// 301 or 302.
        status: u16,
        /// Where to.
        location: String,
    },
    /// What a rule says.
    Fixed(FixedResponse),
}

/// The load balancer's own pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// The request is malformed or exceeds a limit.
    BadRequest,
    /// There is no TLS where there should be.
    PlainOnSecure,
    /// `TRACE`.
    MethodNotAllowed,
    /// The client fell silent.
    RequestTimeout,
    /// The URL is too long.
    UriTooLong,
    /// `X-Forwarded-For` has too many addresses.
    TooManyForwarded,
    /// The target group's version of HTTP is another one than the request's.
    VersionMismatch,
    /// An unknown transfer encoding.
    NotImplemented,
    /// The target refused, broke off, or did not speak HTTP.
    BadGateway,
    /// The group has no target.
    ServiceUnavailable,
    /// The target fell silent.
    GatewayTimeout,
    /// Another version of HTTP.
    VersionNotSupported,
    /// A redirect's URL is too long.
    RedirectTooLong,
}

/// Whether an answer's body is sent, or only announced as for `HEAD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    /// Head and body.
    Whole,
    /// The head alone.
    HeadOnly,
}

// === impl Answer ===

impl Answer {
    /// Appends the answer. The order of the headers is ALB's own.
    pub(crate) fn write(
        &self,
        out: &mut Vec<u8>,
        now: Timestamp,
        (persistence, sending): (Persistence, Sending),
        changes: &Retouch,
    ) {
        let (status, reason) = self.status();
        let (content_type, body) = self.content();
        status_line(out, status, reason);
        if changes.server == ServerHeader::Kept {
            line(out, "Server", b"awselb/2.0");
        }
        line(out, "Date", http_date(now).as_bytes());
        if let Some(content_type) = content_type {
            line(out, "Content-Type", content_type.as_bytes());
        }
        line(out, "Content-Length", body.len().to_string().as_bytes());
        line(
            out,
            "Connection",
            match persistence {
                Persistence::KeepAlive => b"keep-alive",
                Persistence::Close => b"close",
            },
        );
        if let Self::Redirect { location, .. } = self {
            line(out, "Location", location.as_bytes());
        }
        retouch(out, changes);
        out.extend_from_slice(b"\r\n");
        if sending == Sending::Whole {
            out.extend_from_slice(body.as_bytes());
        }
    }

    /// The status and its reason phrase.
    pub(crate) fn status(&self) -> (u16, &'static str) {
        match self {
            Self::Page(page) => page.status(),
            Self::Redirect { status, .. } => (*status, reason::of(*status)),
            Self::Fixed(response) => (response.status, reason::of(response.status)),
        }
    }

    /// The content type and the body. gRPC's clients quote 464 as having no type; that its page
    /// has no body either is unverified.
    pub(crate) fn content(&self) -> (Option<String>, String) {
        let page = || Some("text/html".to_owned());
        match self {
            Self::Page(Page::VersionMismatch) => (None, String::new()),
            Self::Page(Page::PlainOnSecure) => (page(), plain_on_secure()),
            Self::Page(_) | Self::Redirect { .. } => {
                let (status, reason) = self.status();
                (page(), html(status, reason))
            }
            Self::Fixed(response) => {
                let content_type = response.content_type.as_deref().unwrap_or("text/plain");
                // A client expects no body behind 204, and would read it as the next answer.
                let body = if response.status == 204 { "" } else { &response.body };
                (Some(format!("{content_type}; charset=utf-8")), body.to_owned())
            }
        }
    }
}

/// The body of a page: 162 bytes for 503, 122 for 502, 134 for 301.
fn html(status: u16, reason: &str) -> String {
    format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n\
         <center><h1>{status} {reason}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
}

/// What a client reads that speaks without TLS to a listener with it.
fn plain_on_secure() -> String {
    let why = "The plain HTTP request was sent to HTTPS port";
    format!(
        "<html>\r\n<head><title>400 {why}</title></head>\r\n<body>\r\n\
         <center><h1>400 Bad Request</h1></center>\r\n<center>{why}</center>\r\n\
         </body>\r\n</html>\r\n"
    )
}

// === impl Page ===

impl Page {
    /// The status and ALB's wording of it, which differs from the standard's here and there.
    fn status(self) -> (u16, &'static str) {
        match self {
            Self::BadRequest | Self::PlainOnSecure => (400, "Bad Request"),
            Self::MethodNotAllowed => (405, "Method Not Allowed"),
            Self::RequestTimeout => (408, "Request Time-out"),
            Self::UriTooLong => (414, "Request-URI Too Large"),
            Self::TooManyForwarded => (463, ""),
            Self::VersionMismatch => (464, ""),
            Self::NotImplemented => (501, "Not Implemented"),
            Self::BadGateway => (502, "Bad Gateway"),
            Self::ServiceUnavailable => (503, "Service Temporarily Unavailable"),
            Self::GatewayTimeout => (504, "Gateway Time-out"),
            Self::VersionNotSupported => (505, "HTTP Version Not Supported"),
            Self::RedirectTooLong => (507, "Insufficient Storage"),
        }
    }
}

impl From<Refusal> for Page {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Malformed => Self::BadRequest,
            Refusal::Method => Self::MethodNotAllowed,
            Refusal::Target => Self::UriTooLong,
            Refusal::ForwardedFor => Self::TooManyForwarded,
            Refusal::Encoding => Self::NotImplemented,
            Refusal::Version => Self::VersionNotSupported,
        }
    }
}

#[cfg(test)]
mod tests;
