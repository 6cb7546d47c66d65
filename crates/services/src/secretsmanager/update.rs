//! `UpdateSecret`.

use super::content::New;
use super::{fault, name, stages};
use crate::Cx;
use api::Fault;
use api::secretsmanager::{UpdateSecretRequest, UpdateSecretResponse};
use model::Ids;
use world::Draft;

/// `UpdateSecret`: a new description, a new key, a new current value, or some of these.
pub(super) fn secret(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: UpdateSecretRequest,
) -> Result<UpdateSecretResponse, Fault> {
    if input.r#type.as_ref().is_some_and(|kind| !kind.is_empty()) {
        return Err(fault::parameter(
            "The local region does not implement external types (Type) of secrets.",
        ));
    }
    let new = New::read(input.secret_string, input.secret_binary, input.client_request_token)?;
    let mut secret = name::find_usable(draft, &input.secret_id, cx.now)?.clone();
    let arn = name::arn(draft, &secret);
    if let Some(description) = input.description {
        secret.description = Some(description).filter(|text| !text.is_empty());
    }
    if let Some(key) = input.kms_key_id {
        secret.kms_key = Some(key).filter(|key| !key.is_empty());
    }
    if let Some(new) = &new {
        // Unlike PutSecretValue, this takes no token twice, says the model's documentation.
        if secret.versions.contains_key(&new.id) {
            return Err(fault::token_used(&new.id, &arn));
        }
        secret.versions.insert(new.id.clone(), new.version(cx.now));
        stages::attach(&mut secret, &new.id, &[stages::CURRENT.to_owned()]);
        stages::prune(&mut secret);
    }
    secret.changed_at = cx.now;
    let name = secret.name.as_str().to_owned();
    draft.put(secret);
    Ok(UpdateSecretResponse { arn: Some(arn), name: Some(name), version_id: new.map(|new| new.id) })
}
