//! Workspaces of npm, pnpm, yarn and bun, and who runs their tasks.

use super::package::Package;
use crate::Workspace;
use crate::place::Lines;
use crate::snapshot::{Snapshot, within};

/// The files by which task runners are known.
const RUNNERS: [(&str, &str); 3] =
    [("nx.json", "nx"), ("turbo.json", "turbo"), ("lerna.json", "lerna")];

/// The workspace at the root; `None` if there are no members and nobody who runs their tasks.
pub(crate) fn read(snapshot: &Snapshot, packages: &[Package<'_>], tool: &str) -> Option<Workspace> {
    let root = packages.iter().find(|package| package.folder.is_empty());
    let mut patterns: Vec<String> =
        root.map(Package::workspaces).unwrap_or_default().into_iter().map(str::to_owned).collect();
    patterns.extend(snapshot.text("pnpm-workspace.yaml").map(pnpm).unwrap_or_default());
    let runners = RUNNERS.iter().filter(|(file, _)| snapshot.has(file));
    let runners: Vec<String> = runners.map(|(_, name)| (*name).to_owned()).collect();
    if patterns.is_empty() && runners.is_empty() {
        return None;
    }
    let folders = packages.iter().map(|package| package.folder).filter(|it| !it.is_empty());
    let members = folders.filter(|folder| is_member(folder, &patterns)).map(str::to_owned);
    let members = members.collect();
    Some(Workspace { tool: tool.to_owned(), runners, members })
}

fn is_member(folder: &str, patterns: &[String]) -> bool {
    let excluded = patterns.iter().filter_map(|pattern| pattern.strip_prefix('!'));
    let included = patterns.iter().filter(|pattern| !pattern.starts_with('!'));
    included.into_iter().any(|pattern| fits(folder, pattern))
        && !excluded.into_iter().any(|pattern| fits(folder, pattern))
}

/// Whether a folder fits a pattern: `apps/*`, `packages/**`, `tools`.
fn fits(folder: &str, pattern: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    if let Some(base) = pattern.strip_suffix("/**") {
        return within(folder, base).is_some();
    }
    let parts = || folder.split('/');
    let wanted = || pattern.split('/');
    parts().count() == wanted().count()
        && parts().zip(wanted()).all(|(part, wanted)| match wanted.split_once('*') {
            Some((before, after)) => part.starts_with(before) && part.ends_with(after),
            None => part == wanted,
        })
}

/// The list under `packages:` of `pnpm-workspace.yaml`, in either of YAML's forms.
fn pnpm(text: &str) -> Vec<String> {
    let lines = Lines::of("", text);
    let mut found = Vec::new();
    let mut inside = false;
    for (_, line) in lines.iter() {
        let bare = line.split(" #").next().unwrap_or_default().trim_end();
        if let Some(rest) = bare.strip_prefix("packages:") {
            inside = true;
            let flow = rest.trim().trim_start_matches('[').trim_end_matches(']');
            found.extend(flow.split(',').map(unquoted).filter(|item| !item.is_empty()));
        } else if let Some(item) = bare.trim_start().strip_prefix("- ").filter(|_| inside) {
            found.push(unquoted(item));
        } else if !bare.is_empty() && !bare.starts_with([' ', '#']) {
            inside = false;
        }
    }
    found
}

/// A YAML scalar without its quotes.
fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pnpm_lists_are_read_in_both_forms() {
        let block =
            "packages:\n  - 'apps/*' # all\n  - \"libs/**\"\n  - '!libs/old'\ncatalog:\n  - x\n";
        assert_eq!(pnpm(block), ["apps/*", "libs/**", "!libs/old"]);
        assert_eq!(pnpm("packages: ['apps/*', libs]\n"), ["apps/*", "libs"]);
        assert_eq!(pnpm("packages:\n- apps/*\n"), ["apps/*"]);
    }

    #[test]
    fn members_fit_their_patterns() {
        let patterns = ["apps/*", "./libs/**", "!libs/old", "tools"].map(str::to_owned);
        for (folder, expected) in [
            ("apps/api", true),
            ("apps/api/deep", false),
            ("libs/a/b", true),
            ("libs/old", false),
            ("tools", true),
            ("other", false),
        ] {
            assert_eq!(is_member(folder, &patterns), expected, "{folder}");
        }
    }
}
