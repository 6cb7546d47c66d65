//! Where the application listens, as its log says.

use super::pattern::Expressions;
use super::scene::Scene;
use model::Timestamp;

/// A place that the application says it listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listening {
    /// The line of the log that says so.
    pub(super) line: usize,
    /// When it was written.
    pub(super) at: Option<Timestamp>,
    /// Who reaches it.
    pub(super) host: Host,
    /// The port.
    pub(super) port: u16,
}

/// Who reaches a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// Only who is in the same container.
    Local,
    /// Everybody, or nothing is said of it.
    Others,
}

/// Lines that say that something listens. Those that say so in other words count only where none
/// says it in these: "running on" is also said of databases.
static LISTENS: Expressions = Expressions::new(&[
    r"(?i)\blisten(?:ing|s)?\b(.*)$",
    r"(?i)\b(?:bound|binding|accepting connections)\b(.*)$",
]);
static RUNS: Expressions = Expressions::new(&[
    r"(?i)\b(?:running|started|serving|served|ready|available|up)\b(.*)$",
    r"(?i)\b(?:local|network):(.*)$",
]);

/// An address in the rest of such a line.
static URL: Expressions = Expressions::new(&[
    r"(?i)(?:https?|tcp)://(\[[0-9a-f:]*\]:\d{2,5}|[^\s/:,;'\x22]*:\d{2,5})",
    r"(\[[0-9a-fA-F:]*\]:\d{2,5})",
    r"((?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\*):\d{2,5})",
]);

/// A port without an address.
static PORT: Expressions = Expressions::new(&[
    r"(?i)\bport\(?s?\)?\s*[:=#]?\s*(\d{2,5})\b",
    r#"(?i)"port":\s*(\d{2,5})\b"#,
    r"(?:^|[\s(])::?:?(\d{2,5})\b",
    r"(?i)\b(?:on|at)\s+(\d{2,5})\b",
]);

/// The places where the application says that it listens, in the order of its log.
pub(super) fn places(scene: &Scene<'_>) -> Vec<Listening> {
    let said = |words: &Expressions| -> Vec<Listening> {
        let lines = scene.lines().into_iter();
        let said = lines.filter_map(|(line, held)| {
            let rest = words.capture(&held.text)?;
            let (host, port) = place(rest)?;
            Some(Listening { line, at: held.at, host, port })
        });
        said.collect()
    };
    let listens = said(&LISTENS);
    if listens.is_empty() { said(&RUNS) } else { listens }
}

/// The address or port that a text names.
fn place(text: &str) -> Option<(Host, u16)> {
    if let Some(address) = URL.capture(text) {
        let (host, port) = address.rsplit_once(':')?;
        return Some((reach(host), port.parse().ok()?));
    }
    let port = PORT.capture(text)?.parse().ok()?;
    let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| text.contains(host));
    Some((if local { Host::Local } else { Host::Others }, port))
}

fn reach(host: &str) -> Host {
    let local = host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" || host == "[::1]";
    if local { Host::Local } else { Host::Others }
}

#[cfg(test)]
pub(super) fn expressions() -> [&'static Expressions; 4] {
    [&LISTENS, &RUNS, &URL, &PORT]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_usual_frameworks_are_understood() {
        let others = |port| Some((Host::Others, port));
        let local = |port| Some((Host::Local, port));
        for (line, expected) in [
            ("Server listening at http://127.0.0.1:3000", local(3000)),
            ("Server listening at http://[::1]:3000", local(3000)),
            ("listening on port 8080", others(8080)),
            ("Example app listening on port 3000!", others(3000)),
            ("listening on :8080", others(8080)),
            ("Listening on 0.0.0.0:4000", others(4000)),
            ("Listening at: http://0.0.0.0:8000 (1)", others(8000)),
            ("* Listening on http://127.0.0.1:9292", local(9292)),
            ("Now listening on: http://[::]:8080", others(8080)),
            ("listening on *:80", others(80)),
            (r#"{"level":30,"msg":"Server listening at http://127.0.0.1:3000"}"#, local(3000)),
            (r#"{"msg":"listening","port":8080}"#, others(8080)),
            ("Listening on localhost port 5000", local(5000)),
            ("listening 4711", None),
            ("nothing of the kind", None),
        ] {
            let found = LISTENS.capture(line).and_then(place);
            assert_eq!(found, expected, "{line}");
        }
        for (line, expected) in [
            ("Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)", local(8000)),
            (" * Running on http://127.0.0.1:5000", local(5000)),
            ("Tomcat started on port(s): 8080 (http) with context path ''", others(8080)),
            ("Tomcat started on port 8080 (http)", others(8080)),
            ("ready - started server on 0.0.0.0:3000, url: http://localhost:3000", local(3000)),
            ("  - Local:        http://localhost:3000", local(3000)),
        ] {
            let found = RUNS.capture(line).and_then(place);
            assert_eq!(found, expected, "{line}");
        }
    }
}
