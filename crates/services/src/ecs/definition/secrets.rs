//! Variables whose values are read when a task starts.
//!
//! Only the reference is checked here. Whether anything is there, and whether it can be read, shows
//! when a task starts, on AWS too.

use super::parse::Frame;
use crate::ecs::fault::definition as refuse;
use api::Fault;
use api::ecs::{ContainerDefinition, Secret};
use model::Arn;
use std::collections::{BTreeMap, BTreeSet};
use world::definition::SecretRef;

/// Parses a container's secrets.
pub(super) fn parse(
    given: &ContainerDefinition,
    environment: &BTreeMap<String, String>,
    frame: &Frame<'_>,
) -> Result<Vec<SecretRef>, Fault> {
    let secrets = given.secrets.as_deref().unwrap_or_default();
    let log = given.log_configuration.as_ref();
    let of_log = log.and_then(|log| log.secret_options.as_deref()).unwrap_or_default();
    let needs_role = !secrets.is_empty() || !of_log.is_empty();
    if needs_role && !frame.has_execution_role {
        return Err(refuse::secrets_without_role());
    }
    let mut names = BTreeSet::new();
    for secret in secrets {
        let is_shared = environment.contains_key(&secret.name) || !names.insert(&secret.name);
        if is_shared {
            return Err(refuse::secret_name_shared(&secret.name));
        }
    }
    for secret in secrets.iter().chain(of_log) {
        check_source(secret, frame)?;
    }
    let reference = |secret: &Secret| SecretRef {
        name: secret.name.clone(),
        value_from: secret.value_from.clone(),
    };
    Ok(secrets.iter().map(reference).collect())
}

/// The forms of reference §2.4: an ARN of Secrets Manager or of Parameter Store, or a parameter's
/// name.
fn check_source(secret: &Secret, frame: &Frame<'_>) -> Result<(), Fault> {
    let Ok(arn) = secret.value_from.parse::<Arn>() else {
        return if is_parameter_name(&secret.value_from) {
            Ok(())
        } else {
            Err(refuse::parameter_name(&secret.name))
        };
    };
    let ours = frame.place.account.as_str();
    match arn.service.as_str() {
        "secretsmanager" if arn.resource_after("secret:").is_some() => Ok(()),
        "ssm" if arn.account != ours => Err(refuse::parameter_account(ours, &arn.account)),
        "ssm" if arn.resource_after("parameter/").is_some_and(is_parameter_name) => Ok(()),
        _ => Err(refuse::parameter_name(&secret.name)),
    }
}

fn is_parameter_name(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "/_.-".contains(c);
    !text.is_empty() && text.chars().all(known)
}
