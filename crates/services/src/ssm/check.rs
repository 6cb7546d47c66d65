//! What a parameter's value has to be: not too long for its tier, like its pattern, of its type.

use super::{data, fault};
use api::Fault;
use regex_lite::Regex;
use world::parameter::ParameterVersion;

/// The longest values of the two tiers, in characters (reference §6.1).
const STANDARD: usize = 4096;
const ADVANCED: usize = 8192;

const USER_GUIDE: &str = "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html";

/// The tier that a version gets: as asked for, or as before, or as its value and policies need.
pub(super) fn tier(
    asked: Option<&str>,
    before: Option<&ParameterVersion>,
    value: &str,
    policies: Option<&str>,
) -> Result<String, Fault> {
    let advanced_before = before.is_some_and(|before| before.tier == "Advanced");
    let needs_more = value.chars().count() > STANDARD || policies.is_some();
    let advanced = match asked {
        Some("Advanced") => true,
        // AWS answers with the tier that it chose, not with this word.
        Some("Intelligent-Tiering") => needs_more || advanced_before,
        Some(_) if advanced_before => return Err(downgrade()),
        Some(_) => false,
        None => advanced_before,
    };
    if !advanced && policies.is_some() {
        // The rule is in the model's documentation; the text is unverified.
        return Err(fault::invalid(format!(
            "Standard tier parameters don't support parameter policies. To use policies, upgrade \
             the parameter to use the advanced-parameter tier. For more information, see {USER_GUIDE}"
        )));
    }
    Ok(if advanced { "Advanced" } else { "Standard" }.to_owned())
}

/// Whether a version's value is one that AWS takes.
pub(super) fn value(version: &ParameterVersion) -> Result<(), Fault> {
    let value = version.value.reveal();
    if value.is_empty() {
        // Second-hand: moto's.
        return Err(fault::invalid(
            "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member \
             must have length greater than or equal to 1.",
        ));
    }
    if value.split_once("{{").is_some_and(|(_, rest)| rest.contains("}}")) {
        // The rule is in the model's documentation; the text is unverified.
        return Err(fault::invalid(
            "Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.",
        ));
    }
    length(value, &version.tier)?;
    if let Some(pattern) = version.allowed_pattern.as_deref().filter(|pattern| !pattern.is_empty())
    {
        like(value, pattern)?;
    }
    data::check(&version.data_type, value)
}

fn length(value: &str, tier: &str) -> Result<(), Fault> {
    let length = value.chars().count();
    match tier {
        // Observed.
        "Standard" if length > STANDARD => Err(fault::invalid(format!(
            "Standard tier parameters support a maximum parameter value of {STANDARD} characters. \
             To create a larger parameter value, upgrade the parameter to use the \
             advanced-parameter tier. For more information, see {USER_GUIDE}"
        ))),
        // The text is unverified.
        _ if length > ADVANCED => Err(fault::invalid(format!(
            "Advanced tier parameters support a maximum parameter value of {ADVANCED} characters."
        ))),
        _ => Ok(()),
    }
}

/// A value has to be like the pattern as a whole.
fn like(value: &str, pattern: &str) -> Result<(), Fault> {
    let whole = Regex::new(&format!("^(?:{pattern})$")).map_err(|_| unreadable(pattern))?;
    if whole.is_match(value) {
        return Ok(());
    }
    // Observed; the pattern is no secret, the value may be.
    Err(Fault::refuse(
        "ParameterPatternMismatchException",
        format!("Parameter value, cannot be validated against allowedPattern: {pattern}"),
    ))
}

/// AWS reads patterns as Java does, which has more than can be done in linear time.
fn unreadable(pattern: &str) -> Fault {
    let beyond = ["(?=", "(?!", "(?<=", "(?<!", "\\1", "(?>"].iter().any(|s| pattern.contains(s));
    let message = if beyond {
        "The local region does not implement look-around, back-references and atomic groups in \
         allowed patterns."
    } else {
        // The text is the model's documentation.
        "The request doesn't meet the regular expression requirement."
    };
    Fault::refuse("InvalidAllowedPatternException", message)
}

/// Observed.
fn downgrade() -> Fault {
    fault::invalid(
        "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the \
         advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the \
         advanced parameter and recreate it as a standard parameter.",
    )
}
