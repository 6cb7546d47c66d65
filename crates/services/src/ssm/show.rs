//! Parameters as they are answered.

use super::policy;
use api::ssm::{Parameter as Answered, ParameterHistory, ParameterInlinePolicy, ParameterMetadata};
use model::{Ids, Secret};
use world::parameter::{ParameterKind, ParameterVersion};
use world::{Parameter, World};

/// Whether secure strings are shown as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decryption {
    /// As they are.
    On,
    /// Sealed.
    Off,
}

// === impl Decryption ===

impl Decryption {
    /// What `WithDecryption` says.
    pub(super) fn of(flag: Option<bool>) -> Self {
        if flag == Some(true) { Self::On } else { Self::Off }
    }
}

/// A version with its value, under the name by which it was asked for.
pub(super) fn value(
    world: &World,
    name: &str,
    (parameter, version): (&Parameter, &ParameterVersion),
    decryption: Decryption,
) -> Answered {
    Answered {
        name: Some(name.to_owned()),
        r#type: Some(version.kind.as_str().to_owned()),
        value: Some(readable(parameter, version, decryption)),
        version: Some(version.version),
        last_modified_date: Some(version.at),
        arn: Some(world.place.parameter_arn(&parameter.name)),
        data_type: Some(version.data_type.clone()),
        selector: None,
        source_result: None,
    }
}

/// What is known of a parameter besides its value.
pub(super) fn metadata(world: &World, parameter: &Parameter) -> ParameterMetadata {
    let version = parameter.newest();
    ParameterMetadata {
        name: Some(parameter.name.as_str().to_owned()),
        arn: Some(world.place.parameter_arn(&parameter.name)),
        r#type: Some(version.kind.as_str().to_owned()),
        key_id: version.key_id.clone(),
        last_modified_date: Some(version.at),
        last_modified_user: Some(version.by.clone()),
        description: version.description.clone(),
        allowed_pattern: version.allowed_pattern.clone(),
        version: Some(version.version),
        tier: Some(version.tier.clone()),
        policies: Some(policies(version)),
        data_type: Some(version.data_type.clone()),
    }
}

/// A version of a parameter's history.
pub(super) fn history(
    parameter: &Parameter,
    version: &ParameterVersion,
    decryption: Decryption,
) -> ParameterHistory {
    ParameterHistory {
        name: Some(parameter.name.as_str().to_owned()),
        r#type: Some(version.kind.as_str().to_owned()),
        key_id: version.key_id.clone(),
        last_modified_date: Some(version.at),
        last_modified_user: Some(version.by.clone()),
        description: version.description.clone(),
        value: Some(readable(parameter, version, decryption)),
        allowed_pattern: version.allowed_pattern.clone(),
        version: Some(version.version),
        labels: Some(version.labels.clone()),
        tier: Some(version.tier.clone()),
        policies: Some(policies(version)),
        data_type: Some(version.data_type.clone()),
    }
}

fn readable(parameter: &Parameter, version: &ParameterVersion, decryption: Decryption) -> Secret {
    match (version.kind, decryption) {
        (ParameterKind::SecureString, Decryption::Off) => sealed(parameter, version),
        (ParameterKind::SecureString, Decryption::On)
        | (ParameterKind::String | ParameterKind::StringList, _) => version.value.clone(),
    }
}

/// What stands in a secure string's place: a text like AWS's cipher texts, the same for the same
/// version and another for the next. It is made of the name and the version alone, so nothing of
/// the value can be found out from it, not even by trying values.
fn sealed(parameter: &Parameter, version: &ParameterVersion) -> Secret {
    let name = parameter.name.as_str();
    let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let text = Ids::seeded(seed ^ version.version.unsigned_abs()).word(120);
    // 128 characters of base64, as short cipher texts of AWS have.
    Secret::from(format!("AQICAHhX{text}"))
}

fn policies(version: &ParameterVersion) -> Vec<ParameterInlinePolicy> {
    let shown = version.policies.as_deref().map(policy::show).unwrap_or_default();
    let inline = |shown: policy::Shown| ParameterInlinePolicy {
        policy_text: Some(shown.text),
        policy_type: Some(shown.kind),
        // A policy that was carried out has taken its parameter with it.
        policy_status: Some("Pending".to_owned()),
    };
    shown.into_iter().map(inline).collect()
}
