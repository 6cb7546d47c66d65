//! Which scripts run in production: those that the entry reaches.

use crate::script::module::Form;
use crate::script::program::Program;
use crate::script::term::Kind;
use std::collections::BTreeSet;

/// The scripts that are reached from one, itself among them. `None` if scripts are loaded by names that
/// do not stand in the text: then nobody knows.
pub(crate) fn from(program: &Program<'_>, entry: usize) -> Option<BTreeSet<usize>> {
    let mut reached = BTreeSet::from([entry]);
    let mut open = vec![entry];
    while let Some(scene) = open.pop() {
        if loads_by_name(program, scene) {
            return None;
        }
        for import in &program.scenes[scene].script.imports {
            if import.form == Form::Type {
                continue;
            }
            let Some(next) = program.module(scene, &import.from) else { continue };
            if reached.insert(next) {
                open.push(next);
            }
        }
    }
    Some(reached)
}

/// Packages that load every file of a folder.
const LOADERS: [&str; 4] = ["@fastify/autoload", "fastify-autoload", "require-all", "glob"];

fn loads_by_name(program: &Program<'_>, scene: usize) -> bool {
    let scene = &program.scenes[scene];
    let imports = &scene.script.imports;
    imports.iter().any(|import| LOADERS.contains(&&*import.from))
        || scene.sites.iter().any(|(_, term)| {
            let Kind::Call(call) = &term.kind else { return false };
            let loads = matches!(call.callee.name(), Some("require" | "import"));
            loads && call.arguments.first().is_some_and(|first| first.text().is_none())
        })
}
