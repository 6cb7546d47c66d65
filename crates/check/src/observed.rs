//! What was seen of a service's image that was run alone: plain facts, and what rules ask of them.
//!
//! Who builds and runs images stands elsewhere. Here is no engine, no socket and no clock.

use crate::finding::Finding;
use crate::part::Part;
use crate::rule::Rule;
use model::Span;
use plan::diagnosis::{Alone, Cause, diagnose_alone};
use source::{Place, Snapshot};
use std::net::SocketAddr;

/// What was seen of a service's image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// The service.
    pub service: String,
    /// The environment whose settings held.
    pub environment: String,
    /// The image, as it was named.
    pub image: String,
    /// What it is for: `linux/amd64`.
    pub platform: String,
    /// The folder that the container started in.
    pub folder: String,
    /// Its first words: entry point and command.
    pub words: Vec<String>,
    /// Secrets that had a placeholder for a value.
    pub placeholders: Vec<String>,
    /// Why the container could not be started, in the driver's words.
    pub refused: Option<String>,
    /// How it ended by itself, if it did.
    pub exit: Option<Exit>,
    /// The newest lines of its output.
    pub log: Vec<String>,
    /// How long it was watched before it was judged.
    pub watched: Span,
    /// Where it listened in the end; absent where nobody could tell.
    pub listening: Option<Vec<SocketAddr>>,
    /// What it answered to the load balancer's health check, if somebody listened.
    pub answer: Option<Answer>,
    /// The number of the user as whom it ran; absent where nobody could tell.
    pub user: Option<u32>,
    /// Health check commands that were run in it.
    pub health: Vec<HealthRun>,
    /// How it took the stop signal, if it ran until then.
    pub stop: Option<Stop>,
    /// Its files, without a slash in front: scripts outside of packages with their content.
    pub files: Snapshot,
}

/// How a container ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// The exit code.
    pub code: i32,
    /// Whether it was killed for its memory.
    pub out_of_memory: bool,
}

/// What a health check was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A status.
    Status(u16),
    /// Nothing, within the time that a check may take.
    Silence,
    /// Something that is no HTTP.
    Garbled,
}

/// A health check command that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthRun {
    /// As it was given.
    pub command: String,
    /// Whether ECS runs it: the manifest's; Docker alone runs the image's.
    pub by: HealthOwner,
    /// The exit code; absent if it took too long.
    pub code: Option<i32>,
    /// The end of what it printed.
    pub output: String,
}

/// Who asks for a health check command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthOwner {
    /// The manifest.
    Manifest,
    /// The image.
    Image,
}

/// How a container took its stop signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// How long it took.
    pub took: Span,
    /// The exit code; absent if it had to be killed.
    pub code: Option<i32>,
}

/// An observation with the service that it is of.
#[derive(Debug)]
pub(crate) struct Seen<'s> {
    pub(crate) part: &'s Part<'s>,
    pub(crate) observed: &'s Observed,
    pub(crate) trouble: Option<Trouble>,
}

/// What ended it, or what it could not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) cause: Cause,
    /// The cause in one line.
    pub(crate) title: String,
    pub(crate) todo: Option<String>,
    /// Telling lines of its output.
    pub(crate) log: Vec<String>,
}

/// How many lines of a log are evidence enough.
const LINES: usize = 4;

/// Words of lines about what is outside of a container.
const OUTSIDE: [&str; 4] = ["database", "connection", "connect to", "placeholder"];

/// The exit code of what got SIGKILL.
const KILLED: i32 = 137;

// === impl Observed ===

impl Observed {
    /// Whether it ran for as long as it was watched.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.refused.is_none() && self.exit.is_none()
    }

    /// Whether something listens on a port where others reach it.
    pub(crate) fn is_reached_at(&self, port: u16) -> bool {
        let all = self.listening.iter().flatten();
        all.into_iter().any(|it| it.port() == port && !it.ip().is_loopback())
    }

    /// The script that Node was started with, without a slash in front.
    pub(crate) fn script(&self) -> Option<String> {
        script_of(&self.words, &self.folder).or_else(|| {
            // `npm start` does what package.json says.
            let is_start = |words: &[String]| {
                let said: Vec<&str> = words.iter().map(String::as_str).collect();
                matches!(said.as_slice(), [_, "start"] | [_, "run", "start"])
            };
            let from = self.words.iter().position(|word| {
                matches!(word.rsplit('/').next(), Some("npm" | "yarn" | "pnpm"))
            })?;
            let words = self.words.get(from..).filter(|words| is_start(words))?;
            let path = crate::image::join(&self.folder, "package.json");
            let manifest: serde_json::Value = serde_json::from_str(self.files.text(&path)?).ok()?;
            let line = manifest["scripts"]["start"].as_str().filter(|_| !words.is_empty())?;
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            script_of(&words, &self.folder)
        })
    }
}

/// The script in a line of words, if Node runs it.
fn script_of(words: &[String], folder: &str) -> Option<String> {
    let words: Vec<&str> = words.iter().flat_map(|word| word.split_whitespace()).collect();
    let node = words.iter().position(|word| word.rsplit('/').next() == Some("node"))?;
    let mut rest = words[node + 1..].iter();
    while let Some(word) = rest.next() {
        match *word {
            "-r" | "--require" | "--import" | "--loader" | "--experimental-loader" => {
                rest.next();
            }
            "-e" | "-p" | "--eval" | "--print" => return None,
            word if word.starts_with('-') => {}
            script => {
                let is_script = [".js", ".mjs", ".cjs"].iter().any(|end| script.ends_with(end));
                return is_script.then(|| crate::image::join(folder, script));
            }
        }
    }
    None
}

/// The kernel's word on memory may reach the engine after the exit, and is lost then. Nobody else kills a
/// container on trial.
fn ran_out_of_memory(exit: Exit) -> bool {
    exit.out_of_memory || exit.code == KILLED
}

// === impl Seen ===

impl<'s> Seen<'s> {
    pub(crate) fn of(part: &'s Part<'s>, observed: &'s Observed) -> Self {
        let memory = part.service.map_or(0, |service| service.size().memory());
        let alone = Alone {
            service: part.name,
            refused: observed.refused.as_deref(),
            exit_code: observed.exit.map(|exit| exit.code),
            out_of_memory: observed.exit.is_some_and(ran_out_of_memory),
            memory,
            log: &observed.log,
        };
        let trouble = diagnose_alone(&alone).map(|told| Trouble {
            cause: told.cause,
            title: told.title,
            todo: told.todo.into_iter().next(),
            log: told.log.into_iter().filter(|it| !it.trim().is_empty()).take(LINES).collect(),
        });
        Self { part, observed, trouble }
    }

    /// What ended it, if that is the image's own doing.
    pub(crate) fn failure(&self) -> Option<&Trouble> {
        let trouble = self.trouble.as_ref().filter(|_| !self.observed.is_running())?;
        (!self.is_lack(trouble)).then_some(trouble)
    }

    /// What it needs and did not have here.
    pub(crate) fn lacking(&self) -> Option<&Trouble> {
        self.trouble.as_ref().filter(|trouble| self.is_lack(trouble))
    }

    /// Whether it is about something outside of the container, which a placeholder stood for. Where no
    /// cause is known, its own last lines decide.
    fn is_lack(&self, trouble: &Trouble) -> bool {
        let Observed { placeholders, log, .. } = self.observed;
        let speaks = |line: &String| {
            let lower = line.to_lowercase();
            OUTSIDE.iter().any(|word| lower.contains(word))
                || placeholders.iter().any(|name| line.contains(name))
        };
        let unknown = trouble.cause == Cause::Unknown && !placeholders.is_empty();
        trouble.cause.is_outside() || unknown && log.iter().rev().take(LINES).any(speaks)
    }

    /// Where it is said what the container runs, else that there is an image.
    pub(crate) fn start(&self) -> Place {
        let field = if self.part.gives("image") { "image" } else { "build" };
        self.part.start().map_or_else(|| self.part.place(field), |(_, place)| place)
    }

    /// A finding, with what speaks for it.
    pub(crate) fn at(&self, rule: &Rule, place: &Place, message: impl Into<String>) -> Finding {
        let Observed { image, environment, .. } = self.observed;
        let seen = format!("seen in a container of {image}, with the settings of `{environment}`");
        rule.at(place, message).seen(seen)
    }
}

/// What an observation shows to be otherwise than files made believe.
pub(crate) fn refutes(seen: &Seen<'_>, finding: &Finding) -> bool {
    let Seen { observed, part, .. } = seen;
    let Some(service) = part.service else { return false };
    let is_reached = service.port.is_some_and(|port| observed.is_reached_at(port));
    match finding.rule {
        "listens-on-localhost" | "port-mismatch" => is_reached,
        "health-path" => {
            let is_balancers = finding.message.starts_with("the load balancer");
            let accepted = matches!(observed.answer, Some(Answer::Status(status))
                if service.health.codes.contains(status));
            is_balancers && accepted
        }
        "no-graceful-stop" | "signal-lost" => {
            observed.stop.is_some_and(|stop| stop.code.is_some() && is_reached)
        }
        "development-import" => is_reached,
        "root-user" => observed.user.is_some_and(|user| user != 0),
        "wrong-architecture" => observed.is_running() && is_reached,
        _ => false,
    }
}

/// What was not seen, and why; and what is no fault of the image's.
#[must_use]
pub(crate) fn remark(seen: &Seen<'_>) -> Option<String> {
    let Seen { observed, part, .. } = seen;
    let name = part.name;
    if let Some(lacking) = seen.lacking() {
        let title = &lacking.title;
        return Some(match observed.exit {
            Some(exit) => format!(
                "service {name}: {title}; it gave up with exit code {}, so its port, health check and stop were not seen",
                exit.code
            ),
            None => format!("service {name}: {title}, and goes on without it"),
        });
    }
    let refused = |status: u16| (500..600).contains(&status);
    match observed.answer {
        Some(Answer::Status(status)) if refused(status) && !observed.placeholders.is_empty() => {
            Some(format!(
                "service {name}: its health check answers {status}; secrets had placeholders, so it may lack what they lead to"
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_found_behind_options_shells_and_npm() {
        let of = |words: &[&str], start: &str| {
            let manifest = format!(r#"{{"scripts": {{"start": "{start}"}}}}"#);
            Observed {
                words: words.iter().map(|&word| word.to_owned()).collect(),
                folder: "/app".to_owned(),
                files: [("app/package.json", manifest)].into_iter().collect(),
                ..Observed::default()
            }
            .script()
        };
        for (words, start, expected) in [
            (&["docker-entrypoint.sh", "node", "dist/a.js"][..], "", Some("app/dist/a.js")),
            (&["/usr/local/bin/node", "--enable-source-maps", "/srv/a.mjs"], "", Some("srv/a.mjs")),
            (&["node", "-r", "./tracing.js", "a.js"], "", Some("app/a.js")),
            (&["/bin/sh", "-c", "exec node a.js"], "", Some("app/a.js")),
            (&["npm", "start"], "node dist/b.js", Some("app/dist/b.js")),
            (&["npm", "run", "worker"], "node dist/b.js", None),
            (&["node", "-e", "x.js"], "", None),
            (&["./server"], "", None),
        ] {
            assert_eq!(of(words, start).as_deref(), expected, "{words:?}");
        }
    }
}
