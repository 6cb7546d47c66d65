//! Python projects, read lexically.

mod database;
mod route;
mod variable;

use crate::lexical::{Dialect, Lexed, Token};
use crate::place::Lines;
use crate::snapshot::{Snapshot, join};
use crate::sources::{Sources, manifests};
use crate::{
    Command, Fact, Framework, Host, Language, Listen, Migration, PackageManager, Place, Project,
    Signal, Variable,
};
use std::collections::BTreeSet;

/// Files that make a folder a project, the most telling first.
const MANIFESTS: [&str; 5] =
    ["pyproject.toml", "requirements.txt", "Pipfile", "setup.py", "manage.py"];

const FRAMEWORKS: [(&str, Framework); 3] =
    [("fastapi", Framework::Fastapi), ("django", Framework::Django), ("flask", Framework::Flask)];

/// Lockfiles, and whose they are.
const LOCKFILES: [(&str, &str); 3] =
    [("uv.lock", "uv"), ("poetry.lock", "poetry"), ("Pipfile.lock", "pipenv")];

/// Reads every Python project of a tree.
pub(crate) fn read(snapshot: &Snapshot) -> Vec<Project> {
    let found = manifests(snapshot, &MANIFESTS);
    let folders: BTreeSet<&str> = found.iter().map(|(folder, _)| *folder).collect();
    found.into_iter().map(|(folder, path)| project(snapshot, folder, path, &folders)).collect()
}

fn project(snapshot: &Snapshot, folder: &str, path: &str, nested: &BTreeSet<&str>) -> Project {
    let sources = Sources::of(snapshot, folder, nested, (".py", Dialect::Python));
    let mut project = Project::new(folder, path, Language::Python);
    let manifest = Place { file: path.to_owned(), line: 1, column: 1, start: 0, end: 0 };
    project.package_manager = Some(package_manager(snapshot, folder, &manifest));
    project.frameworks = FRAMEWORKS
        .iter()
        .filter_map(|(name, it)| {
            let from = [format!("from {name}"), format!("import {name}")];
            let place = sources.first(&[&from[0], &from[1]])?;
            Some(Fact::certain(*it, place))
        })
        .collect();
    let framework = project.frameworks.first().map(|it| it.value);
    project.entry = entry(&sources, framework);
    project.start = start(snapshot, &sources, framework);
    project.runtimes = versions(snapshot, folder);
    project.routes = route::read(&sources, framework);
    project.variables = Variable::gather(variable::reads(&sources));
    project.listens = listens(&sources, framework, project.start.as_ref());
    project.databases = database::read(&sources);
    project.migrations = migrations(snapshot, folder);
    project.signals = signals(&sources, project.start.as_ref());
    project
}

fn package_manager(snapshot: &Snapshot, folder: &str, manifest: &Place) -> Fact<PackageManager> {
    let lock = LOCKFILES.iter().find_map(|(file, name)| {
        let path = join(folder, file);
        snapshot.has(&path).then_some((path, *name))
    });
    match lock {
        Some((path, name)) => {
            let place = Place { file: path.clone(), ..manifest.clone() };
            let (name, lockfile) = (name.to_owned(), Some(path));
            Fact::certain(PackageManager { name, version: None, lockfile }, place)
        }
        None => {
            let name = "pip".to_owned();
            Fact::guess(PackageManager { name, version: None, lockfile: None }, manifest.clone())
        }
    }
}

/// The file that makes the application.
fn entry(sources: &Sources<'_>, framework: Option<Framework>) -> Option<Fact<String>> {
    let makers: &[&str] = match framework? {
        Framework::Fastapi => &["= FastAPI ("],
        Framework::Flask => &["= Flask ("],
        _ => &["get_wsgi_application (", "get_asgi_application ("],
    };
    let place = sources.first(makers)?;
    Some(Fact::certain(place.file.clone(), place))
}

/// A `Procfile` says it; else the server that the framework is usually run by.
fn start(
    snapshot: &Snapshot,
    sources: &Sources<'_>,
    framework: Option<Framework>,
) -> Option<Fact<Command>> {
    let procfile = join(sources.folder, "Procfile");
    if let Some(text) = snapshot.text(&procfile) {
        let lines = Lines::of(&procfile, text);
        let web = lines.iter().find_map(|(start, line)| {
            let command = line.strip_prefix("web:")?.trim();
            Some((command.to_owned(), lines.place(start, start + line.len())))
        });
        if let Some((line, place)) = web {
            return Some(Fact::certain(Command { line, script: None }, place));
        }
    }
    let framework = framework?;
    let entry = entry(sources, Some(framework))?;
    let inside = crate::snapshot::within(&entry.value, sources.folder)?;
    let module = inside.strip_suffix(".py")?.trim_end_matches("/__init__").replace('/', ".");
    let line = match framework {
        Framework::Fastapi => format!("uvicorn {module}:app --host 0.0.0.0 --port 8000"),
        Framework::Flask => format!("gunicorn --bind 0.0.0.0:8000 {module}:app"),
        _ => format!("gunicorn --bind 0.0.0.0:8000 {module}"),
    };
    Some(Fact::guess(Command { line, script: None }, entry.place))
}

fn versions(snapshot: &Snapshot, folder: &str) -> Vec<Fact<String>> {
    let mut found = Vec::new();
    for (file, prefix) in
        [(".python-version", ""), ("runtime.txt", "python-"), ("pyproject.toml", "")]
    {
        let path = join(folder, file);
        let Some(text) = snapshot.text(&path) else { continue };
        let lines = Lines::of(&path, text);
        for (start, line) in lines.iter() {
            let version = if file == "pyproject.toml" {
                let value = line.split_once('=').filter(|(key, _)| key.trim() == "requires-python");
                value.map(|(_, value)| value.trim().trim_matches('"'))
            } else {
                line.trim().strip_prefix(prefix).filter(|version| !version.is_empty())
            };
            let place = lines.place(start, start + line.len());
            found.extend(version.map(|version| Fact::certain(version.to_owned(), place)));
        }
    }
    found
}

/// `uvicorn.run(…, host=, port=)`, `app.run(host=, port=)`, and the words of the start command.
fn listens(
    sources: &Sources<'_>,
    framework: Option<Framework>,
    start: Option<&Fact<Command>>,
) -> Vec<Fact<Listen>> {
    let command = start.and_then(|start| {
        Some(Fact {
            value: of_command(&start.value.line)?,
            place: start.place.clone(),
            certainty: start.certainty,
        })
    });
    let mut found: Vec<Fact<Listen>> = Vec::new();
    for (pattern, port) in
        [("uvicorn . run (", 8000), ("app . run (", 5000), ("run_simple (", 5000)]
    {
        for (file, fit) in sources.find(pattern) {
            let host = host(file.named(fit.after, "host"));
            let (given, variable) = port_of(file, fit.after);
            let port = given.or(Some(port).filter(|_| variable.is_none()));
            found.push(Fact::likely(Listen { port, variable, host }, file.place(&fit)));
        }
    }
    // Under a server of its own, the development server is never reached.
    let is_certain = command.as_ref().is_some_and(|it| it.certainty == crate::Certainty::Certain);
    if framework.is_none() && found.is_empty() {
        return Vec::new();
    }
    if is_certain || found.is_empty() {
        return command.into_iter().collect();
    }
    found
}

fn host(token: Option<Token<'_>>) -> Host {
    match token.map(|token| token.text()) {
        None => Host::Loopback,
        Some(Some(text)) => Host::of(text),
        Some(None) => Host::Unknown,
    }
}

/// The port of a named argument: a number, or a variable with a number beside it.
fn port_of(file: &Lexed<'_>, from: usize) -> (Option<u16>, Option<String>) {
    let inside = file.rest_of_bracket(from);
    let Some(at) = inside.iter().position(|token| token.word() == Some("port")) else {
        return (None, None);
    };
    let value = &inside[(at + 2).min(inside.len())..];
    let end = value.iter().position(|token| token.is('=')).unwrap_or(value.len());
    let value = &value[..end];
    let port = value.iter().find_map(|token| {
        token.number().or_else(|| token.text()?.parse().ok()).and_then(|it| u16::try_from(it).ok())
    });
    let name = value.iter().filter_map(Token::text).find(|it| it.contains("PORT"));
    (port, name.map(str::to_owned))
}

/// `--host 0.0.0.0 --port 8000`, `-b 0.0.0.0:$PORT`.
fn of_command(line: &str) -> Option<Listen> {
    let words: Vec<&str> = line.split([' ', '=']).filter(|word| !word.is_empty()).collect();
    let after = |names: &[&str]| {
        let at = words.iter().position(|word| names.contains(word))?;
        words.get(at + 1).copied()
    };
    let is_server = ["uvicorn", "gunicorn", "hypercorn"].iter().any(|it| line.contains(it));
    let bind = after(&["-b", "--bind"]);
    let (host, port) = match bind.and_then(|bind| bind.rsplit_once(':')) {
        Some((host, port)) => (Some(host), Some(port)),
        None => (after(&["--host"]), after(&["--port", "-p"])),
    };
    let variable = port.and_then(|port| port.strip_prefix('$'));
    let variable = variable.map(|it| it.trim_matches(['{', '}']).split(":-").next().unwrap_or(it));
    let number = port.and_then(|port| port.parse().ok());
    let port = number.or(Some(8000).filter(|_| variable.is_none()));
    let host = host.map_or(Host::Loopback, Host::of);
    is_server.then(|| Listen { port, variable: variable.map(str::to_owned), host })
}

fn migrations(snapshot: &Snapshot, folder: &str) -> Vec<Fact<Migration>> {
    let known = [
        ("alembic.ini", "alembic", "alembic upgrade head"),
        ("manage.py", "django", "python manage.py migrate"),
    ];
    let found = known.iter().find_map(|(file, tool, command)| {
        let path = join(folder, file);
        snapshot.has(&path).then(|| {
            let place = Place { file: path, line: 1, column: 1, start: 0, end: 0 };
            let (tool, command) = ((*tool).to_owned(), Some(Command::plain(command)));
            Fact::certain(Migration { tool, command, folder: None }, place)
        })
    });
    found.into_iter().collect()
}

/// Its own handler, or the server's.
fn signals(sources: &Sources<'_>, start: Option<&Fact<Command>>) -> Vec<Fact<Signal>> {
    let signal = |by: &str| Signal { name: "SIGTERM".to_owned(), by: by.to_owned() };
    if let Some(place) = sources.first(&["signal . SIGTERM", "SIGTERM"]) {
        return vec![Fact::likely(signal("code"), place)];
    }
    let servers = ["uvicorn", "gunicorn", "hypercorn", "waitress"];
    let server = start.and_then(|start| {
        let name = servers.into_iter().find(|name| start.value.line.contains(name))?;
        Some(Fact::likely(signal(name), start.place.clone()).at_most(start.certainty))
    });
    server.into_iter().collect()
}
