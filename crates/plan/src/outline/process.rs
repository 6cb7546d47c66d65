//! How the local region runs a service where there is no container engine.

use manifest::Outline;
use source::{Framework, Language, PackageManager, Project};

/// The `process` part; nothing for what needs more than its own folder, or an interpreter's packages
/// that have no folder of their own.
pub(super) fn lines(project: &Project) -> Vec<Outline> {
    let lines = match project.language {
        Language::Node => node(project),
        Language::Rust | Language::Go => compiled(project),
        Language::Python | Language::Java | Language::Static => None,
    };
    let Some(mut lines) = lines else { return Vec::new() };
    if !project.folder.is_empty() {
        lines.push(Outline::text("directory", project.folder.as_str()));
    }
    vec![Outline::mapping("process", lines)]
}

/// A program: built, and run by its path.
fn compiled(project: &Project) -> Option<Vec<Outline>> {
    let (build, start) = (&project.build.as_ref()?.value.line, &project.start.as_ref()?.value.line);
    let file = start.trim_start_matches("./");
    Some(vec![
        Outline::text("build", build.as_str()),
        Outline::text("command", start.as_str()),
        Outline::list("files", [file]),
    ])
}

/// A script of a project that installs its packages into its own folder.
fn node(project: &Project) -> Option<Vec<Outline>> {
    let manager = &project.package_manager.as_ref()?.value;
    let lockfile = manager.lockfile.as_deref()?;
    let beside = lockfile.rsplit_once('/').map_or("", |(folder, _)| folder);
    if beside != project.folder {
        return None;
    }
    let is_next = project.frameworks.iter().any(|it| it.value == Framework::Next);
    let command =
        if is_next { "node_modules/.bin/next start".to_owned() } else { started(project)? };
    let mut build = install(manager).to_owned();
    match &project.build {
        Some(script) => build = format!("{build} && {}", script.value.line),
        None if manager.name == "npm" => {
            build = "npm ci --omit=dev --no-audit --no-fund".to_owned()
        }
        None => {}
    }
    let mut files = vec![if is_next { ".next".to_owned() } else { folder(&command)? }];
    if files != ["."] {
        files.extend(["node_modules".to_owned(), "package.json".to_owned()]);
    }
    Some(vec![
        Outline::text("build", build),
        Outline::text("command", command),
        Outline::list("files", files),
    ])
}

/// Installs exactly what the lockfile says.
fn install(manager: &PackageManager) -> &'static str {
    match manager.name.as_str() {
        "pnpm" => "pnpm install --frozen-lockfile",
        "yarn" => "yarn install --frozen-lockfile",
        "bun" => "bun install --frozen-lockfile",
        _ => "npm ci --no-audit --no-fund",
    }
}

/// The line that starts the script itself, without a package manager or a shell before it. What a
/// start script does before that stays out: migrations have a place of their own.
pub(crate) fn started(project: &Project) -> Option<String> {
    let start = &project.start.as_ref()?.value;
    let last = start.direct().rsplit("&&").next()?.trim();
    let words =
        last.split_whitespace().skip_while(|word| word.contains('=') || *word == "cross-env");
    let line = words.collect::<Vec<_>>().join(" ");
    if line == "nest start" {
        return Some("node dist/main.js".to_owned());
    }
    let is_script = line.starts_with("node ") || line.starts_with("bun ");
    let is_plain = !line.contains(['|', ';', '<', '>', '$', '(', '*', '`', '"', '\'']);
    (is_script && is_plain).then_some(line)
}

/// The folder at the top of the script's path: what the running process needs besides its packages.
fn folder(command: &str) -> Option<String> {
    let script = command.split_whitespace().skip(1).find(|word| !word.starts_with('-'))?;
    let script = script.trim_start_matches("./");
    Some(script.split_once('/').map_or(".", |(folder, _)| folder).to_owned())
}
