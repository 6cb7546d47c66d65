//! EC2's dialect of Query: lists without a word before their indexes, names of its own for each
//! direction, XML without a wrapper.

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod refuse;

/// The media type of EC2's answers.
const MEDIA_TYPE: &str = "text/xml;charset=UTF-8";
