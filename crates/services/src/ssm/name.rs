//! Names of parameters: what may be one, and which parameter a request means.

use super::fault;
use api::Fault;
use model::{ParameterName, Timestamp};
use world::parameter::ParameterVersion;
use world::{Parameter, World};

/// The most levels of a hierarchy (reference §6.1).
const DEEPEST: usize = 15;

/// The longest ARN of a parameter, from the model's documentation of `PutParameter`.
const LONGEST_ARN: usize = 1011;

/// A parameter, and which of its versions, as a request names them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference<'a> {
    /// The name, without what follows the colon.
    pub(super) name: &'a str,
    /// A version or a label; the newest version when absent.
    pub(super) selector: Option<&'a str>,
}

// === impl Reference ===

impl<'a> Reference<'a> {
    /// What a name or an ARN means, with `:version` or `:label` behind it or not.
    pub(super) fn parse(world: &World, text: &'a str) -> Result<Self, Fault> {
        let text = text.trim();
        // The ARN of `/a/b` ends with `parameter/a/b`: the slash is the name's own.
        let arn = world.place.arn("ssm", "parameter");
        let text = text.strip_prefix(&arn).unwrap_or(text);
        let (name, selector) = match text.split_once(':') {
            Some((name, selector)) => (name, Some(selector)),
            None => (text, None),
        };
        if selector.is_some_and(|selector| selector.is_empty() || selector.contains(':')) {
            // Second-hand: two other emulators have it from AWS, with both spaces.
            return Err(fault::invalid(
                "Invalid parameter name. Please use correct syntax for referencing a \
                 version/label  <name>:<version/label>",
            ));
        }
        check_form(name)?;
        Ok(Self { name, selector })
    }

    /// The version that is meant, with its parameter.
    pub(super) fn find<'w>(
        &self,
        world: &'w World,
        now: Timestamp,
    ) -> Result<(&'w Parameter, &'w ParameterVersion), Fault> {
        let parameter = find(world, self.name, now)?;
        let version = match self.selector {
            None => Some(parameter.newest()),
            Some(selector) => parameter.selected(selector),
        };
        let selector = self.selector.unwrap_or_default();
        Ok((parameter, version.ok_or_else(|| fault::no_version(self.name, selector))?))
    }
}

/// The parameter of a name.
pub(super) fn find<'w>(
    world: &'w World,
    name: &str,
    now: Timestamp,
) -> Result<&'w Parameter, Fault> {
    world.parameter(name, now).ok_or_else(|| fault::not_found(name))
}

/// A name for a new parameter.
pub(super) fn new(world: &World, text: &str) -> Result<ParameterName, Fault> {
    // AWS removes the spaces, as the model's documentation says.
    let name = text.trim();
    if name.contains('/') && !name.starts_with('/') {
        // Observed.
        return Err(fault::invalid("Parameter name must be a fully qualified name"));
    }
    check_form(name)?;
    check_prefix(name)?;
    if name.matches('/').count() > DEEPEST {
        // The text is the model's documentation.
        return Err(Fault::refuse(
            "HierarchyLevelLimitExceededException",
            "A hierarchy can have a maximum of 15 levels. For more information, see About \
             requirements and constraints for parameter names in the Amazon Web Services Systems \
             Manager User Guide.",
        ));
    }
    let name = ParameterName::from(name);
    if world.place.parameter_arn(&name).len() > LONGEST_ARN {
        return Err(fault::invalid(format!(
            "The parameter's ARN is longer than {LONGEST_ARN} characters."
        )));
    }
    Ok(name)
}

/// A name is letters, digits, `.-_`, and for a hierarchy slashes, one before each level.
fn check_form(name: &str) -> Result<(), Fault> {
    let level = |level: &str| {
        !level.is_empty() && level.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
    };
    let levels = name.strip_prefix('/').unwrap_or(name);
    let rooted = name.starts_with('/') || !name.contains('/');
    if rooted && levels.split('/').all(level) { Ok(()) } else { Err(malformed()) }
}

/// Some beginnings are AWS's own, whatever their case. The texts and when each is given are moto's.
fn check_prefix(name: &str) -> Result<(), Fault> {
    let first = name.strip_prefix('/').unwrap_or(name);
    let begins = |prefix: &str| {
        first.get(..prefix.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(prefix))
    };
    match (begins("aws"), begins("ssm"), first.contains('/')) {
        (true, _, true) => Err(Fault::refuse(
            "AccessDeniedException",
            format!("No access to reserved parameter name: {name}."),
        )),
        (true, _, false) | (_, true, false) => Err(fault::invalid(
            "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).",
        )),
        (false, true, true) => Err(malformed()),
        (false, false, _) => Ok(()),
    }
}

/// Observed.
fn malformed() -> Fault {
    fault::invalid(
        "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, \
         it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix \
         of letters, numbers and the following 3 symbols .-_",
    )
}
