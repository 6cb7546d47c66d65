//! Policy documents: the grammar that IAM and STS hold them to.
//!
//! Locally no call is allowed or refused by a policy. But a document that AWS would not take must
//! not be taken here either, or the mistake is found only when it is deployed. Messages are AWS's,
//! as observed or as moto has them. What a policy would say of a call is in [`evaluate`].
//!
//! This file must not know: who may do what.

mod condition;
mod evaluate;

pub(crate) use condition::Context;
pub(crate) use evaluate::{Opinion, Wish, opinion};

use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// What AWS says of most mistakes.
const SYNTAX: &str = "Syntax errors in policy.";
const TOP_ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];
const VERSIONS: [&str; 2] = ["2008-10-17", "2012-10-17"];
const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];
/// What a trust policy may allow; AWS minds the case.
const SESSION_ACTIONS: [&str; 6] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagSession",
];

type Statement = Map<String, Json>;

/// A document whose elements are known and have the right kinds.
struct Policy {
    version: Option<String>,
    statements: Vec<Statement>,
}

/// Why there is no [`Policy`] in a text.
enum Unreadable {
    NotJson,
    NoPolicy,
}

/// Checks a policy that says what its owner may do.
///
/// # Errors
/// In AWS's words, when AWS would not take it.
pub(crate) fn check_identity(document: &str) -> Result<(), String> {
    let policy = parse(document).map_err(|_| SYNTAX)?;
    if policy.version.as_deref() != Some("2012-10-17") {
        return Err("Policy document must be version 2012-10-17 or greater.".to_owned());
    }
    check_effects(&policy)?;
    check_sids(&policy)?;
    for statement in &policy.statements {
        if statement.contains_key("Principal") || statement.contains_key("NotPrincipal") {
            return Err("Policy document should not specify a principal.".to_owned());
        }
        check_actions(statement)?;
        check_resources(statement)?;
        check_condition(statement)?;
    }
    Ok(())
}

/// Checks a policy that says who may assume a role.
///
/// # Errors
/// In AWS's words, when AWS would not take it.
pub(crate) fn check_trust(document: &str) -> Result<(), String> {
    let policy = parse(document).map_err(|why| match why {
        Unreadable::NotJson => "This policy contains invalid Json",
        Unreadable::NoPolicy => SYNTAX,
    })?;
    check_effects(&policy)?;
    check_sids(&policy)?;
    for statement in &policy.statements {
        check_session_actions(statement)?;
        check_principal(statement)?;
        if let Some(field) =
            ["Resource", "NotResource"].iter().find(|f| statement.contains_key(**f))
        {
            return Err(format!("Has prohibited field {field}"));
        }
    }
    Ok(())
}

/// Checks a policy that says who may use the resource that it is attached to.
///
/// # Errors
/// When AWS would not take it. The words are unverified: they are like those of IAM for the same
/// mistake.
pub(crate) fn check_resource(document: &str) -> Result<(), String> {
    let policy = parse(document).map_err(|why| match why {
        Unreadable::NotJson => "This resource policy contains invalid Json",
        Unreadable::NoPolicy => SYNTAX,
    })?;
    check_effects(&policy)?;
    check_sids(&policy)?;
    for statement in &policy.statements {
        if !statement.contains_key("Principal") && !statement.contains_key("NotPrincipal") {
            return Err("Missing required field Principal".to_owned());
        }
        check_actions(statement)?;
    }
    Ok(())
}

/// Whether a policy lets everybody in: it allows any principal something, on no condition.
pub(crate) fn is_public(document: &str) -> bool {
    let anybody = |statement: &Statement| match statement.get("Principal") {
        Some(Json::String(star)) => star == "*",
        Some(Json::Object(kinds)) => {
            kinds.get("AWS").and_then(texts).is_some_and(|names| names.contains(&"*"))
        }
        _ => statement.contains_key("NotPrincipal"),
    };
    let statements = parse(document).map(|policy| policy.statements).unwrap_or_default();
    statements.iter().any(|statement| {
        statement["Effect"] == "Allow" && !statement.contains_key("Condition") && anybody(statement)
    })
}

fn parse(document: &str) -> Result<Policy, Unreadable> {
    let json: Json = serde_json::from_str(document).map_err(|_| Unreadable::NotJson)?;
    let Json::Object(mut top) = json else { return Err(Unreadable::NoPolicy) };
    let statements = match top.remove("Statement") {
        Some(Json::Object(single)) => vec![single],
        Some(Json::Array(several)) => objects(several).ok_or(Unreadable::NoPolicy)?,
        _ => return Err(Unreadable::NoPolicy),
    };
    let version = match top.remove("Version") {
        Some(Json::String(version)) => Some(version),
        None => None,
        Some(_) => return Err(Unreadable::NoPolicy),
    };
    let known = top.keys().all(|element| TOP_ELEMENTS.contains(&element.as_str()))
        && top.get("Id").is_none_or(Json::is_string)
        && version.as_deref().is_none_or(|version| VERSIONS.contains(&version));
    let sound = !statements.is_empty() && statements.iter().all(is_sound);
    if known && sound { Ok(Policy { version, statements }) } else { Err(Unreadable::NoPolicy) }
}

fn objects(values: Vec<Json>) -> Option<Vec<Statement>> {
    let object = |value| match value {
        Json::Object(object) => Some(object),
        _ => None,
    };
    values.into_iter().map(object).collect()
}

/// Whether a statement's elements are known, have the right kinds and do not exclude each other.
fn is_sound(statement: &Statement) -> bool {
    let has = |element: &str| statement.contains_key(element);
    let lists = ["Action", "NotAction", "Resource", "NotResource"];
    statement.keys().all(|element| ELEMENTS.contains(&element.as_str()))
        && statement.get("Effect").is_some_and(Json::is_string)
        && statement.get("Sid").is_none_or(Json::is_string)
        && statement.get("Condition").is_none_or(Json::is_object)
        && lists.iter().all(|list| statement.get(*list).is_none_or(|value| texts(value).is_some()))
        && !(has("Action") && has("NotAction"))
        && !(has("Resource") && has("NotResource"))
        && !(has("Principal") && has("NotPrincipal"))
}

/// A text, or a list of texts.
fn texts(value: &Json) -> Option<Vec<&str>> {
    match value {
        Json::String(text) => Some(vec![text]),
        Json::Array(several) => several.iter().map(Json::as_str).collect(),
        _ => None,
    }
}

fn either<'a>(statement: &'a Statement, one: &str, other: &str) -> Vec<&'a str> {
    let value = statement.get(one).or_else(|| statement.get(other));
    value.and_then(texts).unwrap_or_default()
}

fn check_effects(policy: &Policy) -> Result<(), String> {
    let effects = policy.statements.iter().filter_map(|statement| statement["Effect"].as_str());
    for effect in effects {
        if !["Allow", "Deny"].contains(&effect) {
            return Err("The policy failed legacy parsing".to_owned());
        }
    }
    Ok(())
}

fn check_sids(policy: &Policy) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let sids = policy.statements.iter().filter_map(|statement| statement.get("Sid")?.as_str());
    for sid in sids.filter(|sid| !sid.is_empty()) {
        if !seen.insert(sid) {
            return Err("Statement IDs (SID) in a single policy must be unique.".to_owned());
        }
    }
    Ok(())
}

fn check_actions(statement: &Statement) -> Result<(), String> {
    let actions = either(statement, "Action", "NotAction");
    if actions.is_empty() {
        return Err("Policy statement must contain actions.".to_owned());
    }
    for action in actions.into_iter().filter(|action| *action != "*") {
        let Some((vendor, name)) = action.split_once(':') else {
            return Err(
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
                    .to_owned(),
            );
        };
        if name.contains(':') {
            return Err("Actions/Condition can contain only one colon.".to_owned());
        }
        if vendor.is_empty()
            || !vendor.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
        {
            return Err(format!("Vendor {vendor} is not valid"));
        }
    }
    Ok(())
}

fn check_resources(statement: &Statement) -> Result<(), String> {
    let resources = either(statement, "Resource", "NotResource");
    if resources.is_empty() {
        return Err("Policy statement must contain resources.".to_owned());
    }
    let no_arn = |resource: &&str| *resource != "*" && !resource.starts_with("arn:");
    match resources.into_iter().find(no_arn) {
        Some(resource) => Err(format!("Resource {resource} must be in ARN format or \"*\".")),
        None => Ok(()),
    }
}

/// The text is unverified.
fn check_condition(statement: &Statement) -> Result<(), String> {
    let condition = statement.get("Condition").and_then(Json::as_object);
    match condition.and_then(condition::unknown_operator) {
        Some(unknown) => Err(format!("Invalid Condition type : {unknown}.")),
        None => Ok(()),
    }
}

fn check_session_actions(statement: &Statement) -> Result<(), String> {
    let actions = either(statement, "Action", "NotAction");
    if actions.is_empty() {
        return Err("Missing required field Action".to_owned());
    }
    if actions.iter().any(|action| !SESSION_ACTIONS.contains(action)) {
        return Err("AssumeRole policy may only specify STS AssumeRole actions.".to_owned());
    }
    Ok(())
}

/// Whom a trust policy may name. Whether they exist is not asked: locally there are no users, and
/// every service may assume roles.
fn check_principal(statement: &Statement) -> Result<(), String> {
    let principal = statement.get("Principal").or_else(|| statement.get("NotPrincipal"));
    match principal {
        None => Err("Missing required field Principal".to_owned()),
        Some(Json::Object(kinds)) if !kinds.is_empty() => {
            kinds.iter().try_for_each(|(kind, names)| check_names(kind, names))
        }
        Some(Json::String(star)) if star == "*" => {
            Err("AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".".to_owned())
        }
        Some(_) => Err(SYNTAX.to_owned()),
    }
}

fn check_names(kind: &str, names: &Json) -> Result<(), String> {
    let names = texts(names).filter(|names| !names.is_empty()).ok_or(SYNTAX)?;
    let accepted = |name: &str| match kind {
        "AWS" => is_aws_principal(name),
        "Service" => name.contains('.') && !name.contains('*'),
        "Federated" | "CanonicalUser" => !name.is_empty(),
        _ => false,
    };
    match names.into_iter().find(|name| !accepted(name)) {
        Some(name) => Err(format!("Invalid principal in policy: \"{kind}\":\"{name}\"")),
        None => Ok(()),
    }
}

/// `*`, an account's digits, or the ARN of an account's root, a user or a role.
fn is_aws_principal(name: &str) -> bool {
    let digits = name.chars().filter(|c| *c != '-');
    let account = digits.clone().count() == 12 && digits.clone().all(|c| c.is_ascii_digit());
    let resource = name.parse().ok().filter(|arn: &model::Arn| arn.service == "iam");
    let identity = resource.is_some_and(|arn| {
        let kinds = ["user/", "role/", "federated-user/"];
        let kind = arn.resource == "root" || kinds.iter().any(|k| arn.resource.starts_with(k));
        kind && !name.contains(['*', ' '])
    });
    name == "*" || account || identity
}

#[cfg(test)]
mod tests;
