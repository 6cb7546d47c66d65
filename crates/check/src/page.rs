//! The rules in words: one for `--explain`, all of them for the documentation.

use crate::rule::Rule;
use crate::rules::RULES;
use std::fmt::Write as _;

/// What there is to know of a rule.
#[must_use]
pub fn explain(rule: &Rule) -> String {
    let Rule { id, severity, title, why, fix, limits, .. } = rule;
    let mut out = format!("{id} ({}): {title}\n\n{why}\n\nThe fix: {fix}\n", severity.word());
    if !limits.is_empty() {
        out += &format!("\nNot seen from files: {limits}\n");
    }
    if let Some(shows) = rule.shows() {
        out += &format!("\nWith `--image`: {shows}\n");
    }
    out
}

const HEAD: &str = "# Checks

What `neargate check` finds, before anything is built or deployed. Written by a test
(`UPDATE=1 cargo test -p check --test page`); the text comes from `crates/check/src/rules`.

`neargate check` reads the source, the Dockerfiles, the manifest, task definitions, compose files, workflows, scripts and
Terraform of a folder. It runs nothing, asks nobody and changes nothing; `--fix` writes the fixes that are certain, and `--image`
[runs the images too](#what---image-adds). A folder without a `neargate.yml` can be checked too: then the rules that hold the source against the manifest have nothing to say.

* An **error** does not work, or gives something away. A **warning** works today and fails on a bad day. A **note** rests on a
  guess, or costs only money or comfort. What was only guessed is never more than a note.
* Exit codes: 0 without errors, 7 with errors; `--deny warnings` and `--deny notes` count those too.
* `neargate up` and `deploy` show the errors first and go on: a rehearsal of something broken shows how it breaks.
* `--format json` and `--format sarif` are for programs; `--explain RULE` prints a section of this page.

A finding that is right here is left alone by the manifest, with a reason. One that leaves nothing alone any more is found too.

```yaml
checks:
  ignore:
    - {rule: plain-http, service: api, reason: the company's proxy in front of it ends TLS}
```

Mistakes in the manifest itself (unknown keys, sizes that Fargate does not have, deployments that can't move) have codes like `M040`
and are shown by every command: [manifest.md](manifest.md).

";

const IMAGE: &str = "
## What --image adds

`neargate check --image` builds the images of one environment's services (`--env`, else `local`) as `neargate build` does, or takes
those that `image` names, and runs each alone. `--image=NAME` runs this image in the place of the one that would be built, and
`--service` picks a service. It needs a container engine; without one it ends with exit code 6.

A container has the manifest's `env`, `command`, `user`, `cpu`, `memory` and `read_only`. It is in a network that leads nowhere. What
stands behind the services in `backing` is started there too, and they get the values that it gives; other secrets have placeholders.
One that gives up because something is not there is told apart: what it asked for is said, and no finding is made of it; nor of a
health check that answers 503. `before` is not run. It is watched until it answers, or for as long as `health.grace`. Then
its health check commands are run, its files are looked through, and it gets the stop signal. Nothing stays behind; what a killed
check left is removed by the next one.

What is seen is surer than what is read: a guess that is seen becomes as bad as its rule, and what a running container refutes is
left out.

| rule | what a running container shows |
|---|---|
";

/// The documentation's page.
#[must_use]
pub fn page() -> String {
    let mut out = HEAD.to_owned();
    out.push_str("| rule | worst | what is wrong |\n|---|---|---|\n");
    for rule in RULES {
        let word = rule.severity.word();
        writeln!(out, "| [{0}](#{0}) | {word} | {1} |", rule.id, rule.title)
            .expect("writing to a string never fails");
    }
    out += IMAGE;
    for (rule, shows) in RULES.iter().filter_map(|rule| Some((rule, rule.shows()?))) {
        writeln!(out, "| [{0}](#{0}) | {shows} |", rule.id)
            .expect("writing to a string never fails");
    }
    for rule in RULES {
        let Rule { id, severity, title, why, fix, limits, .. } = rule;
        out += &format!("\n## {id}\n\n*{}.* {title}\n\n{why}\n\n**Fix:** {fix}\n", word(severity));
        if !limits.is_empty() {
            out += &format!("\n**Not seen from files:** {limits}\n");
        }
    }
    out
}

fn word(severity: &crate::Severity) -> &'static str {
    match severity {
        crate::Severity::Note => "Note",
        crate::Severity::Warning => "Warning",
        crate::Severity::Error => "Error",
    }
}
