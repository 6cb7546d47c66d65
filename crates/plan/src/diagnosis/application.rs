//! Applications that fail by themselves: what their runtimes and libraries write when they do.

use super::cause::Cause;
use super::pattern::{Expressions, Pattern, first};
use super::scene::{Diagnosis, Scene};

/// In the order in which they are tried: a missing module is also an exception, and so is most of
/// the rest.
static PATTERNS: [Pattern; 8] = [
    Pattern::new(
        Cause::ModuleNotFound,
        "module not found",
        &[
            // Node, Bun, Deno.
            r#"Cannot find (?:module|package) ['"]([^'"]+)['"]"#,
            r#"Could not resolve ['"]([^'"]+)['"]"#,
            // Python.
            r"ModuleNotFoundError: No module named '([^']+)'",
            r"ImportError: (cannot import name .+|[^\s:]+\.so[^:]*)",
            r"can't open file '([^']+)': \[Errno 2\]",
            // Java, .NET.
            r"Could not find or load main class (\S+)",
            r"Unable to access jarfile (\S+)",
            r"NoClassDefFoundError: (\S+)",
            r"Could not load file or assembly '([^',]+)",
            // Ruby, PHP.
            r"cannot load such file -- (\S+)",
            r#"Failed opening required '([^']+)'"#,
            // Native programs.
            r"error while loading shared libraries: ([^:]+):",
            r"Error loading shared library ([^:]+):",
        ],
        missing_module,
    ),
    Pattern::new(
        Cause::AddressInUse,
        "the address is already in use",
        &[
            r"EADDRINUSE:? .*?(\S*:\d+)",
            r"(?i)listen tcp (\S+): bind: address already in use",
            r"(?i)(?:port|address) (\S+) (?:is|was) already in use",
            r"(?i)address (?:is )?already in use",
            r"\[Errno 98\]",
        ],
        address_in_use,
    ),
    Pattern::new(
        Cause::VariableMissing,
        "an environment variable is missing",
        &[
            r"Environment variable not found: ([A-Z][A-Z0-9_]+)",
            r"required key ([A-Z][A-Z0-9_]+) missing value",
            r"Could not resolve placeholder '([^']+)'",
            r"([A-Z][A-Z0-9_]{2,}): (?:unbound variable|parameter (?:not set|null or not set))",
            r#"["'`]?\b([A-Z][A-Z0-9_]{2,})\b["'`]?:? (?i:(?:environment )?(?:variable )?(?:is|are|was|must be|has to be|should be) (?:a )?(?:required|missing|undefined|unset|empty|not set|not defined|set|defined|provided|given))"#,
            r#"(?i:missing|required|undefined|unset|no)\b(?i:[\w ]*\benv(?:ironment)?\b(?: ?var(?:iable)?s?)?(?: is)?)[\s:(]*["'`]?([A-Z][A-Z0-9_]{2,})\b"#,
            r#"(?i:env(?:ironment)? ?var(?:iable)?s?)[\s:]*["'`]?([A-Z][A-Z0-9_]{2,})["'`]? (?i:is |are )?(?i:missing|required|not found|not set|undefined|unset)"#,
            r"(?i:missing|required):? ([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b",
            // Python's `os.environ["NAME"]`, Ruby's `ENV.fetch`.
            r"^KeyError: '([A-Z][A-Z0-9_]{2,})'",
            r#"key not found: "([A-Z][A-Z0-9_]{2,})" \(KeyError\)"#,
            // t3-env: `DATABASE_URL: [ 'Required' ]`.
            r"\b([A-Z][A-Z0-9_]{2,}): \[ ?'",
        ],
        missing_variable,
    ),
    // zod: the path of each issue stands on a line of its own, or in one with the rest of it.
    Pattern::besides(
        Cause::VariableMissing,
        "an environment variable is missing",
        [
            &[
                r#"^\s*\\?"([A-Z][A-Z0-9_]{2,})\\?",?$"#,
                r#""?path"?:\s*\[\s*["']([A-Z][A-Z0-9_]{2,})["']"#,
            ],
            &[r"ZodError|invalid_type|Required|expected string, received undefined"],
        ],
        missing_variable,
    ),
    // envalid: a frame around lines of `NAME: ...`.
    Pattern::besides(
        Cause::VariableMissing,
        "an environment variable is missing",
        [&[r"^\s+([A-Z][A-Z0-9_]{2,}): "], &[r"(?i)missing environment variables"]],
        missing_variable,
    ),
    // pydantic: the field on one line, `Field required` on the next.
    Pattern::besides(
        Cause::VariableMissing,
        "an environment variable is missing",
        [&[r"^([A-Za-z_]\w*)$"], &[r"Field required \[type=missing"]],
        missing_variable,
    ),
    Pattern::new(
        Cause::TableMissing,
        "a table is missing in the database",
        &[
            r#"relation "([^"]+)" does not exist"#,
            r"Table '([^']+)' doesn't exist",
            r"no such table: (\S+)",
            r"The table `([^`]+)` does not exist",
            r#"ERROR: +relation "([^"]+)""#,
        ],
        missing_table,
    ),
    Pattern::new(
        Cause::PermissionDenied,
        "permission denied",
        &[
            r"EACCES: permission denied,? (\w+ \S+)",
            r"EPERM: operation not permitted,? (\w+ \S+)",
            r"EROFS: read-only file system,? (\w+ \S+)",
            r"listen EACCES:? (?:permission denied )?(\S+)",
            r"PermissionError: \[Errno 13\] [^:]*: '([^']+)'",
            r"(?i)\b(\S+): permission denied",
            r"(?i)permission denied(?: \(os error 13\))?",
            r"Read-only file system",
        ],
        no_permission,
    ),
];

/// What stands before the words of an exception that nothing caught.
static EXCEPTIONS: Expressions = Expressions::new(&[
    r#"^Exception in thread "[^"]*" (.+)$"#,
    r"(?i)^unhandled exception[.:]? (.+)$",
    r"^PHP Fatal error:\s+(.+)$",
    r"^(?:panic|fatal error): (.+)$",
    r"^(thread '[^']*'.* panicked at .+)$",
    r"^(?:Uncaught |\[?Unhandled\w*\]? ?:? ?)?((?:[A-Z][\w.]*)?(?:Error|Exception|Rejection)\b.*)$",
    r"^([a-z_][\w.]*\.[A-Z]\w*(?:Error|Exception)\b.*)$",
    r"^\S+: (.+ \(\w+(?:Error|Exception)\))$",
    r"^(?:npm error |npm ERR! )(Missing script.+)$",
]);

/// After this line of Python's, the exception stands last.
const TRACEBACK: &str = "Traceback (most recent call last)";

/// The longest title that is still one.
const LONGEST: usize = 160;

/// A failure that is known by what its runtime writes.
pub(super) fn failed(scene: &Scene<'_>) -> Option<Diagnosis> {
    first(&PATTERNS, scene)
}

/// An exception that nothing caught.
pub(super) fn exception(scene: &Scene<'_>) -> Option<Diagnosis> {
    if !scene.ended_by_itself() || scene.exit_code() == Some(0) {
        return None;
    }
    let lines = scene.lines();
    let python = lines.iter().any(|(_, line)| line.text.starts_with(TRACEBACK));
    let mut said = lines.iter().filter_map(|(place, line)| {
        EXCEPTIONS.capture(line.text.trim_end()).map(|what| (*place, what))
    });
    let (place, what) = if python { said.next_back()? } else { said.next()? };
    let what: String = what.chars().take(LONGEST).collect();
    let title = scene.with_log(&format!("{} ended with an exception", scene.container()), &what);
    let todo = format!("see all that it wrote: neargate logs {}", scene.service());
    Some(Diagnosis::new(Cause::UncaughtException, title).line(Some(place)).todo(todo))
}

fn missing_module(scene: &Scene<'_>, names: &[String]) -> Vec<String> {
    let is_file = names.iter().any(|name| name.starts_with(['/', '.']));
    let place = if scene.is_process() {
        format!("`{}` must name all that the process needs", scene.key("process.files"))
    } else {
        "the image must have it: look at what the Dockerfile's last stage copies".to_owned()
    };
    let why = if is_file {
        "it is a file: was it built, is its path right, does .dockerignore leave it out?"
    } else {
        "it must be among the dependencies, not the development ones, and installed where it runs"
    };
    vec![why.to_owned(), place]
}

fn address_in_use(scene: &Scene<'_>, _: &[String]) -> Vec<String> {
    let twice = "look for a second listen(): a start script that runs the server twice, or two \
        containers of the task with one port";
    let mut todo = vec![twice.to_owned()];
    if scene.is_process() {
        let port = "listen on the port that PORT names: this machine's others may be taken";
        todo.insert(0, port.to_owned());
    }
    todo
}

fn missing_variable(scene: &Scene<'_>, names: &[String]) -> Vec<String> {
    let name = names.first().map_or("NAME", String::as_str);
    let env = scene.key("env");
    let secrets = scene.key("secrets");
    vec![
        format!("if everybody may see it: `{env}.{name}: …`"),
        format!("if not: `{secrets}.{name}: ssm:/…`, and put the value there"),
    ]
}

fn missing_table(scene: &Scene<'_>, _: &[String]) -> Vec<String> {
    vec![format!("let the migration run before each deployment: `{}: …`", scene.key("before"))]
}

fn no_permission(scene: &Scene<'_>, names: &[String]) -> Vec<String> {
    let low = names.iter().filter_map(|name| name.rsplit(':').next()?.parse::<u16>().ok());
    if low.into_iter().any(|port| port < 1024) {
        return vec![format!("listen on a port from 1024 on, and say so: `{}`", scene.key("port"))];
    }
    if scene.is_process() {
        return vec!["write below $TMPDIR or $HOME, which are the task's own".to_owned()];
    }
    vec![
        "in the Dockerfile: COPY --chown=…, or write where the user may: /tmp".to_owned(),
        format!(
            "`{}` says who it runs as, `{}` whether files can be written",
            scene.key("user"),
            scene.key("read_only")
        ),
    ]
}

#[cfg(test)]
pub(super) fn expressions() -> impl Iterator<Item = &'static Expressions> {
    PATTERNS.iter().flat_map(Pattern::expressions).chain([&EXCEPTIONS])
}
