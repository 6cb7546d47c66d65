//! A health check whose program or file the image does not have.

use crate::finding::{Finding, Severity};
use crate::image::{Has, Image};
use crate::observed::{HealthOwner, HealthRun, Seen};
use crate::part::Part;
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use manifest::HealthCommand;
use manifest::yaml::Node;
use source::{Place, Start};

pub(super) const RULE: Rule = Rule {
    id: "health-program",
    severity: Severity::Error,
    title: "A container's health check runs something that the image does not have.",
    why: "Small images have no curl, and distroless ones no shell. The check fails like that of a broken \
          application (`curl: not found`, exit code 127), so ECS kills every task as soon as the start \
          period is over.",
    fix: "ask with what is there: `wget -q -O /dev/null` on Alpine, or the runtime itself \
          (`node -e \"fetch(…)\"`). A HEALTHCHECK of the image counts for Docker only; ECS looks at \
          `healthcheck`.",
    limits: "programs of base images that are not widely known.",
    look: &[
        Look::Part(of_part),
        Look::Tree(of_definitions),
        Look::Image { find: seen, shows: "what the health check's command does in the container." },
    ],
};

/// A command with its words, and who runs it.
struct Asked<'a> {
    words: Vec<String>,
    needs_shell: bool,
    place: Place,
    image: &'a Image<'a>,
    /// Whether ECS runs it, or only Docker.
    counts: bool,
}

fn of_part(part: &Part<'_>) -> Vec<Finding> {
    let Some(image) = &part.image else { return Vec::new() };
    let mut asked = Vec::new();
    if let Some(check) = part.service.and_then(|service| service.healthcheck.as_ref()) {
        let place = part.place("healthcheck.command");
        let (words, needs_shell) = match &check.command {
            HealthCommand::Shell(line) => (cut(line), true),
            HealthCommand::Exec(words) => (words.clone(), false),
        };
        asked.push(Asked { words, needs_shell, place, image, counts: true });
    }
    if let Some((start, place)) = image.health() {
        let (words, needs_shell) = match start {
            Start::Line(line) => (cut(line), true),
            Start::Words(words) => (words.clone(), false),
        };
        asked.push(Asked { words, needs_shell, place: place.clone(), image, counts: false });
    }
    asked.iter().filter_map(judge).collect()
}

/// Task definitions, whose images are those of Dockerfiles that bear the container's name, or of the
/// only one.
fn of_definitions(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for definition in &tree.definitions {
        for container in &definition.containers {
            let Some(command) = container.node.get("healthCheck").and_then(|it| it.get("command"))
            else {
                continue;
            };
            let words: Vec<String> =
                command.items().iter().filter_map(Node::text).map(str::to_owned).collect();
            let part = tree.part_of(&container.name);
            let Some(image) = part.and_then(|part| part.image.as_ref()) else { continue };
            let place = definition.place(command);
            let (words, needs_shell) = match words.split_first() {
                Some((first, rest)) if first == "CMD-SHELL" => (cut(&rest.join(" ")), true),
                Some((first, rest)) if first == "CMD" => (rest.to_vec(), false),
                _ => continue,
            };
            found.extend(judge(&Asked { words, needs_shell, place, image, counts: true }));
        }
    }
    found
}

/// The words of a line up to what only a shell understands.
fn cut(line: &str) -> Vec<String> {
    let first = line.split(['|', ';', '&']).next().unwrap_or(line);
    crate::text::words(first)
}

fn judge(asked: &Asked<'_>) -> Option<Finding> {
    let Asked { words, image, place, .. } = asked;
    let (base, stands) = image.base()?;
    let program = words.first()?.as_str();
    let name = program.rsplit('/').next().unwrap_or(program);
    let found = if asked.needs_shell && base.has_shell() == Has::No {
        let message = format!("the health check needs a shell, and {} has none", base.words());
        RULE.at(place, message).help("write it as a list: program and arguments")
    } else if image.has_program(name) == Has::No {
        let message =
            format!("the health check runs `{name}`, which {} does not have", base.words());
        RULE.at(place, message).help(instead(name, image))
    } else {
        let file = script(words)?;
        if image.has_file(file) != Has::No {
            return None;
        }
        let message = format!("the health check runs `{file}`, which is not in the image");
        RULE.at(place, message).help("copy it into the image, or write the check as one line")
    };
    let found =
        found.label("fails in every container").related(&stands.place, "the image stands on this");
    // ECS does not look at it, but Docker and compose do.
    Some(if asked.counts { found } else { found.at_most(Severity::Warning) })
}

/// The file that a runtime is told to run.
fn script(words: &[String]) -> Option<&str> {
    let runtime = words.first()?.rsplit('/').next()?;
    let file = words.get(1)?;
    let is_file =
        ["js", "mjs", "cjs", "py", "sh"].iter().any(|end| file.ends_with(&format!(".{end}")));
    let known = matches!(runtime, "node" | "python" | "python3" | "sh" | "bash");
    (known && is_file).then_some(file.as_str())
}

fn instead(name: &str, image: &Image<'_>) -> String {
    let has = |program: &str| image.has_program(program) == Has::Yes;
    let is_node = image.base().is_some_and(|(_, base)| base.value.contains("node"));
    if is_node {
        return format!(
            "ask with Node instead of `{name}`: `node -e \"fetch('http://127.0.0.1:PORT/PATH').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))\"`"
        );
    }
    if name == "curl" && has("wget") {
        return "`wget -q -O /dev/null http://127.0.0.1:PORT/PATH` does the same".to_owned();
    }
    format!("install `{name}` in the image, or ask with a program that it has")
}

/// Words of outputs that say that something is not there.
const NOT_THERE: [&str; 5] =
    ["not found", "no such file", "Cannot find module", "can't open file", "executable file"];

/// Commands that could not be run, and those that fail though the application answers.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let runs = seen.observed.health.iter().filter(|run| run.code != Some(0));
    runs.filter_map(|run| failed(seen, run)).collect()
}

fn failed(seen: &Seen<'_>, run: &HealthRun) -> Option<Finding> {
    let said = run.output.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    let is_absent = matches!(run.code, Some(126 | 127))
        || run.code.is_some() && NOT_THERE.iter().any(|words| run.output.contains(words));
    let accepted = seen.part.service.is_some_and(|service| {
        matches!(seen.observed.answer, Some(crate::Answer::Status(status)) if service.health.codes.contains(status))
    });
    let message = match run.code {
        Some(code) if is_absent => {
            format!("the health check can't be run: exit code {code}: {said}")
        }
        // Without what it needs an application may well call itself ill.
        _ if !accepted => return None,
        Some(code) => {
            format!("the health check fails with exit code {code}, and the application answers")
        }
        None => "the health check takes too long, and the application answers".to_owned(),
    };
    let (place, worst) = match run.by {
        HealthOwner::Manifest => (seen.part.place("healthcheck.command"), Severity::Error),
        HealthOwner::Image => (seen.start(), Severity::Warning),
    };
    let found = seen.at(&RULE, &place, message).label("fails in every container").at_most(worst);
    let found = found.seen(format!("the command: {}", run.command));
    Some(if said.is_empty() || is_absent { found } else { found.seen(format!("it wrote: {said}")) })
}
