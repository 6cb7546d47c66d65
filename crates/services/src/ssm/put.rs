//! `PutParameter`.

use super::{check, fault, name, policy};
use crate::{Cx, tags};
use api::Fault;
use api::ssm::{PutParameterRequest, PutParameterResult};
use model::{Ids, Timestamp};
use world::parameter::{ParameterKind, ParameterVersion};
use world::{Draft, Parameter, Tags};

/// How many versions of a parameter are kept.
const MOST_VERSIONS: usize = 100;

/// The key of secure strings that name none.
const DEFAULT_KEY: &str = "alias/aws/ssm";

/// `PutParameter`.
pub(super) fn parameter(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutParameterRequest,
) -> Result<PutParameterResult, Fault> {
    let name = name::new(draft, &input.name)?;
    let overwrite = input.overwrite == Some(true);
    let given = input.tags.clone().unwrap_or_default();
    if overwrite && !given.is_empty() {
        // Second-hand: moto's.
        return Err(fault::invalid(
            "Invalid request: tags and overwrite can't be used together. To create a parameter \
             with tags, please remove overwrite flag. To update tags for an existing parameter, \
             please use AddTagsToResource or RemoveTagsFromResource.",
        ));
    }
    let before = draft.parameter(name.as_str(), cx.now).cloned();
    if before.is_some() && !overwrite {
        return Err(fault::exists());
    }
    let version = version(input, before.as_ref(), cx)?;
    check::value(&version)?;
    let (number, tier) = (version.version, version.tier.clone());
    let parameter = match before {
        Some(before) => extended(before, version)?,
        None => Parameter { name, versions: vec![version], tags: new_tags(given)? },
    };
    draft.put(parameter);
    Ok(PutParameterResult { version: Some(number), tier: Some(tier) })
}

/// The version that a request makes; what it leaves out stays as it was.
fn version(
    input: PutParameterRequest,
    before: Option<&Parameter>,
    cx: &Cx<'_>,
) -> Result<ParameterVersion, Fault> {
    let newest = before.map(Parameter::newest);
    let kind = kind(input.r#type.as_deref(), newest)?;
    let policies = policies(input.policies.as_deref(), newest, cx.now)?;
    let value = input.value;
    let tier =
        check::tier(input.tier.as_deref(), newest, value.reveal(), policies.text.as_deref())?;
    let data_type = input.data_type.or_else(|| Some(newest?.data_type.clone()));
    Ok(ParameterVersion {
        version: newest.map_or(1, |newest| newest.version + 1),
        value,
        kind,
        at: cx.now,
        by: cx.caller.arn.clone(),
        tier,
        data_type: data_type.unwrap_or_else(|| "text".to_owned()),
        key_id: key(kind, input.key_id, newest),
        description: input.description.or_else(|| newest?.description.clone()),
        allowed_pattern: input.allowed_pattern.or_else(|| newest?.allowed_pattern.clone()),
        policies: policies.text,
        expires_at: policies.expires_at,
        labels: Vec::new(),
    })
}

fn kind(given: Option<&str>, newest: Option<&ParameterVersion>) -> Result<ParameterKind, Fault> {
    let kind = match given {
        Some(word) => ParameterKind::parse(word),
        None => newest.map(|newest| newest.kind),
    };
    // Second-hand: moto's.
    kind.ok_or_else(|| fault::invalid("A parameter type is required when you create a parameter."))
}

/// The key that is echoed; only secure strings have one.
fn key(
    kind: ParameterKind,
    given: Option<String>,
    newest: Option<&ParameterVersion>,
) -> Option<String> {
    let key = given.or_else(|| newest?.key_id.clone());
    (kind == ParameterKind::SecureString).then(|| key.unwrap_or_else(|| DEFAULT_KEY.to_owned()))
}

/// The policies of a new version: those that are given, or those that were there.
fn policies(
    given: Option<&str>,
    newest: Option<&ParameterVersion>,
    now: Timestamp,
) -> Result<policy::Policies, Fault> {
    match (given, newest) {
        (Some(given), _) => policy::read(given, now),
        (None, Some(newest)) => {
            Ok(policy::Policies { text: newest.policies.clone(), expires_at: newest.expires_at })
        }
        (None, None) => Ok(policy::Policies { text: None, expires_at: None }),
    }
}

/// The parameter with one more version, and without its oldest one when it has too many.
fn extended(mut before: Parameter, version: ParameterVersion) -> Result<Parameter, Fault> {
    before.versions.push(version);
    if before.versions.len() > MOST_VERSIONS {
        let oldest = before.versions.remove(0);
        if !oldest.labels.is_empty() {
            // The text is the model's documentation.
            return Err(Fault::refuse(
                "ParameterMaxVersionLimitExceeded",
                format!(
                    "You attempted to create a new version of {} by calling the PutParameter API \
                     with the overwrite flag. Version {}, the oldest version, can't be deleted \
                     because it has a label associated with it. Move the label to another version \
                     of the parameter, and try again.",
                    before.name, oldest.version
                ),
            ));
        }
    }
    Ok(before)
}

fn new_tags(given: Vec<api::ssm::Tag>) -> Result<Tags, Fault> {
    let pairs = given.into_iter().map(|tag| (tag.key, tag.value));
    // The texts are ours: the model declares no code for tags here.
    tags::new(pairs).map_err(|mistake| fault::invalid(mistake.to_string()))
}
