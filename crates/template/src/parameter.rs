//! Parameters: what a template asks for, and whether an answer is one.

use crate::{Mistake, Template};
use regex_lite::Regex;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What is never shown of a `NoEcho` parameter is shown so.
pub const HIDDEN: &str = "****";

/// What a template asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// `String`, `Number`, `List<Number>`, `CommaDelimitedList`, a type of AWS or of Parameter Store.
    pub kind: String,
    /// What holds when nothing is given.
    pub default: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Whether its value is never shown.
    pub no_echo: bool,
    /// The only values, where there are such.
    pub allowed: Vec<String>,
    constraints: Constraints,
}

/// What a value has to meet.
#[derive(Debug, Clone, PartialEq, Default)]
struct Constraints {
    pattern: Option<String>,
    description: Option<String>,
    lengths: (Option<u64>, Option<u64>),
    values: (Option<f64>, Option<f64>),
}

/// Parameters with their values: as given, and as the template sees them (a list is a list, a
/// parameter of Parameter Store what is stored there).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settled {
    /// As given, or by default.
    pub given: BTreeMap<String, String>,
    /// As `Ref` answers them.
    pub values: BTreeMap<String, Value>,
    /// What Parameter Store answered, by parameter.
    pub looked_up: BTreeMap<String, String>,
}

/// Reads a parameter.
pub(crate) fn parse(name: &str, held: &Value) -> Result<Parameter, Mistake> {
    let Value::Object(held) = held else {
        let what = format!("[/Parameters/{name}] Every Parameters object must be an object.");
        return Err(Mistake::format(what));
    };
    let Some(kind) = held.get("Type").and_then(Value::as_str) else {
        let what =
            format!("[/Parameters/{name}] Every Parameters object must contain a Type member.");
        return Err(Mistake::format(what));
    };
    if !is_kind(kind) {
        return Err(Mistake::format(format!("Unrecognized parameter type: {kind}")));
    }
    let text = |key: &str| held.get(key).and_then(scalar);
    let allowed = held.get("AllowedValues").and_then(Value::as_array);
    Ok(Parameter {
        kind: kind.to_owned(),
        default: text("Default"),
        description: text("Description"),
        no_echo: text("NoEcho").is_some_and(|flag| flag == "true"),
        allowed: allowed.into_iter().flatten().filter_map(scalar).collect(),
        constraints: constraints(held),
    })
}

fn constraints(held: &Map<String, Value>) -> Constraints {
    let text = |key: &str| held.get(key).and_then(scalar);
    let length = |key: &str| text(key).and_then(|it| it.parse().ok());
    let number = |key: &str| text(key).and_then(|it| it.parse().ok());
    Constraints {
        pattern: text("AllowedPattern"),
        description: text("ConstraintDescription"),
        lengths: (length("MinLength"), length("MaxLength")),
        values: (number("MinValue"), number("MaxValue")),
    }
}

fn is_kind(kind: &str) -> bool {
    let listed = kind.strip_prefix("List<").and_then(|it| it.strip_suffix('>'));
    let one = listed.unwrap_or(kind);
    matches!(one, "String" | "Number" | "CommaDelimitedList") || one.starts_with("AWS::")
}

/// A text, a number or a truth value as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Gives a template's parameters their values. `store` answers what Parameter Store has.
///
/// # Errors
/// When a value is missing, not asked for, or not one that the template takes.
pub fn settle(
    template: &Template,
    given: &BTreeMap<String, String>,
    store: impl Fn(&str) -> Option<String>,
) -> Result<Settled, Mistake> {
    let strangers: Vec<&str> = given
        .keys()
        .map(String::as_str)
        .filter(|name| !template.parameters.contains_key(*name))
        .collect();
    if !strangers.is_empty() {
        let names = strangers.join(", ");
        return Err(Mistake::of(format!("Parameters: [{names}] do not exist in the template")));
    }
    let value_of =
        |name: &String, held: &Parameter| given.get(name).or(held.default.as_ref()).cloned();
    let missing: Vec<&str> = template
        .parameters
        .iter()
        .filter(|(name, held)| value_of(name, held).is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    if !missing.is_empty() {
        let names = missing.join(", ");
        return Err(Mistake::of(format!("Parameters: [{names}] must have values")));
    }
    let mut settled = Settled::default();
    for (name, held) in &template.parameters {
        let Some(text) = value_of(name, held) else { continue };
        held.check(name, &text)?;
        let stored = held.stored(name, &text, &store)?;
        let seen = stored.clone().unwrap_or_else(|| text.clone());
        settled.values.insert(name.clone(), held.value(seen));
        settled.looked_up.extend(stored.map(|stored| (name.clone(), stored)));
        settled.given.insert(name.clone(), text);
    }
    Ok(settled)
}

// === impl Parameter ===

impl Parameter {
    /// A value as clients see it.
    #[must_use]
    pub fn shown(&self, value: &str) -> String {
        if self.no_echo { HIDDEN.to_owned() } else { value.to_owned() }
    }

    /// What Parameter Store has, for a parameter that is only its name.
    fn stored(
        &self,
        name: &str,
        text: &str,
        store: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<String>, Mistake> {
        if !self.kind.starts_with("AWS::SSM::Parameter::Value<") {
            return Ok(None);
        }
        let found = store(text).ok_or_else(|| {
            let what = format!(
                "Unable to fetch parameters [{text}] from parameter store for this account."
            );
            Mistake::of(if text.is_empty() {
                format!("{what} Parameter {name} is empty.")
            } else {
                what
            })
        })?;
        Ok(Some(found))
    }

    fn is_list(&self) -> bool {
        self.kind == "CommaDelimitedList"
            || self.kind.starts_with("List<")
            || self.kind.contains("::Value<List<")
            || self.kind.contains("::Value<CommaDelimitedList")
    }

    fn value(&self, text: String) -> Value {
        if !self.is_list() {
            return Value::String(text);
        }
        if text.is_empty() {
            return Value::Array(Vec::new());
        }
        text.split(',').map(|item| Value::String(item.trim().to_owned())).collect()
    }

    fn check(&self, name: &str, text: &str) -> Result<(), Mistake> {
        let listed = self.is_list();
        let items: Vec<&str> =
            if listed { text.split(',').map(str::trim).collect() } else { vec![text] };
        items.into_iter().try_for_each(|item| self.check_one(name, item))
    }

    fn check_one(&self, name: &str, text: &str) -> Result<(), Mistake> {
        let refuse = |what: String| match &self.constraints.description {
            Some(own) => {
                Err(Mistake::of(format!("Parameter '{name}' failed to satisfy constraint: {own}")))
            }
            None => Err(Mistake::of(format!("Parameter '{name}' must {what}"))),
        };
        if !self.allowed.is_empty() && !self.allowed.iter().any(|allowed| allowed == text) {
            return refuse("be one of AllowedValues".to_owned());
        }
        if let Some(pattern) = &self.constraints.pattern {
            let whole = Regex::new(&format!("^(?:{pattern})$"));
            let whole = whole.map_err(|_| {
                Mistake::format(format!(
                    "AllowedPattern of parameter '{name}' is not supported: {pattern}"
                ))
            })?;
            if !whole.is_match(text) {
                return refuse(format!("match pattern {pattern}"));
            }
        }
        let length = text.chars().count() as u64;
        match self.constraints.lengths {
            (Some(least), _) if length < least => {
                return refuse(format!("contain at least {least} characters"));
            }
            (_, Some(most)) if length > most => {
                return refuse(format!("contain at most {most} characters"));
            }
            _ => {}
        }
        if !matches!(self.kind.as_str(), "Number" | "List<Number>") {
            return Ok(());
        }
        let number: f64 = match text.parse() {
            Ok(number) => number,
            Err(_) => return refuse("be a number".to_owned()),
        };
        match self.constraints.values {
            (Some(least), _) if number < least => {
                refuse(format!("be a number not less than {least}"))
            }
            (_, Some(most)) if number > most => {
                refuse(format!("be a number not greater than {most}"))
            }
            _ => Ok(()),
        }
    }
}
