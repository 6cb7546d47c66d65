//! A variable of the bundle that is given when the container runs.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use source::{Place, Sensitivity};

pub(super) const RULE: Rule = Rule {
    id: "public-variable",
    severity: Severity::Error,
    title: "A variable that the build takes into the bundle is given to the running container.",
    why: "`NEXT_PUBLIC_…`, `VITE_…` and their like are replaced by their values when the front end is \
          built. In the running container they change nothing: browsers load the value of the build, or \
          `undefined`. And whatever it is, everybody can read it: it can't be a secret.",
    fix: "give it to the build: `build: {args: {NEXT_PUBLIC_API_URL: …}}`, with an `ARG` of that name in \
          the Dockerfile before the build's line. One image per value.",
    limits: "scripts that replace the values in the finished files when the container starts.",
    look: &[Look::Part(of_part), Look::Tree(of_files)],
};

fn of_files(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for definition in &tree.definitions {
        for container in &definition.containers {
            let given = definition.pairs(container, "environment", "value").into_iter();
            let given = given.chain(definition.pairs(container, "secrets", "valueFrom"));
            let public = given.filter(|pair| is_public(&pair.name));
            found.extend(public.map(|pair| finding(&pair.name, &pair.place)));
        }
    }
    found
}

/// Given to the container and not to the build; a value that both get does no harm.
fn of_part(part: &Part<'_>) -> Vec<Finding> {
    let Some(service) = part.service else { return Vec::new() };
    let args = service.build.iter().flat_map(|build| build.args.keys());
    let args: Vec<&String> = args.collect();
    let secrets = service.secrets.keys().map(|name| (name, "secrets"));
    let env = service.env.keys().filter(|name| !args.contains(name)).map(|name| (name, "env"));
    let public = secrets.chain(env).filter(|(name, _)| is_public(name));
    public.map(|(name, list)| finding(name, &part.key(&format!("{list}.{name}")))).collect()
}

fn is_public(name: &str) -> bool {
    // `PUBLIC_` alone is many other things' prefix too.
    Sensitivity::of(name) == Sensitivity::Public && !name.starts_with("PUBLIC_")
}

fn finding(name: &str, place: &Place) -> Finding {
    let message = format!("`{name}` is fixed when the front end is built: here it changes nothing");
    RULE.at(place, message)
        .label("too late")
        .help(format!("`build: {{args: {{{name}: …}}}}`, and `ARG {name}` in the Dockerfile"))
}
