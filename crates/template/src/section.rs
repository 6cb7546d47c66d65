//! The sections of a template whose members have names.

use crate::Mistake;
use serde_json::{Map, Value};

/// A section with named members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Parameters,
    Conditions,
    Rules,
    Resources,
    Outputs,
}

impl Section {
    fn name(self) -> &'static str {
        match self {
            Self::Parameters => "Parameters",
            Self::Conditions => "Conditions",
            Self::Rules => "Rules",
            Self::Resources => "Resources",
            Self::Outputs => "Outputs",
        }
    }

    fn one(self) -> &'static str {
        match self {
            Self::Parameters => "Parameter",
            Self::Conditions => "Condition",
            Self::Rules => "Rule",
            Self::Resources => "Resource",
            Self::Outputs => "Output",
        }
    }
}

/// The members of a section, whose names CloudFormation would take.
pub(crate) fn section(
    root: &Map<String, Value>,
    which: Section,
) -> Result<impl Iterator<Item = (&String, &Value)>, Mistake> {
    let members = match root.get(which.name()) {
        None | Some(Value::Null) => None,
        Some(Value::Object(members)) => Some(members),
        Some(_) => {
            let what = format!("[/{}] {} must be an object.", which.name(), which.name());
            return Err(Mistake::format(what));
        }
    };
    let all = members.into_iter().flatten();
    let fits = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    if let Some((name, _)) = all.clone().find(|(name, _)| !fits(name)) {
        let what = format!("{} name {name} is non alphanumeric.", which.one());
        return Err(Mistake::format(what));
    }
    Ok(all)
}

/// A member that has to be a text.
pub(crate) fn text_of(value: &Value, what: &str) -> Result<String, Mistake> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| Mistake::format(format!("Every {what} member must be a string.")))
}
