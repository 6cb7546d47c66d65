//! Functions and services that read a variable by its name: `required('JWT_SECRET')`,
//! `configService.get('PORT')`.

use super::scan::is_variable;
use crate::Certainty;
use crate::fact::variable::{Need, Read};
use crate::node::tree::Tree;
use crate::script::program::{Found, Program, Spot};
use crate::script::term::{Call, Kind, Term};

/// Every variable that is asked for by name.
pub(super) fn reads(tree: &Tree<'_, '_>) -> Vec<Read> {
    let mut found = Vec::new();
    for spot in tree.sites() {
        let Kind::Call(call) = &spot.term.kind else { continue };
        let Some(name) = tree.program.asks_environment(spot, call) else { continue };
        let (need, default) = need(tree, spot, call);
        let (place, name) = (tree.place(spot), name.to_owned());
        found.push(Read { name, need, default, place, certainty: Certainty::Likely });
    }
    found
}

fn need<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>, call: &'s Call) -> (Need, Option<String>) {
    // A second argument that is no object of options is a default.
    let second = call.arguments.get(1).filter(|it| !matches!(it.kind, Kind::Object(_)));
    if let Some(term) = second {
        let value = tree.program.value(Spot { term, ..spot });
        return (Need::Defaulted, value.and_then(|value| value.text()));
    }
    let verb = call.verb().unwrap_or_default().to_ascii_lowercase();
    if verb == "getorthrow" || verb.contains("require") || verb.contains("must") {
        return (Need::Required, None);
    }
    let callee = tree.program.follow(Spot { term: &call.callee, ..spot });
    let Found::Term(function) = callee else { return (Need::Used, None) };
    let mut throws = false;
    function.term.all(&mut |term| throws |= matches!(term.kind, Kind::Throw(_)));
    let is_own = function.term.function().is_some();
    (if throws && is_own { Need::Required } else { Need::Used }, None)
}

impl<'s> Program<'s> {
    /// The variable that a call asks for by its name.
    pub(crate) fn asks_environment(&self, spot: Spot<'s>, call: &'s Call) -> Option<&'s str> {
        let name = call.arguments.first()?.text().filter(|name| is_variable(name))?;
        self.is_config_service(spot, call).then_some(name).or_else(|| {
            let callee = Spot { term: &call.callee, ..spot };
            let Found::Term(function) = self.follow(callee) else { return None };
            let first = self.scenes[function.scene]
                .inside(function.term)
                .and_then(|scope| self.scenes[function.scene].parameter(scope, 0))?;
            reads_parameter(function.term, first).then_some(name)
        })
    }

    /// `config.get('PORT')` of NestJS and `env.get('PORT')` of env-var, by their names.
    fn is_config_service(&self, spot: Spot<'s>, call: &'s Call) -> bool {
        let Some((object, "get" | "getOrThrow")) = call.method() else { return false };
        let Some(path) = object.path() else { return false };
        let last = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_env_var =
            || matches!(self.package(Spot { term: object, ..spot }), Some(("env-var", _)));
        last.contains("config") || path == "Deno.env" || is_env_var()
    }
}

/// Whether a function reads `process.env[name]` for its parameter `name`.
fn reads_parameter(function: &Term, parameter: &str) -> bool {
    let mut found = false;
    function.all(&mut |term| {
        if let Kind::Index(pair) = &term.kind {
            let is_environment =
                pair.0.path().is_some_and(|path| path == "env" || path.ends_with(".env"));
            found |= is_environment && pair.1.name() == Some(parameter);
        }
    });
    found
}
