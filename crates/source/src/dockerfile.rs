//! Dockerfiles: what they copy, from where, and what the image says of itself.

mod stage;

pub use stage::{Copy, Stage, Step};

use crate::place::Lines;
use crate::snapshot::{Snapshot, folder, join, name, within};
use crate::{Fact, Place};
use serde::Serialize;

/// One Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dockerfile {
    /// Its path from the root.
    pub file: String,
    /// The folder, from the root, that holds what it copies: the nearest one above it that holds most.
    pub context: Fact<String>,
    /// What it copies and that context does not hold. What a build step or `.dockerignore` does is not
    /// looked at here.
    pub missing: Vec<Fact<String>>,
    /// Images that its stages begin with, in order, other stages left out.
    pub images: Vec<Fact<String>>,
    /// Ports that it exposes.
    pub ports: Vec<Fact<u16>>,
    /// Variables that the last stage sets.
    pub variables: Vec<Fact<(String, String)>>,
    /// What starts the container: the words of `CMD`, or the one line of its shell form.
    pub command: Option<Fact<Start>>,
    /// The user of the last stage.
    pub user: Option<Fact<String>>,
    /// Every stage, step by step.
    pub stages: Vec<Stage>,
}

/// How a container is started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Start {
    /// A list of words: the program is the container's first process and gets the stop signal.
    Words(Vec<String>),
    /// A line that a shell runs: the shell gets the stop signal.
    Line(String),
}

/// Whether a file is a Dockerfile by its name.
pub(crate) fn is_dockerfile(path: &str) -> bool {
    let name = name(path);
    let is_ignore = name.ends_with("ignore");
    (name == "Dockerfile" || name.starts_with("Dockerfile.") || name.ends_with(".Dockerfile"))
        && !is_ignore
}

/// Reads a Dockerfile.
pub(crate) fn read(snapshot: &Snapshot, path: &str, text: &str) -> Dockerfile {
    let lines = Lines::of(path, text);
    let mut found = Dockerfile {
        file: path.to_owned(),
        context: Fact::guess(folder(path).to_owned(), lines.place(0, 0)),
        missing: Vec::new(),
        images: Vec::new(),
        ports: Vec::new(),
        variables: Vec::new(),
        command: None,
        user: None,
        stages: Vec::new(),
    };
    let mut stages: Vec<String> = Vec::new();
    let mut copied: Vec<(String, Place)> = Vec::new();
    let instructions = instructions(&lines);
    found.stages = stage::read(&instructions);
    for (place, line) in instructions {
        let Some((word, rest)) = line.split_once(char::is_whitespace) else { continue };
        let rest = rest.trim();
        match word.to_ascii_uppercase().as_str() {
            "FROM" => {
                let words: Vec<&str> =
                    rest.split_whitespace().filter(|it| !it.starts_with("--")).collect();
                let image = words.first().copied().unwrap_or_default();
                if !stages.iter().any(|stage| stage == image) {
                    found.images.push(Fact::certain(image.to_owned(), place));
                }
                stages.extend(words.get(2).map(|stage| (*stage).to_owned()));
                // What a stage says of itself holds for it alone.
                found.variables.clear();
                (found.command, found.user) = (None, None);
            }
            "COPY" | "ADD" => {
                copied.extend(sources(rest).into_iter().map(|it| (it, place.clone())))
            }
            "EXPOSE" => {
                let ports =
                    rest.split_whitespace().filter_map(|it| it.split('/').next()?.parse().ok());
                found.ports.extend(ports.map(|port| Fact::certain(port, place.clone())));
            }
            "ENV" => {
                let pairs = variables(rest).into_iter();
                found.variables.extend(pairs.map(|pair| Fact::certain(pair, place.clone())));
            }
            "CMD" => found.command = Some(Fact::certain(start(rest), place)),
            "USER" => found.user = Some(Fact::certain(rest.to_owned(), place)),
            _ => {}
        }
    }
    found.settle(snapshot, &copied);
    found
}

impl Dockerfile {
    /// Finds the folder that holds what is copied: the file's own, or one above.
    fn settle(&mut self, snapshot: &Snapshot, copied: &[(String, Place)]) {
        let mut best = (usize::MAX, self.context.value.clone());
        let mut at = folder(&self.file);
        loop {
            let missing = copied.iter().filter(|(source, _)| !holds(snapshot, at, source)).count();
            if missing < best.0 {
                best = (missing, at.to_owned());
            }
            if at.is_empty() {
                break;
            }
            at = folder(at);
        }
        let place = self.context.place.clone();
        self.context = match best.0 {
            0 if !copied.is_empty() => Fact::certain(best.1, place),
            _ => Fact::guess(best.1, place),
        };
        let context = &self.context.value;
        let missing = copied.iter().filter(|(source, _)| !holds(snapshot, context, source));
        self.missing =
            missing.map(|(source, place)| Fact::likely(source.clone(), place.clone())).collect();
    }
}

/// Instructions with their continued lines as one, comments left out.
fn instructions(lines: &Lines<'_>) -> Vec<(Place, String)> {
    let mut found: Vec<(Place, String)> = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut document: Option<String> = None;
    for (start, line) in lines.iter() {
        let bare = line.trim();
        if let Some(end) = &document {
            match found.last_mut() {
                Some((_, text)) if bare != end => *text += &format!("\n{bare}"),
                _ => document = None,
            }
            continue;
        }
        if bare.starts_with('#') || bare.is_empty() {
            continue;
        }
        let (begin, mut text) = open.take().unwrap_or((start, String::new()));
        match bare.strip_suffix('\\') {
            Some(more) => {
                text.push_str(more);
                open = Some((begin, text));
            }
            None => {
                text.push_str(bare);
                document = ends_with(&text);
                found.push((lines.place(begin, start + line.len()), text));
            }
        }
    }
    found
}

/// The word that ends the document which an instruction begins: `RUN <<EOF`.
fn ends_with(instruction: &str) -> Option<String> {
    let (_, rest) = instruction.split_once("<<")?;
    let rest = rest.trim_start_matches('-').trim_start_matches(['"', '\'']);
    let is_word = |it: &char| it.is_ascii_alphanumeric() || *it == '_';
    let word: String = rest.chars().take_while(is_word).collect();
    word.starts_with(|first: char| first.is_ascii_alphabetic()).then_some(word)
}

/// The sources of a `COPY`: not of another stage, not from the network, not out of the line itself.
fn sources(rest: &str) -> Vec<String> {
    let words: Vec<String> = if rest.starts_with('[') {
        list(rest)
    } else {
        rest.split_whitespace().map(str::to_owned).collect()
    };
    if words.iter().any(|word| word.starts_with("--from") || word.starts_with("<<")) {
        return Vec::new();
    }
    let mut words: Vec<String> = words.into_iter().filter(|word| !word.starts_with("--")).collect();
    words.pop();
    words.retain(|word| !word.contains("://") && !word.contains('$') && !word.starts_with("git@"));
    words
}

/// Whether a folder of the tree holds a source; a pattern needs one file that fits its beginning.
fn holds(snapshot: &Snapshot, context: &str, source: &str) -> bool {
    let (fixed, is_pattern) = match source.find(['*', '?', '[']) {
        Some(at) => (&source[..at], true),
        None => (source, false),
    };
    let path = join(context, fixed);
    if path.is_empty() || path == context || snapshot.has(&path) {
        return true;
    }
    if is_pattern && !fixed.ends_with('/') {
        return snapshot.paths().any(|file| file.starts_with(&path));
    }
    snapshot.paths().any(|file| within(file, &path).is_some())
}

/// `A=1 B="two words"`, or the old form `A 1`.
fn variables(rest: &str) -> Vec<(String, String)> {
    if !rest.split_whitespace().next().is_some_and(|first| first.contains('=')) {
        let pair = rest.split_once(char::is_whitespace);
        return pair
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .into_iter()
            .collect();
    }
    let mut found = Vec::new();
    let mut rest = rest;
    while let Some((name, after)) = rest.split_once('=') {
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        found.push((name.trim().to_owned(), value.to_owned()));
        rest = next.trim_start();
    }
    found
}

fn start(rest: &str) -> Start {
    if rest.starts_with('[') { Start::Words(list(rest)) } else { Start::Line(rest.to_owned()) }
}

/// A JSON list of words.
fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[&str], text: &str) -> Dockerfile {
        let snapshot: Snapshot = files.iter().map(|path| (*path, "")).collect();
        read(&snapshot, "apps/api/Dockerfile", text)
    }

    #[test]
    fn the_context_is_the_folder_that_holds_what_is_copied() {
        let text = "FROM node:22-alpine AS build\nCOPY pnpm-lock.yaml package*.json ./\nCOPY apps/api apps/api\n\
                    FROM build\nCOPY --from=build /app/dist dist\nCOPY health-check.js \\\n  .\n";
        let found = check(&["pnpm-lock.yaml", "package.json", "apps/api/src/a.ts"], text);
        assert_eq!(found.context.value, "");
        let missing: Vec<&str> = found.missing.iter().map(|it| it.value.as_str()).collect();
        assert_eq!((missing, found.missing[0].place.line), (vec!["health-check.js"], 6));
        assert_eq!(found.images.iter().map(|it| &it.value).collect::<Vec<_>>(), ["node:22-alpine"]);
        let own =
            check(&["apps/api/package.json"], "FROM scratch\nCOPY [\"package.json\", \"/a b/\"]\n");
        assert_eq!((own.context.value.as_str(), own.missing.len()), ("apps/api", 0));
    }

    #[test]
    fn the_last_stage_says_how_the_container_starts() {
        let text = "FROM a AS x\nUSER root\nCMD npm start\nFROM b\nENV NODE_ENV=production PORT=\"3000\"\nENV OLD form\n\
                    EXPOSE 3000/tcp 9090\nUSER node\nCMD [\"node\", \"server.js\"]\n";
        let found = check(&[], text);
        let words = ["node", "server.js"].map(str::to_owned).to_vec();
        assert_eq!(found.command.unwrap().value, Start::Words(words));
        assert_eq!(found.user.unwrap().value, "node");
        assert_eq!(found.ports.iter().map(|it| it.value).collect::<Vec<_>>(), [3000, 9090]);
        let variables: Vec<_> = found.variables.iter().map(|it| it.value.0.as_str()).collect();
        assert_eq!(variables, ["NODE_ENV", "PORT", "OLD"]);
    }
}
