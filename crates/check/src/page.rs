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
    out
}

const HEAD: &str = "# Checks

What `neargate check` finds, before anything is built or deployed. Written by a test
(`UPDATE=1 cargo test -p check --test page`); the text comes from `crates/check/src/rules`.

`neargate check` reads the source, the Dockerfiles, the manifest, task definitions, compose files, workflows, scripts and
Terraform of a folder. It runs nothing, asks nobody and changes nothing; `--fix` writes the fixes that are certain. A folder
without a `neargate.yml` can be checked too: then the rules that hold the source against the manifest have nothing to say.

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
