//! Tasks that the load balancer can't reach: it gets no connection, or no answer.

use super::ailment::{Ailment, Answer};
use super::cause::Cause;
use super::listening::{Host, Listening, places};
use super::pattern::Expressions;
use super::scene::{Diagnosis, Scene};
use model::Timestamp;

/// What programs write while they start.
static STARTING: Expressions = Expressions::new(&[
    r"(?i)\b(starting|loading|warming|initiali[sz]ing|booting|preparing|compiling|migrating|waiting)\b",
]);

/// Its log says that it listens, but not where it is asked, or not in time.
pub(super) fn elsewhere(scene: &Scene<'_>) -> Option<Diagnosis> {
    let answer = unreached(scene)?;
    let (here, there): (Vec<_>, Vec<_>) =
        places(scene).into_iter().partition(|held| is_asked(scene, held.port));
    let Some(first) = here.first() else {
        return there.first().map(|held| other_port(scene, held));
    };
    if let Some(late) = late(scene, first) {
        return Some(late);
    }
    let refused = answer == Answer::Refused;
    let local = here.iter().all(|held| held.host == Host::Local);
    (refused && local && !scene.is_on_localhost()).then(|| localhost(first))
}

/// Nobody knows where it listens, if it does.
pub(super) fn unreachable(scene: &Scene<'_>) -> Option<Diagnosis> {
    match unreached(scene)? {
        Answer::Nothing => Some(no_answer(scene)),
        Answer::Refused => starts_slowly(scene).or_else(|| Some(nothing_listens(scene))),
        Answer::Other(why) => {
            Some(Diagnosis::new(Cause::Unhealthy, format!("its health check fails: {why}")))
        }
        Answer::Unknown => Some(
            Diagnosis::new(Cause::Unhealthy, "its health check fails")
                .says("AWS no longer says what the load balancer heard")
                .todo(format!(
                    "look at `{}`, `{}` and its log",
                    scene.key("port"),
                    scene.key("health")
                )),
        ),
        Answer::Statuses(_) => None,
    }
}

/// Whether it is this port that the load balancer asks. Where a process's own is not known, it is not
/// its container's at least.
fn is_asked(scene: &Scene<'_>, port: u16) -> bool {
    match scene.port() {
        Some(asked) => port == asked,
        None => scene.container_port() != Some(port),
    }
}

/// Whether a task that runs, and whose target is not healthy yet, may only need more of the time that
/// it has been given to start.
pub(super) fn may_still_start(scene: &Scene<'_>) -> bool {
    let Some(Ailment::Target(answer)) = scene.ailment() else { return false };
    let patient = match &answer {
        Answer::Statuses(statuses) => statuses.iter().all(|status| *status >= 500),
        Answer::Nothing | Answer::Refused | Answer::Unknown => true,
        Answer::Other(_) => false,
    };
    let in_grace = end_of_grace(scene).is_some_and(|end| scene.evidence.now < end);
    scene.stop_code().is_empty() && patient && in_grace && elsewhere(scene).is_none()
}

/// What the load balancer heard, where that is nothing of the application.
fn unreached(scene: &Scene<'_>) -> Option<Answer> {
    match scene.ailment()? {
        Ailment::Target(Answer::Statuses(_)) | Ailment::Container => None,
        Ailment::Target(answer) => Some(answer),
    }
}

fn end_of_grace(scene: &Scene<'_>) -> Option<Timestamp> {
    Some(scene.case.task.started_at? + scene.grace())
}

fn other_port(scene: &Scene<'_>, held: &Listening) -> Diagnosis {
    let (port, line) = (held.port, Some(held.line));
    let asked = scene.port().map(|asked| asked.to_string());
    let asked = asked.as_deref().unwrap_or("another one");
    if scene.is_process() {
        return Diagnosis::new(
            Cause::PortIgnored,
            "it does not listen on the port that PORT names",
        )
        .says(format!("it listens on {port}, and PORT is {asked}"))
        .says("each process gets a port of its own, so that several run on one machine")
        .todo("listen on the port that the environment variable PORT names")
        .line(line);
    }
    let title = format!("it listens on port {port}, but is asked on {asked}");
    Diagnosis::new(Cause::WrongPort, title)
        .todo(format!("let it listen on {asked}, or say: `{}: {port}`", scene.key("port")))
        .line(line)
}

fn localhost(held: &Listening) -> Diagnosis {
    Diagnosis::new(Cause::LocalhostOnly, "it listens on localhost only, where nobody else reaches it")
        .says("a task has an address of its own; the load balancer asks there")
        .todo(format!(
            "listen on 0.0.0.0 (Fastify: listen({{ host: '0.0.0.0', port: {} }}); uvicorn, flask: --host 0.0.0.0)",
            held.port
        ))
        .todo("some frameworks read HOST or HOSTNAME: set it under `env`")
        .line(Some(held.line))
}

/// It listens where it should, but had not begun to while it was given time.
fn late(scene: &Scene<'_>, held: &Listening) -> Option<Diagnosis> {
    let (started, at, end) = (scene.case.task.started_at?, held.at?, end_of_grace(scene)?);
    if at <= end {
        return None;
    }
    let title = format!(
        "it starts too slowly: it listened {} after its start, and has {}",
        at.since(started),
        scene.grace()
    );
    Some(slow(scene, title).line(Some(held.line)))
}

/// Its last words are about its start, and it listens nowhere yet.
fn starts_slowly(scene: &Scene<'_>) -> Option<Diagnosis> {
    let lines = scene.lines();
    let (place, _) = lines.last().filter(|(_, line)| STARTING.capture(&line.text).is_some())?;
    let title =
        format!("it was still starting when its grace period of {} was over", scene.grace());
    Some(slow(scene, title).line(Some(*place)))
}

fn slow(scene: &Scene<'_>, title: String) -> Diagnosis {
    Diagnosis::new(Cause::SlowStart, title)
        .says("ECS replaces a task that is not healthy after its grace period, for ever if need be")
        .todo(format!("give it longer than its slowest start: `{}`", scene.key("health.grace")))
        .todo("or listen first, and load what it needs then")
}

fn nothing_listens(scene: &Scene<'_>) -> Diagnosis {
    let port = scene.port().map(|port| port.to_string()).unwrap_or_default();
    let whether = "another port, localhost only, or a start that takes too long: its log does not \
        tell which";
    let found = |title: &str| Diagnosis::new(Cause::NothingListens, title).says(whether);
    if scene.is_process() {
        return found("nothing accepts connections on the port that PORT names")
            .todo(format!("listen on it, on 0.0.0.0; for this task it is {port}"))
            .todo(format!("if it only starts slowly: `{}`", scene.key("health.grace")));
    }
    found(&format!("nothing accepts connections on port {port}"))
        .todo(format!("listen on 0.0.0.0:{port}, or say where it listens: `{}`", scene.key("port")))
        .todo(format!("if it only starts slowly: `{}`", scene.key("health.grace")))
}

fn no_answer(scene: &Scene<'_>) -> Diagnosis {
    let timeout = scene.group().and_then(|group| group.health_check_timeout_seconds);
    let within = timeout.map(|seconds| format!(" within {seconds} s")).unwrap_or_default();
    let path = scene.path();
    Diagnosis::new(Cause::HealthTimeout, format!("GET {path} is not answered{within}"))
        .todo(format!("answer {path} without asking others (database, other services)"))
        .todo(format!("or give it longer: `{}`", scene.key("health.timeout")))
        .todo("on AWS also: the task's security group must let the load balancer in")
}

#[cfg(test)]
pub(super) fn expressions() -> [&'static Expressions; 1] {
    [&STARTING]
}
