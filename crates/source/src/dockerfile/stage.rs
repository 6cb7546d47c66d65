//! The stages of a Dockerfile, step by step, for those who ask what is in the image.
//!
//! Values of `ARG` that stand before the first `FROM` are put into the names of base images; what a
//! build gives in their place is not known here.

use super::{Start, list, start, variables};
use crate::{Fact, Place};
use serde::Serialize;
use std::collections::BTreeMap;

/// What follows one `FROM`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// What it is called.
    pub name: Option<String>,
    /// The image, or the stage, that it begins with.
    pub base: Fact<String>,
    /// The platform that the base is taken for: `linux/arm64`.
    pub platform: Option<String>,
    /// What is done, in order.
    pub steps: Vec<Fact<Step>>,
}

/// One instruction of a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// A line that is run while the image is built.
    Run(String),
    /// Files are taken over.
    Copy(Copy),
    /// A variable is set, in the image too.
    Variable {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A variable of the build.
    Argument {
        /// Its name.
        name: String,
        /// Its value unless the build gives one.
        default: Option<String>,
    },
    /// The folder that later steps and the container start in.
    Folder(String),
    /// Who runs later steps and the container.
    User(String),
    /// What is put before the command.
    Entrypoint(Start),
    /// What is run.
    Command(Start),
    /// What Docker asks whether the container works; `None` for nothing.
    Health(Option<Start>),
}

/// Files that a step takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copy {
    /// The stage or image that they come from; the build's context without.
    pub from: Option<String>,
    /// The files and folders, as written.
    pub sources: Vec<String>,
    /// Where they go, as written.
    pub to: String,
}

/// Reads the stages out of the instructions.
pub(super) fn read(instructions: &[(Place, String)]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut arguments: BTreeMap<String, String> = BTreeMap::new();
    for (place, line) in instructions {
        let Some((word, rest)) = line.split_once(char::is_whitespace) else { continue };
        let (word, rest) = (word.to_ascii_uppercase(), rest.trim());
        if word == "FROM" {
            stages.push(begin(rest, place, &arguments));
        } else if let Some(stage) = stages.last_mut() {
            let steps = steps(&word, rest).into_iter();
            stage.steps.extend(steps.map(|step| Fact::certain(step, place.clone())));
        } else if let Some((name, value)) = rest.split_once('=').filter(|_| word == "ARG") {
            arguments.insert(name.to_owned(), value.trim_matches(['"', '\'']).to_owned());
        }
    }
    stages
}

fn begin(rest: &str, place: &Place, arguments: &BTreeMap<String, String>) -> Stage {
    let mut options = rest.split_whitespace().filter_map(|word| word.strip_prefix("--platform="));
    let words: Vec<&str> = rest.split_whitespace().filter(|it| !it.starts_with("--")).collect();
    let base = filled(words.first().copied().unwrap_or_default(), arguments);
    Stage {
        name: words.get(2).map(|name| (*name).to_owned()),
        base: Fact::certain(base, place.clone()),
        platform: options.next_back().map(|it| filled(it, arguments)),
        steps: Vec::new(),
    }
}

fn steps(word: &str, rest: &str) -> Vec<Step> {
    let one = |step| vec![step];
    match word {
        "RUN" => one(Step::Run(rest.to_owned())),
        "COPY" | "ADD" => copy(rest).map(Step::Copy).into_iter().collect(),
        "ENV" => variables(rest)
            .into_iter()
            .map(|(name, value)| Step::Variable { name, value })
            .collect(),
        "ARG" => {
            let (name, default) = match rest.split_once('=') {
                Some((name, value)) => (name, Some(value.trim_matches(['"', '\'']).to_owned())),
                None => (rest, None),
            };
            one(Step::Argument { name: name.to_owned(), default })
        }
        "WORKDIR" => one(Step::Folder(rest.trim_matches('"').to_owned())),
        "USER" => one(Step::User(rest.to_owned())),
        "ENTRYPOINT" => one(Step::Entrypoint(start(rest))),
        "CMD" => one(Step::Command(start(rest))),
        "HEALTHCHECK" => one(Step::Health(health(rest))),
        _ => Vec::new(),
    }
}

/// `--from=build --chown=1:1 dist ./dist`.
fn copy(rest: &str) -> Option<Copy> {
    let (mut from, mut rest) = (None, rest);
    while let Some(option) = rest.strip_prefix("--") {
        let (option, after) = option.split_once(char::is_whitespace)?;
        from = option.strip_prefix("from=").map(str::to_owned).or(from);
        rest = after.trim_start();
    }
    if rest.starts_with("<<") {
        // The file's text stands in the Dockerfile itself.
        let to = rest.split_whitespace().nth(1)?.to_owned();
        return Some(Copy { from, sources: Vec::new(), to });
    }
    let mut sources: Vec<String> = if rest.starts_with('[') {
        list(rest)
    } else {
        rest.split_whitespace().map(str::to_owned).collect()
    };
    let to = sources.pop()?;
    Some(Copy { from, sources, to })
}

/// What stands behind the options and `CMD`.
fn health(rest: &str) -> Option<Start> {
    let mut rest = rest;
    while let Some(option) = rest.strip_prefix("--") {
        rest = option.split_once(char::is_whitespace)?.1.trim_start();
    }
    let command = rest.strip_prefix("CMD")?;
    Some(start(command.trim()))
}

/// A text with the variables that are known.
fn filled(text: &str, arguments: &BTreeMap<String, String>) -> String {
    let mut out = text.to_owned();
    for (name, value) in arguments {
        out = out.replace(&format!("${{{name}}}"), value);
        if out.contains(&format!("${name}")) && !out.contains(&format!("${name}_")) {
            out = out.replace(&format!("${name}"), value);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::read as dockerfile;
    use super::*;
    use crate::Snapshot;

    #[test]
    fn a_stage_is_its_base_and_its_steps() {
        let text = "ARG NODE=22\nFROM --platform=linux/arm64 node:${NODE}-alpine AS build\n\
                    RUN apk add \\\n  curl\nFROM build\nCOPY --chown=1:1 --from=build /a b/ c/\n\
                    HEALTHCHECK --interval=3s CMD curl -f http://localhost/\nENTRYPOINT [\"tini\", \"--\"]\n";
        let stages = dockerfile(&Snapshot::default(), "Dockerfile", text).stages;
        assert_eq!(stages[0].base.value, "node:22-alpine");
        assert_eq!(stages[0].platform.as_deref(), Some("linux/arm64"));
        assert_eq!(stages[0].steps[0].value, Step::Run("apk add curl".to_owned()));
        let copy = Copy {
            from: Some("build".to_owned()),
            sources: vec!["/a".to_owned(), "b/".to_owned()],
            to: "c/".to_owned(),
        };
        assert_eq!(stages[1].steps[0].value, Step::Copy(copy));
        let health = Start::Line("curl -f http://localhost/".to_owned());
        assert_eq!(stages[1].steps[1].value, Step::Health(Some(health)));
    }

    #[test]
    fn what_stands_in_a_document_of_its_own_is_no_instruction() {
        let text = "FROM a\nRUN <<EOF\nUSER nobody\nEOF\nUSER app\n";
        let stages = dockerfile(&Snapshot::default(), "Dockerfile", text).stages;
        assert_eq!(stages[0].steps.len(), 2);
        assert_eq!(stages[0].steps[1].value, Step::User("app".to_owned()));
    }
}
