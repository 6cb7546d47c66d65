//! Errors of services that once spoke Query alone and now speak JSON 1.0 and CBOR too.
//!
//! Their errors carry the name of their shape; what clients know them by, Query's code, stands in a
//! header (`awsQueryCompatible` in AWS's models).

use crate::target::Dialect;
use api::Fault;
use http::HeaderMap;
use http::header::HeaderName;

/// Query's code and whose fault it was: `InvalidFormat;Sender`.
pub(crate) const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// With `true` a client says that it wants [`QUERY_ERROR`].
pub(crate) const QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");

/// The name of a fault's shape, with its namespace: `com.amazonaws.cloudwatch#InvalidFormatFault`. A
/// code without a shape stands for itself.
pub(crate) fn shape(dialect: Dialect, fault: &Fault) -> String {
    let Some(model) = dialect.service.map(api::Service::model) else {
        return fault.code.to_owned();
    };
    let name = model.error(fault.code).map_or(fault.code, |error| error.name);
    format!("com.amazonaws.{}#{name}", model.id.to_ascii_lowercase())
}

/// The value of [`QUERY_ERROR`].
pub(crate) fn query_error(fault: &Fault) -> String {
    let whose = if fault.status < 500 { "Sender" } else { "Receiver" };
    format!("{};{whose}", fault.code)
}

/// Query's code of an answer, where it has one.
pub(crate) fn query_code(headers: &HeaderMap) -> Option<String> {
    let (code, _) = headers.get(QUERY_ERROR)?.to_str().ok()?.split_once(';')?;
    (!code.is_empty()).then(|| code.to_owned())
}

/// A shape's own name: without a namespace before `#` and a URL after `:`.
pub(crate) fn code(shape: &str) -> String {
    let name = shape.split(':').next().unwrap_or(shape);
    name.rsplit('#').next().unwrap_or(name).to_owned()
}
