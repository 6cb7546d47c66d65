//! Time-outs of a script's server.

use super::tree::Tree;
use crate::script::program::Spot;
use crate::script::term::Kind;
use crate::{Fact, Timeout};

const NAMES: [&str; 5] = [
    "keepAliveTimeout",
    "headersTimeout",
    "requestTimeout",
    "connectionTimeout",
    "closeGraceDelay",
];

/// `server.keepAliveTimeout = 65_000`, and options of the same names.
pub(crate) fn read(tree: &Tree<'_, '_>) -> Vec<Fact<Timeout>> {
    let mut found = Vec::new();
    let mut note = |name: &str, spot: Spot<'_>, value: Option<f64>| {
        let milliseconds = value.filter(|number| (0.0..1e12).contains(number));
        let whole = milliseconds.and_then(|number| format!("{number:.0}").parse().ok());
        if let Some(milliseconds) = whole {
            let timeout = Timeout { name: name.to_owned(), milliseconds };
            found.push(Fact::certain(timeout, tree.place(spot)));
        }
    };
    for spot in tree.sites() {
        match &spot.term.kind {
            Kind::Assign(pair) => {
                let Kind::Member(_, name) = &pair.0.kind else { continue };
                if NAMES.contains(&&**name) {
                    let value = tree.program.value(Spot { term: &pair.1, ..spot });
                    note(name, spot, value.and_then(|value| value.number()));
                }
            }
            Kind::Call(call) => {
                for (name, term) in call.arguments.iter().flat_map(|it| it.fields()) {
                    if NAMES.contains(&&**name) {
                        let at = Spot { term, ..spot };
                        note(name, at, tree.program.value(at).and_then(|value| value.number()));
                    }
                }
            }
            _ => {}
        }
    }
    found
}
