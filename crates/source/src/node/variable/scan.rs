//! `process.env.NAME` and its relatives, and what the code around them does without a value.

use crate::Certainty;
use crate::fact::variable::{Need, Read};
use crate::node::tree::Tree;
use crate::script::program::Spot;
use crate::script::term::{Bind, Kind, Pattern, Term};
use std::collections::BTreeSet;

/// What the code around a term does if there is no value.
#[derive(Debug, Clone, Copy)]
enum Around<'s> {
    /// Nothing that could be seen.
    Plain,
    /// It takes another value.
    Fallback(&'s Term),
    /// It asks.
    Asked,
    /// It asks, and stops.
    Stops,
}

/// Every read of a project's code.
pub(super) fn reads(tree: &Tree<'_, '_>) -> Vec<Read> {
    let mut scan = Scan { tree, reads: Vec::new(), guarded: BTreeSet::new() };
    for scene in &tree.scenes {
        let program = tree.program;
        scan.guarded = guarded(&program.scenes[*scene].script.body);
        for term in &program.scenes[*scene].script.body {
            scan.walk(Spot { scene: *scene, scope: 0, term }, Around::Plain);
        }
    }
    scan.reads
}

struct Scan<'t, 'p, 's> {
    tree: &'t Tree<'p, 's>,
    reads: Vec<Read>,
    /// Names of the script without which it stops: `if (!key) throw …`.
    guarded: BTreeSet<&'s str>,
}

impl<'s> Scan<'_, '_, 's> {
    fn walk(&mut self, spot: Spot<'s>, around: Around<'s>) {
        let at = |term| Spot { term, ..spot };
        match &spot.term.kind {
            Kind::Member(object, name) => {
                // By its name first: what is asked of every member has to be cheap.
                if is_variable(name) && self.tree.program.is_environment_by_name(at(object)) {
                    return self.read(spot, name, around);
                }
                self.walk(at(object), around);
            }
            Kind::Either(pair) => {
                let inner = match around {
                    Around::Plain => Around::Fallback(&pair.1),
                    _ => around,
                };
                self.walk(at(&pair.0), inner);
                self.walk(at(&pair.1), around);
            }
            Kind::Choice(choice) => {
                self.walk(at(&choice.0), Around::Asked);
                self.walk(at(&choice.1), around);
                self.walk(at(&choice.2), around);
            }
            Kind::Same(pair) => {
                self.walk(at(&pair.0), self.asked(around));
                self.walk(at(&pair.1), self.asked(around));
            }
            Kind::Not(inner) => self.walk(at(inner), self.asked(around)),
            Kind::If(branch) => {
                let around = if stops(&branch.then) { Around::Stops } else { Around::Asked };
                self.walk(at(&branch.test), around);
                let inside = branch.then.iter().chain(&branch.otherwise);
                inside.for_each(|term| self.walk(at(term), Around::Plain));
            }
            Kind::Bind(bind) => self.bind(spot, bind),
            Kind::Call(call) => {
                self.walk(at(&call.callee), Around::Plain);
                // A conversion passes on what is around it; `assert(x)` stops without x.
                let inner = match call.verb() {
                    Some("Number" | "parseInt" | "parseFloat" | "String" | "split" | "trim") => {
                        around
                    }
                    Some("assert" | "ok" | "invariant") => Around::Stops,
                    Some("Boolean") => Around::Asked,
                    _ => Around::Plain,
                };
                call.arguments.iter().for_each(|term| self.walk(at(term), inner));
            }
            Kind::Other(terms) => terms.iter().for_each(|term| self.walk(at(term), around)),
            Kind::Function(_) => {
                let scope = self.tree.program.scenes[spot.scene].inside(spot.term);
                let scope = scope.unwrap_or(spot.scope);
                spot.term.each(&mut |term| self.walk(Spot { scope, term, ..spot }, Around::Plain));
            }
            Kind::Assign(pair) => {
                // Setting a variable is no read of it.
                if !matches!(pair.0.kind, Kind::Member(..)) {
                    self.walk(at(&pair.0), Around::Plain);
                }
                self.walk(at(&pair.1), Around::Plain);
            }
            _ => spot.term.each(&mut |term| self.walk(at(term), Around::Plain)),
        }
    }

    /// What the script does without the value of a name.
    fn about(&self, local: &str) -> Around<'s> {
        if self.guarded.contains(local) { Around::Stops } else { Around::Plain }
    }

    fn asked(&self, around: Around<'s>) -> Around<'s> {
        if matches!(around, Around::Stops) { Around::Stops } else { Around::Asked }
    }

    /// `const { PORT = 3000 } = process.env`.
    fn bind(&mut self, spot: Spot<'s>, bind: &'s Bind) {
        let value = Spot { term: &bind.value, ..spot };
        let is_read = matches!(bind.value.kind, Kind::Member(..));
        let fields = match &bind.pattern {
            Pattern::Fields(fields) => fields,
            Pattern::Name(local) if is_read => return self.walk(value, self.about(local)),
            Pattern::Name(_) | Pattern::Names(_) => return self.walk(value, Around::Plain),
        };
        let named = fields.iter().any(|field| is_variable(&field.key));
        if !named || !self.tree.program.is_environment_by_name(value) {
            return self.walk(value, Around::Plain);
        }
        for field in fields {
            let around = match &field.fallback {
                Some(fallback) => Around::Fallback(fallback),
                None => self.about(&field.local),
            };
            let place = self.tree.at(spot.scene, field.start, field.end);
            self.push(spot, &field.key, around, place);
        }
    }

    fn read(&mut self, spot: Spot<'s>, name: &str, around: Around<'s>) {
        let place = self.tree.place(spot);
        self.push(spot, name, around, place);
    }

    fn push(&mut self, spot: Spot<'s>, name: &str, around: Around<'s>, place: crate::Place) {
        let (need, default, certainty) = match around {
            Around::Plain => (Need::Used, None, Certainty::Likely),
            Around::Asked => (Need::Optional, None, Certainty::Likely),
            Around::Stops => (Need::Required, None, Certainty::Likely),
            Around::Fallback(term) => {
                let value = self.tree.program.value(Spot { term, ..spot });
                (Need::Defaulted, value.and_then(|value| value.text()), Certainty::Certain)
            }
        };
        if is_variable(name) {
            self.reads.push(Read { name: name.to_owned(), need, default, place, certainty });
        }
    }
}

/// Methods of objects are no variables: `Deno.env.get`.
pub(super) fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_')
        || name.starts_with("npm_")
}

/// The names whose absence ends a script: those that an `if` asks for before it throws.
fn guarded(body: &[Term]) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Term> = body.iter().collect();
    while let Some(term) = open.pop() {
        if let Kind::If(branch) = &term.kind
            && stops(&branch.then)
        {
            denied(&branch.test, &mut found);
        }
        term.each(&mut |inner| open.push(inner));
    }
    found
}

/// The names that a test denies: `!a || !b`.
fn denied<'s>(test: &'s Term, found: &mut BTreeSet<&'s str>) {
    match &test.kind {
        Kind::Not(inner) => found.extend(inner.name()),
        Kind::Either(pair) => {
            denied(&pair.0, found);
            denied(&pair.1, found);
        }
        Kind::Other(terms) => terms.iter().for_each(|term| denied(term, found)),
        _ => {}
    }
}

/// Whether a branch ends the process or throws.
fn stops(terms: &[Term]) -> bool {
    let mut found = false;
    for term in terms {
        term.all(&mut |term| {
            found |= match &term.kind {
                Kind::Throw(_) => true,
                Kind::Call(call) => call.callee.is_path("process.exit"),
                _ => false,
            };
        });
    }
    found
}
