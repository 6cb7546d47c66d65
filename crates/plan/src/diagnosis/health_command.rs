//! Health check commands of containers that fail.

use super::ailment::Ailment;
use super::cause::Cause;
use super::evidence::Probe;
use super::pattern::Expressions;
use super::scene::{Diagnosis, Scene};

/// What runtimes and shells say of a program that is not there.
static MISSING: Expressions = Expressions::new(&[
    r#"exec:? \\?"([^"\\]+)\\?": (?:executable file not found|stat )"#,
    r"(?:^|/)(?:ba|da|a|z)?sh: (?:line \d+: |\d+: )?([^\s:]+): (?:command )?not found",
    r"Cannot find module '([^']+)'",
    r"can't open (?:file )?'?([^\s':]+)'?: \[Errno 2\]",
]);

/// The exit codes of a shell that could not run a program.
const NOT_RUN: [i32; 2] = [126, 127];

/// The container's own health check fails.
pub(super) fn failed(scene: &Scene<'_>) -> Option<Diagnosis> {
    if scene.ailment()? != Ailment::Container {
        return None;
    }
    let command = scene.defined().and_then(|held| held.health_check.as_ref());
    let words = command.map(|check| check.command.clone()).unwrap_or_default();
    let probe = scene.case.probes.iter().find(|probe| probe.container == scene.container());
    Some(match probe {
        Some(probe) => told(scene, &words, probe),
        None => untold(scene, &words),
    })
}

/// What the command printed is known.
fn told(scene: &Scene<'_>, words: &[String], probe: &Probe) -> Diagnosis {
    let output = probe.output.lines().map(str::trim).find(|line| !line.is_empty());
    let said = output.map(|line| format!("it printed: {line}"));
    let named = probe.output.lines().find_map(|line| MISSING.capture(line));
    let not_run = probe.exit_code.is_some_and(|code| NOT_RUN.contains(&code));
    let mut diagnosis = if named.is_some() || not_run {
        let name = named.or(program(words)).unwrap_or("its program");
        missing(scene, name)
    } else {
        let how = match probe.exit_code {
            Some(code) => format!("exit code {code}"),
            None => "it takes too long".to_owned(),
        };
        failing(scene, &format!("the health check command fails: {how}"))
    };
    diagnosis.says.extend(said);
    diagnosis
}

/// AWS does not tell what the command printed.
fn untold(scene: &Scene<'_>, words: &[String]) -> Diagnosis {
    let diagnosis = failing(scene, "the health check command fails")
        .says("AWS does not tell what it printed; the local region does");
    match program(words).filter(|name| ["curl", "wget"].contains(name)) {
        Some(name) => diagnosis.todo(format!(
            "see whether the image has {name}: slim images have neither curl nor wget, Alpine has wget"
        )),
        None => diagnosis,
    }
}

fn missing(scene: &Scene<'_>, name: &str) -> Diagnosis {
    let title = format!("the health check command can't be run: {name} is not in the image");
    Diagnosis::new(Cause::HealthCommandMissing, title)
        .todo(format!("use what the image has: `{}`", scene.key("healthcheck.command")))
        .todo("Node: [node, -e, \"fetch('http://127.0.0.1:3000/health').then(r => process.exit(r.ok ? 0 : 1))\"]")
}

fn failing(scene: &Scene<'_>, title: &str) -> Diagnosis {
    Diagnosis::new(Cause::HealthCommandFailed, title)
        .todo(format!(
            "run it in the container; it must end with 0: `{}`",
            scene.key("healthcheck.command")
        ))
        .todo(format!("if the start takes long: `{}`", scene.key("healthcheck.start_period")))
}

/// The program that a health check command runs first.
fn program(words: &[String]) -> Option<&str> {
    let first = words.get(1)?;
    first.split_whitespace().next()
}

#[cfg(test)]
pub(super) fn expressions() -> [&'static Expressions; 1] {
    [&MISSING]
}
