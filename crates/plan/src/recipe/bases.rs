//! The images that a Dockerfile starts from, and their names with digests.
//!
//! A tag moves: the same Dockerfile gives another image next month. A digest does not.

use std::collections::{BTreeMap, BTreeSet};

/// The images that are named after `FROM`, without earlier stages, `scratch`, and names that hold
/// variables: those are known only to the build.
#[must_use]
pub fn bases(dockerfile: &str) -> BTreeSet<String> {
    let mut images = BTreeSet::new();
    each(dockerfile, |image| {
        images.insert(image.to_owned());
        None
    });
    images
}

/// The name that a registry resolves: without the digest that it has already. `None` for what has no
/// tag beside its digest, and can't mean anything newer.
#[must_use]
pub fn unpinned(image: &str) -> Option<&str> {
    match image.split_once('@') {
        None => Some(image),
        Some((name, _)) => has_tag(name).then_some(name),
    }
}

/// The same Dockerfile with base images by digest: `digests` has them by name without digest. The tag
/// stays, for those who read it.
#[must_use]
pub fn pin(dockerfile: &str, digests: &BTreeMap<String, String>) -> String {
    each(dockerfile, |image| {
        let name = unpinned(image)?;
        let digest = digests.get(name)?;
        let tag = if has_tag(name) { "" } else { ":latest" };
        Some(format!("{name}{tag}@{digest}"))
    })
}

/// Goes through the base images, and puts another name where there is one.
fn each(dockerfile: &str, mut rename: impl FnMut(&str) -> Option<String>) -> String {
    let mut stages: BTreeSet<String> = BTreeSet::from(["scratch".to_owned()]);
    let mut text = String::with_capacity(dockerfile.len());
    for line in dockerfile.split_inclusive('\n') {
        let base = base(line).filter(|it| !it.contains('$'));
        let new = match base {
            Some(image) if !stages.contains(&image.to_lowercase()) => rename(image),
            _ => None,
        };
        stages.extend(stage(line));
        match (base, new) {
            (Some(old), Some(new)) => text.push_str(&line.replacen(old, &new, 1)),
            _ => text.push_str(line),
        }
    }
    text
}

/// What stands after `FROM` and its flags.
fn base(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    words.next().filter(|word| word.eq_ignore_ascii_case("from"))?;
    words.find(|word| !word.starts_with("--"))
}

/// The name that a `FROM` gives its stage.
fn stage(line: &str) -> Option<String> {
    base(line)?;
    let mut words = line.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case("as"));
    words.nth(1).map(str::to_lowercase)
}

/// A colon after the last slash starts the tag; one before it is a registry's port.
fn has_tag(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|last| last.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_what_no_stage_makes() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(bases(text), expected.iter().map(|&image| image.to_owned()).collect());
        };
        check(
            "FROM rust:1 AS build\nFROM debian\nCOPY --from=build /a /b\n",
            &["rust:1", "debian"],
        );
        check("from --platform=linux/amd64 node:22 as Deps\nFROM deps\n", &["node:22"]);
        check("ARG V=22\nFROM node:$V\nFROM scratch\nRUN echo FROM\n", &[]);
        check("FROM\n#FROM x\n", &[]);
    }

    #[test]
    fn a_tag_gets_its_digest_and_nothing_else_changes() {
        let digests = BTreeMap::from([
            ("node:22".to_owned(), "sha256:aa".to_owned()),
            ("host:5000/debian".to_owned(), "sha256:bb".to_owned()),
        ]);
        let check = |text: &str, expected: &str| assert_eq!(pin(text, &digests), expected);
        check("FROM node:22 AS node:22\n", "FROM node:22@sha256:aa AS node:22\n");
        check("from --platform=x node:22\r\n", "from --platform=x node:22@sha256:aa\r\n");
        check("FROM host:5000/debian", "FROM host:5000/debian:latest@sha256:bb");
        check("FROM node:22@sha256:old\n", "FROM node:22@sha256:aa\n");
        let untouched = "# FROM node:22\nFROM node@sha256:old AS a\nFROM a\nFROM node:$V\nFROM b\n";
        check(untouched, untouched);
    }
}
