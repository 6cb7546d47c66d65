//! Java and Kotlin projects with Spring Boot, read lexically.

mod property;
mod route;

use crate::fact::variable::{Need, Read};
use crate::lexical::Dialect;
use crate::place::Lines;
use crate::snapshot::{Snapshot, join};
use crate::sources::{Sources, manifests};
use crate::{
    Certainty, Command, Database, Fact, Framework, Host, Language, Listen, Migration,
    PackageManager, Place, Pool, Project, Route, Signal, System, Tls, Variable,
};
use property::Properties;
use std::collections::BTreeSet;

const MANIFESTS: [&str; 3] = ["pom.xml", "build.gradle", "build.gradle.kts"];

/// Reads every Java project of a tree.
pub(crate) fn read(snapshot: &Snapshot) -> Vec<Project> {
    let found = manifests(snapshot, &MANIFESTS);
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
    let sources = Sources::of(snapshot, folder, nested, (".java", Dialect::Java));
    let properties = Properties::of(snapshot, folder);
    let mut project = Project::new(folder, path, Language::Java);
    let is_maven = path.ends_with("pom.xml");
    let says = |word: &str| {
        let (start, line) = lines.iter().find(|(_, line)| line.contains(word))?;
        Some(lines.place(start, start + line.len()))
    };
    let manager = if is_maven { "maven" } else { "gradle" };
    let manager = PackageManager { name: manager.to_owned(), version: None, lockfile: None };
    project.package_manager = Some(Fact::certain(manager, lines.place(0, 0)));
    project.runtimes = versions(&lines);
    let Some(spring) = says("spring-boot") else { return Some(project) };
    if let Some(web) = says("spring-boot-starter-web") {
        project.frameworks.push(Fact::certain(Framework::Spring, web));
        project.listens.push(listen(&properties, &spring));
    }
    let entry = sources.first(&["SpringApplication . run ("]);
    project.entry = entry.map(|place| Fact::certain(place.file.clone(), place));
    let (build, jar) = if is_maven {
        ("mvn -q -DskipTests package", "target/*.jar")
    } else {
        ("gradle bootJar", "build/libs/*.jar")
    };
    let command = |line: String| Some(Fact::likely(Command { line, script: None }, spring.clone()));
    project.build = command(build.to_owned());
    project.start = command(format!("java -jar {jar}"));
    let prefix =
        properties.get("server.servlet.context-path").map(|it| it.text).unwrap_or_default();
    project.routes = route::read(&sources, &prefix);
    if let Some(place) = says("spring-boot-starter-actuator") {
        let base = properties.get("management.endpoints.web.base-path").map(|it| it.text);
        let base = base.unwrap_or_else(|| "/actuator".to_owned());
        let route = Route::new("GET", &format!("{prefix}/{base}/health"));
        project.routes.push(Fact::likely(route, place));
    }
    let mut reads = properties.reads();
    reads.extend(code(&sources));
    project.variables = Variable::gather(reads);
    project.databases = databases(&properties);
    project.migrations = ["flyway", "liquibase"]
        .iter()
        .filter_map(|tool| {
            let migration = Migration { tool: (*tool).to_owned(), command: None, folder: None };
            Some(Fact::likely(migration, says(tool)?))
        })
        .collect();
    // Spring closes its context on SIGTERM; requests are finished only if it is told to.
    let graceful = properties.get("server.shutdown").filter(|it| it.text == "graceful");
    let by = if graceful.is_some() { "spring, gracefully" } else { "spring" };
    let signal = Signal { name: "SIGTERM".to_owned(), by: by.to_owned() };
    project.signals.push(Fact::likely(signal, graceful.map_or(spring, |it| it.place)));
    Some(project)
}

/// Spring Boot listens on 8080 on every address unless it is told otherwise.
fn listen(properties: &Properties, manifest: &Place) -> Fact<Listen> {
    let port = properties.get("server.port");
    let host = properties.get("server.address").map_or(Host::All, |it| Host::of(&it.text));
    match port {
        Some(port) => {
            let number = port.default.as_deref().unwrap_or(&port.text).parse().ok();
            let listen = Listen { port: number, variable: port.variable, host };
            Fact::certain(listen, port.place)
        }
        None => Fact::likely(Listen { port: Some(8080), variable: None, host }, manifest.clone()),
    }
}

fn versions(lines: &Lines<'_>) -> Vec<Fact<String>> {
    let keys =
        ["<java.version>", "<maven.compiler.release>", "JavaLanguageVersion.of(", "jvmToolchain("];
    let found = lines.iter().find_map(|(start, line)| {
        let rest = keys.iter().find_map(|key| line.split_once(key)).map(|(_, rest)| rest)?;
        let version: String =
            rest.chars().take_while(|it| it.is_ascii_digit() || *it == '.').collect();
        (!version.is_empty())
            .then(|| Fact::certain(version, lines.place(start, start + line.len())))
    });
    found.into_iter().collect()
}

/// `System.getenv("X")` and `@Value("${X:default}")`.
fn code(sources: &Sources<'_>) -> Vec<Read> {
    let mut found = Vec::new();
    for (file, fit) in sources.find("System . getenv ( $t )") {
        let (name, place) = (fit.caught[0].to_owned(), file.place(&fit));
        let need = Need::Used;
        found.push(Read { name, need, default: None, place, certainty: Certainty::Likely });
    }
    for (file, fit) in sources.find("@ Value ( $t") {
        found.extend(property::placeholder(fit.caught[0], &file.place(&fit)));
    }
    found
}

fn databases(properties: &Properties) -> Vec<Fact<Database>> {
    let Some(url) = properties.get("spring.datasource.url") else { return Vec::new() };
    let address = url.default.as_deref().unwrap_or(&url.text);
    let system =
        [("postgresql", System::Postgres), ("mysql", System::Mysql), ("mariadb", System::Mysql)];
    let system = system.iter().find(|(name, _)| address.contains(name)).map(|(_, system)| *system);
    // Hikari's own limit is 10.
    let pool = properties.get("spring.datasource.hikari.maximum-pool-size").map(|limit| {
        let size = limit.default.as_deref().unwrap_or(&limit.text).parse().ok();
        match limit.variable {
            Some(name) => Pool::Variable { name, default: size },
            None => size.map_or(Pool::Unknown, Pool::Given),
        }
    });
    let tls = if address.contains("sslmode=verify-") {
        Tls::Verified
    } else if address.contains("sslmode=require") {
        Tls::Unverified
    } else {
        Tls::Unsaid
    };
    let client = "hikari".to_owned();
    let pool = pool.unwrap_or(Pool::Library(10));
    let database = Database { client, system, pool, tls, variable: url.variable };
    vec![Fact::certain(database, url.place)]
}

/// The configuration files of Spring Boot, the ones that count more first.
fn configurations(folder: &str) -> Vec<String> {
    let names = ["application.properties", "application.yml", "application.yaml"];
    let base = join(folder, "src/main/resources");
    names.iter().map(|name| join(&base, name)).collect()
}
