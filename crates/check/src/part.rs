//! A service of the manifest with the source and the image that it is made of; without a manifest,
//! an application of the source with its image.

use crate::finding::Edit;
use crate::image::Image;
use crate::setting::Setting;
use crate::subject::{Subject, top};
use manifest::Service;
use source::{Dockerfile, Language, Place, Project, Reading, Snapshot, Start};

/// What a rule about services looks at.
#[derive(Debug, Clone)]
pub(crate) struct Part<'s> {
    /// The service's name, or the project's.
    pub(crate) name: &'s str,
    /// The environment; none without a manifest.
    pub(crate) setting: Option<Setting<'s>>,
    /// The service; none without a manifest.
    pub(crate) service: Option<&'s Service>,
    /// The project whose code it runs, if that is known for sure.
    pub(crate) project: Option<&'s Project>,
    /// The image that its Dockerfile makes.
    pub(crate) image: Option<Image<'s>>,
    pub(crate) reading: &'s Reading,
    pub(crate) snapshot: &'s Snapshot,
}

/// What a variable is when a task runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given<'p> {
    /// The manifest or the image says its value.
    Value(&'p str),
    /// It is a secret.
    Secret,
    /// Nobody sets it.
    Nothing,
}

/// Every part of a subject. Services that are files only, or somebody else's image, have no source.
pub(crate) fn of<'s>(subject: &Subject<'s>, settings: &[Setting<'s>]) -> Vec<Part<'s>> {
    if subject.manifest.is_none() {
        return applications(subject);
    }
    let mut parts = Vec::new();
    for setting in settings {
        let services = &setting.resolved.environment.services;
        let running = services.iter().filter(|(_, service)| service.static_site.is_none());
        parts.extend(running.map(|(name, service)| part(subject, *setting, name, service)));
    }
    parts
}

fn part<'s>(
    subject: &Subject<'s>,
    setting: Setting<'s>,
    name: &'s str,
    service: &'s Service,
) -> Part<'s> {
    let Subject { snapshot, reading, .. } = *subject;
    let build = service.build.as_ref();
    let dockerfile = build.and_then(|build| {
        let file = build.dockerfile.as_deref().unwrap_or("Dockerfile");
        let path = crate::image::join(&build.context, file);
        reading.dockerfiles.iter().find(|it| it.file == path)
    });
    let image = build.zip(dockerfile).map(|(build, dockerfile)| {
        let context = crate::image::join("", &build.context);
        Image::new(dockerfile, build.target.as_deref(), context, snapshot)
    });
    let project = build.and_then(|build| project(reading, service, &build.context, dockerfile));
    let setting = Some(setting);
    Part { name, setting, service: Some(service), project, image, reading, snapshot }
}

/// Each application of a tree without a manifest.
fn applications<'s>(subject: &Subject<'s>) -> Vec<Part<'s>> {
    let Subject { snapshot, reading, .. } = *subject;
    let runs = reading.projects.iter().filter(|project| {
        let answers = !project.listens.is_empty() || !project.routes.is_empty();
        // What Tauri makes runs on a desk.
        let is_desktop = project.folder.split('/').any(|part| part == "src-tauri");
        project.language != Language::Static
            && !is_desktop
            && answers
            && !project.frameworks.first().is_some_and(|it| it.value.is_static())
    });
    let part = |project: &'s Project| {
        let dockerfile = reading.dockerfile(project);
        let image = dockerfile.map(|dockerfile| {
            Image::new(dockerfile, None, dockerfile.context.value.clone(), snapshot)
        });
        let name = project.name.as_str();
        let project = Some(project);
        Part { name, setting: None, service: None, project, image, reading, snapshot }
    };
    runs.map(part).collect()
}

/// The project that a service runs: the nearest around its Dockerfile, or around the context. One
/// that is started in another way than the project itself is not sure to be meant.
fn project<'s>(
    reading: &'s Reading,
    service: &Service,
    context: &str,
    dockerfile: Option<&Dockerfile>,
) -> Option<&'s Project> {
    let around = |path: &str| {
        let mut folder = crate::image::join("", path);
        loop {
            let here = reading.projects.iter().filter(|it| it.folder == folder);
            let best = here.max_by_key(|it| it.is_application());
            if let Some(project) = best.filter(|it| it.is_application() || folder.is_empty()) {
                return Some(project);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
        }
    };
    let start = dockerfile.map_or(context, |it| it.file.rsplit_once('/').map_or("", |it| it.0));
    let nearest = around(start).or_else(|| around(context))?;
    let found = match answering(reading, nearest) {
        true => nearest,
        false => named(reading, service, dockerfile)?,
    };
    starts_as(found, service).then_some(found)
}

/// Whether a project is what its folder runs, and not only the root of others.
fn answering(reading: &Reading, project: &Project) -> bool {
    let is_root = project.folder.is_empty() && reading.projects.len() > 1;
    let answers = !project.listens.is_empty() || !project.routes.is_empty();
    answers || !is_root && project.is_application()
}

/// The one application whose folder the service's commands name; the only one if there is but one.
fn named<'s>(
    reading: &'s Reading,
    service: &Service,
    dockerfile: Option<&Dockerfile>,
) -> Option<&'s Project> {
    let mut words: Vec<String> = Vec::new();
    words.extend(service.command.iter().flat_map(|it| it.words().to_vec()));
    words.extend(service.process.iter().flat_map(|it| it.command.words().to_vec()));
    match dockerfile.and_then(|it| it.command.as_ref()).map(|it| &it.value) {
        Some(Start::Words(all)) => words.extend(all.clone()),
        Some(Start::Line(line)) => words.push(line.clone()),
        None => {}
    }
    let all = || reading.projects.iter().filter(|it| answering(reading, it));
    let mut named = all().filter(|it| {
        !it.folder.is_empty() && words.iter().any(|word| word.contains(&format!("{}/", it.folder)))
    });
    match (named.next(), named.next(), all().count()) {
        (Some(only), None, _) => Some(only),
        (None, _, 1) => all().next(),
        _ => None,
    }
}

/// Whether a service's own command is the project's: `node dist/worker.js` is not `src/server.ts`.
fn starts_as(project: &Project, service: &Service) -> bool {
    let Some(command) = &service.command else { return true };
    let script = command.words().iter().skip(1).find(|word| !word.starts_with('-'));
    let stem = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.split('.').next().unwrap_or(name).to_owned()
    };
    match (script, &project.entry) {
        (Some(script), Some(entry)) => stem(script) == stem(&entry.value),
        _ => false,
    }
}

// === impl Part ===

impl<'s> Part<'s> {
    /// Whether the environment is the local region.
    pub(crate) fn is_local(&self) -> bool {
        self.setting.is_some_and(|setting| setting.is_local())
    }

    /// A field's path in the manifest.
    pub(crate) fn path(&self, field: &str) -> String {
        format!("services.{}.{field}", self.name)
    }

    /// The value of one of the service's fields, or what is nearest around it; without a manifest the
    /// project's own file.
    pub(crate) fn place(&self, field: &str) -> Place {
        match self.setting {
            Some(setting) => setting.place(&self.path(field)),
            None => top(self.project.map_or("", |project| project.manifest.as_str())),
        }
    }

    /// The key of one of the service's fields.
    pub(crate) fn key(&self, field: &str) -> Place {
        match self.setting {
            Some(setting) => setting.key(&self.path(field)),
            None => self.place(field),
        }
    }

    /// Whether the manifest gives a field.
    pub(crate) fn gives(&self, field: &str) -> bool {
        self.setting.is_some_and(|setting| setting.gives(&self.path(field)))
    }

    /// Another value for one of the service's fields.
    pub(crate) fn replace(&self, field: &str, value: &str) -> Option<Edit> {
        self.setting?.replace(&self.path(field), value)
    }

    /// A new field after another one.
    pub(crate) fn add_after(&self, field: &str, line: &str) -> Option<Edit> {
        self.setting?.add_after(&self.path(field), line)
    }

    /// What a variable is when a task runs.
    pub(crate) fn given(&self, name: &str) -> Given<'_> {
        if let Some(service) = self.service {
            if let Some(value) = service.env.get(name) {
                return Given::Value(value);
            }
            if service.secrets.contains_key(name) {
                return Given::Secret;
            }
        }
        let set = self.image.as_ref().and_then(|image| image.variable(name));
        set.map_or(Given::Nothing, |(value, _)| Given::Value(value))
    }

    /// The project's own files and those of the libraries that it uses.
    pub(crate) fn projects(&self) -> impl Iterator<Item = &'s Project> + use<'s> {
        let reading = self.reading;
        let used = self.project.into_iter().flat_map(move |project| {
            project.uses.iter().filter_map(move |folder| reading.project(folder))
        });
        self.project.into_iter().chain(used)
    }

    /// What starts the container, and where that is said.
    pub(crate) fn start(&self) -> Option<(Vec<String>, Place)> {
        if let Some(command) = self.service.and_then(|service| service.command.as_ref()) {
            return Some((command.words().to_vec(), self.place("command")));
        }
        let (start, place) = self.image.as_ref()?.command()?;
        match start {
            Start::Words(words) => Some((words.clone(), place.clone())),
            Start::Line(line) => {
                let words = line.split_whitespace().map(str::to_owned);
                Some((words.collect(), place.clone()))
            }
        }
    }
}
