//! A health check that asks for a path which the application does not answer.

use crate::address;
use crate::finding::{Edit, Finding, Severity};
use crate::observed::{Answer, Seen};
use crate::part::{Given, Part};
use crate::rule::{Look, Rule};
use manifest::HealthCommand;
use source::{Certainty, Fact, Framework, Place, Project, Route, Start};

pub(super) const RULE: Rule = Rule {
    id: "health-path",
    severity: Severity::Error,
    title: "A health check asks for a path that the application does not answer.",
    why: "The application answers 404, so the load balancer never sends it a request and ECS takes \
          every task for broken: it stops them as soon as the grace period is over and starts new ones, \
          for ever or until the circuit breaker ends the deployment.",
    fix: "name the route that the application has, or add the route.",
    limits: "routes that the code makes at run time; what the answer's status is.",
    look: &[
        Look::Part(find),
        Look::Image { find: seen, shows: "what the health check is really answered." },
    ],
};

/// A path that somebody asks for.
struct Asked {
    path: String,
    place: Place,
    who: &'static str,
    edit: Option<Edit>,
}

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some(project) = part.project.filter(|project| !project.routes.is_empty()) else {
        return Vec::new();
    };
    let routes: Vec<Fact<Route>> =
        project.routes.iter().flat_map(|route| effective(part, project, route)).collect();
    let asked = asked(part, &routes).into_iter();
    let unanswered = asked.filter(|asked| !is_answered(project, &routes, &asked.path));
    unanswered.map(|asked| finding(&routes, asked)).collect()
}

/// What the load balancer, ECS and Docker ask for.
fn asked(part: &Part<'_>, routes: &[Fact<Route>]) -> Vec<Asked> {
    let mut found = Vec::new();
    // Who gets no requests is not asked either.
    if let Some(service) = part.service.filter(|service| !service.routes().is_empty()) {
        let path = service.health.path.clone();
        let right = health(routes).filter(|it| it.certainty == Certainty::Certain);
        let edit = right.and_then(|route| {
            let path = &route.value.path;
            let line = format!("health: {path}");
            let given = part.replace("health.path", path).or_else(|| part.replace("health", path));
            given.or_else(|| part.add_after("port", &line).filter(|_| !part.gives("health")))
        });
        let field = if part.gives("health.path") { "health.path" } else { "health" };
        found.push(Asked { path, place: part.place(field), who: "the load balancer", edit });
    }
    if let Some(check) = part.service.and_then(|service| service.healthcheck.as_ref()) {
        let line = match &check.command {
            HealthCommand::Shell(line) => line.clone(),
            HealthCommand::Exec(words) => words.join(" "),
        };
        let place = part.place("healthcheck.command");
        found.extend(of_line(&line, place, "the container's health check"));
    }
    let image = part.image.as_ref().and_then(|image| image.health());
    if let Some((start, place)) = image {
        let line = match start {
            Start::Words(words) => words.join(" "),
            Start::Line(line) => line.clone(),
        };
        found.extend(of_line(&line, place.clone(), "the image's HEALTHCHECK"));
    }
    found
}

fn of_line(line: &str, place: Place, who: &'static str) -> Option<Asked> {
    let path = address::of(line)?.path;
    Some(Asked { path, place, who, edit: None })
}

/// A route as it may be in this environment: a prefix that a variable gives has its value. Where it is
/// not known what the variable replaces, both are possible.
fn effective(part: &Part<'_>, project: &Project, route: &Fact<Route>) -> Vec<Fact<Route>> {
    let Some((name, value)) = route.value.variable.as_ref().and_then(|name| {
        let Given::Value(value) = part.given(name) else { return None };
        Some((name, value))
    }) else {
        return vec![route.clone()];
    };
    let variable = project.variables.iter().find(|it| it.name == *name);
    let default = variable.and_then(|it| it.default.as_deref());
    let trim = |text: &str| text.trim_matches('/').to_owned();
    let (path, value) = (trim(&route.value.path), trim(value));
    let rest = default.and_then(|default| path.strip_prefix(&trim(default)));
    let joined = [value.as_str(), rest.unwrap_or(&path).trim_start_matches('/')];
    let joined = joined.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("/");
    let value = Route { path: format!("/{joined}"), ..route.value.clone() };
    let moved = Fact { value, ..route.clone() };
    if rest.is_some() { vec![moved] } else { vec![route.clone(), moved] }
}

fn is_answered(project: &Project, routes: &[Fact<Route>], path: &str) -> bool {
    let path = path.split('?').next().unwrap_or(path);
    let has_pages = project.frameworks.iter().any(|it| it.value == Framework::Next);
    // Pages and files at the root are not among the routes.
    let is_page = path == "/" && (has_pages || !project.assets.is_empty());
    is_page || routes.iter().any(|route| answers(&route.value, path))
}

fn answers(route: &Route, path: &str) -> bool {
    let asked: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    let parts: Vec<&str> = route.path.split('/').filter(|it| !it.is_empty()).collect();
    let takes = matches!(route.method.as_str(), "GET" | "*" | "HEAD" | "ALL" | "ANY" | "USE");
    takes && fits(&parts, &asked)
}

fn fits(route: &[&str], asked: &[&str]) -> bool {
    let Some((first, rest)) = route.split_first() else { return asked.is_empty() };
    // `*`, `{*path}`, `:path*`, `[...slug]`, `(.*)` take everything that follows.
    if first.contains('*') || first.contains("...") {
        return true;
    }
    let is_parameter = first.starts_with([':', '{', '<', '[', '(']);
    match asked.split_first() {
        Some((part, after)) => (is_parameter || first == part) && fits(rest, after),
        None => first.ends_with('?'),
    }
}

/// The surest route that says whether the application is healthy.
fn health(routes: &[Fact<Route>]) -> Option<&Fact<Route>> {
    let known = routes.iter().filter(|it| it.value.purpose == source::Purpose::Health);
    let known = known.filter(|it| matches!(it.value.method.as_str(), "GET" | "*"));
    known.min_by_key(|it| (std::cmp::Reverse(it.certainty), it.value.path.len()))
}

fn finding(routes: &[Fact<Route>], asked: Asked) -> Finding {
    let Asked { path, place, who, edit } = asked;
    let message = format!("{who} asks for `{path}`, which is no route of the application");
    let found = RULE.at(&place, message).label("answered with 404").edit(edit);
    match health(routes) {
        Some(route) => found
            .related(&route.place, format!("it answers `{}` here", route.value.path))
            .help(format!("ask for `{}`", route.value.path))
            .resting_on(route.certainty),
        None => found
            .help("no route looks like a health check: add one that fails when the task can't work")
            .at_most(Severity::Warning),
    }
}

/// What the load balancer's health check was answered.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let (part, observed) = (seen.part, seen.observed);
    let Some((service, answer)) = part.service.zip(observed.answer) else { return Vec::new() };
    if service.routes().is_empty() {
        return Vec::new();
    }
    let (path, codes) = (&service.health.path, &service.health.codes);
    let place = part.place(if part.gives("health.path") { "health.path" } else { "health" });
    let (what, help, worst) = match answer {
        Answer::Status(status) if codes.contains(status) => return Vec::new(),
        Answer::Status(status @ 500..) if seen.lacking().is_some() || is_hampered(seen, status) => {
            return Vec::new();
        }
        Answer::Status(status @ 500..) => (
            format!("answers {status}"),
            "look why it fails when it is alone: a task that can work answers with success",
            Severity::Warning,
        ),
        Answer::Status(status @ (401 | 403)) => (
            format!("answers {status}"),
            "a health check has no login: let this path answer without one",
            Severity::Error,
        ),
        Answer::Status(status @ 300..=399) => (
            format!("answers {status}, a redirect"),
            "ask for where it leads, or name the status under `health.codes`",
            Severity::Error,
        ),
        Answer::Status(status) => (
            format!("answers {status}"),
            "ask for a path that the application has",
            Severity::Error,
        ),
        Answer::Silence => (
            format!("does not answer within {}", service.health.timeout),
            "answer at once, without work that may wait",
            Severity::Warning,
        ),
        Answer::Garbled => (
            "answers something that is no HTTP".to_owned(),
            "the load balancer asks by HTTP: is it the right port?",
            Severity::Warning,
        ),
    };
    let message = format!(
        "the application {what} to the load balancer's `GET {path}`, which expects {codes}"
    );
    let found = seen.at(&RULE, &place, message).label("never healthy").help(help);
    vec![found.at_most(worst)]
}

/// Whether a failure may be that of placeholders: what secrets lead to is not there. 503 says so itself.
fn is_hampered(seen: &Seen<'_>, status: u16) -> bool {
    status == 503 || !seen.observed.placeholders.is_empty()
}
