//! Node.

use super::install::{self, Install, join, relative};
use super::{NoRecipe, Recipe, Source, Wanted, ignore, mount, shown, version};
use crate::outline::started;
use source::{Certainty, Command, Framework, Need, Project};
use std::fmt::Write as _;

/// The fixed user of the image: above the numbers that systems give out, so it owns nothing on a host.
const USER: &str = "10001:10001";

/// Packages whose programs are built for glibc only; Alpine has musl.
const NEED_GLIBC: [&str; 8] = [
    "onnxruntime-node",
    "playwright",
    "puppeteer",
    "@tensorflow/tfjs-node",
    "canvas",
    "oracledb",
    "ibm_db",
    "@confluentinc/kafka-javascript",
];

/// What one Dockerfile is written with.
struct Draft<'s> {
    source: &'s Source<'s>,
    wanted: &'s Wanted<'s>,
    install: Install,
    /// The base image.
    base: String,
    /// The folder of the lockfile, which is the context.
    root: String,
    /// The project's folder, from the context.
    inner: String,
    /// The line that builds it, run in the context.
    build: Option<String>,
    /// What starts it, run in its own folder; empty where the manifest says it.
    start: Vec<String>,
}

pub(super) fn recipe(source: &Source<'_>, wanted: &Wanted<'_>) -> Result<Recipe, NoRecipe> {
    let project = source.project;
    if project.frameworks.first().is_some_and(|it| it.value.is_static())
        && project.listens.is_empty()
    {
        return Err(NoRecipe::new(
            format!("{} builds files for browsers and no server", shown(&project.folder)),
            "say `static: <folder>` for it, or write a Dockerfile with the server of your choice",
        ));
    }
    let manager = project.package_manager.as_ref().map(|it| &it.value).ok_or_else(|| {
        NoRecipe::new(
            format!("nobody installs the packages of {}", project.name),
            "write a Dockerfile",
        )
    })?;
    let lockfile = manager.lockfile.as_deref();
    let root = lockfile.map_or(project.folder.as_str(), |path| {
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    });
    let node = version::node(&project.runtimes).ok_or_else(|| unsupported(project))?;
    let flavour = if needs_glibc(project) { "slim" } else { "alpine" };
    let inner = relative(&project.folder, root);
    let draft = Draft {
        source,
        wanted,
        install: install::install(source, manager, (root, &inner))?,
        base: format!("node:{node}-{flavour}"),
        root: root.to_owned(),
        build: project.build.as_ref().map(|it| built(&it.value, &inner)),
        start: if wanted.is_started { Vec::new() } else { start(project, &inner)? },
        inner,
    };
    Ok(Recipe {
        dockerfile: draft.text(),
        ignore: ignore::text(source, root),
        context: root.to_owned(),
        folder: project.folder.clone(),
        remarks: draft.remarks(),
    })
}

fn unsupported(project: &Project) -> NoRecipe {
    let wishes: Vec<&str> = project.runtimes.iter().map(|it| it.value.as_str()).collect();
    NoRecipe::new(
        format!("no supported version of Node is what the project asks for: {}", wishes.join(", ")),
        "allow one with long-term support in `engines`, or write a Dockerfile",
    )
}

/// Next.js compiles with a program of its own, whose build for glibc is the one that is tested most.
fn needs_glibc(project: &Project) -> bool {
    let is_next = project.frameworks.iter().any(|it| it.value == Framework::Next);
    is_next || project.imports.iter().any(|it| NEED_GLIBC.contains(&it.value.package.as_str()))
}

/// A build line of a project's folder, from the context.
fn built(build: &Command, inner: &str) -> String {
    if inner.is_empty() { build.line.clone() } else { format!("cd {inner} && {}", build.line) }
}

/// The words that start the program itself, so that it is the container's first process and hears its
/// stop signal.
fn start(project: &Project, inner: &str) -> Result<Vec<String>, NoRecipe> {
    let line = started(project);
    if line.is_none() && project.frameworks.iter().any(|it| it.value == Framework::Next) {
        // npm and Yarn put a workspace's packages at its root, pnpm puts them beside each member.
        let is_pnpm = project.package_manager.as_ref().is_some_and(|it| it.value.name == "pnpm");
        let at = if is_pnpm { join("/app", inner) } else { "/app".to_owned() };
        let next = format!("{}/node_modules/next/dist/bin/next", at.trim_end_matches('/'));
        return Ok(vec!["node".into(), next, "start".into()]);
    }
    let line = line.ok_or_else(|| {
        let script = project.start.as_ref().map(|it| it.value.direct().to_owned());
        let why = match script {
            Some(script) => format!("the start script of {} needs a shell: {script}", project.name),
            None => format!("nothing says how {} is started", project.name),
        };
        NoRecipe::new(
            why,
            "give package.json a `start` script like `node dist/server.js`, or write a Dockerfile",
        )
    })?;
    Ok(line.split_whitespace().map(str::to_owned).collect())
}

impl Draft<'_> {
    fn text(&self) -> String {
        let mut text = String::from("# Written by neargate from the source.\n");
        self.first_stage(&mut text);
        text.push('\n');
        self.last_stage(&mut text);
        text
    }

    /// Installs and builds.
    fn first_stage(&self, text: &mut String) {
        let Install { tool, variables, files, all, production, prune } = &self.install;
        line(text, &format!("FROM {} AS build", self.base));
        let run = |step: &str| mount::run(self.wanted, step);
        tool.iter().for_each(|tool| line(text, &run(tool)));
        line(text, "WORKDIR /app");
        if !variables.is_empty() {
            line(text, &format!("ENV {variables}"));
        }
        // What is installed changes less often than what is built: a layer of its own.
        line(text, &format!("COPY {} ./", files.join(" ")));
        for folder in self.members() {
            line(text, &format!("COPY {folder}/package.json {folder}/"));
        }
        let is_prisma = self.source.project.migrations.iter().any(|it| it.value.tool == "prisma");
        let install = if self.build.is_some() || is_prisma { all } else { production };
        line(text, &run(install));
        line(text, "COPY . .");
        for name in &self.wanted.arguments {
            line(text, &format!("ARG {name}"));
        }
        let generates = self.build.as_ref().is_none_or(|build| !build.contains("prisma"));
        if is_prisma && generates && !self.script_generates() {
            line(text, &run(&format!("{}npx prisma generate", self.there())));
        }
        if let Some(build) = &self.build {
            line(text, &run(build));
        }
        let pruned = if install == all { format!("{prune} && ") } else { String::new() };
        let cleared = if self.is_next() {
            format!("rm -rf {} && ", join(&self.inner, ".next/cache"))
        } else {
            String::new()
        };
        line(
            text,
            &run(&format!(
                "{pruned}{cleared}mkdir -p node_modules && mv node_modules /node_modules"
            )),
        );
    }

    /// What runs.
    fn last_stage(&self, text: &mut String) {
        line(text, &format!("FROM {}", self.base));
        let port = self.port();
        let mut variables = "ENV NODE_ENV=production".to_owned();
        if self.reads_port() {
            let _always_fits = write!(variables, " PORT={port}");
        }
        line(text, &variables);
        line(text, "WORKDIR /app");
        line(text, "COPY --from=build /node_modules node_modules");
        let owned = if self.is_next() { " --chown=10001:10001" } else { "" };
        line(text, &format!("COPY --from=build{owned} /app ./"));
        if !self.inner.is_empty() {
            line(text, &format!("WORKDIR /app/{}", self.inner));
        }
        line(text, &format!("USER {USER}"));
        line(text, &format!("EXPOSE {port}"));
        if let Some(path) = self.health() {
            line(text, "HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\");
            line(text, &format!("  CMD {}", words(&["node", "-e", &probe(port, &path)])));
        }
        if !self.start.is_empty() {
            let start: Vec<&str> = self.start.iter().map(String::as_str).collect();
            line(text, &format!("CMD {}", words(&start)));
        }
    }

    /// Folders of the other packages that the lockfile speaks of: a package manager wants to see all of
    /// them.
    fn members(&self) -> Vec<String> {
        let Some(workspace) = &self.source.reading.workspace else { return Vec::new() };
        let members = workspace
            .members
            .iter()
            .filter(|it| self.root.is_empty() || it.starts_with(&format!("{}/", self.root)));
        members.map(|folder| relative(folder, &self.root)).collect()
    }

    fn there(&self) -> String {
        if self.inner.is_empty() { String::new() } else { format!("cd {} && ", self.inner) }
    }

    fn script_generates(&self) -> bool {
        let script = self.source.project.build.as_ref().and_then(|it| it.value.script.as_deref());
        script.is_some_and(|script| script.contains("prisma"))
    }

    fn is_next(&self) -> bool {
        self.source.project.frameworks.iter().any(|it| it.value == Framework::Next)
    }

    fn port(&self) -> u16 {
        let listens = self.source.project.listen().and_then(|it| it.value.port);
        self.wanted.port.or(listens).unwrap_or(3000)
    }

    /// Whether the program asks for `PORT`.
    fn reads_port(&self) -> bool {
        let project = self.source.project;
        self.is_next() || project.variables.iter().any(|it| it.name == "PORT")
    }

    fn health(&self) -> Option<String> {
        let own = || self.source.project.health().map(|it| it.value.path.clone());
        self.wanted.health.map(str::to_owned).or_else(own)
    }

    fn remarks(&self) -> Vec<String> {
        let project = self.source.project;
        let mut remarks = Vec::new();
        if let Some(entry) = project.entry.as_ref().filter(|it| it.certainty == Certainty::Guess) {
            remarks.push(format!("that it begins at {} is a guess", entry.value));
        }
        let manager = project.package_manager.as_ref();
        if manager.is_some_and(|it| it.value.lockfile.is_none()) {
            remarks
                .push("there is no lockfile: two builds may install different packages".to_owned());
        }
        if let Some(first) = project.disagreements.first() {
            remarks.push(format!(
                "{} and {} disagree, on {} first: the installation will refuse that until you run an install and commit the lockfile",
                project.manifest, first.value.lockfile, first.value.package
            ));
        }
        let built = project
            .variables
            .iter()
            .filter(|it| it.moment == source::Moment::Build && it.need != Need::Defaulted);
        let missing: Vec<&str> = built
            .map(|it| it.name.as_str())
            .filter(|name| !self.wanted.arguments.contains(name))
            .collect();
        if !missing.is_empty() {
            remarks.push(format!(
                "its build reads {}, which `build.args` does not give",
                missing.join(", ")
            ));
        }
        remarks
    }
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// Asks with what the image has: Node itself.
fn probe(port: u16, path: &str) -> String {
    format!(
        "fetch('http://127.0.0.1:{port}{path}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
    )
}

/// Words in the exec form, which needs no shell.
fn words(words: &[&str]) -> String {
    let quoted: Vec<String> =
        words.iter().map(|word| serde_json::Value::from(*word).to_string()).collect();
    format!("[{}]", quoted.join(", "))
}
