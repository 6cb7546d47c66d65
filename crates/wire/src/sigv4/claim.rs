//! Reading the claim, and the checks that need no key.

use super::trouble::{ScopeTrouble, Trouble};
use crate::head::Head;
use crate::protocol::form;
use crate::time;
use api::Service;
use http::header::{AUTHORIZATION, DATE, HeaderName};
use model::{Secret, Span, Timestamp};
use std::borrow::Cow;

/// The one algorithm.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The word at the end of every scope.
pub(crate) const TERMINATOR: &str = "aws4_request";
/// How far a request's time may lie from the server's: public reports of ECS, SES and STS show
/// five minutes, those of some other services fifteen.
const TOLERANCE: Span = Span::minutes(5);
/// The region that the global services' callers sign for, wherever they are.
const GLOBAL_REGION: &str = "us-east-1";

const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// What a request claims about its sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The access key's id.
    pub access_key: String,
    /// The scope's date, `20261120`.
    pub date: String,
    /// The scope's region.
    pub region: String,
    /// The scope's service, by signing name.
    pub service: String,
    /// The scope's last word.
    pub terminator: String,
    /// The names of the headers that are signed, in lower case, in the order given.
    pub signed_headers: Vec<String>,
    /// The signature in hexadecimal digits.
    pub signature: String,
    /// The session token of temporary credentials.
    pub token: Option<Secret>,
    /// When the request was signed.
    pub at: Timestamp,
    /// How long a presigned URL is good; none for a signed header.
    pub expires: Option<Span>,
}

/// What a URL claims that was presigned in the way before Version 4, which S3's clients still do for
/// some regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Legacy {
    /// Until when it is good.
    pub until: Timestamp,
    /// The session token of temporary credentials.
    pub token: Option<Secret>,
}

/// A scope as far as it decides where a request goes.
pub(crate) struct Scope<'a> {
    pub(crate) service: Cow<'a, str>,
}

/// Reads a request's claim.
///
/// # Errors
/// [`Trouble::Missing`] when there is none; else what is malformed.
pub fn claim(head: &Head<'_>) -> Result<Claim, Trouble> {
    let presigned = head.query().contains("X-Amz-Algorithm");
    match (head.header(&AUTHORIZATION), presigned) {
        (Some(_), true) => Err(Trouble::Both),
        (Some(header), false) => in_header(head, header),
        (None, true) => in_query(head.query()),
        (None, false) => Err(Trouble::Missing),
    }
}

/// The claim of a URL that was presigned in the older way. Its signature is not looked at.
#[must_use]
pub fn legacy(head: &Head<'_>) -> Option<Legacy> {
    let get = |name: &str| form::first(head.query(), name);
    get("AWSAccessKeyId")?;
    get("Signature")?;
    let until = Timestamp::from_seconds(get("Expires")?.parse().ok()?);
    let token = get("x-amz-security-token").map(|token| Secret::from(token.into_owned()));
    Some(Legacy { until, token })
}

/// The scope of a request, if it has one that can be read at all.
pub(crate) fn scope<'a>(head: &Head<'a>) -> Option<Scope<'a>> {
    let credential = match head.header(&AUTHORIZATION) {
        Some(header) => {
            let (_, rest) = header.split_once("Credential=")?;
            Cow::Borrowed(rest.split([',', ' ']).next()?)
        }
        None if legacy(head).is_some() => return Some(Scope { service: Cow::Borrowed("s3") }),
        None => form::first(head.query(), "X-Amz-Credential")?,
    };
    let service = match credential {
        Cow::Borrowed(text) => Cow::Borrowed(text.rsplit('/').nth(1)?),
        Cow::Owned(text) => Cow::Owned(text.rsplit('/').nth(1)?.to_owned()),
    };
    Some(Scope { service })
}

fn in_header(head: &Head<'_>, header: &str) -> Result<Claim, Trouble> {
    let (algorithm, parameters) = header.split_once(' ').unwrap_or((header, ""));
    if !algorithm.starts_with("AWS4-") {
        return Err(Trouble::Missing);
    }
    let date = head.header(&X_AMZ_DATE).or_else(|| head.header(&DATE));
    let parts = Parts::of(header, parameters, date)?;
    let at = time::parse_basic(parts.date).ok_or_else(|| Trouble::date(parts.date))?;
    if algorithm != ALGORITHM {
        return Err(Trouble::Algorithm { given: algorithm.to_owned() });
    }
    let token = head.header(&X_AMZ_SECURITY_TOKEN).map(Secret::from);
    let claim = Claim { at, token, ..credential(parts.credential)? };
    claim.signed(parts.signed_headers, parts.signature)
}

/// The parameters of an `Authorization` header, and the date beside it.
struct Parts<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
    date: &'a str,
}

impl<'a> Parts<'a> {
    fn of(header: &str, parameters: &'a str, date: Option<&'a str>) -> Result<Self, Trouble> {
        let mut found = [None; 3];
        for part in parameters.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| Trouble::pair(header))?;
            let known = ["Credential", "Signature", "SignedHeaders"];
            if let Some(at) = known.iter().position(|known| *known == name) {
                found[at] = Some(value);
            }
        }
        match (found, date) {
            ([Some(credential), Some(signature), Some(signed_headers)], Some(date)) => {
                Ok(Self { credential, signed_headers, signature, date })
            }
            (found, date) => Err(Trouble::header(header, found.map(|part| part.is_none()), date)),
        }
    }
}

fn in_query(query: &str) -> Result<Claim, Trouble> {
    let get = |name: &str| form::first(query, name).filter(|value| !value.is_empty());
    let algorithm = get("X-Amz-Algorithm");
    let (key, signature) = (get("X-Amz-Credential"), get("X-Amz-Signature"));
    let (headers, date) = (get("X-Amz-SignedHeaders"), get("X-Amz-Date"));
    let all = (&algorithm, &key, &signature, &headers, &date);
    let (Some(algorithm), Some(key), Some(signature), Some(headers), Some(date)) = all else {
        let present = [&algorithm, &key, &signature, &headers, &date].map(Option::is_some);
        return Err(Trouble::query(present));
    };
    let at = time::parse_basic(date).ok_or_else(|| Trouble::date(date))?;
    if algorithm != ALGORITHM {
        return Err(Trouble::Algorithm { given: algorithm.to_string() });
    }
    let token = get("X-Amz-Security-Token").map(|token| Secret::from(token.into_owned()));
    let expires = get("X-Amz-Expires").and_then(|text| text.parse().ok()).unwrap_or(0);
    let expires = Some(Span::seconds(expires));
    Claim { at, token, expires, ..credential(key)? }.signed(headers, signature)
}

/// A claim of nothing but a credential: `AKID/20261120/eu-west-1/ecs/aws4_request`.
fn credential(text: &str) -> Result<Claim, Trouble> {
    let parts: Vec<&str> = text.trim_end_matches('/').split('/').collect();
    let [access_key, date, region, service, terminator] = parts[..] else {
        return Err(Trouble::Credential { given: text.to_owned() });
    };
    Ok(Claim {
        access_key: access_key.to_owned(),
        date: date.to_owned(),
        region: region.to_owned(),
        service: service.to_owned(),
        terminator: terminator.to_owned(),
        signed_headers: Vec::new(),
        signature: String::new(),
        token: None,
        at: Timestamp::default(),
        expires: None,
    })
}

// === impl Claim ===

impl Claim {
    fn signed(mut self, headers: &str, signature: &str) -> Result<Self, Trouble> {
        self.signed_headers = headers.split(';').map(str::to_ascii_lowercase).collect();
        signature.clone_into(&mut self.signature);
        if !self.signed_headers.iter().any(|name| name == "host" || name == ":authority") {
            return Err(Trouble::HostNotSigned);
        }
        Ok(self)
    }

    /// Checks that the request was signed for this region and service.
    ///
    /// Callers of IAM and STS, which are global, may have signed for `us-east-1`.
    ///
    /// # Errors
    /// [`Trouble::Scope`] with everything that does not fit.
    pub fn check_scope(&self, region: &str, service: Service) -> Result<(), Trouble> {
        let global = matches!(service, Service::Iam | Service::Sts) && self.region == GLOBAL_REGION;
        let signing_name = service.model().signing_name;
        let day = &time::to_basic(self.at)[..8];
        let checks = [
            (self.region == region || global, ScopeTrouble::Region { expected: region.to_owned() }),
            (self.service == signing_name, ScopeTrouble::Service { expected: signing_name }),
            (self.terminator == TERMINATOR, ScopeTrouble::Terminator),
            (self.date == day, ScopeTrouble::Date),
        ];
        let troubles: Vec<_> =
            checks.into_iter().filter(|(fits, _)| !fits).map(|(_, trouble)| trouble).collect();
        if troubles.is_empty() { Ok(()) } else { Err(Trouble::Scope(troubles)) }
    }

    /// Checks that the request was signed not long ago, and that a presigned URL is still good.
    ///
    /// # Errors
    /// [`Trouble::Expired`] or [`Trouble::NotYet`].
    pub fn check_time(&self, now: Timestamp) -> Result<(), Trouble> {
        let (at, oldest) = (self.at, now - self.expires.unwrap_or(TOLERANCE));
        if at < oldest {
            return Err(Trouble::Expired { at, oldest, now });
        }
        let newest = now + TOLERANCE;
        if at > newest {
            return Err(Trouble::NotYet { at, newest, now });
        }
        Ok(())
    }
}
