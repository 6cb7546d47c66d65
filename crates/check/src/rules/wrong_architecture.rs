//! An image for another processor than the one it runs on.

use crate::finding::{Finding, Severity};
use crate::observed::Seen;
use crate::part::Part;
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use manifest::Platform;
use manifest::yaml::Node;
use plan::diagnosis::Cause;
use source::Place;

pub(super) const RULE: Rule = Rule {
    id: "wrong-architecture",
    severity: Severity::Error,
    title: "The image is built for another processor than the tasks run on.",
    why: "The container ends at once with `exec format error`, or the image is not pulled at all: `image \
          Manifest does not contain descriptor matching platform`. It happens on the first deployment \
          from a laptop with an Apple processor.",
    fix: "let `platform` and the build agree; `linux/arm64` on both sides is a fifth cheaper.",
    limits: "the processor of the machine that builds where nobody says a platform.",
    look: &[
        Look::Part(find),
        Look::Tree(of_builds),
        Look::Image { find: seen, shows: "which processor the image is for." },
    ],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some((service, image)) = part.service.zip(part.image.as_ref()) else { return Vec::new() };
    let wanted = wanted(service.platform);
    let chain = image.chain();
    // The lowest stage's platform is that of the image.
    let Some(lowest) = chain.first() else { return Vec::new() };
    let Some(platform) = lowest.platform.as_deref().filter(|it| is_fixed(it)) else {
        return Vec::new();
    };
    if same(platform, wanted) {
        return Vec::new();
    }
    let message = format!("the image is for {platform}, and the tasks run on {wanted}");
    let edit = part
        .replace("platform", platform)
        .filter(|_| platform == "linux/arm64" || platform == "linux/amd64");
    let found = RULE.at(&lowest.base.place, message).label("`exec format error`").edit(edit);
    let found = match part.gives("platform") {
        true => found.related(&part.place("platform"), "the tasks run on this"),
        false => found,
    };
    vec![found.help(format!("`platform: {platform}` in the manifest, or {wanted} here"))]
}

/// Builds of pipelines and scripts for another processor than every task definition names.
fn of_builds(tree: &Tree<'_>) -> Vec<Finding> {
    let named: Vec<(&'static str, Place)> = processors(tree);
    let Some((wanted, place)) = named.first() else { return Vec::new() };
    // Of several, one may be what the build is for.
    if named.iter().any(|(other, _)| other != wanted) {
        return Vec::new();
    }
    let foreign = tree.builds.iter().filter_map(|build| {
        let platform = build.platform.as_deref().filter(|it| is_fixed(it))?;
        let fits = platform.split(',').any(|one| same(one.trim(), wanted));
        (!fits).then_some((build, platform))
    });
    let found = foreign.map(|(build, platform)| {
        let message = format!("the image is built for {platform}, and the tasks run on {wanted}");
        let found = RULE.at(&build.place, message).label("`exec format error`");
        found
            .related(place, "the tasks' processor")
            .help(format!("build for {wanted}, or change the task definition"))
    });
    found.collect()
}

/// The processors that task definitions name, or have by default.
fn processors(tree: &Tree<'_>) -> Vec<(&'static str, Place)> {
    let mut found = Vec::new();
    for definition in &tree.definitions {
        let named = definition.root.get("runtimePlatform").and_then(|it| it.get("cpuArchitecture"));
        let place = definition.place(named.unwrap_or(&definition.root));
        found.extend(
            named.map_or(Some("x86_64"), Node::text).and_then(|it| Some((of_ecs(it)?, place))),
        );
    }
    for block in tree.modules.iter().flat_map(|it| it.resources("aws_ecs_task_definition")) {
        let named = block.get("cpu_architecture");
        let place = named.map_or(&block.place, |it| &it.place).clone();
        // A variable may say either.
        let said = named.map_or("x86_64", |it| it.text());
        found.extend(of_ecs(said).map(|platform| (platform, place)));
    }
    found
}

/// The platform in Docker's words.
fn of_ecs(architecture: &str) -> Option<&'static str> {
    match architecture.to_ascii_uppercase().as_str() {
        "X86_64" => Some("linux/amd64"),
        "ARM64" => Some("linux/arm64"),
        _ => None,
    }
}

/// Whether it is a platform and no variable of the build.
fn is_fixed(platform: &str) -> bool {
    !platform.contains('$')
}

fn same(platform: &str, wanted: &str) -> bool {
    let bare = platform.strip_prefix("linux/").unwrap_or(platform);
    let wanted = wanted.strip_prefix("linux/").unwrap_or(wanted);
    let normal = match bare {
        "x86_64" | "amd64" => "amd64",
        "arm64" | "aarch64" | "arm64/v8" => "arm64",
        other => other,
    };
    normal == wanted
}

/// An image that says that it is for another processor, or a program in it that is.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let Some(service) = seen.part.service else { return Vec::new() };
    let (platform, wanted) = (&seen.observed.platform, wanted(service.platform));
    let place = seen.start();
    if !platform.is_empty() && !same(platform, wanted) {
        let message = format!("the image is for {platform}, and the tasks run on {wanted}");
        return vec![seen.at(&RULE, &place, message).label("`exec format error`")];
    }
    let failure = seen.failure().filter(|it| it.cause == Cause::WrongArchitecture);
    let found = failure.map(|trouble| super::does_not_start::finding(seen, &RULE, trouble));
    found.into_iter().collect()
}

fn wanted(platform: Platform) -> &'static str {
    match platform {
        Platform::Amd64 => "linux/amd64",
        Platform::Arm64 => "linux/arm64",
    }
}
