//! What a task needs before it starts, and could not get: secrets, parameters, a log group
//! (reference §1.5, §6.1).

use super::cause::Cause;
use super::pattern::Expressions;
use super::scene::{Diagnosis, Scene};

/// A text that AWS uses, what it means, and what to do about it. `{}` stands for what was captured.
struct Text {
    cause: Cause,
    expressions: Expressions,
    title: &'static str,
    todo: &'static [&'static str],
}

const fn text(
    cause: Cause,
    expressions: &'static [&'static str],
    title: &'static str,
    todo: &'static [&'static str],
) -> Text {
    Text { cause, expressions: Expressions::new(expressions), title, todo }
}

const ROLE: &str = "let the task's execution role do that: {}";
const NETWORK: &str =
    "give the task a way out: a public address, a NAT gateway, or VPC endpoints for that service";

/// In the order in which they are tried: what a role may not do is told by a text that also has the
/// words of what it could not get.
static TEXTS: [Text; 8] = [
    text(
        Cause::RoleDenied,
        &[r"is not authorized to perform: (\S+)", r"(AccessDenied(?:Exception)?)"],
        "the execution role may not do what the task needs: {}",
        &[ROLE],
    ),
    text(
        Cause::JsonKeyMissing,
        &[r"did not contain json key (\S+)"],
        "the secret has no JSON key {}",
        &["see which keys it has: aws secretsmanager get-secret-value --secret-id …"],
    ),
    text(
        Cause::JsonKeyMissing,
        &[
            r"retrieve secret from asm:.*(?:the value of (\S+) is not a JSON object)",
            r"retrieve secret from asm:.*invalid character",
        ],
        "the secret is not JSON, so it has no keys",
        &["ask for the whole secret, without a key, or store it as a JSON object"],
    ),
    text(
        Cause::SecretMissing,
        &[
            r"(?i)retrieve the secret with ARN '([^']+)'",
            r"Fetching secret data from AWS Secrets Manager in region \S+: secret (\S+?):? ",
            r"(?i)can't find the specified secret",
            r"secret (\S+): InvalidRequestException: .*marked for deletion",
        ],
        "there is no secret {}",
        &["make it: aws secretsmanager create-secret --name … --secret-string …"],
    ),
    text(
        Cause::ParameterMissing,
        &[r"invalid ssm parameters: (.+)$", r"ParameterNotFound"],
        "there is no parameter {}",
        &["make it: aws ssm put-parameter --type SecureString --name {} --value …"],
    ),
    text(
        Cause::LogGroupMissing,
        &[r"The specified log group does not exist"],
        "the log group does not exist",
        &["make it: aws logs create-log-group --log-group-name …"],
    ),
    text(
        Cause::NetworkUnreachable,
        &[
            r"There is a connection issue between the task and ([^.]+)\.",
            r"(?i)check your task network",
        ],
        "the task can't reach {}",
        &[NETWORK],
    ),
    text(
        Cause::NotPrepared,
        &[r"^ResourceInitializationError: (.+)$"],
        "the task can't be prepared: {}",
        &[],
    ),
];

/// What the task could not get.
pub(super) fn unavailable(scene: &Scene<'_>) -> Option<Diagnosis> {
    let reason = scene.stopped_reason();
    let ours = ["ResourceInitializationError", "ResourceNotFoundException"];
    if !ours.iter().any(|kind| reason.starts_with(kind)) {
        return None;
    }
    TEXTS.iter().find_map(|text| {
        let what = text.expressions.capture(reason)?;
        let fill = |held: &str| held.replace("{}", what).trim_end_matches([' ', ':']).to_owned();
        let todo = text.todo.iter().map(|held| fill(held)).collect();
        Some(Diagnosis { todo, ..Diagnosis::new(text.cause, fill(text.title)) })
    })
}

#[cfg(test)]
pub(super) fn expressions() -> impl Iterator<Item = &'static Expressions> {
    TEXTS.iter().map(|text| &text.expressions)
}
