//! The folder that a build writes and that somebody else serves.

use super::tree::Tree;
use crate::script::term::Term;
use crate::snapshot::{Snapshot, join};
use crate::{Fact, Framework};

/// Where a front end's build goes: what its configuration says, or its tool's own default.
pub(crate) fn read(
    snapshot: &Snapshot,
    tree: &Tree<'_, '_>,
    frameworks: &[Fact<Framework>],
) -> Option<Fact<String>> {
    let first = frameworks.first().filter(|it| it.value.is_static())?;
    let usual = if first.value == Framework::Vite { "dist" } else { "build" };
    let configured = ["ts", "js", "mts", "mjs"].iter().find_map(|ending| {
        let path = join(tree.folder, &format!("vite.config.{ending}"));
        snapshot.has(&path).then_some(())?;
        let scene = tree.program.scene(&path)?;
        let mut found = None;
        for term in &tree.program.scenes[scene].script.body {
            term.all(&mut |term| found = found.take().or_else(|| term.get("outDir")));
        }
        let term: &Term = found?;
        let output = join("", term.text()?);
        Some(Fact::certain(output, tree.at(scene, term.start, term.end)))
    });
    configured.or_else(|| Some(Fact::likely(usual.to_owned(), first.place.clone())))
}
