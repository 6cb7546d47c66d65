//! What may be wrong with a claim, and AWS's words for it.

use crate::target::Dialect;
use crate::time;
use api::{Fault, Protocol};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Timestamp;

/// What is wrong with a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// There is none.
    Missing,
    /// There is one in the header and one in the query string.
    Both,
    /// Parts are missing; the message is AWS's.
    Incomplete {
        /// AWS's message.
        message: String,
    },
    /// The algorithm is another one.
    Algorithm {
        /// What was given.
        given: String,
    },
    /// The time can't be read.
    Date {
        /// What was given.
        given: String,
    },
    /// The credential has not five parts.
    Credential {
        /// What was given.
        given: String,
    },
    /// The host is not signed.
    HostNotSigned,
    /// It was signed for something else.
    Scope(Vec<ScopeTrouble>),
    /// It was signed too long ago.
    Expired {
        /// When it was signed.
        at: Timestamp,
        /// The earliest time that would do.
        oldest: Timestamp,
        /// Now.
        now: Timestamp,
    },
    /// It was signed in the future.
    NotYet {
        /// When it was signed.
        at: Timestamp,
        /// The latest time that would do.
        newest: Timestamp,
        /// Now.
        now: Timestamp,
    },
    /// The key or the session token is not known. Who keeps keys says this.
    UnknownKey,
    /// The session has ended. Who keeps keys says this.
    ExpiredToken,
    /// The signature is another one.
    Mismatch,
}

/// What does not fit in a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeTrouble {
    /// Another region.
    Region {
        /// The region that this is.
        expected: String,
    },
    /// Another service.
    Service {
        /// The service's signing name.
        expected: &'static str,
    },
    /// Not `aws4_request`.
    Terminator,
    /// Another day than the request's.
    Date,
}

/// What kind of trouble it is, which decides the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Missing,
    Incomplete,
    Invalid,
    Unknown,
    Expired,
}

// === impl Trouble ===

impl Trouble {
    pub(super) fn date(given: &str) -> Self {
        Self::Date { given: given.to_owned() }
    }

    /// A part of the header without `=`.
    pub(super) fn pair(header: &str) -> Self {
        let message = format!(
            "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with \
             SHA-256 and encoded with Base64): '{}'.",
            hashed(header)
        );
        Self::Incomplete { message }
    }

    /// A header without credential, signature, signed headers (in this order) or date.
    pub(super) fn header(header: &str, missing: [bool; 3], date: Option<&str>) -> Self {
        let names = ["Credential", "Signature", "SignedHeaders"];
        let mut message: String = names
            .iter()
            .zip(missing)
            .filter(|(_, missing)| *missing)
            .map(|(name, _)| format!("Authorization header requires '{name}' parameter. "))
            .collect();
        if date.is_none() {
            message.push_str(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
            );
        }
        // AWS shows the header's hash since it stopped showing the header.
        message.push_str("(Hashed with SHA-256 and encoded with Base64) Authorization=");
        message.push_str(&hashed(header));
        Self::Incomplete { message }
    }

    /// A query string without some of its five parameters.
    pub(super) fn query(present: [bool; 5]) -> Self {
        let names = ["Algorithm", "Credential", "Signature", "SignedHeaders", "Date"];
        let mut message: String = names
            .iter()
            .zip(present)
            .filter(|(_, present)| !present)
            .map(|(name, _)| format!("AWS query-string parameters must include 'X-Amz-{name}'. "))
            .collect();
        message.push_str("Re-examine the query-string parameters.");
        Self::Incomplete { message }
    }

    /// The trouble as the request's protocol words it.
    pub(crate) fn fault(&self, dialect: Dialect) -> Fault {
        let (kind, mut message) = (self.kind(), self.message(dialect.protocol));
        if let Some(way_out) = self.way_out() {
            message = format!("{}. {way_out}", message.trim_end().trim_end_matches('.'));
        }
        let (code, status) = match (dialect.protocol, self) {
            // S3's words, for presigned URLs above all.
            (Protocol::RestXml, Self::Expired { .. }) => {
                "Request has expired".clone_into(&mut message);
                ("AccessDenied", 403)
            }
            (protocol, _) => code(protocol, kind),
        };
        Fault::refuse(code, message).with_status(status)
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Missing => Kind::Missing,
            Self::Incomplete { .. }
            | Self::Algorithm { .. }
            | Self::Date { .. }
            | Self::Credential { .. } => Kind::Incomplete,
            Self::Both
            | Self::HostNotSigned
            | Self::Scope(_)
            | Self::Expired { .. }
            | Self::NotYet { .. }
            | Self::Mismatch => Kind::Invalid,
            Self::UnknownKey => Kind::Unknown,
            Self::ExpiredToken => Kind::Expired,
        }
    }

    /// What AWS has no reason to say: which region answers here.
    fn way_out(&self) -> Option<String> {
        let Self::Scope(troubles) = self else { return None };
        troubles.iter().find_map(|trouble| match trouble {
            ScopeTrouble::Region { expected } => Some(format!(
                "The local region is named {expected}: set AWS_REGION={expected}, or start one of \
                 another name with `neargate region start --region`."
            )),
            ScopeTrouble::Service { .. } | ScopeTrouble::Terminator | ScopeTrouble::Date => None,
        })
    }

    fn message(&self, protocol: Protocol) -> String {
        match (protocol, self.kind()) {
            (Protocol::Ec2, Kind::Missing | Kind::Invalid | Kind::Unknown) => {
                "AWS was not able to validate the provided access credentials".to_owned()
            }
            (Protocol::Ec2, Kind::Expired) => "Request has expired.".to_owned(),
            (Protocol::RestXml, Kind::Missing) => "Access Denied".to_owned(),
            (Protocol::Query, Kind::Missing) => {
                "Request is missing Authentication Token".to_owned()
            }
            _ => self.common_message(),
        }
    }

    fn common_message(&self) -> String {
        match self {
            Self::Missing => "Missing Authentication Token".to_owned(),
            Self::Both => "Found both 'X-Amz-Algorithm' as a query-string param and \
                           'Authorization' as HTTP header."
                .to_owned(),
            Self::Incomplete { message } => message.clone(),
            Self::Algorithm { given } => {
                format!("Unsupported AWS 'algorithm': '{given}' (only AWS4-HMAC-SHA256 for now). ")
            }
            Self::Date { given } => format!(
                "Date must be in ISO-8601 'basic format'. Got '{given}'. \
                 See http://en.wikipedia.org/wiki/ISO_8601"
            ),
            Self::Credential { given } => format!(
                "Credential must have exactly 5 slash-delimited elements, \
                 e.g. keyid/date/region/service/term, got '{given}'"
            ),
            Self::HostNotSigned => {
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
                    .to_owned()
            }
            Self::Scope(troubles) => troubles.iter().map(ScopeTrouble::sentence).collect(),
            Self::Expired { at, oldest, now } => {
                format!("Signature expired: {} is now earlier than {}", basic(*at), basic(*oldest))
                    + &format!(" ({} - {} min.)", basic(*now), minutes(*now, *oldest))
            }
            Self::NotYet { at, newest, now } => {
                format!(
                    "Signature not yet current: {} is still later than {}",
                    basic(*at),
                    basic(*newest)
                ) + &format!(" ({} + {} min.)", basic(*now), minutes(*newest, *now))
            }
            Self::UnknownKey => "The security token included in the request is invalid.".to_owned(),
            Self::ExpiredToken => {
                "The security token included in the request is expired".to_owned()
            }
            Self::Mismatch => {
                "The request signature we calculated does not match the signature you \
                               provided. Check your AWS Secret Access Key and signing method. \
                               Consult the service documentation for details."
                    .to_owned()
            }
        }
    }
}

// === impl ScopeTrouble ===

impl ScopeTrouble {
    /// A sentence with the space that AWS has after each.
    fn sentence(&self) -> String {
        match self {
            Self::Region { .. } => "Credential should be scoped to a valid region. ".to_owned(),
            Self::Service { expected } => {
                format!("Credential should be scoped to correct service: '{expected}'. ")
            }
            Self::Terminator => {
                "Credential should be scoped with a valid terminator: 'aws4_request'. ".to_owned()
            }
            Self::Date => "Date in Credential scope does not match YYYYMMDD from ISO-8601 version \
                           of date from HTTP. "
                .to_owned(),
        }
    }
}

fn basic(at: Timestamp) -> String {
    time::to_basic(at)
}

fn minutes(later: Timestamp, earlier: Timestamp) -> u64 {
    later.since(earlier).as_millis() / 60_000
}

/// A header that must not be shown, as AWS shows it.
fn hashed(header: &str) -> String {
    STANDARD.encode(digest(&SHA256, header.as_bytes()))
}

/// The code and the HTTP status. CloudWatch's of JSON 1.0 and CBOR are taken to be JSON 1.1's.
fn code(protocol: Protocol, kind: Kind) -> (&'static str, u16) {
    match protocol {
        Protocol::Json11 | Protocol::Json10 | Protocol::Cbor => match kind {
            Kind::Missing => ("MissingAuthenticationTokenException", 400),
            Kind::Incomplete => ("IncompleteSignatureException", 400),
            Kind::Invalid => ("InvalidSignatureException", 400),
            Kind::Unknown => ("UnrecognizedClientException", 400),
            Kind::Expired => ("ExpiredTokenException", 400),
        },
        Protocol::Query => match kind {
            Kind::Missing => ("MissingAuthenticationToken", 403),
            Kind::Incomplete => ("IncompleteSignature", 400),
            Kind::Invalid => ("SignatureDoesNotMatch", 403),
            Kind::Unknown => ("InvalidClientTokenId", 403),
            Kind::Expired => ("ExpiredToken", 403),
        },
        Protocol::Ec2 => match kind {
            Kind::Incomplete => ("IncompleteSignature", 400),
            Kind::Expired => ("RequestExpired", 400),
            Kind::Missing | Kind::Invalid | Kind::Unknown => ("AuthFailure", 401),
        },
        // S3's.
        Protocol::RestXml => match kind {
            Kind::Missing => ("AccessDenied", 403),
            Kind::Incomplete => ("AuthorizationHeaderMalformed", 400),
            Kind::Invalid => ("SignatureDoesNotMatch", 403),
            Kind::Unknown => ("InvalidAccessKeyId", 403),
            Kind::Expired => ("ExpiredToken", 400),
        },
    }
}
