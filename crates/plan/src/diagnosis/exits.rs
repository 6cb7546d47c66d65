//! Containers that ended, where only the exit code tells anything.

use super::cause::Cause;
use super::scene::{Diagnosis, Scene};

/// Exit codes of a death by signal: 128 and the signal's number.
const SIGNALS: [(i32, &str); 6] = [
    (132, "SIGILL: an instruction that this CPU does not have"),
    (134, "SIGABRT: it gave itself up"),
    (135, "SIGBUS: memory that is not there"),
    (136, "SIGFPE: arithmetic that can't be"),
    (139, "SIGSEGV: memory that is not its own"),
    (159, "SIGSYS: a system call that is not allowed"),
];

/// It ended without an error, or crashed in native code.
pub(super) fn ended(scene: &Scene<'_>) -> Option<Diagnosis> {
    if !scene.ended_by_itself() {
        return None;
    }
    let (container, code) = (scene.container(), scene.exit_code()?);
    if code == 0 {
        let command = if scene.is_process() { "process.command" } else { "command" };
        let title = format!("{container} came to its end without an error");
        let diagnosis = Diagnosis::new(Cause::Finished, title)
            .says("a service's command has to go on; ECS starts one that ends again and again");
        return Some(diagnosis.todo(format!(
            "let `{}` run in the foreground; work that ends is for `before` or a task of its own",
            scene.key(command)
        )));
    }
    let (_, signal) = SIGNALS.iter().find(|(signal, _)| *signal == code)?;
    let title = format!("{container} crashed in native code: {signal}");
    Some(
        Diagnosis::new(Cause::Crashed, title)
            .todo("look at native modules and at what image and base image are built for"),
    )
}
