//! Go modules, read lexically.

mod route;
mod variable;

use crate::lexical::{Dialect, Token};
use crate::place::Lines;
use crate::snapshot::{Snapshot, join, within};
use crate::sources::{Sources, manifests};
use crate::{
    Command, Database, Fact, Framework, Host, Language, Listen, Migration, PackageManager, Place,
    Pool, Project, Signal, System, Tls, Variable,
};
use std::collections::BTreeSet;

/// Modules, and the frameworks that they are.
const FRAMEWORKS: [(&str, Framework); 4] = [
    ("github.com/gin-gonic/gin", Framework::Gin),
    ("github.com/labstack/echo", Framework::Echo),
    ("github.com/gofiber/fiber", Framework::Fiber),
    ("github.com/go-chi/chi", Framework::Chi),
];

/// Reads every Go module of a tree.
pub(crate) fn read(snapshot: &Snapshot) -> Vec<Project> {
    let found = manifests(snapshot, &["go.mod"]);
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
    let lines = Lines::of(path, snapshot.text(path)?);
    let sources = Sources::of(snapshot, folder, nested, (".go", Dialect::Go));
    let mut project = Project::new(folder, path, Language::Go);
    let manifest = lines.place(0, 0);
    if let Some((_, name)) = directive(&lines, "module") {
        // `github.com/shop/orders/v2` is called orders.
        let parts = name.split('/').rev();
        let is_version =
            |part: &&str| part.strip_prefix('v').is_some_and(|it| it.parse::<u8>().is_ok());
        project.name = parts.into_iter().find(|part| !is_version(part)).unwrap_or("app").to_owned();
    }
    let lockfile = Some(join(folder, "go.sum")).filter(|path| snapshot.has(path));
    let manager = PackageManager { name: "go".to_owned(), version: None, lockfile };
    project.package_manager = Some(Fact::certain(manager, manifest));
    let version = directive(&lines, "go");
    project.runtimes =
        version.map(|(place, it)| Fact::certain(it.to_owned(), place)).into_iter().collect();
    project.frameworks = frameworks(&lines, &sources);
    if let Some(main) = main(&sources) {
        let package = crate::snapshot::folder(within(&main, folder)?);
        let line = format!("go build -o app ./{package}");
        let place = Place { file: main.clone(), line: 1, column: 1, start: 0, end: 0 };
        project.build = Some(Fact::likely(Command { line, script: None }, place.clone()));
        let line = "./app".to_owned();
        project.start = Some(Fact::likely(Command { line, script: None }, place.clone()));
        project.entry = Some(Fact::certain(main, place));
    }
    let reads = variable::reads(&sources);
    project.listens = listens(&sources, variable::port(&reads).as_ref());
    project.routes = route::read(&sources);
    project.variables = Variable::gather(reads);
    project.databases = databases(&sources);
    project.migrations = migrations(snapshot, &lines, folder);
    project.signals = signals(&sources);
    Some(project)
}

/// `go 1.24` and `module example.com/a`.
fn directive<'t>(lines: &Lines<'t>, name: &str) -> Option<(Place, &'t str)> {
    lines.iter().find_map(|(start, line)| {
        let value = line.strip_prefix(name)?.strip_prefix(' ')?.trim();
        Some((lines.place(start, start + line.len()), value))
    })
}

fn frameworks(lines: &Lines<'_>, sources: &Sources<'_>) -> Vec<Fact<Framework>> {
    let required = FRAMEWORKS.iter().filter_map(|(module, framework)| {
        let (start, line) = lines
            .iter()
            .find(|(_, line)| line.trim().trim_start_matches("require ").starts_with(module))?;
        Some(Fact::certain(*framework, lines.place(start, start + line.len())))
    });
    let mut found: Vec<Fact<Framework>> = required.collect();
    if found.is_empty() {
        let serves = ["http . ListenAndServe", "http . Server {"];
        found.extend(sources.first(&serves).map(|it| Fact::certain(Framework::Nethttp, it)));
    }
    found
}

/// The file with `func main`: the one that lies highest.
fn main(sources: &Sources<'_>) -> Option<String> {
    let mains = sources.find("func main (").map(|(file, _)| file.lines.file());
    mains.min_by_key(|file| (file.matches('/').count(), *file)).map(str::to_owned)
}

/// `ListenAndServe(":8080", …)`, `Addr: ":8080"`, `router.Run(":8080")`; the address may be put together
/// with a variable.
fn listens(sources: &Sources<'_>, port: Option<&(String, Option<u16>)>) -> Vec<Fact<Listen>> {
    let patterns = [
        "ListenAndServe (",
        "ListenAndServeTLS (",
        "Addr :",
        ". Run (",
        ". Start (",
        ". Listen (",
        "net . Listen ( $t ,",
    ];
    let mut found: Vec<Fact<Listen>> = Vec::new();
    for (file, fit) in patterns.iter().flat_map(|pattern| sources.find(pattern)) {
        let inside = file.rest_of_bracket(fit.after);
        let end = inside.iter().position(|token| token.is(',')).unwrap_or(inside.len());
        let inside = &inside[..end];
        let text = inside.iter().find_map(Token::text);
        let listen = match (text.and_then(Listen::of_address), text) {
            (Some(listen), _) => listen,
            (None, Some(text)) if text.ends_with(':') => {
                let (variable, default) = port.cloned().unzip();
                let host = Host::of(text.trim_end_matches(':'));
                Listen { port: default.flatten(), variable, host }
            }
            _ => continue,
        };
        found.push(Fact::likely(listen, file.place(&fit)));
    }
    found.sort_by(|a, b| a.place.cmp(&b.place));
    found.dedup_by(|a, b| a.value == b.value);
    found
}

fn databases(sources: &Sources<'_>) -> Vec<Fact<Database>> {
    // database/sql opens as many connections as it is asked for, unless it is told.
    let makers = [
        ("sql . Open ( $t", "database/sql", None),
        ("sqlx . Connect ( $t", "sqlx", None),
        ("pgxpool . New (", "pgxpool", Some(System::Postgres)),
        ("pgxpool . NewWithConfig (", "pgxpool", Some(System::Postgres)),
        ("mongo . Connect (", "mongo-driver", Some(System::Mongodb)),
        ("redis . NewClient (", "go-redis", Some(System::Redis)),
    ];
    let limit = ["SetMaxOpenConns ( $n", "MaxConns = $n"].iter().find_map(|pattern| {
        sources.find(pattern).find_map(|(_, fit)| fit.caught[0].parse::<u32>().ok())
    });
    let mut found = Vec::new();
    for (pattern, client, system) in makers {
        for (file, fit) in sources.find(pattern) {
            let driver = fit.caught.first().copied().unwrap_or_default();
            let named = match driver {
                "postgres" | "pgx" | "pq" => Some(System::Postgres),
                "mysql" => Some(System::Mysql),
                "sqlite3" | "sqlite" => Some(System::Sqlite),
                _ => None,
            };
            let pool = match (limit, system) {
                (_, Some(System::Mongodb)) => Pool::Library(100),
                (Some(limit), _) => Pool::Given(limit),
                (None, _) => Pool::Unknown,
            };
            let (client, system) = (client.to_owned(), system.or(named));
            let database = Database { client, system, pool, tls: Tls::Unsaid, variable: None };
            found.push(Fact::likely(database, file.place(&fit)));
        }
    }
    found
}

fn migrations(snapshot: &Snapshot, lines: &Lines<'_>, folder: &str) -> Vec<Fact<Migration>> {
    let tools = [
        ("github.com/golang-migrate/migrate", "migrate"),
        ("github.com/pressly/goose", "goose"),
        ("ariga.io/atlas", "atlas"),
    ];
    let folders = ["migrations", "db/migrations", "internal/db/migrations", "sql/migrations"];
    let lies = folders.iter().map(|name| join(folder, name)).find(|path| {
        let inside = format!("{path}/");
        snapshot.paths().any(|file| file.starts_with(&inside))
    });
    let found = tools.iter().find_map(|(module, tool)| {
        let (start, line) = lines.iter().find(|(_, line)| line.contains(module))?;
        let place = lines.place(start, start + line.len());
        let migration = Migration { tool: (*tool).to_owned(), command: None, folder: lies.clone() };
        Some(Fact::likely(migration, place))
    });
    found.into_iter().collect()
}

fn signals(sources: &Sources<'_>) -> Vec<Fact<Signal>> {
    let notify = sources.first(&["signal . Notify (", "signal . NotifyContext ("]);
    let known = [
        ("SIGTERM", "syscall . SIGTERM"),
        ("SIGINT", "os . Interrupt"),
        ("SIGINT", "syscall . SIGINT"),
    ];
    let mut found: Vec<Fact<Signal>> = Vec::new();
    for (name, pattern) in known.iter().filter(|_| notify.is_some()) {
        if found.iter().any(|it| it.value.name == *name) {
            continue;
        }
        let signal = Signal { name: (*name).to_owned(), by: "code".to_owned() };
        found.extend(sources.first(&[pattern]).map(|place| Fact::likely(signal, place)));
    }
    found
}
