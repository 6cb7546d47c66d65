//! A file that a Dockerfile copies and its build does not see.

use crate::build::Build;
use crate::finding::{Finding, Severity};
use crate::image::{Has, Image};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use crate::text::{self, Line};
use source::{Copy, Dockerfile, Place, Step};

pub(super) const RULE: Rule = Rule {
    id: "missing-copy",
    severity: Severity::Error,
    title: "The build's context does not hold what the Dockerfile copies.",
    why: "A build sees its context and nothing above it. A lockfile at the repository's root is out of \
          reach of a build in `apps/server`, and what `.dockerignore` leaves out is not there either: \
          the build fails, or on a machine with leftovers it takes them.",
    fix: "build with the folder that holds it all, and name the Dockerfile: \
          `build: {context: ., dockerfile: apps/server/Dockerfile}`.",
    limits: "files that a step of the pipeline writes before the build.",
    look: &[Look::Tree(find)],
};

/// Names of what tools write; such files are made before the build, by whoever builds.
const WRITTEN: [&str; 12] = [
    "dist",
    "build",
    "out",
    "target",
    ".next",
    "node_modules",
    "bin",
    "publish",
    "coverage",
    "public",
    "vendor",
    "generated",
];

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let lines = text::all(tree.snapshot, &tree.workflows);
    let mut found = Vec::new();
    for dockerfile in &tree.reading.dockerfiles {
        let builds: Vec<&Build> =
            tree.builds.iter().filter(|it| it.dockerfile == dockerfile.file).collect();
        if builds.is_empty() {
            let context = dockerfile.context.value.clone();
            let image = Image::new(dockerfile, None, context, tree.snapshot);
            let missing = missing(&image, dockerfile, &lines);
            found.extend(missing.into_iter().map(|it| it.at_most(Severity::Warning)));
        }
        for build in builds {
            let target = build.target.as_deref();
            let image = Image::new(dockerfile, target, build.context.clone(), tree.snapshot);
            let missing = missing(&image, dockerfile, &lines).into_iter();
            found.extend(missing.map(|it| it.related(&build.place, "built from here")));
        }
    }
    found
}

fn missing(image: &Image<'_>, dockerfile: &Dockerfile, lines: &[Line]) -> Vec<Finding> {
    let mut found = Vec::new();
    let stages = dockerfile.stages.iter().take(image.stage + 1);
    for step in stages.flat_map(|stage| &stage.steps) {
        let Step::Copy(copy) = &step.value else { continue };
        if copy.from.is_some() {
            continue;
        }
        let absent = copy.sources.iter().filter(|source| {
            is_absent(image, copy, source) && !lines.iter().any(|line| writes(line, source))
        });
        found.extend(absent.map(|source| finding(image, source, &step.place)));
    }
    found
}

/// Whether a line of a script says that it writes a file: `go build -o app`, `… > version.txt`.
fn writes(line: &Line, source: &str) -> bool {
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
    // Quotes may hold a whole line for another shell.
    let words = || line.text.split_whitespace().map(|word| word.trim_matches(['\'', '"', ';']));
    words().zip(words().skip(1)).any(|(option, value)| {
        let value = value.trim_end_matches('/').rsplit('/').next().unwrap_or(value);
        matches!(option, "-o" | "--output" | ">" | ">>") && value == name
    })
}

/// Whether a source is not there. Of a pattern one file is enough, and beside others it may be none.
fn is_absent(image: &Image<'_>, copy: &Copy, source: &str) -> bool {
    if source.contains("://") || source.contains('$') || source.starts_with("git@") {
        return false;
    }
    let Some(at) = source.find(['*', '?', '[']) else {
        return image.context_has(source) == Has::No;
    };
    let start = crate::image::join(&image.context, &source[..at]);
    let start = if source[..at].ends_with('/') { format!("{start}/") } else { start };
    copy.sources.len() == 1 && !image.snapshot.paths().any(|path| path.starts_with(&start))
}

fn finding(image: &Image<'_>, source: &str, place: &Place) -> Finding {
    let path = crate::image::join("", source);
    let context = match image.context.as_str() {
        "" => "the repository's root".to_owned(),
        folder => format!("`{folder}`"),
    };
    if image.ignored.covers(&path) {
        let message = format!("`{source}` is copied, and .dockerignore leaves it out");
        return RULE
            .at(place, message)
            .help("bring it back there with a line `!…`, or don't copy it");
    }
    let elsewhere =
        image.snapshot.paths().find(|it| it.ends_with(&format!("/{path}")) || **it == path);
    let message = format!("`{source}` is copied, and {context} does not hold it");
    let found = RULE.at(place, message).label("not there");
    let is_written = path.split('/').any(|part| WRITTEN.contains(&part)) || path.ends_with(".jar");
    match elsewhere {
        Some(other) if !is_written => found.help(format!(
            "{other} is there: build with a context that holds both, and name the Dockerfile"
        )),
        _ if is_written => found
            .help("something has to write it before the build; a stage of the Dockerfile could")
            .at_most(Severity::Note),
        _ => found.help("add it to the repository, or take the line away"),
    }
}
