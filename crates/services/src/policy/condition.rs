//! Conditions of policies: operators that hold a call's circumstances against values.
//!
//! All operators of a condition must hold, and all keys of an operator; of a key's values one is
//! enough. What is asked of a key that is not known does not hold, unless the operator is a negated
//! one or ends in `IfExists`.

use super::evaluate::{is_resource, with_variables};
use super::texts;
use crate::glob::is_like;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// What is known of a call's circumstances: values by key, in lower case.
pub(crate) type Context = BTreeMap<String, Vec<String>>;

/// The operators, in lower case, without what may stand before and after them.
const OPERATORS: [&str; 27] = [
    "stringequals",
    "stringnotequals",
    "stringequalsignorecase",
    "stringnotequalsignorecase",
    "stringlike",
    "stringnotlike",
    "numericequals",
    "numericnotequals",
    "numericlessthan",
    "numericlessthanequals",
    "numericgreaterthan",
    "numericgreaterthanequals",
    "dateequals",
    "datenotequals",
    "datelessthan",
    "datelessthanequals",
    "dategreaterthan",
    "dategreaterthanequals",
    "bool",
    "binaryequals",
    "ipaddress",
    "notipaddress",
    "arnequals",
    "arnlike",
    "arnnotequals",
    "arnnotlike",
    "null",
];

/// How many of a key's values have to fit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Many {
    /// `ForAllValues`: each, and it does not matter when there is none.
    All,
    /// `ForAnyValue`, or nothing said: one.
    Any,
}

/// An operator, taken apart.
struct Operator {
    base: String,
    many: Option<Many>,
    if_exists: bool,
}

/// The first operator of a condition that there is not.
pub(super) fn unknown_operator(condition: &Map<String, Json>) -> Option<&str> {
    condition.keys().map(String::as_str).find(|name| operator(name).is_none())
}

/// Whether a condition holds. Keys that were asked for and not given are put into `missing`.
pub(super) fn holds(
    condition: &Map<String, Json>,
    context: &Context,
    missing: &mut BTreeSet<String>,
) -> bool {
    let mut all = true;
    for (name, keys) in condition {
        let Some(operator) = operator(name) else { return false };
        let Some(keys) = keys.as_object() else { return false };
        for (key, wanted) in keys {
            let given = context.get(&key.to_ascii_lowercase()).map(Vec::as_slice);
            if given.is_none() && operator.base != "null" {
                missing.insert(key.clone());
            }
            all &= operator.holds(given, &values(wanted), context);
        }
    }
    all
}

/// A condition's values as text: JSON's numbers and booleans are values, too.
fn values(wanted: &Json) -> Vec<String> {
    let text = |value: &Json| match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    match (texts(wanted), wanted) {
        (Some(texts), _) => texts.into_iter().map(str::to_owned).collect(),
        (None, Json::Array(several)) => several.iter().map(text).collect(),
        (None, single) => vec![text(single)],
    }
}

fn operator(name: &str) -> Option<Operator> {
    let name = name.to_ascii_lowercase();
    let (many, name) = match name.split_once(':') {
        Some(("forallvalues", rest)) => (Some(Many::All), rest),
        Some(("foranyvalue", rest)) => (Some(Many::Any), rest),
        Some(_) => return None,
        None => (None, name.as_str()),
    };
    let (base, if_exists) = match name.strip_suffix("ifexists") {
        Some(base) => (base, true),
        None => (name, false),
    };
    let base = base.to_owned();
    OPERATORS.contains(&base.as_str()).then_some(Operator { base, many, if_exists })
}

// === impl Operator ===

impl Operator {
    fn holds(&self, given: Option<&[String]>, wanted: &[String], context: &Context) -> bool {
        if self.base == "null" {
            let absent = given.is_none().to_string();
            return wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(&absent));
        }
        let Some(given) = given else {
            return match self.many {
                Some(many) => many == Many::All,
                None => self.if_exists || self.negated().is_some(),
            };
        };
        let positive = self.negated();
        let fits = |value: &String| {
            let base = positive.as_deref().unwrap_or(&self.base);
            let found = wanted.iter().any(|wanted| fits(base, value, wanted, context));
            found != positive.is_some()
        };
        match (self.many, &positive) {
            // Of several values none may be one that is ruled out.
            (Some(Many::All), _) | (None, Some(_)) => given.iter().all(fits),
            _ => given.iter().any(fits),
        }
    }

    /// The operator of which this one is the contrary.
    fn negated(&self) -> Option<String> {
        match self.base.as_str() {
            "notipaddress" => Some("ipaddress".to_owned()),
            base => base.contains("not").then(|| base.replacen("not", "", 1)),
        }
    }
}

/// Whether one value fits one that is wanted.
fn fits(base: &str, value: &str, wanted: &str, context: &Context) -> bool {
    let plain = || with_variables(wanted, context);
    match base {
        "stringequals" | "binaryequals" => literally(value, wanted, context),
        "stringequalsignorecase" => {
            literally(&value.to_lowercase(), &wanted.to_lowercase(), context)
        }
        "bool" => value.eq_ignore_ascii_case(wanted),
        "stringlike" => plain().is_some_and(|pattern| is_like(value, &pattern)),
        "arnequals" | "arnlike" => is_resource(value, wanted, context),
        "ipaddress" => is_in_range(value, wanted).unwrap_or(false),
        _ => match base.strip_prefix("numeric") {
            Some(how) => {
                let numbers = value.parse::<f64>().ok().zip(wanted.parse::<f64>().ok());
                numbers
                    .and_then(|(value, wanted)| value.partial_cmp(&wanted))
                    .is_some_and(|order| is_in_order(how, order))
            }
            // Dates in the one form that policies and clients write: `2026-11-20T07:31:00Z`.
            None => is_in_order(base.trim_start_matches("date"), value.cmp(wanted)),
        },
    }
}

/// Whether a value is the one that is wanted, of which only the variables are more than they say.
fn literally(value: &str, wanted: &str, context: &Context) -> bool {
    if !wanted.contains("${") {
        return value == wanted;
    }
    with_variables(wanted, context).is_some_and(|pattern| is_like(value, &pattern))
}

fn is_in_order(how: &str, order: std::cmp::Ordering) -> bool {
    match how {
        "lessthan" => order.is_lt(),
        "lessthanequals" => order.is_le(),
        "greaterthan" => order.is_gt(),
        "greaterthanequals" => order.is_ge(),
        _ => order.is_eq(),
    }
}

/// Whether an address lies in a range such as `10.0.0.0/8`; a range without a length is one address.
fn is_in_range(address: &str, range: &str) -> Option<bool> {
    let address: IpAddr = address.parse().ok()?;
    let (first, length) = match range.split_once('/') {
        Some((first, length)) => (first, Some(length.parse::<u32>().ok()?)),
        None => (range, None),
    };
    match (address, first.parse().ok()?) {
        (IpAddr::V4(address), IpAddr::V4(first)) => {
            let shift = 32u32.checked_sub(length.unwrap_or(32))?;
            let start = |bits: u32| bits.checked_shr(shift).unwrap_or(0);
            Some(start(address.to_bits()) == start(first.to_bits()))
        }
        (IpAddr::V6(address), IpAddr::V6(first)) => {
            let shift = 128u32.checked_sub(length.unwrap_or(128))?;
            let start = |bits: u128| bits.checked_shr(shift).unwrap_or(0);
            Some(start(address.to_bits()) == start(first.to_bits()))
        }
        _ => Some(false),
    }
}
