//! Who depends on whom: against the storeys, and against the committed picture.

use super::rooms;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `null` for ordinary ones, `dev`, `build`.
    kind: Option<String>,
    path: Option<String>,
}

/// Faults of the dependency graph.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let packages = packages(root)?;
    let mut faults = storeys(&packages);
    let drawn = draw(&packages);
    let file = root.join("docs/rooms.out");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, &drawn).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    if fs::read_to_string(&file).unwrap_or_default() != drawn {
        faults.push(format!(
            "docs/rooms.out is not the graph of the rooms; it is now:\n{drawn}(UPDATE=1 cargo xtask tidy writes it)"
        ));
    }
    Ok(faults)
}

/// Each room's ordinary dependencies on other rooms, and on crates from outside.
fn packages(root: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["metadata", "--no-deps", "--format-version=1", "--offline"]);
    let output = cargo.output().map_err(|e| format!("cargo metadata: {e}"))?;
    let read: Metadata =
        serde_json::from_slice(&output.stdout).map_err(|e| format!("cargo metadata: {e}"))?;
    let ordinary =
        |dependency: &&Dependency| dependency.kind.is_none() && dependency.path.is_some();
    Ok(read
        .packages
        .into_iter()
        .map(|package| {
            let rooms = package.dependencies.iter().filter(ordinary);
            (package.name, rooms.map(|dependency| dependency.name.clone()).collect())
        })
        .collect())
}

fn storeys(packages: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut faults = Vec::new();
    for (room, dependencies) in packages {
        let Some(here) = rooms::place(room) else {
            faults.push(format!(
                "the room `{room}` has no storey: add it to tidy and ARCHITECTURE.md"
            ));
            continue;
        };
        for dependency in dependencies {
            if rooms::place(dependency).is_none_or(|there| there >= here) {
                faults.push(format!(
                    "`{room}` must not depend on `{dependency}`: it stands higher or later"
                ));
            }
        }
    }
    faults
}

/// The graph as text, a room a line, in the order of the storeys.
fn draw(packages: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut text = String::new();
    for (room, storey) in rooms::ROOMS {
        let Some(dependencies) = packages.get(room) else { continue };
        let names: Vec<&str> = dependencies.iter().map(String::as_str).collect();
        text.push_str(format!("{storey} {room}: {}", names.join(" ")).trim_end());
        text.push('\n');
    }
    text
}
