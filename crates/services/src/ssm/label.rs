//! Labels of versions.

use super::{fault, name};
use crate::Cx;
use api::Fault;
use api::ssm::{
    LabelParameterVersionRequest, LabelParameterVersionResult, UnlabelParameterVersionRequest,
    UnlabelParameterVersionResult,
};
use model::Ids;
use world::Draft;
use world::parameter::ParameterVersion;

/// The most labels of a version.
const MOST: usize = 10;

/// The longest label, in characters.
const LONGEST: usize = 100;

/// `LabelParameterVersion`. A label has one place: given to a version, it is taken from the others.
pub(super) fn add(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: LabelParameterVersionRequest,
) -> Result<LabelParameterVersionResult, Fault> {
    let mut parameter = name::find(draft, input.name.trim(), cx.now)?.clone();
    let number = input.parameter_version.unwrap_or(parameter.newest().version);
    if !parameter.versions.iter().any(|version| version.version == number) {
        return Err(fault::no_version(&input.name, &number.to_string()));
    }
    let (good, bad): (Vec<String>, Vec<String>) =
        input.labels.into_iter().partition(|l| is_label(l));
    for version in &mut parameter.versions {
        version.labels.retain(|label| !good.contains(label));
        if version.version == number {
            version.labels.extend(good.iter().cloned());
            check_count(version)?;
        }
    }
    draft.put(parameter);
    Ok(LabelParameterVersionResult { invalid_labels: Some(bad), parameter_version: Some(number) })
}

/// `UnlabelParameterVersion`. A label that the version doesn't have is told.
pub(super) fn remove(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: UnlabelParameterVersionRequest,
) -> Result<UnlabelParameterVersionResult, Fault> {
    let mut parameter = name::find(draft, input.name.trim(), cx.now)?.clone();
    let number = input.parameter_version;
    let version = parameter.versions.iter_mut().find(|version| version.version == number);
    let version = version.ok_or_else(|| fault::no_version(&input.name, &number.to_string()))?;
    let (there, missing): (Vec<String>, Vec<String>) =
        input.labels.into_iter().partition(|label| version.labels.contains(label));
    version.labels.retain(|label| !there.contains(label));
    draft.put(parameter);
    Ok(UnlabelParameterVersionResult { removed_labels: Some(there), invalid_labels: Some(missing) })
}

/// The rules are in the model's documentation of the operation.
fn is_label(label: &str) -> bool {
    let begins = |prefix: &str| {
        label.get(..prefix.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(prefix))
    };
    let known = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    label.chars().count() <= LONGEST
        && label.chars().all(known)
        && label.chars().next().is_some_and(|first| !first.is_ascii_digit())
        && !begins("aws")
        && !begins("ssm")
}

fn check_count(version: &mut ParameterVersion) -> Result<(), Fault> {
    let mut seen = Vec::new();
    version.labels.retain(|label| {
        let first = !seen.contains(label);
        seen.push(label.clone());
        first
    });
    if version.labels.len() <= MOST {
        return Ok(());
    }
    // Second-hand: moto's.
    Err(Fault::refuse(
        "ParameterVersionLabelLimitExceeded",
        "A parameter version can have maximum 10 labels. Move one or more labels to another version \
         and try again.",
    ))
}
