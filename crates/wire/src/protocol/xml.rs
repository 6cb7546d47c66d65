//! XML as Query, EC2 and REST-XML have it: elements and text, one namespace, no attributes of use.

mod read;
mod write;

pub(crate) use read::{Reader, texts};
pub(crate) use write::Writer;

/// The media type of answers.
pub(crate) const MEDIA_TYPE: &str = "text/xml";
