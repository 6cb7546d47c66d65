//! Tasks that could not be put together.

use super::super::Cause;
use super::stage::{check, stopped};

#[track_caller]
fn never_ran(reason: &str, cause: Cause, title: &str) {
    let finding = check(stopped("t1", "TaskFailedToStart", reason), "", cause, title);
    assert_eq!(finding.evidence[0], format!("TaskFailedToStart: {reason}"));
}

#[test]
fn missing_secrets_and_parameters_are_named() {
    let arn = "arn:aws:secretsmanager:eu-west-1:1:secret:shop-AbCdEf";
    never_ran(
        &format!(
            "ResourceNotFoundException: The task can't retrieve the secret with ARN '{arn}' from AWS \
             Secrets Manager. Check whether the secret exists in the specified Region. \
             ResourceNotFoundException: Fetching secret data from AWS Secrets Manager in region \
             eu-west-1: secret {arn}: ResourceNotFoundException: Secrets Manager can't find the \
             specified secret."
        ),
        Cause::SecretMissing,
        &format!("there is no secret {arn}"),
    );
    let asked = "ResourceInitializationError: unable to pull secrets or registry auth: execution \
        resource retrieval failed: unable to retrieve secret";
    never_ran(
        &format!(
            "{asked}s from ssm: service call has been retried 1 time(s): invalid ssm parameters: /shop/url"
        ),
        Cause::ParameterMissing,
        "there is no parameter /shop/url",
    );
    never_ran(
        &format!(
            "{asked} from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key password"
        ),
        Cause::JsonKeyMissing,
        "the secret has no JSON key password",
    );
    never_ran(
        &format!("{asked} from asm: invalid character 'p' in literal true (expecting 'r')"),
        Cause::JsonKeyMissing,
        "the secret is not JSON, so it has no keys",
    );
    never_ran(
        &format!(
            "{asked} from asm: AccessDeniedException: User: x is not authorized to perform: secretsmanager:GetSecretValue on resource: y"
        ),
        Cause::RoleDenied,
        "the execution role may not do what the task needs: secretsmanager:GetSecretValue",
    );
}

#[test]
fn what_else_a_task_needs_is_named() {
    never_ran(
        "ResourceInitializationError: failed to validate logger args: create stream has been retried \
         1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified \
         log group does not exist. : exit status 1",
        Cause::LogGroupMissing,
        "the log group does not exist",
    );
    never_ran(
        "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull \
         registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. \
         Check your task network configuration.",
        Cause::NetworkUnreachable,
        "the task can't reach Amazon ECR",
    );
    never_ran(
        "ResourceInitializationError: something new",
        Cause::NotPrepared,
        "the task can't be prepared: something new",
    );
}

#[test]
fn images_that_can_not_be_had_are_told_apart() {
    let found = |reason: &str, cause: Cause, title: &str| {
        never_ran(&format!("CannotPullContainerError: {reason}"), cause, title);
    };
    found(
        "pull image manifest has been retried 5 time(s): failed to resolve ref x:1: x:1: not found",
        Cause::ImageMissing,
        "there is no image shop/api:2",
    );
    found(
        "The task can’t pull the image. Check that the role has the permissions to pull images from \
         the registry. Error response from daemon: pull access denied for x, repository does not \
         exist or may require 'docker login': denied: User: r is not authorized to perform: \
         ecr:BatchGetImage",
        Cause::ImageDenied,
        "the task may not pull shop/api:2",
    );
    found(
        "The task cannot pull x from the registry y. There is a connection issue between the task \
         and the registry. Check your task network configuration. : dial tcp 10.0.0.1:443 i/o timeout",
        Cause::RegistryUnreachable,
        "the registry of shop/api:2 can't be reached",
    );
    found(
        "httpReadSeeker: failed open: unexpected status code u: 429 Too Many Requests - Server \
         message: toomanyrequests: You have reached your pull rate limit.",
        Cause::PullLimit,
        "the registry refuses more pulls of shop/api:2 for now",
    );
}

#[test]
fn commands_that_can_not_be_started_are_told_apart() {
    let found = |why: &str, cause: Cause, title: &str| {
        let frame = "CannotStartContainerError: ResourceInitializationError: failed to create new \
            container runtime task: ";
        never_ran(&format!("{frame}{why}"), cause, title);
    };
    found(
        "exec: \"serve\": executable file not found in $PATH",
        Cause::CommandNotFound,
        "command not found: serve",
    );
    found(
        "exec: \"./start.sh\": permission denied",
        Cause::NotExecutable,
        "./start.sh is not executable",
    );
    found(
        "exec: \"/app\": Exec format error (os error 8)",
        Cause::WrongArchitecture,
        "/app is built for another CPU architecture, or is no program",
    );
}
