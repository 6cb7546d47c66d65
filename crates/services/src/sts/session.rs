//! `AssumeRole`: a session of a role that is in the World.
//!
//! Trust policies are not evaluated: whoever may call the region may assume its roles. What AWS
//! checks besides (the role, the lengths of sessions, multi-factor devices) is checked here too.

use crate::{Caller, Cx, policy, query};
use api::Fault;
use api::sts::errors::MALFORMED_POLICY_DOCUMENT_EXCEPTION;
use api::sts::{AssumeRoleRequest, AssumeRoleResponse, AssumedRoleUser, Credentials};
use model::{Arn, Span};
use world::{Role, World};

/// How long a session is when nothing is said.
const DEFAULT_SECONDS: u32 = 3600;
/// How long a session can be that a session asked for (AWS's "role chaining").
const CHAINED_SECONDS: u32 = 3600;

/// Makes a session of a role.
pub(crate) fn assume(
    world: &World,
    cx: &Cx<'_>,
    input: AssumeRoleRequest,
) -> Result<AssumeRoleResponse, Fault> {
    check_policy(input.policy.as_deref())?;
    if input.serial_number.is_some() || input.token_code.is_some() {
        return Err(no_device());
    }
    let role = find(world, &input.role_arn, cx.caller)?;
    let seconds = duration(input.duration_seconds, role, cx.caller)?;
    let (session, lasting) = (&input.role_session_name, Span::seconds(seconds.into()));
    let credentials = cx.issuer.issue(&input.role_arn, session, cx.now, lasting);
    Ok(AssumeRoleResponse {
        credentials: Some(Credentials {
            access_key_id: credentials.access_key,
            secret_access_key: credentials.secret_key,
            session_token: credentials.token.reveal().to_owned(),
            expiration: credentials.expires,
        }),
        assumed_role_user: Some(AssumedRoleUser {
            assumed_role_id: format!("{}:{session}", role.id),
            arn: format!(
                "arn:aws:sts::{}:assumed-role/{}/{session}",
                world.place.account, role.name
            ),
        }),
        source_identity: input.source_identity,
        ..AssumeRoleResponse::default()
    })
}

/// The role of an ARN. AWS does not tell a stranger whether a role exists: a missing role and a
/// role that trusts someone else are refused alike.
fn find<'a>(world: &'a World, arn: &str, caller: &Caller) -> Result<&'a Role, Fault> {
    let parsed: Arn = arn.parse().map_err(|_| query::invalid(format!("{arn} is invalid")))?;
    // Text as observed on AWS.
    let path = parsed.resource_after("role/").filter(|_| parsed.service == "iam");
    let path = path.ok_or_else(|| query::invalid("Request ARN is invalid"))?;
    let name = path.rsplit('/').next().unwrap_or(path);
    let role = world.roles.get(name);
    role.filter(|role| world.place.role_arn(&role.path, &role.name) == arn)
        .ok_or_else(|| denied(caller, arn))
}

/// The session's length; texts as observed on AWS.
fn duration(asked: Option<i32>, role: &Role, caller: &Caller) -> Result<u32, Fault> {
    let seconds = asked.and_then(|asked| u32::try_from(asked).ok()).unwrap_or(DEFAULT_SECONDS);
    if caller.arn.contains(":assumed-role/") && seconds > CHAINED_SECONDS {
        return Err(query::invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by \
             role chaining",
        ));
    }
    if seconds > role.max_session {
        return Err(query::invalid(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(seconds)
}

fn check_policy(document: Option<&str>) -> Result<(), Fault> {
    let malformed = |mistake| query::declared(&MALFORMED_POLICY_DOCUMENT_EXCEPTION, mistake);
    document.map_or(Ok(()), |document| policy::check_identity(document).map_err(malformed))
}

/// Text as observed on AWS.
fn denied(caller: &Caller, role: &str) -> Fault {
    let message = format!(
        "User: {} is not authorized to perform: sts:AssumeRole on resource: {role}",
        caller.arn
    );
    Fault::refuse("AccessDenied", message).with_status(403)
}

/// What AWS says of a device that it does not know; locally there is none.
fn no_device() -> Fault {
    let message = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify \
                   your MFA serial number is valid and associated with this user.";
    Fault::refuse("AccessDenied", message).with_status(403)
}
