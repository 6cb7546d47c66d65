//! The values of secrets, read once before a task's containers start (reference §2.4, §6.1).
//!
//! AWS checks that the execution role may read them. The region keeps roles but refuses nothing by
//! them, so here every secret that exists can be read.

use model::{Arn, ParameterName, Secret, SecretName};
use std::collections::BTreeMap;
use world::secret::SecretContent;
use world::{SecretItem, TaskDefinition, World};

/// What AWS puts before a failure to read a parameter, and before one to read part of a secret
/// (observed in public reports of stopped tasks).
const SSM: &str = "ResourceInitializationError: unable to pull secrets or registry auth: execution \
    resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried \
    1 time(s)";
const ASM: &str = "ResourceInitializationError: unable to pull secrets or registry auth: execution \
    resource retrieval failed: unable to retrieve secret from asm: service call has been retried \
    1 time(s)";

/// The values of all secrets of a definition, by `valueFrom`.
///
/// # Errors
/// The first secret that can't be read, in AWS's words.
pub(super) fn read(
    definition: &TaskDefinition,
    world: &World,
) -> Result<BTreeMap<String, Secret>, String> {
    let secrets = definition.containers.iter().flat_map(|container| &container.secrets);
    let read = secrets.map(|secret| {
        value(&secret.value_from, world).map(|value| (secret.value_from.clone(), value))
    });
    read.collect()
}

/// The value that one `valueFrom` stands for.
fn value(from: &str, world: &World) -> Result<Secret, String> {
    match from.parse::<Arn>() {
        Ok(arn) if arn.service == "secretsmanager" => secret(&arn, from, world),
        Ok(arn) => parameter_by_arn(&arn, from, world),
        Err(_) => parameter(from, world).ok_or_else(|| invalid_parameter(from)),
    }
}

// === Parameter Store ===

/// `parameter/shop/url` is the ARN's resource of `/shop/url`, and `parameter/url` that of `url`.
fn parameter_by_arn(arn: &Arn, from: &str, world: &World) -> Result<Secret, String> {
    let name = arn.resource_after("parameter/").filter(|_| is_here(arn, world));
    let value = name
        .and_then(|name| parameter(&format!("/{name}"), world).or_else(|| parameter(name, world)));
    value.ok_or_else(|| invalid_parameter(from))
}

fn parameter(name: &str, world: &World) -> Option<Secret> {
    let parameter = world.parameters.get(&ParameterName::from(name))?;
    Some(parameter.newest().value.clone())
}

fn invalid_parameter(name: &str) -> String {
    format!("{SSM}: invalid ssm parameters: {name}")
}

// === Secrets Manager ===

/// What follows a secret's name in a `valueFrom`: `<arn>:<json-key>:<stage>:<version>`.
struct Selector<'a> {
    key: &'a str,
    stage: &'a str,
    version: &'a str,
}

fn secret(arn: &Arn, from: &str, world: &World) -> Result<Secret, String> {
    let parts: Vec<&str> = arn.resource.splitn(5, ':').collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let selector = Selector { key: part(2), stage: part(3), version: part(4) };
    let bare = bare_arn(arn, part(1));
    let item = find(part(1), world).filter(|_| part(0) == "secret" && is_here(arn, world));
    let Some(item) = item else {
        return Err(not_found(&bare, world, "Secrets Manager can't find the specified secret."));
    };
    if item.deletion_at.is_some() {
        return Err(deleted(&bare, world));
    }
    let text = version(item, &selector).map_err(|why| not_found(&bare, world, &why))?;
    if selector.key.is_empty() { Ok(text) } else { member(&text, selector.key, from) }
}

/// The secret that an ARN's last part names: with the six characters that AWS adds, or without.
fn find<'a>(name: &str, world: &'a World) -> Option<&'a SecretItem> {
    let named = |name: &str| world.secrets.get(&SecretName::from(name));
    let suffixed = name
        .rsplit_once('-')
        .and_then(|(name, suffix)| named(name).filter(|item| item.suffix == suffix));
    suffixed.or_else(|| named(name))
}

/// The text of the version that is asked for, AWSCURRENT when nothing is. The tails of the refusals
/// are not verified.
fn version(item: &SecretItem, selector: &Selector<'_>) -> Result<Secret, String> {
    let (version, asked) = match (selector.version, selector.stage) {
        ("", "") => (item.at_stage("AWSCURRENT").map(|(_, v)| v), "staging label: AWSCURRENT"),
        ("", stage) => {
            (item.at_stage(stage).map(|(_, version)| version), &*format!("staging label: {stage}"))
        }
        (id, _) => (item.versions.get(id), &*format!("VersionId: {id}")),
    };
    let missing = || format!("Secrets Manager can't find the specified secret value for {asked}");
    match &version.ok_or_else(missing)?.value {
        SecretContent::Text(text) => Ok(text.clone()),
        SecretContent::Bytes(_) => Err("the secret's value is binary, not a string".to_owned()),
    }
}

/// One member of a secret that is a JSON object. Strings are taken as they are; for anything else
/// the agent prints Go's notation, here it is JSON, which a program can read.
///
/// AWS appends Go's parse error to the refusal, and with it a character of the secret; this does not.
fn member(text: &Secret, key: &str, from: &str) -> Result<Secret, String> {
    let parsed: Result<BTreeMap<String, serde_json::Value>, _> =
        serde_json::from_str(text.reveal());
    let Ok(members) = parsed else {
        return Err(format!("{ASM}: the value of {from} is not a JSON object"));
    };
    match members.get(key) {
        Some(serde_json::Value::String(text)) => Ok(text.as_str().into()),
        Some(other) => Ok(other.to_string().into()),
        None => Err(format!(
            "{ASM}: retrieved secret from Secrets Manager did not contain json key {key}"
        )),
    }
}

fn not_found(arn: &str, world: &World, why: &str) -> String {
    let region = &world.place.region;
    format!(
        "ResourceNotFoundException: The task can't retrieve the secret with ARN '{arn}' from AWS \
         Secrets Manager. Check whether the secret exists in the specified Region. \
         ResourceNotFoundException: Fetching secret data from AWS Secrets Manager in region \
         {region}: secret {arn}: ResourceNotFoundException: {why}"
    )
}

/// A secret that is scheduled for deletion; AWS's words for the call, in the frame of the others.
fn deleted(arn: &str, world: &World) -> String {
    let region = &world.place.region;
    format!(
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource \
         retrieval failed: unable to retrieve secret from asm: Fetching secret data from AWS \
         Secrets Manager in region {region}: secret {arn}: InvalidRequestException: You can't \
         perform this operation on the secret because it was marked for deletion."
    )
}

/// A secret's ARN without what selects a part of it.
fn bare_arn(arn: &Arn, name: &str) -> String {
    Arn { resource: format!("secret:{name}"), ..arn.clone() }.to_string()
}

/// Whether an ARN is of this region and account: the local region has no others to ask.
fn is_here(arn: &Arn, world: &World) -> bool {
    arn.region == world.place.region.as_str() && arn.account == world.place.account.as_str()
}

#[cfg(test)]
mod tests;
