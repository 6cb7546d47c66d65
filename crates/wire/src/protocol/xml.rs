//! XML answers, as Query and EC2 have them: elements and text, one namespace, no attributes of use.

mod read;
mod write;

pub(crate) use read::{Reader, texts};
pub(crate) use write::Writer;

/// The media type of answers.
pub(crate) const MEDIA_TYPE: &str = "text/xml";
