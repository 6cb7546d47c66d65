//! Who builds which Dockerfile in which folder: the manifest, compose files, scripts and workflows.

use crate::image::join;
use crate::setting::Setting;
use crate::subject::{Subject, place};
use crate::text::{self, Line};
use crate::workflow::{Step, Workflow};
use manifest::yaml::{self, Node};
use source::{Place, Snapshot};

/// A build that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Build {
    /// The Dockerfile, from the tree's root.
    pub(crate) dockerfile: String,
    /// The folder that the build sees, from the tree's root.
    pub(crate) context: String,
    /// The stage that becomes the image.
    pub(crate) target: Option<String>,
    /// The platforms that it is built for.
    pub(crate) platform: Option<String>,
    /// Who says so.
    pub(crate) place: Place,
}

/// Options of `docker build` that take the next word.
const WITH_VALUE: [&str; 22] = [
    "-t",
    "--tag",
    "-f",
    "--file",
    "--build-arg",
    "--target",
    "--platform",
    "--cache-from",
    "--cache-to",
    "--secret",
    "--label",
    "--progress",
    "--network",
    "--output",
    "-o",
    "--iidfile",
    "--ssh",
    "--build-context",
    "--builder",
    "--memory",
    "-m",
    "--metadata-file",
];

/// Every build that is asked for, of Dockerfiles that are there.
pub(crate) fn read(
    subject: &Subject<'_>,
    settings: &[Setting<'_>],
    workflows: &[Workflow],
) -> Vec<Build> {
    let snapshot = subject.snapshot;
    let mut found: Vec<Build> = settings.iter().flat_map(of_manifest).collect();
    found.extend(snapshot.texts().filter(|(path, _)| is_compose(path)).flat_map(of_compose));
    let lines = text::all(snapshot, workflows);
    found.extend(lines.iter().filter_map(|line| of_line(snapshot, line)));
    for workflow in workflows {
        found.extend(workflow.steps.iter().filter_map(|step| of_action(workflow, step)));
    }
    found.retain(|build| subject.reading.dockerfiles.iter().any(|it| it.file == build.dockerfile));
    found.sort_by(|a, b| a.place.cmp(&b.place));
    found.dedup();
    found
}

fn of_manifest(setting: &Setting<'_>) -> Vec<Build> {
    let services = setting.resolved.environment.services.iter();
    let builds = services.filter_map(|(name, service)| {
        let build = service.build.as_ref()?;
        let file = build.dockerfile.as_deref().unwrap_or("Dockerfile");
        Some(Build {
            dockerfile: join(&build.context, file),
            context: join("", &build.context),
            target: build.target.clone(),
            platform: None,
            place: setting.place(&format!("services.{name}.build")),
        })
    });
    builds.collect()
}

/// Whether a file is a compose file by its name.
pub(crate) fn is_compose(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    is_yaml && (name.starts_with("docker-compose") || name.starts_with("compose"))
}

fn of_compose((path, text): (&str, &str)) -> Vec<Build> {
    let Some(root) = yaml::read(text) else { return Vec::new() };
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let services = root.get("services").map(Node::entries).unwrap_or_default();
    let builds = services.iter().filter_map(|service| {
        let build = service.value.get("build")?;
        let context = build.text().or_else(|| build.get("context")?.text())?;
        let named = |key: &str| build.get(key).and_then(Node::text);
        let context = join(folder, context);
        let span = build.named;
        Some(Build {
            dockerfile: join(&context, named("dockerfile").unwrap_or("Dockerfile")),
            context,
            target: named("target").map(str::to_owned),
            platform: None,
            place: place(path, text, span.start, span.end),
        })
    });
    builds.filter(|build| !build.dockerfile.contains('$')).collect()
}

/// `docker build -f apps/api/Dockerfile .`
fn of_line(snapshot: &Snapshot, line: &Line) -> Option<Build> {
    let builders = ["docker build ", "docker buildx build ", "podman build "];
    let (at, builder) =
        builders.iter().find_map(|builder| Some((line.text.find(builder)?, builder)))?;
    let rest = &line.text[at + builder.len()..];
    let rest = rest.split(['&', '|', ';', '>']).next().unwrap_or(rest);
    let (mut file, mut target, mut platform, mut context) = (None, None, None, None);
    let mut words = text::words(rest).into_iter();
    while let Some(word) = words.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) if word.starts_with("--") => {
                (option.to_owned(), value.to_owned())
            }
            _ if WITH_VALUE.contains(&word.as_str()) => (word, words.next()?),
            _ if word.starts_with('-') => continue,
            _ => {
                context = Some(word);
                continue;
            }
        };
        match option.as_str() {
            "-f" | "--file" => file = Some(value),
            "--target" => target = Some(value),
            "--platform" => platform = Some(value),
            _ => {}
        }
    }
    let context = context.filter(|it| it != "-" && !it.contains("://"))?;
    let file = file.unwrap_or_else(|| format!("{}/Dockerfile", context.trim_end_matches('/')));
    if context.contains('$') || file.contains('$') {
        return None;
    }
    // Scripts run from the root of the repository, or from where they lie.
    let own = line.place.file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folders = [line.folder.as_deref(), Some(own)].into_iter().flatten();
    let folder = folders.into_iter().find(|folder| snapshot.has(&join(folder, &file)))?;
    Some(Build {
        dockerfile: join(folder, &file),
        context: join(folder, &context),
        target,
        platform,
        place: line.place.clone(),
    })
}

/// `docker/build-push-action`.
fn of_action(workflow: &Workflow, step: &Step) -> Option<Build> {
    let (_, place) = step.uses.as_ref().filter(|_| step.uses("docker/build-push-action"))?;
    let given = |key: &str| step.given(key).map(|(value, _)| value);
    let context = join("", given("context").unwrap_or("."));
    let file = given("file").map_or_else(|| join(&context, "Dockerfile"), |file| join("", file));
    let is_known = !context.contains('$') && !file.contains('$');
    is_known.then(|| Build {
        dockerfile: file,
        context,
        target: given("target").map(str::to_owned),
        platform: given("platforms").or_else(|| workflow.platform(&step.job)).map(str::to_owned),
        place: place.clone(),
    })
}
