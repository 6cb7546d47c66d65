//! Resource policies: kept and answered; locally no call is refused by one.

use super::{fault, name};
use crate::{Cx, policy};
use api::Fault;
use api::secretsmanager::{
    DeleteResourcePolicyRequest, DeleteResourcePolicyResponse, GetResourcePolicyRequest,
    GetResourcePolicyResponse, PutResourcePolicyRequest, PutResourcePolicyResponse,
};
use model::Ids;
use world::{Draft, SecretItem, World};

/// `PutResourcePolicy`.
pub(super) fn put(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutResourcePolicyRequest,
) -> Result<PutResourcePolicyResponse, Fault> {
    check_name(input.policy_name.as_deref())?;
    let secret = name::find_usable(draft, &input.secret_id, cx.now)?.clone();
    policy::check_resource(&input.resource_policy)
        .map_err(|message| Fault::refuse("MalformedPolicyDocumentException", message))?;
    if input.block_public_policy == Some(true) && policy::is_public(&input.resource_policy) {
        // The text is unverified.
        return Err(Fault::refuse(
            "PublicPolicyException",
            "The BlockPublicPolicy parameter is set to true, and the resource policy did not \
             prevent broad access to the secret.",
        ));
    }
    let (arn, name) = told(draft, &secret);
    draft.put(SecretItem { policy: Some(input.resource_policy), ..secret });
    Ok(PutResourcePolicyResponse { arn, name, policy_name: None })
}

/// `GetResourcePolicy`.
pub(super) fn get(
    world: &World,
    cx: &Cx<'_>,
    input: GetResourcePolicyRequest,
) -> Result<GetResourcePolicyResponse, Fault> {
    check_name(input.policy_name.as_deref())?;
    let secret = name::find_usable(world, &input.secret_id, cx.now)?;
    let (arn, name) = told(world, secret);
    let resource_policy = secret.policy.clone();
    Ok(GetResourcePolicyResponse { arn, name, resource_policy, policy_name: None })
}

/// `DeleteResourcePolicy`.
pub(super) fn delete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeleteResourcePolicyRequest,
) -> Result<DeleteResourcePolicyResponse, Fault> {
    check_name(input.policy_name.as_deref())?;
    let secret = name::find_usable(draft, &input.secret_id, cx.now)?.clone();
    let (arn, name) = told(draft, &secret);
    draft.put(SecretItem { policy: None, ..secret });
    Ok(DeleteResourcePolicyResponse { arn, name, policy_name: None })
}

/// There is one policy a secret. The rule is the model's documentation; the text is unverified.
fn check_name(name: Option<&str>) -> Result<(), Fault> {
    match name {
        None | Some("default") => Ok(()),
        Some(other) => Err(fault::parameter(format!(
            "You can only attach the default policy, and not one called {other}."
        ))),
    }
}

fn told(world: &World, secret: &SecretItem) -> (Option<String>, Option<String>) {
    (Some(name::arn(world, secret)), Some(secret.name.as_str().to_owned()))
}
