//! A development dependency that production code imports.

use crate::finding::{Finding, Severity};
use crate::image::{Image, absolute, chain, folder_of};
use crate::observed::Seen;
use crate::part::Part;
use crate::rule::{Look, Rule};
use plan::diagnosis::Cause;
use source::{Absent, Declared, Fact, PackageImport, Place, Step};

pub(super) const RULE: Rule = Rule {
    id: "development-import",
    severity: Severity::Error,
    title: "Production code imports a package that the image does not have.",
    why: "The image installs production dependencies only, and the package is a development dependency: \
          the container dies at its start with MODULE_NOT_FOUND, on ECS again and again. An import at \
          the top of a file is carried out even if nothing uses it in production.",
    fix: "move the package to `dependencies`, or import it where it is needed: \
          `const { x } = await import('…')` behind the condition.",
    limits: "what a bundler leaves out or takes in by its own configuration.",
    look: &[
        Look::Part(find),
        Look::Image {
            find: seen,
            shows: "packages that scripts in the image ask for and that are not installed there, those that are asked for late among them.",
        },
    ],
};

/// Words of build lines that put dependencies into the output.
const BUNDLERS: [&str; 7] =
    ["esbuild", "webpack", "rollup", "ncc build", "vite build", "next build", "bun build"];

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some((project, image)) = part.project.zip(part.image.as_ref()) else { return Vec::new() };
    let Some(install) = production_only(image) else { return Vec::new() };
    let build = project.build.as_ref().map(|it| it.value.direct()).unwrap_or_default();
    let bundles = BUNDLERS.iter().any(|word| build.contains(word));
    let leaves_out = ["--packages=external", "--packages external", "--external:"];
    if bundles && !leaves_out.iter().any(|word| build.contains(word)) {
        return Vec::new();
    }
    let missing = project.imports.iter().filter(|it| {
        it.value.declared == Declared::Development && it.value.at_start && !is_types(&it.value)
    });
    missing.map(|import| finding(import, install)).collect()
}

/// Packages that are types and nothing else: the compiler takes the import away.
fn is_types(import: &PackageImport) -> bool {
    import.package.starts_with("@types/") || import.package == "type-fest"
}

fn finding(import: &Fact<PackageImport>, install: &Place) -> Finding {
    let package = &import.value.package;
    let message = format!("`{package}` is a development dependency, which the image does not have");
    RULE.at(&import.place, message)
        .label("imported as soon as the application starts")
        .related(install, "the image installs production dependencies only")
        .help(format!(
            "move `{package}` from `devDependencies` to `dependencies`, or import it late"
        ))
        .resting_on(import.certainty)
}

/// The line that leaves development dependencies out of the image, if there is one and the image has
/// no others.
fn production_only<'s>(image: &Image<'s>) -> Option<&'s Place> {
    let installs: Vec<(&str, &Place)> =
        reaching(image, image.stage, 8).into_iter().filter(|(line, _)| is_install(line)).collect();
    let last = installs.last()?;
    is_production(last.0).then_some(last.1)
}

/// The lines of the stages whose `node_modules` the image has, in order.
fn reaching<'s>(image: &Image<'s>, stage: usize, deep: u8) -> Vec<(&'s str, &'s Place)> {
    let Some(deep) = deep.checked_sub(1) else { return Vec::new() };
    let dockerfile = image.dockerfile;
    let mut found = Vec::new();
    for step in chain(dockerfile, stage).into_iter().flat_map(|stage| &stage.steps) {
        match &step.value {
            Step::Run(line) => found.push((line.as_str(), &step.place)),
            Step::Copy(copy) => {
                let from = dockerfile.stages.iter().position(|it| it.name == copy.from);
                let Some(from) = from.filter(|_| copy.from.is_some()) else { continue };
                let folder = folder_of(&chain(dockerfile, from));
                if copy.sources.iter().any(|it| holds_modules(it, &folder)) {
                    found.extend(reaching(image, from, deep));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a copy from a stage that works in `folder` brings its packages along.
fn holds_modules(source: &str, folder: &str) -> bool {
    let path = absolute("/", source);
    path.ends_with("/node_modules") || folder == path || folder.starts_with(&format!("{path}/"))
}

fn is_install(line: &str) -> bool {
    ["npm ci", "npm install", "npm i ", "npm prune", "yarn install", "yarn workspaces focus"]
        .iter()
        .chain(&["pnpm install", "pnpm i ", "pnpm prune", "pnpm deploy", "bun install", "yarn --"])
        .any(|word| format!("{line} ").contains(word) && !line.contains("install -g"))
        && !line.contains("--global")
}

fn is_production(line: &str) -> bool {
    ["--omit=dev", "--omit dev", "--production", "--only=prod", "--prod", " -P", "npm prune --omit"]
        .iter()
        .any(|word| line.contains(word))
}

/// Packages that scripts of the image ask for and that it does not have.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let absent = absent(seen);
    let mut found: Vec<Finding> =
        absent.iter().filter_map(|it| of_package(seen, it, it.value.package.as_ref()?)).collect();
    let dead = seen.failure().filter(|it| it.cause == Cause::ModuleNotFound && !is_file(&it.title));
    if let Some(trouble) = dead.filter(|_| !found.iter().any(|it| it.severity == Severity::Error)) {
        found.push(super::does_not_start::finding(seen, &RULE, trouble));
    }
    found
}

/// What scripts in the image ask for and do not get.
pub(super) fn absent(seen: &Seen<'_>) -> Vec<Fact<Absent>> {
    let script = seen.observed.script();
    script.map(|script| source::absent(&seen.observed.files, &script)).unwrap_or_default()
}

/// Whether what was not found is a file of the program's own.
pub(super) fn is_file(title: &str) -> bool {
    title.split_once(": ").is_some_and(|(_, name)| name.starts_with(['/', '.']))
}

fn of_package(seen: &Seen<'_>, absent: &Fact<Absent>, package: &str) -> Option<Finding> {
    let Absent { asked, at_start, .. } = &absent.value;
    let imports = || seen.part.projects().flat_map(|project| &project.imports);
    let read = imports().find(|import| import.value.package == package);
    // What nobody declares, and is only reached late, may be somebody else's afterthought.
    let is_declared = read.is_some_and(|import| import.value.declared != Declared::Nowhere);
    let is_optional = read.is_some_and(|import| import.value.declared == Declared::Optional);
    if !at_start && (!is_declared || is_optional) {
        return None;
    }
    // It did start without it, so something else gave it.
    if *at_start && seen.observed.is_running() {
        return None;
    }
    let place = &absent.place;
    let at = format!("/{}:{}", place.file, place.line);
    let message = format!("`{package}` is not in the image, and {at} asks for it");
    let own = read.map(|import| &import.place);
    let found =
        seen.at(&RULE, own.unwrap_or(&seen.start()), message).seen(format!("{at}: `{asked}`"));
    let found = found.help(format!("`{package}` belongs among `dependencies`, or into the bundle"));
    Some(if *at_start {
        found.label("the container ends at its start")
    } else {
        found.label("fails when it is reached").at_most(Severity::Warning)
    })
}
