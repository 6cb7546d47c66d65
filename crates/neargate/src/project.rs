//! The manifest of the project that a command is about.

use crate::failure::{Failure, Kind};
use crate::ui::{diagnostics, say};
use manifest::{Code, Manifest, Resolved};
use plan::names::Names;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The manifest's usual name.
pub(crate) const FILE: &str = "neargate.yml";

/// A manifest and where it is.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder that the manifest's paths are relative to.
    pub(crate) folder: PathBuf,
    /// The file, as the user knows it.
    pub(crate) file: String,
    manifest: Manifest,
}

impl Project {
    /// Reads the manifest at `path`, a file or the folder of a `neargate.yml`. Every mistake is
    /// shown.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let file = if path.is_dir() { path.join(FILE) } else { path.to_path_buf() };
        let name = file.display().to_string();
        let source = std::fs::read_to_string(&file).map_err(|source| {
            Failure::because(Kind::Usage, format!("can't read {name}"), source)
                .hint("run it in the folder of a neargate.yml, or say where one is")
        })?;
        let (manifest, found) = manifest::parse(&source);
        let name = name.strip_prefix("./").map(str::to_owned).unwrap_or(name);
        show(&found, &source, &name);
        let manifest = manifest.ok_or_else(|| Failure::new(Kind::Manifest, ""))?;
        let folder = file.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).to_path_buf();
        Ok(Self { folder, file: name, manifest })
    }

    /// The manifest as it holds for an environment, with the variables of this machine.
    pub(crate) fn resolve(&self, environment: &str) -> Result<Resolved, Failure> {
        let (resolved, found) = manifest::resolve(&self.manifest, environment, &variables());
        // Warnings have been shown when the manifest was read.
        let errors: Vec<_> =
            found.into_iter().filter(|held| held.severity == manifest::Severity::Error).collect();
        show(&errors, self.manifest.source(), &self.file);
        resolved.ok_or_else(|| Failure::new(Kind::Manifest, ""))
    }

    /// What runs of the manifest in the local region: its services, and what stands behind them.
    pub(crate) fn resolve_local(&self) -> Result<Resolved, Failure> {
        Ok(self.resolve(manifest::LOCAL)?.with_backing())
    }

    /// The application's name.
    pub(crate) fn app(&self) -> &str {
        self.manifest.app()
    }

    /// The names of the environments.
    pub(crate) fn environments(&self) -> &[String] {
        self.manifest.environments()
    }

    /// The manifest's text.
    pub(crate) fn source(&self) -> &str {
        self.manifest.source()
    }

    /// The manifest as it holds for an environment; `None` if it hangs on variables that this machine
    /// does not have, which is said.
    pub(crate) fn resolve_here(&self, environment: &str) -> Result<Option<Resolved>, Failure> {
        let (resolved, found) = manifest::resolve(&self.manifest, environment, &variables());
        let errors = found.iter().filter(|held| held.severity == manifest::Severity::Error);
        let mut missing = errors.filter(|held| held.code == Code::UnresolvedVariable).peekable();
        match missing.peek() {
            Some(first) if resolved.is_none() => {
                say::warn(&format!("`{environment}` is not checked: {}", first.message));
                Ok(None)
            }
            _ => self.resolve(environment).map(Some),
        }
    }

    /// Says which fields have no effect in the local region.
    pub(crate) fn warn_of_missing_effects(&self, resolved: &Resolved) {
        show(&manifest::not_yet(resolved), self.manifest.source(), &self.file);
    }
}

/// The variables of this machine.
fn variables() -> BTreeMap<String, String> {
    let texts = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.collect()
}

fn show(found: &[manifest::Diagnostic], source: &str, file: &str) {
    for drawn in diagnostics::draw(found, source, file) {
        say::note(&drawn);
    }
}

/// What to look for at an endpoint.
#[derive(Debug)]
pub(crate) struct Sought {
    pub(crate) cluster: String,
    pub(crate) services: BTreeSet<String>,
    pub(crate) log_groups: BTreeSet<String>,
    pub(crate) secrets: plan::wish::Named,
    pub(crate) alarms: BTreeSet<String>,
    pub(crate) backing: Vec<plan::backing::Sought>,
    pub(crate) given: plan::wish::Named,
}

impl Sought {
    /// Everything that a wish is concerned by.
    pub(crate) fn of(wish: &plan::Wish) -> Self {
        Self {
            cluster: wish.cluster(),
            services: wish.services().map(|(name, _)| name.clone()).collect(),
            log_groups: wish.services().map(|(_, service)| service.logs.group.clone()).collect(),
            secrets: wish.secrets(),
            alarms: wish.alarms(),
            backing: wish.backing_sought(),
            given: wish.given(),
        }
    }

    /// As `apply` asks for it.
    pub(crate) fn scope<'a>(&'a self, names: Names<'a>) -> apply::observe::Scope<'a> {
        let Self { cluster, services, log_groups, secrets, alarms, backing, given } = self;
        apply::observe::Scope {
            names,
            cluster,
            services,
            log_groups,
            secrets,
            alarms,
            backing,
            given,
        }
    }
}
