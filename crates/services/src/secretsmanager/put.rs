//! `PutSecretValue`.

use super::content::New;
use super::{fault, name, stages};
use crate::Cx;
use api::Fault;
use api::secretsmanager::{PutSecretValueRequest, PutSecretValueResponse};
use model::Ids;
use world::{Draft, SecretItem, World};

/// `PutSecretValue`: a new version. A repetition changes nothing.
pub(super) fn value(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutSecretValueRequest,
) -> Result<PutSecretValueResponse, Fault> {
    let new = New::read(input.secret_string, input.secret_binary, input.client_request_token)?;
    // Second-hand: moto's.
    let new =
        new.ok_or_else(|| fault::request("You must provide either SecretString or SecretBinary."))?;
    let mut secret = name::find_usable(draft, &input.secret_id, cx.now)?.clone();
    if let Some(version) = secret.versions.get(&new.id) {
        if version.value != new.content {
            return Err(fault::token_used(&new.id, &name::arn(draft, &secret)));
        }
        return Ok(answer(draft, &secret, new.id));
    }
    let mut labels = input.version_stages.unwrap_or_else(|| vec![stages::CURRENT.to_owned()]);
    if secret.at_stage(stages::CURRENT).is_none() {
        // The first value is the current one, whatever it is called besides.
        labels.push(stages::CURRENT.to_owned());
    }
    secret.versions.insert(new.id.clone(), new.version(cx.now));
    stages::attach(&mut secret, &new.id, &labels);
    stages::prune(&mut secret);
    secret.changed_at = cx.now;
    let answer = answer(draft, &secret, new.id);
    draft.put(secret);
    Ok(answer)
}

fn answer(world: &World, secret: &SecretItem, id: String) -> PutSecretValueResponse {
    PutSecretValueResponse {
        arn: Some(name::arn(world, secret)),
        name: Some(secret.name.as_str().to_owned()),
        version_stages: secret.versions.get(&id).map(|version| version.stages.clone()),
        version_id: Some(id),
    }
}
