//! A stop signal that something between ECS and the application keeps.

use crate::finding::{Edit, Finding, Severity};
use crate::image::Image;
use crate::image::base::Base;
use crate::observed::Seen;
use crate::part::Part;
use crate::rule::{Look, Rule};
use source::{Language, Place, Start};

pub(super) const RULE: Rule = Rule {
    id: "signal-lost",
    severity: Severity::Warning,
    title: "A shell or package manager stands between the container and the application.",
    why: "ECS sends SIGTERM to the container's first process and to nobody else. `npm start` or a shell \
          may not pass it on: the application hears nothing, goes on until the stop timeout is over, and \
          is killed with its requests. Each deployment takes half a minute longer.",
    fix: "start the program itself, as a list of words: `CMD [\"node\", \"dist/server.js\"]`. A script \
          that has to run before ends with `exec`.",
    limits: "what an entrypoint inside a foreign image does.",
    look: &[
        Look::Part(find),
        Look::Image {
            find: seen,
            shows: "whether the signal reaches the application: the container ends, or is killed.",
        },
    ],
};

/// Programs that run scripts of `package.json`.
const MANAGERS: [&str; 6] = ["npm", "yarn", "pnpm", "npx", "pnpx", "bunx"];
/// Programs that pass signals on to a whole group.
const INITS: [&str; 4] = ["tini", "dumb-init", "/sbin/tini", "/usr/bin/tini"];

fn find(part: &Part<'_>) -> Vec<Finding> {
    if let Some(command) = part.service.and_then(|service| service.command.as_ref()) {
        let words = command.words();
        let found = judge(words).map(|why| RULE.at(&part.place("command"), why));
        let found = found.map(|it| it.help(help(part)));
        return found.into_iter().collect();
    }
    let Some(image) = &part.image else { return Vec::new() };
    let entrypoint = image.entrypoint();
    if let Some((start, place)) = entrypoint {
        return of_entrypoint(part, start, place)
            .into_iter()
            .filter(|_| !replaces_itself(image, start))
            .collect();
    }
    let Some((start, place)) = image.command() else { return Vec::new() };
    if replaces_itself(image, start) {
        return Vec::new();
    }
    let why = match start {
        Start::Words(words) => judge(words),
        Start::Line(line) if line.trim_start().starts_with("exec ") => None,
        Start::Line(line) => {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            judge(&words).or_else(|| {
                Some(
                    "a shell is the container's first process, and may keep the stop signal".into(),
                )
            })
        }
    };
    let found = why.map(|why| RULE.at(place, why).help(help(part)).edit(edit(part, start, place)));
    found.into_iter().collect()
}

/// Whether a shell runs one plain command and is one that makes room for it: busybox's and bash do, Debian's
/// does not.
fn replaces_itself(image: &Image<'_>, start: &Start) -> bool {
    let line = match start {
        Start::Line(line) => line.as_str(),
        Start::Words(words) => match words.as_slice() {
            [shell, option, line] if option == "-c" => match shell.rsplit('/').next() {
                Some("bash") => return is_plain(line),
                Some("sh" | "ash") => line.as_str(),
                _ => return false,
            },
            _ => return false,
        },
    };
    let Some((base, stands)) = image.base() else { return false };
    let has_bash = ["amazonlinux", "amazoncorretto", "ubi", "rockylinux", "almalinux", "fedora"]
        .iter()
        .any(|name| stands.value.contains(name));
    is_plain(line) && (base == Base::Alpine || has_bash)
}

/// Whether a line is one command that is no package manager.
fn is_plain(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    !line.contains([';', '&', '|', '\n']) && !MANAGERS.contains(&first)
}

/// What is wrong with a command.
fn judge(words: &[String]) -> Option<String> {
    let first = words.iter().find(|word| !word.contains('='))?;
    let name = first.rsplit('/').next().unwrap_or(first);
    if MANAGERS.contains(&name) {
        return Some(format!(
            "`{name}` is the container's first process, and may keep the stop signal"
        ));
    }
    let is_shell = matches!(name, "sh" | "bash" | "ash");
    let line = words.iter().skip_while(|word| *word != "-c").nth(1)?;
    let execs = line.contains("exec ");
    (is_shell && !execs).then(|| {
        "a shell is the container's first process, and may keep the stop signal".to_owned()
    })
}

/// An entrypoint in shell form, or a script of the repository that never does `exec`.
fn of_entrypoint(part: &Part<'_>, start: &Start, place: &Place) -> Vec<Finding> {
    let words = match start {
        Start::Line(line) if line.trim_start().starts_with("exec ") => return Vec::new(),
        Start::Line(_) => {
            let why = "a shell is the container's first process, and may keep the stop signal";
            return vec![RULE.at(place, why).help("write the entrypoint as a list of words")];
        }
        Start::Words(words) => words,
    };
    if words.first().is_some_and(|word| INITS.contains(&word.as_str())) {
        return Vec::new();
    }
    let Some(name) =
        words.iter().find_map(|word| word.rsplit('/').next().filter(|it| it.ends_with(".sh")))
    else {
        return judge(words).map(|why| RULE.at(place, why).help(help(part))).into_iter().collect();
    };
    let scripts = part.snapshot.texts();
    let mut scripts = scripts.filter(|(path, _)| path.rsplit('/').next() == Some(name));
    let (Some((path, text)), None) = (scripts.next(), scripts.next()) else { return Vec::new() };
    if text.lines().any(|line| line.trim_start().starts_with("exec ") || line.contains(" exec ")) {
        return Vec::new();
    }
    let why = format!("{path} never does `exec`, so the shell stays and may keep the stop signal");
    vec![RULE.at(place, why).help("end it with `exec \"$@\"`, or with `exec` before the program")]
}

/// The line that starts the program itself.
fn direct(part: &Part<'_>) -> Option<Vec<String>> {
    let project = part.project.filter(|it| it.language == Language::Node)?;
    let line = project.start.as_ref()?.value.direct();
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let is_plain = !line.contains(['&', '|', ';', '<', '>', '$', '(', '*', '`', '"', '\'', '=']);
    (is_plain && words.first().is_some_and(|first| first == "node")).then_some(words)
}

fn help(part: &Part<'_>) -> String {
    match direct(part) {
        Some(words) => format!("start the program itself: `CMD {}`", list(&words)),
        None => "start the program itself, as a list of words".to_owned(),
    }
}

/// `npm start`, and lines in shell form that are plain words, have one right form.
fn edit(part: &Part<'_>, start: &Start, place: &Place) -> Option<Edit> {
    let said: Vec<String> = match start {
        Start::Words(words) => words.clone(),
        Start::Line(line) => line.split_whitespace().map(str::to_owned).collect(),
    };
    let is_plain =
        said.iter().all(|word| !word.contains(['&', '|', ';', '<', '>', '$', '"', '\'', '=']));
    let is_start = matches!(
        said.iter().map(String::as_str).collect::<Vec<_>>()[..],
        ["npm" | "yarn" | "pnpm", "start"] | ["npm" | "yarn" | "pnpm", "run", "start"]
    );
    let words = if is_start {
        direct(part)?
    } else if MANAGERS.contains(&said.first()?.as_str()) || !is_plain {
        return None;
    } else {
        said
    };
    Some(Edit {
        file: place.file.clone(),
        start: place.start as usize,
        end: place.end as usize,
        text: format!("CMD {}", list(&words)),
    })
}

fn list(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("[{}]", words.join(", "))
}

/// A container that had to be killed, with a shell or package manager as its first process.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let message = killed(seen).filter(|_| is_between(seen));
    let found = message.map(|message| {
        let first = first(seen);
        let message = format!("{message}: `{first}` is its first process");
        let found = seen.at(&RULE, &seen.start(), message).label("the signal ends here");
        found.help("start the program itself, as a list of words, or with `exec`")
    });
    found.into_iter().collect()
}

/// What happened to a container that did not end in time.
pub(super) fn killed(seen: &Seen<'_>) -> Option<String> {
    let stop = seen.observed.stop.filter(|stop| stop.code.is_none())?;
    let seconds = stop.took.as_seconds();
    Some(format!("{seconds:.0} s after the stop signal the container still ran, and was killed"))
}

/// Whether somebody else than the application hears the signal.
pub(super) fn is_between(seen: &Seen<'_>) -> bool {
    let first = first(seen);
    let name = first.rsplit('/').next().unwrap_or(first);
    matches!(name, "sh" | "bash" | "ash" | "dash") || MANAGERS.contains(&name)
}

/// The program that runs in the end: entrypoints that are scripts make room for it, as a rule.
fn first<'s>(seen: &'s Seen<'_>) -> &'s str {
    let words = &seen.observed.words;
    let program = words.iter().find(|word| !word.ends_with(".sh")).or(words.first());
    program.map_or("", String::as_str)
}
