//! Tasks that fail their health checks.

use super::super::{Cause, Evidence, Probe, diagnose};
use super::stage::{HOST_PORT, at, case, event, evidence, lines, only, stopped, task, unhealthy};
use crate::wish::ArtifactKind;
use api::ecs::HealthCheck;

/// A task that runs on, whose target says this.
fn unwell(description: &str, log: &str) -> Evidence {
    let mut evidence = evidence(vec![case(task("t1"), log)]);
    evidence.targets = vec![unhealthy(description)];
    evidence
}

#[track_caller]
fn check(evidence: &Evidence, cause: Cause, title: &str) {
    let finding = only(evidence);
    assert_eq!((finding.cause, finding.title.as_str()), (cause, title), "{finding:#?}");
    assert!(!finding.todo.is_empty(), "{finding:#?}");
}

#[test]
fn statuses_tell_what_the_application_answers() {
    for (status, cause, title) in [
        (
            404,
            Cause::HealthPathMissing,
            "GET /health is answered with 404: the application has no such path",
        ),
        (503, Cause::HealthServerError, "GET /health is answered with 503, an error of its own"),
        (
            302,
            Cause::HealthRedirect,
            "GET /health is answered with 302: it sends the health check elsewhere",
        ),
        (401, Cause::HealthForbidden, "GET /health is answered with 401: it wants a login"),
        (418, Cause::HealthStatus, "GET /health is answered with 418, 200 is expected"),
    ] {
        let text = format!("Health checks failed with these codes: [{status}]");
        check(&unwell(&text, "listening on port 3000"), cause, title);
    }
}

#[test]
fn errors_of_the_application_are_told_with_what_its_log_knows() {
    let text = "Health checks failed with these codes: [500]";
    let finding = only(&unwell(text, "Error: connect ECONNREFUSED 10.0.0.4:5432"));
    assert_eq!(finding.cause, Cause::HealthServerError);
    let said = "its log says: it can't reach what it needs: 10.0.0.4:5432".to_owned();
    assert!(finding.evidence.contains(&said), "{finding:#?}");
}

#[test]
fn ports_and_addresses_come_from_the_log() {
    let refused = "Health checks failed";
    check(
        &unwell(refused, "Server listening at http://0.0.0.0:8080"),
        Cause::WrongPort,
        "it listens on port 8080, but is asked on 3000",
    );
    check(
        &unwell(refused, "Server listening at http://127.0.0.1:3000"),
        Cause::LocalhostOnly,
        "it listens on localhost only, where nobody else reaches it",
    );
    check(
        &unwell(refused, "hello"),
        Cause::NothingListens,
        "nothing accepts connections on port 3000",
    );
    check(
        &unwell("Request timed out", "listening on 0.0.0.0:3000"),
        Cause::HealthTimeout,
        "GET /health is not answered within 5 s",
    );
    // It listens where it should and elsewhere: that is not why.
    check(
        &unwell(refused, "listening on http://127.0.0.1:3000\nlistening on http://10.0.0.2:3000"),
        Cause::NothingListens,
        "nothing accepts connections on port 3000",
    );
}

#[test]
fn a_process_has_a_port_of_its_own() {
    let mut evidence = unwell("Health checks failed", "listening on :3000");
    evidence.kind = ArtifactKind::Process;
    check(&evidence, Cause::PortIgnored, "it does not listen on the port that PORT names");
    let said = format!("it listens on 3000, and PORT is {HOST_PORT}");
    assert!(only(&evidence).evidence.contains(&said));
    evidence.cases[0].log = lines(&format!("listening on 127.0.0.1:{HOST_PORT}"));
    check(
        &evidence,
        Cause::LocalhostOnly,
        "it listens on localhost only, where nobody else reaches it",
    );
}

#[test]
fn a_database_that_is_waited_for_explains_a_port_that_is_closed() {
    let evidence = unwell("Health checks failed", "retrying: connect ECONNREFUSED 10.0.0.4:5432");
    check(&evidence, Cause::DependencyUnreachable, "it can't reach what it needs: 10.0.0.4:5432");
}

#[test]
fn a_task_in_its_grace_period_may_still_start() {
    for text in [
        "Health checks failed",
        "Request timed out",
        "Health checks failed with these codes: [503]",
    ] {
        let mut evidence = unwell(text, "loading");
        evidence.now = at(25);
        assert_eq!(diagnose(&evidence), [], "{text}");
        // What the application answers, or says, does not depend on time.
        evidence.cases[0].log = lines("listening on port 8080");
        assert_eq!(diagnose(&evidence).is_empty(), text.contains("503"), "{text}");
    }
}

#[test]
fn starts_that_take_too_long_are_told_with_their_time() {
    let reason = "Task failed ELB health checks in (target-group arn:x)";
    let mut slow =
        case(stopped("t1", "ServiceSchedulerInitiated", reason), "loading\nlistening on 3000");
    slow.log[1].at = Some(at(48));
    let told = "(service api) (task t1) (port 3000) is unhealthy in (target-group arn:x) due to \
        (reason Health checks failed).";
    let mut evidence = evidence(vec![slow]);
    evidence.service.events = Some(vec![event(55, told)]);
    check(
        &evidence,
        Cause::SlowStart,
        "it starts too slowly: it listened 28s after its start, and has 10s",
    );
    evidence.cases[0].log = lines("loading the model");
    check(
        &evidence,
        Cause::SlowStart,
        "it was still starting when its grace period of 10s was over",
    );
}

#[test]
fn health_commands_are_told_by_what_they_print() {
    let reason = "Task failed container health checks";
    let mut case = case(stopped("t1", "ServiceSchedulerInitiated", reason), "");
    let command = ["CMD-SHELL", "curl -f http://localhost:3000/health"].map(str::to_owned).to_vec();
    let own = &mut case.definition.as_mut().unwrap().container_definitions.as_mut().unwrap()[0];
    own.health_check = Some(HealthCheck { command, ..Default::default() });
    let mut evidence = evidence(vec![case]);
    check(&evidence, Cause::HealthCommandFailed, "the health check command fails");
    let missing = "the health check command can't be run: curl is not in the image";
    for (code, output) in [
        (127, "/bin/sh: curl: not found"),
        (127, ""),
        (
            126,
            "OCI runtime exec failed: exec failed: exec: \"curl\": executable file not found in $PATH",
        ),
    ] {
        let probe =
            Probe { container: "api".to_owned(), exit_code: Some(code), output: output.to_owned() };
        evidence.cases[0].probes = vec![probe];
        check(&evidence, Cause::HealthCommandMissing, missing);
    }
    let output = "curl: (22) The requested URL returned error: 404".to_owned();
    let probe = Probe { container: "api".to_owned(), exit_code: Some(22), output };
    evidence.cases[0].probes = vec![probe];
    check(&evidence, Cause::HealthCommandFailed, "the health check command fails: exit code 22");
    let finding = only(&evidence);
    let said = "it printed: curl: (22) The requested URL returned error: 404".to_owned();
    assert!(finding.evidence.contains(&said), "{finding:#?}");
}
