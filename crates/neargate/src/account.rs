//! A look at the account in which an environment is, for `check --aws`.

use crate::failure::{Failure, Kind};
use crate::preflight::Checked;
use crate::project::Project;
use crate::ship::environment::Environment;
use apply::EndError;
use check::{Finding, Severity};
use plan::Wish;
use plan::account::{self, Lack, Weight};
use std::collections::BTreeMap;
use std::path::Path;

/// Adds what the account lacks to what was found, and says what could not be asked. Findings that are
/// not true of what stands for AWS here are taken away.
pub(crate) async fn look(
    project: &Project,
    name: &str,
    checked: &mut Checked,
) -> Result<(), Failure> {
    let environment = Environment::open(project, name).await?;
    let wish = Wish { manifest: environment.resolved.clone(), artifacts: BTreeMap::new() };
    let observed = environment.look(&wish).await.map_err(EndError::Look)?;
    let account = apply::account::look(&environment.client, &wish, &observed).await;
    let mut lacks = account::judge(&wish, &observed, &account);
    if plan::needs_stack(&wish.manifest) && environment.stack.is_none() {
        // What a deployment is yet to make is no lack.
        lacks.retain(|lack| !lack.path.starts_with("foundation.existing."));
        checked.remarks.push(
            "the environment's stack is not there yet, so what it brings could not be asked for"
                .to_owned(),
        );
    }
    let untrue = environment.untrue_rules();
    checked.found.retain(|finding| !untrue.contains(&finding.rule));
    let file = Path::new(&project.file).file_name();
    let file = file.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    checked.found.extend(lacks.into_iter().map(|lack| finding(&environment, &file, lack)));
    checked.remarks.extend(account::remarks(&wish, &account));
    let caller = &environment.caller;
    checked.remarks.push(format!("asked as {caller}, in {}", environment.client.region()));
    Ok(())
}

/// Only an environment on AWS has an account.
pub(crate) fn refuse_local(name: Option<&str>) -> Result<&str, Failure> {
    match name {
        Some(name) if name != manifest::LOCAL => Ok(name),
        _ => Err(Failure::new(Kind::Usage, "--aws is about an environment on AWS")
            .hint("name it: neargate check --aws --env prod")),
    }
}

fn finding(environment: &Environment, file: &str, lack: Lack) -> Finding {
    let span = environment.resolved.positions.nearest(&lack.path).unwrap_or_default();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let place = source::Place {
        file: file.to_owned(),
        line: span.line.max(1),
        column: span.column.max(1),
        start: count(span.start),
        end: count(span.end),
    };
    let mut path = lack.path.split('.');
    let service = path.next().filter(|first| *first == "services").and_then(|_| path.next());
    Finding {
        rule: lack.rule,
        severity: match lack.weight {
            Weight::Error => Severity::Error,
            Weight::Warning => Severity::Warning,
        },
        message: lack.what,
        place,
        label: String::new(),
        related: Vec::new(),
        evidence: Vec::new(),
        help: Some(lack.hint),
        edit: None,
        service: service.map(str::to_owned),
        environments: vec![environment.resolved.name.clone()],
        conceal: false,
    }
}
