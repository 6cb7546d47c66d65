//! One service, key by key.

use super::{is_static, kind, mapping, process, routing, variables};
use manifest::Outline;
use source::{Certainty, Fact, Host, Language, Moment, Place, Project, Reading};

/// What every service's lines are made from.
pub(super) struct All<'r> {
    pub(super) reading: &'r Reading,
    pub(super) app: &'r str,
    pub(super) applications: &'r [&'r Project],
}

/// The lines of a service.
pub(super) fn lines(all: &All<'_>, project: &Project, name: &str) -> Vec<Outline> {
    let mut lines = vec![Outline::Remark(headline(project))];
    if is_static(project) {
        lines.extend(site(project));
        lines.extend(routing::routes(all, project));
        return lines;
    }
    lines.extend(build(all, project));
    lines.extend(process::lines(project));
    lines.extend(port(project));
    lines.extend(health(all, project));
    lines.extend(routing::routes(all, project));
    lines.extend(variables::lines(all, project));
    lines.extend(before(all, project));
    lines.extend(database(all, project));
    if lines.len() == 1 {
        lines.push(Outline::Remark(format!("nothing is known of {name}")));
    }
    lines
}

/// `Express, begins at src/server.js.`
fn headline(project: &Project) -> String {
    let entry = project.entry.as_ref();
    let begins = entry.map(|entry| {
        let guess = if entry.certainty == Certainty::Guess { " (a guess)" } else { "" };
        format!(", begins at {}{guess}", entry.value)
    });
    format!("{}{}.", kind(project), begins.unwrap_or_default())
}

/// The folder that the build sees, the Dockerfile, and the values that go into the bundle.
fn build(all: &All<'_>, project: &Project) -> Vec<Outline> {
    let file = all.reading.dockerfile(project);
    let context = file.map_or(project.folder.as_str(), |file| file.context.value.as_str());
    let context = if context.is_empty() { "." } else { context };
    let usual =
        if context == "." { "Dockerfile".to_owned() } else { format!("{context}/Dockerfile") };
    let mut keys = vec![Outline::text("context", context)];
    if let Some(file) = file.filter(|file| file.file != usual) {
        let inside = file.file.strip_prefix(&format!("{context}/")).unwrap_or(&file.file);
        keys.push(Outline::text("dockerfile", inside));
    }
    keys.extend(mapping("args", arguments(all, project)));
    let mut lines = Vec::new();
    if file.is_none() {
        let folder = if context == "." { "this folder" } else { context };
        // Where a Dockerfile can be written for it (`recipe`), nobody has to.
        let text = match project.language {
            Language::Node => {
                format!(
                    "There is no Dockerfile in {folder}; `neargate build` writes one where it can."
                )
            }
            _ => format!("There is no Dockerfile in {folder} yet; a container engine needs one."),
        };
        lines.push(Outline::Remark(text));
    }
    lines.push(match keys.as_slice() {
        [_] => Outline::text("build", context),
        _ => Outline::mapping("build", keys),
    });
    lines
}

/// Variables that a front end's build takes into the bundle.
fn arguments(all: &All<'_>, project: &Project) -> Vec<Outline> {
    let built = project.variables.iter().filter(|it| it.moment == Moment::Build);
    built
        .map(|variable| match variables::example(all, project, &variable.name) {
            Some(value) => Outline::text(&variable.name, value).remark("in the bundle: public"),
            None => {
                let place = variable.places.first().map(shown).unwrap_or_default();
                Outline::Remark(format!("{}:   # {place} takes it into the bundle", variable.name))
            }
        })
        .collect()
}

fn site(project: &Project) -> Vec<Outline> {
    let folder = if project.folder.is_empty() { "." } else { &project.folder };
    let mut lines = vec![Outline::text("build", folder)];
    if let Some(output) = &project.output {
        lines.push(Outline::text("static", output.value.as_str()).remark(doubt(output)));
    }
    lines
}

fn port(project: &Project) -> Vec<Outline> {
    let Some(listen) = project.listen() else {
        let remark = "It listens nowhere that could be seen: a worker. Else, say its `port`.";
        return vec![Outline::Remark(remark.to_owned())];
    };
    let mut lines = Vec::new();
    let inside = |place| {
        format!(
            "{} listens on localhost only: nothing outside the container reaches it.",
            shown(place)
        )
    };
    match &listen.value.host {
        Host::Loopback => lines.push(Outline::Remark(inside(&listen.place))),
        Host::Variable { name, default: Some(default) }
            if default.starts_with("127.") || default == "localhost" =>
        {
            lines
                .push(Outline::Remark(format!("{} Set {name} to 0.0.0.0.", inside(&listen.place))));
        }
        _ => {}
    }
    let given = listen.value.port.map(|port| Outline::number("port", port).remark(doubt(listen)));
    let guess = || {
        Outline::number("port", 3000_u64)
            .remark(format!("a guess: {} does not say", shown(&listen.place)))
    };
    lines.push(given.unwrap_or_else(guess));
    lines
}

/// What the load balancer asks for. It has no effect before it is said which requests it gives.
fn health(all: &All<'_>, project: &Project) -> Vec<Outline> {
    if project.listens.is_empty() && project.routes.is_empty() {
        return Vec::new();
    }
    let remark = |text: &str| vec![Outline::Remark(text.to_owned())];
    match project.health() {
        Some(route) if routing::is_left_open(all, project) => remark(&format!(
            "health: {}   # {}, once it has `routes`",
            route.value.path,
            shown(&route.place)
        )),
        None if routing::is_left_open(all, project) => Vec::new(),
        Some(route) => {
            vec![Outline::text("health", route.value.path.as_str()).remark(doubt(route))]
        }
        None if project.routes.iter().any(|route| route.value.path == "/") => {
            vec![Outline::text("health", "/").remark("no route looks like a health check")]
        }
        None => remark(
            "No route looks like a health check, so the load balancer asks for `/`. Say `health: …`.",
        ),
    }
}

/// The migration: the project's own, or that of a library that it uses.
fn before(all: &All<'_>, project: &Project) -> Vec<Outline> {
    let used = project.uses.iter().filter_map(|folder| all.reading.project(folder));
    let own = project.migrations.iter().map(|it| (it, true));
    let others = used.flat_map(|other| &other.migrations).map(|it| (it, false));
    let Some((migration, is_own)) = own.chain(others).next() else { return Vec::new() };
    let Some(command) = &migration.value.command else { return Vec::new() };
    let direct = command.direct();
    // A line for a shell stays a script of its package manager.
    let is_plain =
        !direct.contains(['&', '|', ';', '<', '>', '$', '=', '(', '*', '~', '`', '"', '\'']);
    let line = if is_plain && direct.starts_with("node ") { direct } else { &command.line };
    let remark = match is_own {
        true => doubt(migration),
        false => format!("a guess, by {}: the image has to hold it", shown(&migration.place)),
    };
    vec![Outline::text("before", line).remark(remark)]
}

/// What the code opens is known; what the database admits is not.
fn database(all: &All<'_>, project: &Project) -> Vec<Outline> {
    let used = project.uses.iter().filter_map(|folder| all.reading.project(folder));
    let mut all = project.databases.iter().chain(used.flat_map(|other| &other.databases));
    let Some(pool) = all.find_map(|it| it.value.pool.size()) else { return Vec::new() };
    let text = format!(
        "database: {{max_connections: …, pool: {pool}}}   # how many does the database admit?"
    );
    vec![Outline::Remark(text)]
}

/// What is to be said of a fact that does not stand there in so many words.
pub(super) fn doubt<T>(fact: &Fact<T>) -> String {
    match fact.certainty {
        Certainty::Certain => String::new(),
        Certainty::Likely => shown(&fact.place),
        Certainty::Guess => format!("a guess, by {}", shown(&fact.place)),
    }
}

/// A place as people write it.
pub(super) fn shown(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}
