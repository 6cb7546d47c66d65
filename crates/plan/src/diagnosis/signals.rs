//! Containers that were killed: because they did not end in time, or from somewhere else.

use super::cause::Cause;
use super::scene::{Diagnosis, Scene};

/// 128 and SIGKILL's number.
const KILLED: i32 = 137;

/// Told to stop, and killed after the stop timeout. ECS kills for no other reason, and says so when it
/// was for memory, which another rule has seen to.
pub(super) fn stop_ignored(scene: &Scene<'_>) -> Option<Diagnosis> {
    let told = ["ServiceSchedulerInitiated", "UserInitiated", "SpotInterruption"];
    if scene.exit_code() != Some(KILLED) || !told.contains(&scene.stop_code()) {
        return None;
    }
    // A task that is stopped for its health has the worse trouble.
    if scene.ailment().is_some() {
        return None;
    }
    let (container, timeout) = (scene.container(), scene.stop_timeout());
    let title = format!("{container} does not end when it is told to: killed after {timeout}");
    let diagnosis = Diagnosis::new(Cause::StopSignalIgnored, title)
        .says("requests that it was answering are lost")
        .todo("end on SIGTERM: stop listening, finish what was begun, exit");
    Some(if scene.is_process() {
        diagnosis.todo(format!("or let it take longer: `{}`", scene.key("stop_timeout")))
    } else {
        diagnosis
            .todo("as process number 1 it hears only signals that it handles, and a shell or npm in front of it passes none on: CMD [\"node\", \"server.js\"]")
            .todo(format!("or let it take longer: `{}`", scene.key("stop_timeout")))
    })
}

/// AWS took its capacity back.
pub(super) fn interrupted(scene: &Scene<'_>) -> Option<Diagnosis> {
    let interrupted = ["SpotInterruption", "TerminationNotice"].contains(&scene.stop_code());
    interrupted.then(|| {
        Diagnosis::new(Cause::SpotInterrupted, "AWS took the Spot capacity of the task back")
            .todo("nothing: ECS starts another; keep what must not be interrupted off FARGATE_SPOT")
    })
}

/// Killed, and nobody says why.
pub(super) fn killed(scene: &Scene<'_>) -> Option<Diagnosis> {
    if scene.exit_code() != Some(KILLED) || !scene.ended_by_itself() {
        return None;
    }
    Some(
        Diagnosis::new(Cause::Killed, format!("{} was killed (SIGKILL)", scene.container()))
            .says("ECS says neither that memory ran out nor that it was told to stop")
            .todo(format!(
                "memory is the first thing to suspect, of a child process above all: `{}`",
                scene.key("memory")
            )),
    )
}
