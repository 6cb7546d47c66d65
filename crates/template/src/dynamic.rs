//! Dynamic references: `{{resolve:ssm:name}}` in the middle of a text.

use crate::Mistake;

/// A text with its references replaced. `look` is given the service and what follows it.
///
/// # Errors
/// When a reference has no end, or `look` finds nothing.
pub fn replace(
    text: &str,
    mut look: impl FnMut(&str, &str) -> Result<String, Mistake>,
) -> Result<String, Mistake> {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{resolve:") {
        let (reference, after) = after.split_once("}}").ok_or_else(|| wrong(text))?;
        let (service, reference) = reference.split_once(':').ok_or_else(|| wrong(text))?;
        written.push_str(before);
        written.push_str(&look(service, reference)?);
        rest = after;
    }
    written.push_str(rest);
    Ok(written)
}

fn wrong(text: &str) -> Mistake {
    Mistake::of(format!("Incorrect format is used in the following dynamic reference: [{text}]"))
}
