//! Node projects: `package.json` says what belongs together, scripts say what it does.

pub(crate) mod absent;
mod alias;
mod asset;
mod database;
mod entry;
mod framework;
mod import;
mod listen;
mod lock;
mod migration;
mod output;
pub(crate) mod package;
mod package_manager;
mod prisma;
mod reach;
mod role;
mod route;
mod runtime;
mod signal;
mod timeout;
mod tree;
mod variable;
mod workspace;

pub(crate) use role::is_written;

use crate::place::Lines;
use crate::script::program::Program;
use crate::script::{Script, is_script, script};
use crate::snapshot::{Snapshot, folder, join, name, within};
use crate::{Language, Project, Unread, Workspace};
use package::Package;
use std::collections::{BTreeMap, BTreeSet};
use tree::Tree;

/// What the Node part of a tree says.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) workspace: Option<Workspace>,
    pub(crate) projects: Vec<Project>,
    pub(crate) unread: Vec<Unread>,
}

/// The largest script that is read; what is larger was written by a tool.
const LARGEST: usize = 1024 * 1024;

/// Reads every Node project of a tree.
pub(crate) fn read(snapshot: &Snapshot) -> Found {
    let mut found = Found::default();
    let packages = packages(snapshot, &mut found.unread);
    if packages.is_empty() {
        return found;
    }
    let scripts = scripts(snapshot, &mut found.unread);
    let aliases = alias::read(snapshot, &packages);
    let program = Program::of(&scripts, &aliases);
    let lines = program
        .scenes
        .iter()
        .map(|scene| Lines::of(scene.path, snapshot.text(scene.path).unwrap_or_default()));
    let lines: Vec<Lines<'_>> = lines.collect();
    let folders = folders(snapshot, &packages);
    let reader = Reader {
        snapshot,
        packages: &packages,
        program: &program,
        lines: &lines,
        folders: &folders,
    };
    found.projects =
        folders.iter().map(|(folder, package)| reader.project(folder, *package)).collect();
    let tool = found.projects.first().and_then(|it| it.package_manager.as_ref());
    let tool = tool.map_or("npm", |tool| tool.value.name.as_str());
    found.workspace = workspace::read(snapshot, &packages, tool);
    found
}

fn packages<'t>(snapshot: &'t Snapshot, unread: &mut Vec<Unread>) -> Vec<Package<'t>> {
    let paths = snapshot.paths().filter(|path| name(path) == "package.json" && !is_written(path));
    let mut packages = Vec::new();
    for path in paths {
        match Package::read(snapshot, path) {
            Some(package) => packages.push(package),
            None => unread
                .push(Unread { file: path.to_owned(), why: "it is no JSON object".to_owned() }),
        }
    }
    packages
}

fn scripts(snapshot: &Snapshot, unread: &mut Vec<Unread>) -> BTreeMap<String, Script> {
    let mut scripts = BTreeMap::new();
    let files = snapshot.texts().filter(|(path, _)| is_script(path) && !is_written(path));
    for (path, text) in files {
        let read = if text.len() > LARGEST { None } else { script(path, text) };
        match read {
            Some(script) => {
                scripts.insert(path.to_owned(), script);
            }
            None => {
                let why =
                    if text.len() > LARGEST { "it is too large" } else { "it can't be parsed" };
                unread.push(Unread { file: path.to_owned(), why: why.to_owned() });
            }
        }
    }
    scripts
}

/// The folders of projects, each with its package, or the root's where only Nx's file is there.
fn folders(snapshot: &Snapshot, packages: &[Package<'_>]) -> BTreeMap<String, usize> {
    let own = packages.iter().enumerate().map(|(at, package)| (package.folder.to_owned(), at));
    let mut folders: BTreeMap<String, usize> = own.collect();
    let root = packages.iter().position(|package| package.folder.is_empty());
    let nx = snapshot.paths().filter(|path| name(path) == "project.json" && !is_written(path));
    for path in nx.filter(|_| snapshot.has("nx.json")) {
        if let Some(root) = root {
            folders.entry(folder(path).to_owned()).or_insert(root);
        }
    }
    folders
}

struct Reader<'p, 's> {
    snapshot: &'s Snapshot,
    packages: &'p [Package<'s>],
    program: &'p Program<'s>,
    lines: &'p [Lines<'s>],
    folders: &'p BTreeMap<String, usize>,
}

impl<'s> Reader<'_, 's> {
    fn project(&self, folder: &str, package: usize) -> Project {
        let package = &self.packages[package];
        let root = self.packages.iter().find(|it| it.folder.is_empty());
        let root = root.filter(|root| !std::ptr::eq(*root, package));
        let snapshot = self.snapshot;
        let own = package.folder == folder;
        let mut project = Project::new(folder, package.path(), Language::Node);
        if let Some(name) = package.name().filter(|_| own) {
            project.name = name.rsplit('/').next().unwrap_or(name).to_owned();
        }
        project.package_manager = package_manager::read(snapshot, package, root);
        let manager = project.package_manager.as_ref().map_or("npm", |it| it.value.name.as_str());
        if own {
            project.build = entry::build(package, manager);
            project.start = entry::start(package, manager);
        }
        project.entry = entry::of_nx(snapshot, self.program, folder)
            .or_else(|| entry::entry(snapshot, self.program, package, folder).filter(|_| own));
        let scenes = self.production(folder, project.entry.as_ref().map(|it| it.value.as_str()));
        let (program, lines) = (self.program, self.lines);
        let tree = Tree { program, lines, scenes, package, folder };
        project.uses = self.uses(&tree);
        project.frameworks = framework::read(&tree, root);
        project.runtimes = runtime::read(snapshot, package, root);
        project.listens = listen::read(&tree, &project.frameworks);
        project.routes = route::read(&tree, &project.frameworks);
        let (schemas, reads) = prisma::read(snapshot, &tree, &project.uses);
        project.variables = variable::read(&tree, reads);
        project.databases = database::read(&tree);
        project.databases.extend(schemas);
        project.migrations = migration::read(snapshot, &tree, root, manager);
        project.signals = signal::read(&tree);
        project.timeouts = timeout::read(&tree);
        project.imports = import::read(&tree, root, |path| {
            self.owner(path)
                .and_then(|folder| self.folders.get(folder))
                .map(|at| &self.packages[*at])
        });
        project.assets = asset::read(&tree);
        project.output = output::read(snapshot, &tree, &project.frameworks);
        let lockfile = project.package_manager.as_ref().and_then(|it| it.value.lockfile.clone());
        if let Some(lockfile) = lockfile.filter(|_| own) {
            project.disagreements = lock::disagreements(snapshot, package, &lockfile);
        }
        project
    }

    /// The scripts that run in production: those that the entry reaches, or all of the project's that
    /// are neither tests nor tools where that is not known.
    fn production(&self, folder: &str, entry: Option<&str>) -> BTreeSet<usize> {
        let entry = entry.and_then(|entry| self.program.scene(entry));
        if let Some(reached) = entry.and_then(|entry| reach::from(self.program, entry)) {
            return reached;
        }
        let scenes = self.program.scenes.iter().enumerate();
        let own = scenes.filter(|(_, scene)| {
            self.owner(scene.path) == Some(folder)
                && within(scene.path, folder).is_some_and(role::is_production)
        });
        own.map(|(at, _)| at).collect()
    }

    /// The project that a file belongs to: the nearest folder above it that is one.
    fn owner(&self, path: &str) -> Option<&str> {
        let above = self.folders.keys().filter(|folder| within(path, folder).is_some());
        above.max_by_key(|folder| folder.len()).map(String::as_str)
    }

    /// The other projects whose scripts a project runs.
    fn uses(&self, tree: &Tree<'_, 's>) -> Vec<String> {
        let owners = tree.scenes.iter().filter_map(|scene| self.owner(tree.path(*scene)));
        let others: BTreeSet<&str> = owners.filter(|owner| *owner != tree.folder).collect();
        others.into_iter().map(str::to_owned).collect()
    }
}

/// The configuration of Next.js in a project.
fn next_config(tree: &Tree<'_, '_>) -> Option<usize> {
    let endings = ["js", "mjs", "ts", "cjs"];
    endings
        .iter()
        .find_map(|end| tree.program.scene(&join(tree.folder, &format!("next.config.{end}"))))
}
