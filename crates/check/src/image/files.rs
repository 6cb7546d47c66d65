//! Which files are in an image: what steps copy, and what steps may have made.
//!
//! A folder that a step may have written to is not known to lack anything: a file is said to be absent
//! only where nothing in the stage could have made it.

use super::{Has, Image, chain};
use source::{Copy, Stage, Step};

/// Words of lines that make no files in an application's folder.
const HARMLESS: [&str; 14] = [
    "apk",
    "apt-get",
    "apt",
    "addgroup",
    "adduser",
    "groupadd",
    "useradd",
    "chown",
    "chmod",
    "rm",
    "set",
    "corepack",
    "usermod",
    "update-ca-certificates",
];

/// How deep stages copy from one another.
const DEEP: u8 = 8;

impl Image<'_> {
    /// The folder that the container starts in.
    pub(crate) fn folder(&self) -> String {
        folder_of(&self.chain())
    }

    /// Whether a file or folder is in it; a relative path counts from where the container starts.
    pub(crate) fn has_file(&self, path: &str) -> Has {
        let folder = self.folder();
        self.stage_has(self.stage, &absolute(&folder, path), DEEP)
    }

    fn stage_has(&self, stage: usize, path: &str, deep: u8) -> Has {
        let Some(deep) = deep.checked_sub(1) else { return Has::Unknown };
        let chain = chain(self.dockerfile, stage);
        let Some(lowest) = chain.first() else { return Has::Unknown };
        let base = super::Base::of(&lowest.base.value);
        let mut has = if base.is_plain() { Has::No } else { Has::Unknown };
        let mut folder = "/".to_owned();
        for step in chain.iter().flat_map(|stage| &stage.steps) {
            match &step.value {
                Step::Folder(to) => folder = absolute(&folder, to),
                Step::Run(line) if has == Has::No && makes(line, path) => has = Has::Unknown,
                Step::Copy(copy) if has != Has::Yes => {
                    let copied = self.copied(copy, &folder, path, deep);
                    has = if copied == Has::No { has } else { copied };
                }
                _ => {}
            }
        }
        has
    }

    /// Whether a copy brings a path.
    fn copied(&self, copy: &Copy, folder: &str, path: &str, deep: u8) -> Has {
        let to = absolute(folder, &copy.to);
        if copy.sources.is_empty() && to == path {
            return Has::Yes;
        }
        let from = match &copy.from {
            None => None,
            Some(name) => match stage_named(&self.dockerfile.stages, name) {
                Some(stage) => Some(stage),
                // Somebody else's image.
                None => return if inside(path, &to).is_some() { Has::Unknown } else { Has::No },
            },
        };
        let mut best = Has::No;
        for source in &copy.sources {
            for origin in origins(copy, source, (&to, path)) {
                let has = match from {
                    Some(stage) => self.stage_has(stage, &absolute("/", &origin), deep),
                    None => self.context_has(&origin),
                };
                best = match (best, has) {
                    (_, Has::Yes) => return Has::Yes,
                    (_, Has::Unknown) => Has::Unknown,
                    (best, Has::No) => best,
                };
            }
        }
        best
    }

    /// Whether the build sees a path of its context.
    pub(crate) fn context_has(&self, path: &str) -> Has {
        if path.contains(['*', '?', '$']) {
            return Has::Unknown;
        }
        let path = join("", path);
        if self.ignored.covers(&path) {
            return Has::No;
        }
        let whole = join(&self.context, &path);
        let below = format!("{whole}/");
        let there = whole.is_empty()
            || self.snapshot.has(&whole)
            || self.snapshot.paths().any(|it| it.starts_with(&below));
        if there { Has::Yes } else { Has::No }
    }
}

/// Where a path of the image would come from by a copy: the source as a folder whose content is taken,
/// and as a file or folder that keeps its name.
fn origins(copy: &Copy, source: &str, (to, path): (&str, &str)) -> Vec<String> {
    let is_folder = copy.to.ends_with(['/', '.']) || copy.sources.len() > 1;
    let mut found = Vec::new();
    let source = source.trim_start_matches("./");
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
    let below = |from: &str, rest: &str| {
        if rest.is_empty() {
            from.to_owned()
        } else {
            format!("{}/{rest}", from.trim_end_matches('/'))
        }
    };
    if let Some(rest) = inside(path, to) {
        found.push(below(source, rest));
    }
    // A file that goes into a folder keeps its name; a pattern may be any.
    let kept = absolute(to, name);
    if is_folder && kept == path {
        found.push(source.to_owned());
    }
    // A folder around what is copied is there too.
    if inside(to, path).is_some() {
        found.push(source.to_owned());
    }
    found
}

/// The folder that steps and the container work in.
pub(crate) fn folder_of(chain: &[&Stage]) -> String {
    let steps = chain.iter().flat_map(|stage| &stage.steps);
    steps.fold("/".to_owned(), |folder, step| match &step.value {
        Step::Folder(to) => absolute(&folder, to),
        _ => folder,
    })
}

fn stage_named(stages: &[Stage], name: &str) -> Option<usize> {
    let by_name = stages.iter().position(|it| it.name.as_deref() == Some(name));
    by_name.or_else(|| name.parse().ok().filter(|index| *index < stages.len()))
}

/// Whether a line may make a path: any program may, unless it is known to leave it alone.
fn makes(line: &str, path: &str) -> bool {
    let parts = line.split([';', '\n']).flat_map(|part| part.split("&&"));
    let mut parts = parts.map(str::trim).filter(|part| !part.is_empty());
    parts.any(|part| {
        let words = part.split_whitespace().skip_while(|word| word.starts_with("--"));
        let word = words.into_iter().next().unwrap_or_default();
        if is_install(part) {
            return path.contains("node_modules") || path.contains("/generated");
        }
        !HARMLESS.contains(&word)
    })
}

/// Whether a line only installs packages.
fn is_install(line: &str) -> bool {
    ["npm ci", "npm install", "npm i ", "yarn install", "pnpm install", "pnpm i ", "npm prune"]
        .iter()
        .any(|it| line.contains(it))
}

/// A path as seen from a folder, both without `.` and `..`.
pub(crate) fn absolute(folder: &str, path: &str) -> String {
    if path.contains('$') {
        return path.to_owned();
    }
    format!("/{}", join(folder, path))
}

/// A path of the tree as seen from a folder.
pub(crate) fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let from = if path.starts_with('/') { "" } else { folder };
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// What is left of a path in a folder; empty for the folder itself.
fn inside<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let folder = folder.trim_end_matches('/');
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}
