//! Memory that ran out (reference §1.5).

use super::cause::Cause;
use super::pattern::Expressions;
use super::scene::{Diagnosis, Scene};

/// What runtimes write when they reach a limit of their own, before the kernel's.
static HEAP: Expressions = Expressions::new(&[
    r"JavaScript heap out of memory",
    r"java\.lang\.OutOfMemoryError",
    r"^MemoryError$",
    r"runtime: out of memory",
    r"fatal error: .*out of memory",
    r"memory allocation of \d+ bytes failed",
    r"Allowed memory size of \d+ bytes exhausted",
]);

/// The container was killed for its memory, or its runtime gave up for it.
pub(super) fn exhausted(scene: &Scene<'_>) -> Option<Diagnosis> {
    if scene.reasons().any(|reason| reason.starts_with("OutOfMemoryError")) {
        let limit = limit(scene).map(|mib| format!(": it has {mib} MiB")).unwrap_or_default();
        return Some(
            Diagnosis::new(Cause::OutOfMemory, format!("out of memory{limit}"))
                .todo(format!("give it more: `{}`", scene.key("memory")))
                .todo("or find what grows; Node: --max-old-space-size, some 75 % of the memory"),
        );
    }
    if !scene.ended_by_itself() {
        return None;
    }
    let lines = scene.lines();
    let (place, _) = lines.iter().find(|(_, line)| HEAP.capture(&line.text).is_some())?;
    Some(
        Diagnosis::new(Cause::OutOfMemory, "out of memory: the runtime's own limit is reached")
            .todo(format!(
                "raise it (Node: --max-old-space-size, Java: -XX:MaxRAMPercentage) and `{}` with it",
                scene.key("memory")
            ))
            .line(Some(*place)),
    )
}

/// What the container, else its task, may use, in MiB.
fn limit(scene: &Scene<'_>) -> Option<String> {
    let own = scene.defined().and_then(|held| held.memory).map(|mib| mib.to_string());
    own.or_else(|| scene.case.task.memory.clone())
}

#[cfg(test)]
pub(super) fn expressions() -> [&'static Expressions; 1] {
    [&HEAP]
}
