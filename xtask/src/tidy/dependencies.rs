//! Dependencies held against `deny.toml`: licences, banned crates, sources.
//!
//! `cargo deny` reads the same file and does more (advisories, which need a network); this is the
//! part that every machine can do in a second.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    name: String,
    reason: String,
}

/// A package that is built for some target.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    license: String,
}

/// Faults of the dependencies.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let deny: Deny =
        toml::from_str(&read(root, "deny.toml")?).map_err(|e| format!("deny.toml: {e}"))?;
    let mut faults = sources(&read(root, "Cargo.lock")?);
    for Package { name, version, license } in packages(root)? {
        if !is_allowed(&license, &deny.licenses.allow) {
            faults.push(format!(
                "{name} {version} has the licence `{license}`, which deny.toml does not allow"
            ));
        }
        if let Some(banned) = deny.bans.deny.iter().find(|banned| banned.name == name) {
            faults.push(format!("{name} {version} is banned: {}", banned.reason));
        }
    }
    Ok(faults)
}

fn read(root: &Path, name: &str) -> Result<String, String> {
    fs::read_to_string(root.join(name)).map_err(|e| format!("{name}: {e}"))
}

/// Packages come from the registry and nowhere else.
fn sources(lock: &str) -> Vec<String> {
    let named = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let others = named
        .filter(|source| !source.contains("registry+https://github.com/rust-lang/crates.io-index"));
    others.map(|source| format!("Cargo.lock has a package from {source}")).collect()
}

/// The packages that are built for any target, those of tests included: the lock file also holds
/// what no feature asks for.
fn packages(root: &Path) -> Result<BTreeSet<Package>, String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["tree", "--workspace", "--locked", "--target=all"]);
    cargo.args(["--edges=normal,build,dev", "--prefix=none", "--no-dedupe", "--format={p}|{l}"]);
    let output = cargo.output().map_err(|e| format!("cargo tree: {e}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    // Packages of the workspace show their path.
    let foreign = text.lines().filter(|line| !line.contains(&format!("({}", root.display())));
    Ok(foreign.filter_map(package).collect())
}

/// `name v1.2.3 (proc-macro)|MIT`.
fn package(line: &str) -> Option<Package> {
    let (package, license) = line.split_once('|')?;
    let mut words = package.split(' ');
    let (name, version) = (words.next()?.to_owned(), words.next()?.to_owned());
    Some(Package { name, version, license: license.to_owned() })
}

/// Whether an SPDX expression can be satisfied with the allowed licences. Old manifests write `/` for
/// OR. AND binds tighter than OR; parentheses are read from the inside out.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let flat = expression.replace('/', " OR ");
    if let Some(close) = flat.find(')') {
        let Some(open) = flat[..close].rfind('(') else { return false };
        let inner = is_allowed(&flat[open + 1..close], allowed);
        // What was inside counts as one licence, allowed or not.
        let word = if inner { ALLOWED } else { "refused" };
        let rest = format!("{}{word}{}", &flat[..open], &flat[close + 1..]);
        return is_allowed(&rest, allowed);
    }
    let is_one = |name: &str| name.trim() == ALLOWED || allowed.contains(name.trim());
    flat.split(" OR ").any(|all| all.split(" AND ").all(is_one))
}

/// Stands for a part of an expression that is satisfied.
const ALLOWED: &str = "allowed";

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(expression: &str) -> bool {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
        is_allowed(expression, &allowed.map(str::to_owned).into())
    }

    #[test]
    fn licences_are_read_as_spdx_means_them() {
        for allowed in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
            "(MIT OR GPL-3.0) AND Apache-2.0",
        ] {
            assert!(fits(allowed), "{allowed}");
        }
        for refused in ["MIT AND GPL-3.0", "(GPL-3.0) AND (MIT OR Apache-2.0)", "GPL-3.0", ""] {
            assert!(!fits(refused), "{refused}");
        }
    }
}
