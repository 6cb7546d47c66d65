//! Secrets of Secrets Manager, read as parameters: `/aws/reference/secretsmanager/<secret>`.

use super::fault;
use super::show::Decryption;
use api::Fault;
use api::ssm::Parameter as Answered;
use model::Timestamp;
use world::secret::SecretContent;
use world::{SecretItem, World};

const PREFIX: &str = "/aws/reference/secretsmanager/";

/// The secret that a parameter's name refers to, if it is such a name.
pub(super) fn secret(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX)
}

/// A secret as a parameter.
pub(super) fn read(
    world: &World,
    secret: &str,
    decryption: Decryption,
    now: Timestamp,
) -> Result<Answered, Fault> {
    if decryption == Decryption::Off {
        // Second-hand: moto's.
        return Err(fault::invalid(
            "WithDecryption flag must be True for retrieving a Secret Manager secret.",
        ));
    }
    let name = format!("{PREFIX}{secret}");
    // Observed in part: "Secret … not found." with the name without its first slash.
    let missing = || {
        let name = name.trim_start_matches('/');
        Fault::refuse("ParameterNotFound", format!("Secret {name} not found."))
    };
    let item = world.secret(secret, now).filter(|item| item.deleted_at.is_none());
    let item = item.ok_or_else(missing)?;
    let (id, version) = item.at_stage("AWSCURRENT").ok_or_else(missing)?;
    let SecretContent::Text(value) = &version.value else { return Err(missing()) };
    Ok(Answered {
        arn: Some(world.place.arn("ssm", &format!("parameter{name}"))),
        r#type: Some("SecureString".to_owned()),
        value: Some(value.clone()),
        version: Some(0),
        source_result: Some(source(world, item, id)),
        last_modified_date: Some(version.created_at),
        data_type: Some("text".to_owned()),
        name: Some(name),
        selector: None,
    })
}

/// What Secrets Manager answered, as JSON. AWS puts the secret itself into it once more; the shape
/// of this member doesn't hide its content from logs, so here it is left out. It is in `Value`.
fn source(world: &World, item: &SecretItem, version: &str) -> String {
    serde_json::json!({
        "ARN": world.place.secret_arn(&item.name, &item.suffix),
        "name": item.name.as_str(),
        "versionId": version,
        "versionStages": item.versions.get(version).map(|version| &version.stages),
    })
    .to_string()
}
