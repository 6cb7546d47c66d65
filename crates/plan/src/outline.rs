//! The manifest that a source tree asks for: what was read, as lines of a `neargate.yml`.
//!
//! What stands in the source in so many words is written as it is. What was guessed has a remark with
//! the place it comes from, and what nobody can know is left as a remark to fill in.

mod names;
mod process;
mod routing;
mod service;
mod variables;

#[cfg(test)]
mod tests;

pub(crate) use process::started;

use manifest::Outline;
use source::{Framework, Language, Project, Reading};

/// A manifest to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlined {
    /// Its text.
    pub text: String,
    /// Its services, with the folders that they come from.
    pub services: Vec<(String, String)>,
}

/// The manifest of a tree whose application is called `app`; `None` if nothing in it runs.
#[must_use]
pub fn outline(reading: &Reading, app: &str) -> Option<Outlined> {
    let applications: Vec<&Project> =
        reading.projects.iter().filter(|project| runs(reading, project)).collect();
    if applications.is_empty() {
        return None;
    }
    let names = names::of(&applications);
    let longest = names.iter().map(String::len).max().unwrap_or(0);
    let app = names::app(app, longest);
    let all = service::All { reading, app: &app, applications: &applications };
    let services = applications
        .iter()
        .zip(&names)
        .map(|(project, name)| Outline::mapping(name, service::lines(&all, project, name)));
    let text = manifest::outline::write(&[
        Outline::Remark(
            "Written from the source. What follows a `#` is a guess or a question.".into(),
        ),
        Outline::text("app", app.as_str()),
        Outline::mapping("services", services.collect()),
    ]);
    let folders = applications.iter().map(|project| project.folder.clone());
    Some(Outlined { text, services: names.into_iter().zip(folders).collect() })
}

/// Whether a project becomes a service: it answers or works by itself, or its files are served.
fn runs(reading: &Reading, project: &Project) -> bool {
    let answers = !project.listens.is_empty() || !project.routes.is_empty();
    let is_root = project.folder.is_empty() && reading.projects.len() > 1;
    let is_server = project.frameworks.iter().any(|it| it.value.is_server());
    if is_static(project) {
        return !is_served_by_another(reading, project);
    }
    // The root of a workspace starts others; a library is started by nobody.
    let works = project.start.is_some() && !is_root && project.entry.is_some();
    project.language != Language::Static
        && project.is_application()
        && (answers || is_server || works)
}

fn is_static(project: &Project) -> bool {
    project.frameworks.first().is_some_and(|it| it.value.is_static())
        && project.output.is_some()
        && project.listens.is_empty()
}

/// Whether a server of the tree gives the files of a front end itself.
fn is_served_by_another(reading: &Reading, project: &Project) -> bool {
    let last = project.folder.rsplit('/').next().unwrap_or_default();
    let output = project.output.as_ref().map_or("dist", |it| it.value.as_str());
    reading.projects.iter().flat_map(|other| &other.assets).any(|asset| {
        let parts: Vec<&str> = asset.value.split('/').collect();
        let in_its_folder = !last.is_empty() && parts.contains(&last);
        in_its_folder || asset.value == output && project.folder.is_empty()
    })
}

/// A mapping; as remarks if it has nothing but remarks, which YAML would take for an empty value.
fn mapping(key: &str, lines: Vec<Outline>) -> Vec<Outline> {
    if lines.iter().any(|line| matches!(line, Outline::Entry { .. })) {
        return vec![Outline::mapping(key, lines)];
    }
    let inside = lines.into_iter().map(|line| match line {
        Outline::Remark(text) => Outline::Remark(format!("  {text}")),
        other => other,
    });
    let mut all: Vec<Outline> = inside.collect();
    if !all.is_empty() {
        all.insert(0, Outline::Remark(format!("{key}:")));
    }
    all
}

/// What a project is, in a word.
fn kind(project: &Project) -> &'static str {
    match project.frameworks.first().map(|it| it.value) {
        Some(Framework::Nest) => "NestJS",
        Some(Framework::Next) => "Next.js",
        Some(Framework::Fastify) => "Fastify",
        Some(Framework::Express) => "Express",
        Some(Framework::Koa) => "Koa",
        Some(Framework::Hono) => "Hono",
        Some(Framework::Http) => "Node's http",
        Some(Framework::Vite) => "Vite",
        Some(Framework::React) => "React",
        Some(Framework::Fastapi) => "FastAPI",
        Some(Framework::Flask) => "Flask",
        Some(Framework::Django) => "Django",
        Some(Framework::Nethttp) => "Go's net/http",
        Some(Framework::Gin) => "Gin",
        Some(Framework::Echo) => "Echo",
        Some(Framework::Fiber) => "Fiber",
        Some(Framework::Chi) => "chi",
        Some(Framework::Axum) => "Axum",
        Some(Framework::Actix) => "Actix Web",
        Some(Framework::Rocket) => "Rocket",
        Some(Framework::Spring) => "Spring Boot",
        Some(Framework::Static) => "files",
        None => match project.language {
            Language::Node => "Node",
            Language::Python => "Python",
            Language::Go => "Go",
            Language::Rust => "Rust",
            Language::Java => "Java",
            Language::Static => "files",
        },
    }
}
