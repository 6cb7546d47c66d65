//! REST-XML: method and path say what is asked for, members are in path, query, headers and body.
//!
//! [`route`] finds the operation and fills paths, [`text`] is how scalars are written outside of
//! XML. Which member goes where, the shapes say.

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod refuse;
pub(crate) mod route;
mod text;

/// The media type of documents.
pub(crate) const MEDIA_TYPE: &str = "application/xml";
