//! How a project is built and started, and which source file that start means.

use super::package::Package;
use crate::script::program::Program;
use crate::snapshot::{Snapshot, join, within};
use crate::{Command, Fact, Place};

/// Scripts that start in production, in the order in which they are believed.
const STARTS: [&str; 5] = ["start:prod", "start:production", "start", "serve:prod", "serve"];

/// Where the start is by convention, in projects that do not say.
const USUAL: [&str; 14] = [
    "src/main",
    "src/server",
    "src/index",
    "src/app",
    "main",
    "server",
    "index",
    "app",
    "src/bin/www",
    "bin/www",
    "api/index",
    "server/index",
    "src/server/index",
    "lib/index",
];

/// Programs that run a script; the script's path is the first word after them that is no option.
const RUNNERS: [&str; 8] =
    ["node", "tsx", "ts-node", "bun", "nodemon", "deno", "ts-node-dev", "swc-node"];

/// Folders that compilers write to.
const OUTPUTS: [&str; 5] = ["dist", "build", "out", "lib", ".output"];

/// The command that starts a project in production.
pub(crate) fn start(package: &Package<'_>, manager: &str) -> Option<Fact<Command>> {
    let (name, script, place) = STARTS.iter().find_map(|name| {
        let (script, place) = package.script(name)?;
        Some((*name, script, place))
    })?;
    let is_development = ["nodemon", "--watch", "tsx watch", "ts-node-dev", "next dev", "vite"]
        .iter()
        .any(|word| script.contains(word))
        && !script.contains("vite preview");
    let line = match name {
        "start" if manager != "bun" => format!("{manager} start"),
        other => format!("{manager} run {other}"),
    };
    let fact = Fact::certain(Command { line, script: Some(script.to_owned()) }, place);
    Some(if is_development { Fact { certainty: crate::Certainty::Guess, ..fact } } else { fact })
}

/// The command that builds a project.
pub(crate) fn build(package: &Package<'_>, manager: &str) -> Option<Fact<Command>> {
    let (script, place) = package.script("build")?;
    let line = format!("{manager} run build");
    Some(Fact::certain(Command { line, script: Some(script.to_owned()) }, place))
}

/// The source file that a project starts with.
pub(crate) fn entry(
    snapshot: &Snapshot,
    program: &Program<'_>,
    package: &Package<'_>,
    folder: &str,
) -> Option<Fact<String>> {
    for name in STARTS.iter().chain(&["dev", "start:dev"]) {
        let Some((script, place)) = package.script(name) else { continue };
        let Some(path) = runs(script) else { continue };
        if let Some(source) = source(snapshot, program, folder, &path) {
            return Some(Fact::certain(source, place));
        }
    }
    let main = package.get(&["main"]).or_else(|| package.get(&["module"]));
    if let Some(term) = main
        && let Some(source) = term.text().and_then(|path| source(snapshot, program, folder, path))
    {
        return Some(Fact::likely(source, package.place(term)));
    }
    usual(program, folder)
}

/// The entry that Nx's `project.json` names.
pub(crate) fn of_nx(
    snapshot: &Snapshot,
    program: &Program<'_>,
    folder: &str,
) -> Option<Fact<String>> {
    let path = join(folder, "project.json");
    let text = snapshot.text(&path)?;
    let term = crate::script::json(text)?;
    let main = term.get("targets")?.get("build")?.get("options")?.get("main")?;
    let scene = program.file(&join("", main.text()?))?;
    let lines = crate::place::Lines::of(&path, text);
    let place = lines.place(main.start as usize, main.end as usize);
    Some(Fact::certain(program.scenes[scene].path.to_owned(), place))
}

fn usual(program: &Program<'_>, folder: &str) -> Option<Fact<String>> {
    let scene = USUAL.iter().find_map(|stem| program.file(&join(folder, stem)))?;
    let file = program.scenes[scene].path.to_owned();
    let place = Place { file: file.clone(), line: 1, column: 1, start: 0, end: 0 };
    Some(Fact::guess(file, place))
}

/// The script that a command line runs.
fn runs(line: &str) -> Option<String> {
    if line.contains("nest start") {
        return Some("src/main".to_owned());
    }
    let mut words = line.split_whitespace().skip_while(|word| !RUNNERS.contains(word));
    words.next()?;
    let mut taken = false;
    for word in words {
        match word {
            // Options that take the next word.
            "-r" | "--require" | "--import" | "--loader" | "-P" | "--project" => taken = true,
            "run" | "watch" | "serve" => {}
            word if word.starts_with('-') => {}
            _ if taken => taken = false,
            "&&" | "||" | ";" => return None,
            word => return Some(word.trim_matches(['"', '\'']).to_owned()),
        }
    }
    None
}

/// The source of a path that may be a compiler's output.
fn source(snapshot: &Snapshot, program: &Program<'_>, folder: &str, path: &str) -> Option<String> {
    let path = join("", path);
    let exact = program.file(&join(folder, &path));
    // `server/dist/server.js` of a folder in the project.
    let inner = OUTPUTS.iter().find_map(|output| {
        let (folder, inside) = path.split_once(&format!("/{output}/"))?;
        let stem = inside.rsplit_once('.').map_or(inside, |(stem, _)| stem);
        Some(format!("{folder}/src/{stem}"))
    });
    let inner = inner.and_then(|path| program.file(&join(folder, &path)));
    let found = exact.or(inner).or_else(|| {
        let (output, root) = compiled(snapshot, folder);
        let inside = OUTPUTS
            .iter()
            .copied()
            .chain(output.as_deref())
            .find_map(|output| within(&path, output))?;
        let stem = inside.rsplit_once('.').map_or(inside, |(stem, _)| stem);
        from_output(program, folder, stem, root.as_deref())
    })?;
    Some(program.scenes[found].path.to_owned())
}

/// `dist/apps/api/src/main.js` may come from `src/main.ts`: what the compiler keeps of a path depends
/// on what it compiles.
fn from_output(
    program: &Program<'_>,
    folder: &str,
    stem: &str,
    root: Option<&str>,
) -> Option<usize> {
    let mut rest = Some(stem);
    while let Some(stem) = rest {
        let bases = [root.unwrap_or("src"), "src", ""];
        let found = bases.iter().find_map(|base| program.file(&join(&join(folder, base), stem)));
        if found.is_some() {
            return found;
        }
        rest = stem.split_once('/').map(|(_, rest)| rest);
    }
    None
}

/// `outDir` and `rootDir` of a project's `tsconfig.json`.
fn compiled(snapshot: &Snapshot, folder: &str) -> (Option<String>, Option<String>) {
    let names = ["tsconfig.build.json", "tsconfig.app.json", "tsconfig.json"];
    let option = |key: &str| {
        names.iter().find_map(|name| {
            let config = crate::script::json(snapshot.text(&join(folder, name))?)?;
            let text = config.get("compilerOptions")?.get(key)?.text()?.to_owned();
            Some(join("", &text))
        })
    };
    (option("outDir"), option("rootDir"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_the_script_that_it_runs() {
        for (line, expected) in [
            ("node dist/server.js", Some("dist/server.js")),
            (
                "NODE_ENV=production node --enable-source-maps -r dotenv/config ./dist/main",
                Some("./dist/main"),
            ),
            (
                "prisma migrate deploy && node --import ./otel.mjs build/index.js",
                Some("build/index.js"),
            ),
            ("tsx watch src/index.ts", Some("src/index.ts")),
            ("bun run src/index.ts", Some("src/index.ts")),
            ("nest start", Some("src/main")),
            ("next start", None),
        ] {
            assert_eq!(runs(line).as_deref(), expected, "{line}");
        }
    }
}
