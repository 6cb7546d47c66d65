//! The environment: what everybody may see, and what is a secret.

use super::mapping;
use super::service::{All, shown};
use manifest::Outline;
use source::{DotenvValue, Language, Moment, Need, Origin, Project, Sensitivity, Variable};

/// Keys of an AWS user; a task has a role instead.
const CLOUD_KEYS: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// `env` and `secrets` of a service.
pub(super) fn lines(all: &All<'_>, project: &Project) -> Vec<Outline> {
    let mut lines = Vec::new();
    lines.extend(mapping("env", environment(all, project)));
    let secrets: Vec<Outline> =
        asked(all, project).filter(|it| is_secret(it)).map(|it| secret(all, it)).collect();
    if !secrets.is_empty() {
        lines.push(Outline::mapping("secrets", secrets));
    }
    let keys: Vec<&str> = project
        .variables
        .iter()
        .map(|it| it.name.as_str())
        .filter(|name| CLOUD_KEYS.contains(name))
        .collect();
    if !keys.is_empty() {
        let text =
            format!("{}: not set. On AWS the task's role stands in for keys.", keys.join(", "));
        lines.push(Outline::Remark(text));
    }
    lines
}

fn environment(all: &All<'_>, project: &Project) -> Vec<Outline> {
    let mut lines = Vec::new();
    if project.language == Language::Node {
        lines.push(Outline::text("NODE_ENV", "production"));
    }
    lines.extend(port(all, project));
    for variable in asked(all, project).filter(|it| !is_secret(it)) {
        lines.push(match example(all, project, &variable.name) {
            Some(value) => Outline::text(&variable.name, value).remark("from the example file"),
            None => {
                let places = variable.places.first().map(shown).unwrap_or_default();
                Outline::Remark(format!(
                    "{}:   # {places} reads it, and nothing says its value",
                    variable.name
                ))
            }
        });
    }
    lines
}

/// The port, for code that has no default of its own.
fn port(all: &All<'_>, project: &Project) -> Option<Outline> {
    let variable = project.listen()?.value.variable.as_deref()?;
    let default = project.listen()?.value.port;
    let set = image_sets(all, project, variable);
    let port = default.unwrap_or(3000);
    (default.is_none() && !set).then(|| Outline::number(variable, port))
}

/// The variables that the deployment has to give: without a default, not set by image or platform.
fn asked<'r>(all: &'r All<'_>, project: &'r Project) -> impl Iterator<Item = &'r Variable> {
    let listens = project.listen().and_then(|it| it.value.variable.clone());
    project.variables.iter().filter(move |it| {
        let needed = match it.need {
            Need::Required | Need::Used => true,
            // Everybody can read a default that stands in the source.
            Need::Defaulted => is_secret(it),
            Need::Optional => false,
        };
        needed
            && it.origin == Origin::Deployment
            && it.moment == Moment::Run
            && it.name != "NODE_ENV"
            && Some(&it.name) != listens.as_ref()
            && !CLOUD_KEYS.contains(&it.name.as_str())
            && !image_sets(all, project, &it.name)
    })
}

fn is_secret(variable: &Variable) -> bool {
    variable.sensitivity == Sensitivity::Secret
}

fn image_sets(all: &All<'_>, project: &Project, name: &str) -> bool {
    let file = all.reading.dockerfile(project);
    file.is_some_and(|file| file.variables.iter().any(|it| it.value.0 == name))
}

/// `DATABASE_URL` is kept at `/shop/${env}/database-url`.
fn secret(all: &All<'_>, variable: &Variable) -> Outline {
    let name = variable.name.to_ascii_lowercase().replace('_', "-");
    let line = Outline::text(&variable.name, format!("ssm:/{}/${{env}}/{name}", all.app));
    match variable.need {
        Need::Defaulted => line.remark("the source has a default, which everybody can read"),
        Need::Required | Need::Used | Need::Optional => line,
    }
}

/// The value of an example file, if everybody may see it: the project's own file before the root's.
pub(super) fn example(all: &All<'_>, project: &Project, name: &str) -> Option<String> {
    let files = all.reading.dotenv.iter().filter(|file| file.is_example);
    let folder = |file: &str| file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let mut near: Vec<_> = files
        .filter(|file| folder(&file.file) == project.folder || folder(&file.file).is_empty())
        .collect();
    near.sort_by_key(|file| folder(&file.file) != project.folder);
    near.iter().flat_map(|file| &file.entries).find_map(|entry| match &entry.value.value {
        DotenvValue::Plain(value) if entry.value.name == name => Some(value.replace("${", "$${")),
        _ => None,
    })
}
