//! A secret that everybody can read.

use crate::finding::{Finding, Severity};
use crate::image::chain;
use crate::part::Part;
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use source::{Dockerfile, DotenvValue, Place, Sensitivity, Step};

pub(super) const RULE: Rule = Rule {
    id: "plain-secret",
    severity: Severity::Error,
    title: "A secret's value stands in plain text: in the manifest, a task definition, an image or the \
            repository.",
    why: "Whoever may list task definitions, pull the image or clone the repository has the value, and the \
          history keeps it after it is gone. Each such value has to be replaced, not only moved.",
    fix: "keep the value in Parameter Store or Secrets Manager, name it under `secrets`, and change it: \
          what was published once is known.",
    limits: "",
    look: &[Look::Part(of_part), Look::Tree(of_files)],
};

fn of_files(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for definition in &tree.definitions {
        for container in &definition.containers {
            let given = definition.pairs(container, "environment", "value").into_iter();
            let secrets = given.filter(|pair| is_secret(&pair.name, &pair.value));
            found.extend(
                secrets.map(|pair| finding(&pair.name, "the task definition", &pair.place)),
            );
        }
    }
    found.extend(of_images(tree));
    found.extend(of_dotenv(tree));
    found
}

fn of_part(part: &Part<'_>) -> Vec<Finding> {
    let Some(service) = part.service.filter(|_| !part.is_local()) else { return Vec::new() };
    let secrets = service.env.iter().filter(|(name, value)| is_secret(name, value));
    let found = secrets.map(|(name, _)| {
        finding(name, "the manifest", &part.place(&format!("env.{name}")))
            .help(format!("`secrets: {{{name}: ssm:/…}}`"))
    });
    found.collect()
}

fn of_images(tree: &Tree<'_>) -> Vec<Finding> {
    // What only stages before the last one set is not in the image.
    let last = |it: &Dockerfile| it.stages.len().saturating_sub(1);
    let stages = tree.reading.dockerfiles.iter().flat_map(|it| chain(it, last(it)));
    let steps = stages.flat_map(|stage| &stage.steps);
    let secrets = steps.filter_map(|step| match &step.value {
        Step::Variable { name, value } if is_secret(name, value) => Some((name, &step.place)),
        Step::Argument { name, default: Some(value) } if is_secret(name, value) => {
            Some((name, &step.place))
        }
        _ => None,
    });
    secrets.map(|(name, place)| finding(name, "the image", place)).collect()
}

/// Files that git keeps: an example with a value in it, or a real one.
fn of_dotenv(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in &tree.reading.dotenv {
        let entries = file.entries.iter();
        let secret = entries.filter(|it| {
            it.value.value == DotenvValue::Withheld && is_real(tree, &it.value.name, &it.place)
        });
        let mut secret = secret.peekable();
        let Some(first) = secret.peek().map(|it| it.place.clone()) else { continue };
        let names: Vec<&str> = secret.map(|it| it.value.name.as_str()).collect();
        let message = format!("{} looks as if it held secrets: {}", file.file, names.join(", "));
        // Values for a developer's own machine stand in examples too.
        let found_here = RULE.at(&first, message).concealed().at_most(Severity::Note);
        found
            .push(found_here.help("leave the values empty there, and replace those that are real"));
    }
    found
}

/// Whether the value of a line looks like one that somebody made: long, or an address with a password to
/// another machine.
fn is_real(tree: &Tree<'_>, name: &str, place: &Place) -> bool {
    let text = tree.snapshot.text(&place.file).unwrap_or_default();
    let line = text.get(place.start as usize..place.end as usize).unwrap_or_default();
    let value = line.split_once('=').map_or("", |(_, value)| value).trim();
    let value = value.split(" #").next().unwrap_or(value).trim().trim_matches(['"', '\'']);
    if let Some((_, rest)) = value.split_once("://") {
        let host = rest.split('/').next().and_then(|it| it.rsplit_once('@')).map(|(_, host)| host);
        let host = host.map(|host| host.split(':').next().unwrap_or(host));
        // A bare name is another container of the same machine.
        return host.is_some_and(|host| {
            host.contains('.') && host != "127.0.0.1" && !host.ends_with("example.com")
        });
    }
    let has = |kind: fn(&char) -> bool| value.chars().any(|it| kind(&it));
    let is_long = value.len() >= 16 && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic);
    is_long && !value.contains(' ') && is_secret(name, value)
}

/// Whether a variable is a secret by its name and its value is one by its look: not empty, no
/// reference, nothing that is filled in, no address without a password.
fn is_secret(name: &str, value: &str) -> bool {
    let is_reference =
        value.contains("${") || value.starts_with(['$', '<']) || value.starts_with("arn:");
    let is_file = value.starts_with('/') || value.ends_with(".pem");
    let is_word = matches!(value, "" | "true" | "false" | "none" | "null" | "dummy" | "build");
    let is_local = value.contains("@localhost") || value.contains("@127.0.0.1");
    let is_open_address = value
        .split_once("://")
        .is_some_and(|(_, rest)| !rest.split('/').next().unwrap_or("").contains('@'));
    Sensitivity::of(name) == Sensitivity::Secret
        && !(is_local || is_reference || is_file || is_word || is_open_address)
        && value.parse::<f64>().is_err()
}

fn finding(name: &str, where_it_is: &str, place: &Place) -> Finding {
    let message = format!("`{name}` is a secret, and {where_it_is} holds its value in plain text");
    RULE.at(place, message).concealed().help("keep it in Parameter Store, and replace the value")
}
