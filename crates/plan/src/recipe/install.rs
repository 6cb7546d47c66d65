//! What installs a project's packages, and what takes away again those that only a build needs.

use super::{NoRecipe, Source};
use source::PackageManager;

/// The lines of a package manager, all run in the folder of the lockfile.
pub(super) struct Install {
    /// What brings the package manager itself, where the base image does not.
    pub(super) tool: Option<String>,
    /// The variables that its lines want.
    pub(super) variables: &'static str,
    /// Files that say what is installed, from the folder of the lockfile.
    pub(super) files: Vec<String>,
    /// Installs everything that the build needs, exactly as the lockfile says.
    pub(super) all: String,
    /// Installs what runs, where nothing is built.
    pub(super) production: String,
    /// Leaves what runs, after a build.
    pub(super) prune: String,
}

/// The version of pnpm where the project names none.
const PNPM: &str = "10";

/// Takes all installed packages away, those of a workspace's members too.
const AWAY: &str = "find . -name node_modules -prune -exec rm -rf {} +";

/// Files beside a lockfile that change what is installed.
const BESIDE: [&str; 5] =
    [".npmrc", "pnpm-workspace.yaml", ".pnpmfile.cjs", ".yarnrc", "bunfig.toml"];

/// The lines for a project; `root` is the folder of its lockfile, `inner` the project's own below it.
/// A workspace's other members leave nothing behind in the image.
pub(super) fn install(
    source: &Source<'_>,
    manager: &PackageManager,
    (root, inner): (&str, &str),
) -> Result<Install, NoRecipe> {
    let inside = |path: &str| relative(path, root);
    let mut files = vec!["package.json".to_owned()];
    files.extend(manager.lockfile.as_deref().map(inside));
    let beside = BESIDE.iter().filter(|name| source.has(&join(root, name)));
    files.extend(beside.map(|name| (*name).to_owned()));
    let lines = |all: &str, production: &str, prune: &str| Install {
        tool: None,
        variables: "",
        files,
        all: all.to_owned(),
        production: production.to_owned(),
        prune: prune.to_owned(),
    };
    let frozen = manager.lockfile.is_some();
    Ok(match (manager.name.as_str(), frozen) {
        ("npm", true) => lines(
            "npm ci --no-audit --no-fund",
            "npm ci --omit=dev --no-audit --no-fund",
            &match inner {
                "" => "npm prune --omit=dev --no-audit --no-fund".to_owned(),
                _ => format!(
                    "{AWAY} && npm ci --omit=dev --workspace {inner} --no-audit --no-fund --prefer-offline"
                ),
            },
        ),
        ("npm", false) => lines(
            "npm install --no-audit --no-fund",
            "npm install --omit=dev --no-audit --no-fund",
            "npm prune --omit=dev --no-audit --no-fund",
        ),
        ("pnpm", true) => Install {
            tool: Some(format!(
                "npm install --global pnpm@{}",
                manager.version.as_deref().unwrap_or(PNPM)
            )),
            // Without it pnpm asks before it takes packages away.
            variables: "CI=true",
            ..lines(
                "pnpm install --frozen-lockfile",
                "pnpm install --frozen-lockfile --prod",
                &match inner {
                    "" => format!("{AWAY} && pnpm install --frozen-lockfile --prod --offline"),
                    _ => format!(
                        "{AWAY} && pnpm install --frozen-lockfile --prod --offline --filter './{inner}...'"
                    ),
                },
            )
        },
        ("yarn", true) if is_first_yarn(manager) => lines(
            "yarn install --frozen-lockfile",
            "yarn install --frozen-lockfile --production",
            "yarn install --frozen-lockfile --production --prefer-offline",
        ),
        _ => return Err(unwritten(manager)),
    })
}

/// Why a package manager has no lines here.
fn unwritten(manager: &PackageManager) -> NoRecipe {
    match (manager.name.as_str(), &manager.lockfile) {
        ("yarn", Some(_)) => NoRecipe::new(
            "the project installs its packages with a Yarn of version 2 or later",
            "Dockerfiles are written for npm, pnpm and Yarn 1: write one",
        ),
        (name @ ("pnpm" | "yarn"), None) => NoRecipe::new(
            format!("the project asks for {name} and has no lockfile of it"),
            format!(
                "run `{name} install` and commit the lockfile: an image is only as reproducible as its packages"
            ),
        ),
        (name, _) => NoRecipe::new(
            format!("the project installs its packages with {name}"),
            "Dockerfiles are written for npm, pnpm and Yarn 1: write one",
        ),
    }
}

/// The base image has Yarn 1.
fn is_first_yarn(manager: &PackageManager) -> bool {
    manager.version.as_deref().is_none_or(|version| version.starts_with('1'))
}

/// A path as seen from a folder above it.
pub(super) fn relative(path: &str, folder: &str) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    inside.trim_start_matches('/').to_owned()
}

/// A path below a folder.
pub(super) fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}
