//! A template's text as JSON, whichever of the two languages it is written in.

use crate::{Mistake, yaml};
use serde_json::Value;

/// CloudFormation takes a megabyte from a bucket; a body in a request is shorter anyway.
const LARGEST: usize = 1 << 20;

/// The text's value; functions in their long forms.
pub(crate) fn read(text: &str) -> Result<Value, Mistake> {
    if text.len() > LARGEST {
        return Err(Mistake::of(format!("Template may not exceed {LARGEST} bytes in size.")));
    }
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|why| {
            let (line, column) = (why.line(), why.column());
            Mistake::format(format!("JSON not well-formed. (line {line}, column {column})"))
        });
    }
    yaml::read(text)
}
