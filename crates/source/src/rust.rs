//! Rust projects, read lexically.

mod route;

use crate::fact::variable::{Need, Read};
use crate::lexical::{Dialect, Kind, Lexed, Token};
use crate::place::Lines;
use crate::snapshot::{Snapshot, join};
use crate::sources::{Sources, manifests};
use crate::{
    Certainty, Command, Database, Fact, Framework, Host, Language, Listen, Migration,
    PackageManager, Place, Pool, Project, Signal, System, Tls, Variable,
};
use std::collections::BTreeSet;

/// Crates, and the frameworks that they are.
const FRAMEWORKS: [(&str, Framework); 3] =
    [("axum", Framework::Axum), ("actix-web", Framework::Actix), ("rocket", Framework::Rocket)];

/// Reads every Rust project of a tree.
pub(crate) fn read(snapshot: &Snapshot) -> Vec<Project> {
    let found = manifests(snapshot, &["Cargo.toml"]);
    let folders: BTreeSet<&str> = found.iter().map(|(folder, _)| *folder).collect();
    found
        .into_iter()
        .filter_map(|(folder, path)| project(snapshot, folder, path, &folders))
        .collect()
}

fn project(
    snapshot: &Snapshot,
    folder: &str,
    path: &str,
    nested: &BTreeSet<&str>,
) -> Option<Project> {
    let manifest = Manifest::of(path, snapshot.text(path)?);
    let (name, place) = manifest.package()?;
    let sources = Sources::of(snapshot, folder, nested, (".rs", Dialect::Rust));
    let mut project = Project::new(folder, path, Language::Rust);
    name.clone_into(&mut project.name);
    let lockfile = [join(folder, "Cargo.lock"), "Cargo.lock".to_owned()];
    let lockfile = lockfile.into_iter().find(|path| snapshot.has(path));
    let manager = PackageManager { name: "cargo".to_owned(), version: None, lockfile };
    project.package_manager = Some(Fact::certain(manager, place.clone()));
    let frameworks = FRAMEWORKS
        .iter()
        .filter_map(|(name, it)| Some(Fact::certain(*it, manifest.dependency(name)?)));
    project.frameworks = frameworks.collect();
    if let Some(main) = sources.file(&["src/main.rs"]) {
        let start = Place { file: main.to_owned(), line: 1, column: 1, start: 0, end: 0 };
        project.entry = Some(Fact::certain(main.to_owned(), start));
        let command =
            |line: String| Some(Fact::likely(Command { line, script: None }, place.clone()));
        project.build = command("cargo build --release".to_owned());
        project.start = command(format!("target/release/{name}"));
    }
    project.runtimes = manifest.versions();
    project.listens = listens(&sources);
    project.routes = route::read(&sources);
    project.variables = Variable::gather(reads(&sources));
    project.databases = databases(&sources);
    project.migrations = migrations(snapshot, &sources, &manifest);
    project.signals = signals(&sources);
    Some(project)
}

/// The lines of a `Cargo.toml`.
struct Manifest<'t> {
    lines: Lines<'t>,
}

impl<'t> Manifest<'t> {
    fn of(path: &'t str, text: &'t str) -> Self {
        Self { lines: Lines::of(path, text) }
    }

    /// The keys and values of a table.
    fn table<'m>(
        &'m self,
        wanted: &'m str,
    ) -> impl Iterator<Item = (&'t str, &'t str, Place)> + 'm {
        let mut inside = false;
        self.lines.iter().filter_map(move |(start, line)| {
            if let Some(header) = line.trim().strip_prefix('[') {
                inside = header.trim_end_matches(']') == wanted;
                return None;
            }
            let (key, value) = line.split_once('=').filter(|_| inside)?;
            let place = self.lines.place(start, start + line.len());
            Some((key.trim(), value.trim().trim_matches('"'), place))
        })
    }

    fn package(&self) -> Option<(&'t str, Place)> {
        self.table("package").find(|(key, ..)| *key == "name").map(|(_, name, place)| (name, place))
    }

    /// A dependency, also in the form `[dependencies.axum]` and `axum.workspace = true`.
    fn dependency(&self, name: &str) -> Option<Place> {
        let plain = self.table("dependencies").find(|(key, ..)| {
            key.split('.').next().is_some_and(|key| key.trim_matches('"') == name)
        });
        plain.map(|(.., place)| place).or_else(|| {
            let header = format!("[dependencies.{name}]");
            let (start, line) = self.lines.iter().find(|(_, line)| line.trim() == header)?;
            Some(self.lines.place(start, start + line.len()))
        })
    }

    fn versions(&self) -> Vec<Fact<String>> {
        let wanted = self.table("package").filter(|(key, ..)| *key == "rust-version");
        wanted.map(|(_, version, place)| Fact::certain(version.to_owned(), place)).collect()
    }
}

/// `env::var("X")`, and what follows it.
fn reads(sources: &Sources<'_>) -> Vec<Read> {
    let mut found = Vec::new();
    for pattern in ["env : : var ( $t )", "env : : var_os ( $t )"] {
        for (file, fit) in sources.find(pattern) {
            let (need, default) = need(file.tokens.get(fit.after..).unwrap_or_default());
            let (name, place) = (fit.caught[0].to_owned(), file.place(&fit));
            found.push(Read { name, need, default, place, certainty: Certainty::Likely });
        }
    }
    found
}

/// What a chain of calls does with a missing value.
fn need(after: &[Token<'_>]) -> (Need, Option<String>) {
    let end = after.iter().position(|token| token.is(';')).unwrap_or(after.len());
    let chain = &after[..end.min(24)];
    let method = chain.first().filter(|it| it.is('.')).and_then(|_| chain.get(1)?.word());
    let default = || {
        chain.iter().skip(2).find_map(|token| match token.kind {
            Kind::Text(text) => Some(text.to_owned()),
            Kind::Number(number) => Some(number.replace('_', "")),
            Kind::Word(_) | Kind::Sign(_) => None,
        })
    };
    match method {
        Some(
            "unwrap_or" | "unwrap_or_else" | "map_or" | "map_or_else" | "unwrap_or_default"
            | "or_else",
        ) => (Need::Defaulted, default()),
        Some("expect" | "unwrap" | "map_err" | "context" | "with_context") => {
            (Need::Required, None)
        }
        Some("ok" | "is_ok" | "is_err" | "is_some") => {
            let falls =
                chain.iter().any(|it| it.word().is_some_and(|it| it.starts_with("unwrap_or")));
            if falls { (Need::Defaulted, default()) } else { (Need::Optional, None) }
        }
        _ if chain.first().is_some_and(|it| it.is('?')) => (Need::Required, None),
        _ => (Need::Used, None),
    }
}

/// Where a listener binds: an address as text, or a pair of address and port.
fn listens(sources: &Sources<'_>) -> Vec<Fact<Listen>> {
    let mut found = Vec::new();
    let patterns = [": : bind (", ". bind (", "SocketAddr : : from ("];
    for pattern in patterns {
        for (file, fit) in sources.find(pattern) {
            let inside = file.rest_of_bracket(fit.after);
            let Some(listen) = address(sources, inside) else { continue };
            found.push(Fact::likely(listen, file.place(&fit)));
        }
    }
    found.sort_by(|a, b| a.place.cmp(&b.place));
    found.dedup_by(|a, b| a.value == b.value);
    found
}

fn address(sources: &Sources<'_>, inside: &[Token<'_>]) -> Option<Listen> {
    let text = inside.iter().find_map(Token::text);
    if let Some((host, port)) = text.and_then(|text| text.rsplit_once(':')) {
        let variable = variable(sources).filter(|_| port.starts_with('{'));
        let port = port.parse().ok().or_else(|| variable.as_ref()?.1);
        let variable = variable.map(|(name, _)| name);
        return Some(Listen { port, variable, host: Host::of(host) });
    }
    let words = || inside.iter().filter_map(Token::word);
    let is_address = inside.iter().any(|it| it.is('['))
        || words().any(|it| matches!(it, "UNSPECIFIED" | "LOCALHOST" | "Ipv4Addr" | "Ipv6Addr"))
        || inside.iter().any(|it| it.text().is_some());
    if !is_address {
        return None;
    }
    let numbers: Vec<u32> = inside.iter().filter_map(Token::number).collect();
    let is_loopback = words().any(|it| it == "LOCALHOST")
        || numbers.first() == Some(&127)
        || inside.iter().any(|it| matches!(it.text(), Some("127.0.0.1" | "localhost")));
    let last = inside.iter().rev().find(|token| !token.is(')'));
    let literal = last.and_then(Token::number).and_then(|it| u16::try_from(it).ok());
    let variable = variable(sources).filter(|_| literal.is_none());
    let port = literal.or_else(|| variable.as_ref()?.1);
    let host = if is_loopback { Host::Loopback } else { Host::All };
    Some(Listen { port, variable: variable.map(|(name, _)| name), host })
}

/// The variable that a port comes from, by its name, with its default.
fn variable(sources: &Sources<'_>) -> Option<(String, Option<u16>)> {
    let read =
        reads(sources).into_iter().find(|it| it.name == "PORT" || it.name.ends_with("_PORT"))?;
    let default = read.default.and_then(|it| it.parse().ok());
    Some((read.name, default))
}

fn databases(sources: &Sources<'_>) -> Vec<Fact<Database>> {
    let makers = [
        ("PgPoolOptions : : new (", "sqlx", Some(System::Postgres), Pool::Library(10)),
        ("MySqlPoolOptions : : new (", "sqlx", Some(System::Mysql), Pool::Library(10)),
        ("PgPool : : connect (", "sqlx", Some(System::Postgres), Pool::Library(10)),
        ("MySqlPool : : connect (", "sqlx", Some(System::Mysql), Pool::Library(10)),
        ("tokio_postgres : : connect (", "tokio-postgres", Some(System::Postgres), Pool::Single),
        ("Client : : with_uri_str (", "mongodb", Some(System::Mongodb), Pool::Library(10)),
    ];
    let mut found = Vec::new();
    for (pattern, client, system, library) in makers {
        for (file, fit) in sources.find(pattern) {
            let limit = limit(file, fit.at);
            let database = Database {
                client: client.to_owned(),
                system,
                pool: limit.map_or_else(|| library.clone(), Pool::Given),
                tls: Tls::Unsaid,
                variable: None,
            };
            found.push(Fact::likely(database, file.place(&fit)));
        }
    }
    found
}

/// `.max_connections(5)` in the same statement.
fn limit(file: &Lexed<'_>, from: usize) -> Option<u32> {
    let statement = file.tokens.get(from..)?.iter().take_while(|it| !it.is(';'));
    let mut after = statement.skip_while(|it| it.word() != Some("max_connections"));
    after.nth(2)?.number()
}

fn migrations(
    snapshot: &Snapshot,
    sources: &Sources<'_>,
    manifest: &Manifest<'_>,
) -> Vec<Fact<Migration>> {
    let folder = join(sources.folder, "migrations");
    let inside = format!("{folder}/");
    let folder = snapshot.paths().any(|path| path.starts_with(&inside)).then_some(folder);
    let migration = |tool: &str, command: Option<&str>, place| {
        let command = command.map(Command::plain);
        vec![Fact::likely(
            Migration { tool: tool.to_owned(), command, folder: folder.clone() },
            place,
        )]
    };
    if let Some(place) = sources.first(&["migrate ! ("]) {
        return migration("sqlx", None, place);
    }
    match (manifest.dependency("diesel"), manifest.dependency("sqlx"), &folder) {
        (Some(place), _, Some(_)) => migration("diesel", Some("diesel migration run"), place),
        (_, Some(place), Some(_)) => migration("sqlx", Some("sqlx migrate run"), place),
        _ => Vec::new(),
    }
}

fn signals(sources: &Sources<'_>) -> Vec<Fact<Signal>> {
    let known = [
        ("SIGTERM", "SignalKind : : terminate"),
        ("SIGTERM", "SIGTERM"),
        ("SIGINT", "SignalKind : : interrupt"),
        ("SIGINT", "ctrl_c ("),
        ("SIGINT", "SIGINT"),
    ];
    let mut found: Vec<Fact<Signal>> = Vec::new();
    for (name, pattern) in known {
        let is_known = found.iter().any(|it| it.value.name == name);
        let place = sources.first(&[pattern]).filter(|_| !is_known);
        let signal = Signal { name: name.to_owned(), by: "code".to_owned() };
        found.extend(place.map(|place| Fact::likely(signal, place)));
    }
    found
}
