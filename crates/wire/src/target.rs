//! Which operation a request asks for, and how its answer must be written.
//!
//! JSON says it in `X-Amz-Target`, CBOR in the path, REST-XML with method, path and query. Query says it in a form, with `Action` and
//! `Version`, and leaves the service to the host name; a local region has one host for all, so the
//! service is taken from what the request was signed for, else from the version, which no two services
//! here share. What is signed for a REST service has no other way to say it.

use crate::Refusal;
use crate::head::Head;
use crate::protocol::{cbor, form, rest};
use crate::sigv4::scope;
use api::{Operation, Protocol, Service, ServiceModel};
use http::header::HeaderName;
use std::borrow::Cow;

/// The header by which JSON names the operation: `<prefix>.<operation>`.
pub(crate) const X_AMZ_TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// What a request asks for.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// An operation that has shapes here.
    Known(&'static Operation),
    /// An operation that AWS's service has and that has no shapes here.
    Other {
        /// Its service.
        service: Service,
        /// Its name.
        name: &'static str,
    },
}

/// How an answer must be written for its caller to understand it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// The protocol.
    pub protocol: Protocol,
    /// The service, where the request says it: services word the same refusal differently.
    pub service: Option<Service>,
}

/// Finds the operation that a request asks for.
///
/// # Errors
/// When the request names none, or one that AWS does not have.
pub fn target(head: &Head<'_>, body: &[u8]) -> Result<Target, Refusal> {
    match Addressee::of(head, body) {
        Addressee::Rest(service) => rest_target(head, service),
        Addressee::Path(path) => cbor_target(head, path),
        Addressee::Target(target) => json_target(head, target),
        Addressee::Json(_) => Err(Refusal::NoTarget),
        Addressee::Form(form, service) => form_target(&form, service),
    }
}

/// Finds how a request's answer must be written; there always is a way.
#[must_use]
pub fn dialect(head: &Head<'_>, body: &[u8]) -> Dialect {
    let (protocol, service) = match Addressee::of(head, body) {
        Addressee::Rest(service) => (Protocol::RestXml, Some(service)),
        Addressee::Path(path) => {
            let service = cbor::split(path).and_then(|(service, _)| by_prefix(service, Way::Cbor));
            (Protocol::Cbor, service)
        }
        Addressee::Target(target) => {
            let service = split(target).and_then(|(prefix, _)| by_prefix(prefix, Way::Json));
            (Way::Json.of(service).unwrap_or(Protocol::Json11), service)
        }
        Addressee::Json(service) => (Protocol::Json11, Some(service)),
        Addressee::Form(form, service) => {
            let service = service.ok().flatten().or_else(|| by_version(&form));
            (Way::Form.of(service).unwrap_or(Protocol::Query), service)
        }
    };
    Dialect { protocol, service }
}

// === impl Target ===

impl Target {
    /// The operation, if it has shapes here.
    ///
    /// # Errors
    /// When it has none: the refusal says so honestly.
    pub fn operation(self) -> Result<&'static Operation, Refusal> {
        match self {
            Self::Known(operation) => Ok(operation),
            Self::Other { service, name } => {
                Err(Refusal::Unimplemented { service, operation: name })
            }
        }
    }

    /// The operation that `model` calls `name`.
    fn find(model: &'static ServiceModel, name: &str) -> Option<Self> {
        if let Some(operation) = model.operation(name) {
            return Some(Self::Known(operation));
        }
        let at = model.others.binary_search(&name).ok()?;
        Some(Self::Other { service: model.service, name: model.others[at] })
    }
}

// === impl Dialect ===

impl Dialect {
    /// How a service's callers are answered by its own preference.
    #[must_use]
    pub fn of(service: Service) -> Self {
        Self { protocol: service.model().protocol(), service: Some(service) }
    }
}

/// Where a request says what it wants.
enum Addressee<'a> {
    /// In method, path and query, of a service that is asked in this way alone.
    Rest(Service),
    /// In its path.
    Path(&'a str),
    /// In `X-Amz-Target`.
    Target(&'a str),
    /// Nowhere, though it is signed for a service that speaks JSON.
    Json(Service),
    /// In a form, signed for the service; `Err` is the name of a service that is not here.
    Form(Cow<'a, str>, Result<Option<Service>, String>),
}

impl<'a> Addressee<'a> {
    fn of(head: &Head<'a>, body: &'a [u8]) -> Self {
        let signed_for = scope(head).map(|scope| scope.service);
        let rest = signed_for.as_deref().and_then(by_signing_name);
        if let Some(service) = rest.filter(|service| service.model().speaks(Protocol::RestXml)) {
            return Self::Rest(service);
        }
        let path = head.uri.path();
        if path.starts_with("/service/") {
            return Self::Path(path);
        }
        if let Some(target) = head.header(&X_AMZ_TARGET) {
            return Self::Target(target);
        }
        let service = match signed_for {
            Some(name) => by_signing_name(&name).map(Some).ok_or_else(|| name.into_owned()),
            None => Ok(None),
        };
        match service {
            Ok(Some(service)) if Way::Form.of(Some(service)).is_none() => Self::Json(service),
            service => Self::Form(String::from_utf8_lossy(form::bytes(head, body)), service),
        }
    }
}

/// The ways in which a request says what it wants; a service has one protocol for each at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Json,
    Form,
    Cbor,
}

impl Way {
    /// What a service speaks that is asked in this way.
    fn of(self, service: Option<Service>) -> Option<Protocol> {
        let mut protocols = service?.model().protocols.iter().copied();
        protocols.find(|protocol| {
            let way = match protocol {
                Protocol::Json11 | Protocol::Json10 => Self::Json,
                Protocol::Query | Protocol::Ec2 => Self::Form,
                Protocol::Cbor => Self::Cbor,
                Protocol::RestXml => return false,
            };
            way == self
        })
    }
}

fn rest_target(head: &Head<'_>, service: Service) -> Result<Target, Refusal> {
    let model = service.model();
    let route = rest::route::find(model, head).ok_or(Refusal::NoRoute)?;
    Target::find(model, route.operation).ok_or(Refusal::NoRoute)
}

fn cbor_target(head: &Head<'_>, path: &str) -> Result<Target, Refusal> {
    let unknown = || Refusal::UnknownTarget { target: path.to_owned() };
    let (service, name) = cbor::split(path).ok_or_else(unknown)?;
    let model = by_prefix(service, Way::Cbor).ok_or_else(unknown)?.model();
    let media_type = head.media_type();
    // Where there is nothing to say there is no body, and no type of it.
    if media_type.is_some_and(|given| !given.eq_ignore_ascii_case(cbor::MEDIA_TYPE)) {
        return Err(Refusal::MediaType { given: media_type.map(str::to_owned) });
    }
    Target::find(model, name)
        .ok_or_else(|| Refusal::UnknownAction { action: name.to_owned(), version: None })
}

fn json_target(head: &Head<'_>, target: &str) -> Result<Target, Refusal> {
    let unknown = || Refusal::UnknownTarget { target: target.to_owned() };
    let (prefix, name) = split(target).ok_or_else(unknown)?;
    let model = by_prefix(prefix, Way::Json).ok_or_else(unknown)?.model();
    let media_type = head.media_type();
    if !media_type.is_some_and(is_json) {
        return Err(Refusal::MediaType { given: media_type.map(str::to_owned) });
    }
    Target::find(model, name)
        .ok_or_else(|| Refusal::UnknownAction { action: name.to_owned(), version: None })
}

/// Whether AWS reads a body of this type as JSON. A body of another type, `curl`'s default form
/// among them, is one that AWS's services do not know what to do with.
fn is_json(media_type: &str) -> bool {
    ["application/x-amz-json-1.1", "application/x-amz-json-1.0", "application/json"]
        .iter()
        .any(|known| media_type.eq_ignore_ascii_case(known))
}

fn form_target(form: &str, service: Result<Option<Service>, String>) -> Result<Target, Refusal> {
    let action = form::first(form, "Action").ok_or(Refusal::NoAction)?;
    let version = form::first(form, "Version");
    let service = service.map_err(|name| Refusal::UnknownService { name })?;
    let known = service.or_else(|| by_version(form)).map(Service::model);
    known
        .filter(|model| version.as_deref() == Some(model.version))
        .and_then(|model| Target::find(model, &action))
        .ok_or_else(|| Refusal::UnknownAction {
            action: action.into_owned(),
            version: version.map(Cow::into_owned),
        })
}

fn split(target: &str) -> Option<(&str, &str)> {
    target.rsplit_once('.')
}

fn by_prefix(prefix: &str, way: Way) -> Option<Service> {
    let speaks = |service| way.of(Some(service)).is_some();
    find_service(|model| model.target_prefix == prefix && speaks(model.service))
}

fn by_signing_name(name: &str) -> Option<Service> {
    find_service(|model| model.signing_name == name)
}

fn by_version(form: &str) -> Option<Service> {
    let version = form::first(form, "Version")?;
    let speaks = |service| Way::Form.of(Some(service)).is_some();
    find_service(|model| model.version == version && speaks(model.service))
}

fn find_service(fits: impl Fn(&ServiceModel) -> bool) -> Option<Service> {
    Service::ALL.into_iter().find(|service| fits(service.model()))
}

#[cfg(test)]
mod tests;
