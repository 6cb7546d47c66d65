//! The images that a Dockerfile starts from.

use super::dockerfile::{self, Dockerfile};
use crate::project::Project;
use manifest::{Build, Service};
use std::collections::BTreeSet;

/// The base images of a service's build; none where its Dockerfile can't be read or written, which the
/// build says better.
pub(super) fn of(
    project: &Project,
    name: &str,
    service: &Service,
    build: &Build,
) -> BTreeSet<String> {
    let text = match dockerfile::of(project, name, service, build) {
        Ok(Dockerfile::Own(file)) => std::fs::read_to_string(file).unwrap_or_default(),
        Ok(Dockerfile::Written(recipe)) => recipe.dockerfile,
        Err(_) => String::new(),
    };
    bases(&text)
}

/// The images that are named after `FROM`, without earlier stages, `scratch`, and names that hold
/// variables: those are known only to the build.
fn bases(dockerfile: &str) -> BTreeSet<String> {
    let mut stages: BTreeSet<String> = BTreeSet::from(["scratch".to_owned()]);
    let mut images = BTreeSet::new();
    for line in dockerfile.lines() {
        let mut words = line.split_whitespace();
        if !words.next().is_some_and(|word| word.eq_ignore_ascii_case("from")) {
            continue;
        }
        let mut words = words.skip_while(|word| word.starts_with("--"));
        let Some(image) = words.next() else { continue };
        if !stages.contains(&image.to_lowercase()) && !image.contains('$') {
            images.insert(image.to_owned());
        }
        if words.next().is_some_and(|word| word.eq_ignore_ascii_case("as")) {
            stages.extend(words.next().map(str::to_lowercase));
        }
    }
    images
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
}
