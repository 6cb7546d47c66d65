//! Commands that can't be run: not there, not executable, for another machine.

use super::cause::Cause;
use super::pattern::Expressions;
use super::scene::{Diagnosis, Scene};

/// What AWS puts before what the runtime says (reference §1.5).
const KINDS: [&str; 3] =
    ["CannotStartContainerError", "CannotCreateContainerError", "ContainerRuntimeError"];

/// The command that a runtime names: `exec: "serve": executable file not found in $PATH`.
static NAMED: Expressions = Expressions::new(&[r#"exec:? \\?"([^"\\]+)"#, r#"exec (/\S+): "#]);

/// What shells say of a command that they can't run.
static SHELL: Expressions = Expressions::new(&[
    r"(?:^|/)(?:ba|da|a|z)?sh: (?:line \d+: |\d+: )?([^\s:]+): (?:command )?not found",
    r"(?:^|/)(?:ba|da|a|z)?sh: (?:line \d+: |\d+: )?([^\s:]+): (?i:permission denied)",
    r"env: [‘'`]?([^’'`:]+)[’'`]?: No such file or directory",
    r"exec: ([^\s:]+): not found",
]);

/// What shells say of a program for another machine, which they take for a script.
static NO_SCRIPT: Expressions =
    Expressions::new(&[r"^(\S+): (?:line )?\d+: .?ELF\S*: (?:command )?not found"]);

/// Texts of another machine's program.
const FORMAT: &str = "exec format error";

/// The container never ran: the runtime says why.
pub(super) fn not_started(scene: &Scene<'_>) -> Option<Diagnosis> {
    let of_runtime = |reason: &&str| KINDS.iter().any(|kind| reason.starts_with(kind));
    let reason = scene.reasons().find(of_runtime)?;
    let lower = reason.to_lowercase();
    let named = NAMED.capture(reason).filter(|name| !name.is_empty());
    Some(if lower.contains(FORMAT) {
        other_machine(scene, named)
    } else if lower.contains("interpreter is missing") {
        missing(scene, named)
            .says("the file is there, but not the interpreter that its first line names")
    } else if ["not found", "no such file", "no command specified"]
        .iter()
        .any(|it| lower.contains(it))
    {
        missing(scene, named)
    } else if lower.contains("permission denied") || lower.contains("is a directory") {
        not_executable(scene, named)
    } else {
        let (_, why) = reason.split_once(": ").unwrap_or(("", reason));
        Diagnosis::new(Cause::NotStarted, format!("the container can't be started: {why}"))
    })
}

/// The container ran, but only for a shell or a runtime to say that the command can't be.
pub(super) fn not_run(scene: &Scene<'_>) -> Option<Diagnosis> {
    let lines = scene.lines();
    let format = lines.iter().find(|(_, line)| line.text.to_lowercase().contains(FORMAT));
    if let Some((place, line)) = format {
        let named = NAMED.capture(&line.text).filter(|_| scene.case.withheld.is_none());
        return Some(other_machine(scene, named).line(Some(*place)));
    }
    let script =
        lines.iter().find_map(|(place, line)| Some((*place, NO_SCRIPT.capture(&line.text)?)));
    if let Some((place, named)) = script {
        let named = Some(named).filter(|_| scene.case.withheld.is_none());
        return Some(other_machine(scene, named).line(Some(place)));
    }
    let told = lines.iter().find_map(|(place, line)| Some((*place, SHELL.capture(&line.text)?)));
    let (place, named) = (told.map(|(place, _)| place), told.map(|(_, named)| named));
    let named = named.filter(|_| scene.case.withheld.is_none());
    // Shells give these codes to what they can't run, and nothing else that is usual does.
    match scene.exit_code()? {
        127 => Some(missing(scene, named).line(place)),
        126 => Some(not_executable(scene, named).line(place)),
        _ => None,
    }
}

fn missing(scene: &Scene<'_>, named: Option<&str>) -> Diagnosis {
    let title =
        format!("command not found{}", named.map(|it| format!(": {it}")).unwrap_or_default());
    let diagnosis = Diagnosis::new(Cause::CommandNotFound, title);
    if scene.is_process() {
        let (files, command) = (scene.key("process.files"), scene.key("process.command"));
        return diagnosis.todo(format!(
            "check `{command}`; a file of the project must be among `{files}`, a program in PATH"
        ));
    }
    diagnosis
        .todo(format!("check `{}` and the image's CMD and ENTRYPOINT", scene.key("command")))
        .todo("see what the image has: docker run --rm --entrypoint ls <image>")
}

fn not_executable(scene: &Scene<'_>, named: Option<&str>) -> Diagnosis {
    let what = named.unwrap_or("the command");
    let diagnosis = Diagnosis::new(Cause::NotExecutable, format!("{what} is not executable"));
    if scene.is_process() {
        return diagnosis.todo(format!("chmod +x {what}"));
    }
    diagnosis.todo(format!("in the Dockerfile: COPY --chmod=755 …, or RUN chmod +x {what}"))
}

fn other_machine(scene: &Scene<'_>, named: Option<&str>) -> Diagnosis {
    let what = named.filter(|it| !it.is_empty()).unwrap_or("the program");
    let title = format!("{what} is built for another CPU architecture, or is no program");
    let platform = scene.case.definition.as_ref().and_then(|it| it.runtime_platform.as_ref());
    let asked = platform.and_then(|it| it.cpu_architecture.as_deref()).unwrap_or("X86_64");
    let diagnosis = Diagnosis::new(Cause::WrongArchitecture, title)
        .says(format!("the task definition asks for {asked}"));
    if scene.is_process() {
        return diagnosis.todo("build it for this machine; a script's first line must be `#!…`");
    }
    diagnosis
        .todo(format!("build the image for what `{}` says, or change that", scene.key("platform")))
        .todo("a script as the command must begin with `#!…`")
}

#[cfg(test)]
pub(super) fn expressions() -> [&'static Expressions; 3] {
    [&NAMED, &NO_SCRIPT, &SHELL]
}
