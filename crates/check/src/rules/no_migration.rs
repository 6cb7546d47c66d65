//! A database that nobody brings up to date.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};
use source::{Fact, Migration, Start};

pub(super) const RULE: Rule = Rule {
    id: "no-migration",
    severity: Severity::Warning,
    title: "The application has migrations, and nothing runs them before a deployment.",
    why: "The first deployment finds no tables, each later one may find old ones: the health check passes, \
          and the first request fails with `relation \"…\" does not exist`.",
    fix: "`before:` with the command: it runs once as a task, with the new image, and if it fails the old \
          version stays.",
    limits: "migrations that a pipeline runs by itself.",
    look: &[Look::Part(find)],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some(service) = part.service.filter(|service| service.before.is_none()) else {
        return Vec::new();
    };
    let migrations = part.projects().flat_map(|project| &project.migrations);
    // Without migrations of its own there is nothing to run yet.
    let Some(migration) = migrations.into_iter().find(|it| it.value.folder.is_some()) else {
        return Vec::new();
    };
    let is_another = |name: &String| name != part.name;
    let elsewhere = part.setting.iter().flat_map(|it| &it.resolved.environment.services);
    let elsewhere = elsewhere.filter(|(name, other)| is_another(name) && other.before.is_some());
    if migrates_at_start(part, migration) || elsewhere.count() > 0 && service.database.is_none() {
        return Vec::new();
    }
    vec![finding(part, migration)]
}

/// Whether the container's own start does it: its command, its start script, its entrypoint.
fn migrates_at_start(part: &Part<'_>, migration: &Fact<Migration>) -> bool {
    let mut said: Vec<String> = Vec::new();
    said.extend(part.start().map(|(words, _)| words.join(" ")));
    if let Some((start, _)) = part.image.as_ref().and_then(|image| image.entrypoint()) {
        let words = match start {
            Start::Words(words) => words.join(" "),
            Start::Line(line) => line.clone(),
        };
        let scripts = part.snapshot.texts().filter(|(path, _)| {
            path.ends_with(".sh")
                && path.rsplit('/').next().is_some_and(|name| words.contains(name))
        });
        said.extend(scripts.map(|(_, text)| text.to_owned()));
        said.push(words);
    }
    let project = part.project.and_then(|project| project.start.as_ref());
    said.extend(project.and_then(|start| start.value.script.clone()));
    let tool = migration.value.tool.as_str();
    said.iter().any(|line| line.contains("migrat") || line.contains(tool) && tool != "script")
        || migration.value.command.is_none() && tool != "typeorm"
}

fn finding(part: &Part<'_>, migration: &Fact<Migration>) -> Finding {
    let folder = migration.value.folder.as_deref().unwrap_or_default();
    let message = format!("{folder} holds migrations, and nothing runs them before a deployment");
    let command = migration.value.command.as_ref().map(|it| it.line.as_str());
    let help = match command {
        Some(line) => format!("`before: {line}`; the image has to hold what it runs"),
        None => "`before:` with the command that brings the database up to date".to_owned(),
    };
    RULE.at(&part.key("before"), message)
        .related(&migration.place, "the tool")
        .help(help)
        .resting_on(migration.certainty)
}
