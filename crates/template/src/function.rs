//! CloudFormation's functions.

use crate::refer::attribute_of;
use crate::{Mistake, Scene, Trouble, cidr};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

type Evaluated = Result<Option<Value>, Trouble>;

/// Whether a key with this name, alone in its object, is a function.
pub(crate) fn is_function(name: &str) -> bool {
    matches!(name, "Ref" | "Condition") || name.starts_with("Fn::")
}

/// A function's value; none for `AWS::NoValue`.
pub(crate) fn call(scene: &Scene<'_>, name: &str, given: &Value) -> Evaluated {
    match name {
        "Ref" => reference(scene, given),
        "Fn::GetAtt" => attribute(scene, given).map(Some),
        "Fn::Sub" => sub(scene, given).map(Some),
        "Fn::Join" => join(scene, given).map(Some),
        "Fn::Select" => select(scene, given).map(Some),
        "Fn::Split" => split(scene, given).map(Some),
        "Fn::FindInMap" => find_in_map(scene, given).map(Some),
        "Fn::If" => choose(scene, given),
        "Fn::ImportValue" => import(scene, given).map(Some),
        "Fn::GetAZs" => {
            let region = text(scene, given, name)?;
            let region = if region.is_empty() { scene.pseudo.region.clone() } else { region };
            Ok(Some(scene.known.zones(&region).into_iter().map(Value::String).collect()))
        }
        "Fn::Base64" => {
            let text = text(scene, given, name)?;
            Ok(Some(Value::String(BASE64_STANDARD.encode(text))))
        }
        "Fn::Cidr" => split_range(scene, given).map(Some),
        "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Contains" => {
            Ok(Some(Value::Bool(truth_of(scene, name, given)?)))
        }
        // Outside of conditions a member called `Condition` is a member, as in a policy.
        "Condition" => {
            let value = scene.value(given)?;
            Ok(value.map(|value| Value::Object(Map::from_iter([(name.to_owned(), value)]))))
        }
        _ => Err(Mistake::error(format!("unsupported function {name}")).into()),
    }
}

/// Whether a condition holds.
pub(crate) fn truth(scene: &Scene<'_>, value: &Value) -> Result<bool, Trouble> {
    match value {
        Value::Object(members) if members.len() == 1 => {
            let (name, given) = members.iter().next().ok_or_else(no_condition)?;
            truth_of(scene, name, given)
        }
        Value::Bool(flag) => Ok(*flag),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        _ => Err(no_condition().into()),
    }
}

fn no_condition() -> Mistake {
    Mistake::format("Every Condition member must be a boolean function.")
}

fn truth_of(scene: &Scene<'_>, name: &str, given: &Value) -> Result<bool, Trouble> {
    let parts = given.as_array().map(Vec::as_slice).unwrap_or_default();
    match (name, parts) {
        ("Condition", _) => scene.holds(given.as_str()),
        ("Fn::Equals", [one, other]) => {
            Ok(scalar(scene.value(one)?) == scalar(scene.value(other)?))
        }
        ("Fn::Not", [one]) => Ok(!truth(scene, one)?),
        ("Fn::And", [_, _, ..]) => all(scene, parts),
        ("Fn::Or", [_, _, ..]) => {
            for part in parts {
                if truth(scene, part)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        ("Fn::Contains", [among, one]) => {
            let one = scalar(scene.value(one)?);
            let among = scene.value(among)?;
            let among = among.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
            Ok(among.into_iter().any(|item| scalar(Some(item)) == one))
        }
        ("Fn::Equals" | "Fn::Not" | "Fn::And" | "Fn::Or" | "Fn::Contains", _) => {
            let what = format!("{name} has the wrong number of arguments");
            Err(Mistake::error(what).into())
        }
        _ => Err(no_condition().into()),
    }
}

fn all(scene: &Scene<'_>, parts: &[Value]) -> Result<bool, Trouble> {
    for part in parts {
        if !truth(scene, part)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Numbers and truth values are texts to CloudFormation, so `1` equals `"1"`.
fn scalar(value: Option<Value>) -> Option<Value> {
    match value {
        Some(Value::Number(number)) => Some(Value::String(number.to_string())),
        Some(Value::Bool(flag)) => Some(Value::String(flag.to_string())),
        other => other,
    }
}

fn reference(scene: &Scene<'_>, given: &Value) -> Evaluated {
    let name = given
        .as_str()
        .ok_or_else(|| Mistake::format("Every Ref object must have a single String value."))?;
    named(scene, name)
}

fn named(scene: &Scene<'_>, name: &str) -> Evaluated {
    let pseudo = scene.pseudo;
    let text = |text: &str| Ok(Some(Value::String(text.to_owned())));
    match name {
        "AWS::NoValue" => Ok(None),
        "AWS::AccountId" => text(&pseudo.account),
        "AWS::Region" => text(&pseudo.region),
        "AWS::Partition" => text("aws"),
        "AWS::URLSuffix" => text("amazonaws.com"),
        "AWS::StackName" => text(&pseudo.stack_name),
        "AWS::StackId" => text(&pseudo.stack_id),
        "AWS::NotificationARNs" => {
            Ok(Some(pseudo.notifications.iter().cloned().map(Value::String).collect()))
        }
        name => match scene.parameters.get(name) {
            Some(value) => Ok(Some(value.clone())),
            None => scene.known.reference(name).map(Some).ok_or(Trouble::Later),
        },
    }
}

fn attribute(scene: &Scene<'_>, given: &Value) -> Result<Value, Trouble> {
    let (resource, attribute) = attribute_of(given)?;
    let attribute = text(scene, &attribute, "Fn::GetAtt")?;
    scene.known.attribute(&resource, &attribute)
}

fn sub(scene: &Scene<'_>, given: &Value) -> Result<Value, Trouble> {
    let nothing = Map::new();
    let (pattern, own) = match given {
        Value::String(pattern) => (pattern.as_str(), &nothing),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(pattern), Value::Object(own)] => (pattern.as_str(), own),
            _ => return Err(arguments("Fn::Sub").into()),
        },
        _ => return Err(arguments("Fn::Sub").into()),
    };
    let mut written = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        written.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return Err(arguments("Fn::Sub").into());
        };
        if let Some(literal) = name.strip_prefix('!') {
            written.push_str(&format!("${{{literal}}}"));
        } else {
            let name = name.trim();
            let value = match (own.get(name), name.split_once('.')) {
                (Some(own), _) => scene.value(own)?,
                (None, Some((resource, attribute))) => {
                    Some(scene.known.attribute(resource, attribute)?)
                }
                (None, None) => named(scene, name)?,
            };
            written.push_str(&as_text(value, "Fn::Sub")?);
        }
        rest = after;
    }
    written.push_str(rest);
    Ok(Value::String(written))
}

fn arguments(name: &str) -> Mistake {
    match name {
        "Fn::Sub" => Mistake::error(
            "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
        ),
        name => Mistake::error(format!("every {name} object requires its arguments")),
    }
}

fn join(scene: &Scene<'_>, given: &Value) -> Result<Value, Trouble> {
    let Some([Value::String(between), listed]) = given.as_array().map(Vec::as_slice) else {
        let what = "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.";
        return Err(Mistake::error(what).into());
    };
    let items = list(scene, listed, "Fn::Join")?;
    let texts = items.into_iter().map(|item| as_text(Some(item), "Fn::Join"));
    Ok(Value::String(texts.collect::<Result<Vec<_>, _>>()?.join(between)))
}

fn select(scene: &Scene<'_>, given: &Value) -> Result<Value, Trouble> {
    let Some([index, listed]) = given.as_array().map(Vec::as_slice) else {
        return Err(arguments("Fn::Select").into());
    };
    let index = text(scene, index, "Fn::Select")?;
    let items = list(scene, listed, "Fn::Select")?;
    let found = index.parse::<usize>().ok().and_then(|index| items.get(index).cloned());
    found.ok_or_else(|| {
        Mistake::error(format!("Fn::Select cannot select nonexistent value at index {index}"))
            .into()
    })
}

fn split(scene: &Scene<'_>, given: &Value) -> Result<Value, Trouble> {
    let Some([Value::String(at), whole]) = given.as_array().map(Vec::as_slice) else {
        let what = "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.";
        return Err(Mistake::error(what).into());
    };
    let whole = text(scene, whole, "Fn::Split")?;
    Ok(whole.split(at.as_str()).map(|part| Value::String(part.to_owned())).collect())
}

fn find_in_map(scene: &Scene<'_>, given: &Value) -> Result<Value, Trouble> {
    let Some([map, first, second]) = given.as_array().map(Vec::as_slice) else {
        return Err(arguments("Fn::FindInMap").into());
    };
    let [map, first, second] = [map, first, second].map(|key| text(scene, key, "Fn::FindInMap"));
    let (map, first, second) = (map?, first?, second?);
    let found = scene.template.mappings.get(&map).ok_or_else(|| {
        Mistake::error(format!(
            "Mapping named '{map}' is not present in the 'Mappings' section of template."
        ))
    })?;
    let found = found.get(&first).and_then(|row| row.get(&second)).cloned();
    found.ok_or_else(|| {
        Mistake::error(format!("Unable to get mapping for {map}::{first}::{second}")).into()
    })
}

fn choose(scene: &Scene<'_>, given: &Value) -> Evaluated {
    let Some([Value::String(condition), then, otherwise]) = given.as_array().map(Vec::as_slice)
    else {
        let what = "every Fn::If object requires a list of three elements: the condition name, and two values";
        return Err(Mistake::error(what).into());
    };
    let holds = scene.holds(Some(condition))?;
    scene.value(if holds { then } else { otherwise })
}

fn import(scene: &Scene<'_>, given: &Value) -> Result<Value, Trouble> {
    let name = text(scene, given, "Fn::ImportValue")?;
    let found = scene.known.import(&name).map(Value::String);
    found.ok_or_else(|| Mistake::of(format!("No export named {name} found.")).into())
}

fn split_range(scene: &Scene<'_>, given: &Value) -> Result<Value, Trouble> {
    let parts = given.as_array().map(Vec::as_slice).unwrap_or_default();
    let [range, count, rest @ ..] = parts else { return Err(arguments("Fn::Cidr").into()) };
    let range = text(scene, range, "Fn::Cidr")?;
    let count = text(scene, count, "Fn::Cidr")?;
    let bits = match rest.first() {
        Some(bits) => text(scene, bits, "Fn::Cidr")?,
        None => "8".to_owned(),
    };
    let ranges = cidr::split(&range, &count, &bits).ok_or_else(|| arguments("Fn::Cidr"))?;
    Ok(ranges.into_iter().map(Value::String).collect())
}

fn list(scene: &Scene<'_>, given: &Value, function: &str) -> Result<Vec<Value>, Trouble> {
    match scene.value(given)? {
        Some(Value::Array(items)) => Ok(items),
        _ => Err(Mistake::error(format!("{function} requires a list")).into()),
    }
}

fn text(scene: &Scene<'_>, given: &Value, function: &str) -> Result<String, Trouble> {
    as_text(scene.value(given)?, function).map_err(Trouble::from)
}

/// A scalar as text.
fn as_text(value: Option<Value>, function: &str) -> Result<String, Mistake> {
    match value {
        Some(Value::String(text)) => Ok(text),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(Value::Bool(flag)) => Ok(flag.to_string()),
        Some(Value::Array(_) | Value::Object(_) | Value::Null) | None => {
            Err(Mistake::error(format!("{function} is given something that is no string")))
        }
    }
}
