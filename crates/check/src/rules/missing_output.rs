//! Files that a build has to write and the image does not have.

use super::development_import::{absent, is_file};
use crate::finding::{Finding, Severity};
use crate::image::{Has, Image, join};
use crate::observed::Seen;
use crate::part::Part;
use crate::rule::{Look, Rule};
use plan::diagnosis::Cause;
use source::{Certainty, Fact, Framework, Place, Project, Reading};

pub(super) const RULE: Rule = Rule {
    id: "missing-output",
    severity: Severity::Error,
    title: "The image lacks the program it starts, or the front end it serves.",
    why: "The container ends at its start with `Cannot find module '/app/dist/server.js'`, or it answers \
          its API and 404 for every page, while the health check passes.",
    fix: "build it in a stage of the Dockerfile, and copy the output into the last one.",
    limits: "what scripts write that a build's line calls.",
    look: &[
        Look::Part(find),
        Look::Image {
            find: seen,
            shows: "whether the scripts and the front end that are asked for are in the image.",
        },
    ],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some(image) = &part.image else { return Vec::new() };
    let mut found: Vec<Finding> = start(part, image).into_iter().collect();
    if let Some(project) = part.project {
        found.extend(project.assets.iter().filter_map(|asset| assets(part, image, project, asset)));
    }
    found
}

/// The script that the container starts with.
fn start(part: &Part<'_>, image: &Image<'_>) -> Option<Finding> {
    let (words, place) = part.start()?;
    let program = words.first()?.rsplit('/').next()?;
    if !matches!(program, "node" | "bun" | "python" | "python3") {
        return None;
    }
    let script = words.iter().skip(1).find(|word| !word.starts_with('-'))?;
    let after_option = words
        .iter()
        .any(|word| matches!(word.as_str(), "-r" | "--require" | "--import" | "-m" | "-e" | "-c"));
    let is_script =
        ["js", "mjs", "cjs", "py"].iter().any(|end| script.ends_with(&format!(".{end}")));
    if !is_script || after_option || image.has_file(script) != Has::No {
        return None;
    }
    let message = format!("the container starts `{script}`, which is not in the image");
    let found = RULE.at(&place, message).label("not there");
    Some(found.help("copy it from the stage that builds it, to where the container starts"))
}

/// The front end whose files the application gives.
fn assets(
    part: &Part<'_>,
    image: &Image<'_>,
    project: &Project,
    asset: &Fact<String>,
) -> Option<Finding> {
    let front = front_end(part.reading, project, &asset.value)?;
    let output = front.output.as_ref()?;
    let folder = join(&front.folder, &output.value);
    if part.snapshot.paths().any(|path| path.starts_with(&format!("{folder}/"))) {
        return None;
    }
    if is_built(part.reading, image, front) {
        return None;
    }
    let message = format!("{folder} is served, and no line of the Dockerfile builds it");
    let place: Place = image.dockerfile.stages.get(image.stage)?.base.place.clone();
    let found = RULE.at(&place, message).related(&asset.place, "served here");
    let build = front.build.as_ref().map_or("vite build", |it| it.value.line.as_str());
    Some(
        found
            .help(format!("`RUN {build}` in the stage that builds, and copy {folder} from it"))
            .at_most(if asset.certainty == Certainty::Guess {
                Severity::Note
            } else {
                Severity::Error
            }),
    )
}

/// The project whose output a served folder is.
fn front_end<'r>(reading: &'r Reading, own: &Project, asset: &str) -> Option<&'r Project> {
    let fronts = reading.projects.iter().filter(|it| {
        let is_front =
            it.frameworks.iter().any(|it| matches!(it.value, Framework::Vite | Framework::React));
        is_front && it.output.is_some()
    });
    fronts.into_iter().find(|front| {
        let output = front.output.as_ref().map_or("dist", |it| it.value.as_str());
        let whole = join(&front.folder, output);
        let last = front.folder.rsplit('/').next().unwrap_or_default();
        let is_own = front.folder == own.folder;
        asset.ends_with(&whole)
            || is_own && asset.ends_with(output)
            || !last.is_empty() && asset.contains(last) && asset.ends_with(output)
    })
}

/// Whether a line of the Dockerfile builds a front end, by itself or through scripts.
fn is_built(reading: &Reading, image: &Image<'_>, front: &Project) -> bool {
    let tools =
        ["vite build", "react-scripts build", "ng build", "vue-cli-service build", "turbo", "nx "];
    let builds = |line: &str| tools.iter().any(|tool| line.contains(tool));
    let scripts: Vec<&str> = reading
        .projects
        .iter()
        .filter(|project| project.folder != front.folder)
        .filter_map(|project| project.build.as_ref()?.value.script.as_deref())
        .collect();
    image.all_runs().any(|(line, _)| {
        let runs_script = line.contains("run build")
            || line.contains("yarn build")
            || line.contains("pnpm build");
        let named = line.contains(&front.folder) && !front.folder.is_empty();
        // Another script than `build` may do anything.
        let other =
            line.contains("run ") && !line.contains("run build") && !line.contains("run lint");
        builds(line)
            || runs_script
                && (named || scripts.iter().any(|script| builds(script) || calls_on(script)))
            || other
    })
}

/// A build that starts others: workspaces, `npm run build:client`, a script of its own.
fn calls_on(script: &str) -> bool {
    ["--workspace", "-ws", "-w ", "run build:", "-r build", "lerna", "node ", "tsx ", ".sh", "make"]
        .iter()
        .any(|word| script.contains(word))
}

/// Names of folders that builds write or that are part of the source.
const FRONT_ENDS: [&str; 8] =
    ["dist", "build", "public", "static", "www", "out", "client", "browser"];

/// Files of the program's own, and front ends, that the image does not have.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let dead = seen.failure().filter(|it| it.cause == Cause::ModuleNotFound && is_file(&it.title));
    if let Some(trouble) = dead {
        found.push(super::does_not_start::finding(seen, &RULE, trouble));
    } else {
        let lost = absent(seen).into_iter().filter(|it| it.value.package.is_none());
        // What is needed at once was there, for it runs.
        let late = lost.filter(|it| !it.value.at_start);
        found.extend(late.map(|it| {
            let at = format!("/{}:{}", it.place.file, it.place.line);
            let message = format!("`{}` is not in the image, and {at} asks for it", it.value.asked);
            let found = seen.at(&RULE, &seen.start(), message).label("fails when it is reached");
            found.at_most(Severity::Warning)
        }));
    }
    let project = seen.part.project.filter(|_| !seen.observed.files.is_empty());
    let assets = project.into_iter().flat_map(|project| &project.assets);
    found.extend(assets.filter_map(|asset| no_assets(seen, asset)));
    found
}

/// A folder of files that the application gives and the image does not have.
fn no_assets(seen: &Seen<'_>, asset: &Fact<String>) -> Option<Finding> {
    let tail = asset.value.trim_matches('/');
    let last = tail.rsplit('/').next().unwrap_or(tail);
    let inside = format!("/{last}/");
    let files = &seen.observed.files;
    let has = files.paths().any(|path| {
        let own = !path.contains("node_modules/");
        own && format!("/{path}").contains(&inside)
    });
    // Other folders are filled while it runs: uploads, temporary files.
    if has || !FRONT_ENDS.contains(&last) {
        return None;
    }
    let message =
        format!("the application gives the files of {tail}, and the image has no such folder");
    let found = seen.at(&RULE, &asset.place, message).label("every page is 404");
    Some(
        found
            .help("build the front end in a stage of the Dockerfile, and copy what it writes")
            .resting_on(asset.certainty),
    )
}
