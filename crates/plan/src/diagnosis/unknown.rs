//! What no other rule knows: everything that is known is said.

use super::cause::Cause;
use super::scene::{Diagnosis, Scene};

/// Says how the task ended, in the words that there are.
pub(super) fn everything(scene: &Scene<'_>) -> Diagnosis {
    let container = scene.container();
    let title = match (scene.exit_code(), scene.stop_code()) {
        (Some(code), _) => format!("{container} ended with exit code {code}"),
        (None, "") => "the task is not well".to_owned(),
        (None, code) => format!("the task stopped: {code}"),
    };
    let diagnosis = Diagnosis::new(Cause::Unknown, title);
    if scene.case.log.is_empty() {
        return diagnosis.says("it wrote nothing to its log");
    }
    diagnosis.todo(format!("see all that it wrote: neargate logs {}", scene.service()))
}
