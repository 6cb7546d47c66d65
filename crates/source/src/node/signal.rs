//! Stop signals that scripts handle, themselves or through a library.

use super::tree::Tree;
use crate::script::program::Spot;
use crate::script::term::{Call, Kind};
use crate::{Fact, Signal};

const SIGNALS: [&str; 2] = ["SIGTERM", "SIGINT"];

/// Packages that handle both signals once they are called.
const LIBRARIES: [&str; 9] = [
    "close-with-grace",
    "fastify-graceful-shutdown",
    "@godaddy/terminus",
    "lightship",
    "http-graceful-shutdown",
    "exit-hook",
    "async-exit-hook",
    "death",
    "stoppable-signal",
];

pub(crate) fn read(tree: &Tree<'_, '_>) -> Vec<Fact<Signal>> {
    let mut found = Vec::new();
    for spot in tree.sites() {
        let Kind::Call(call) = &spot.term.kind else { continue };
        found.extend(handled(tree, spot, call));
        found.extend(by_library(tree, spot, call));
    }
    found.sort();
    found.dedup_by(|a, b| a.value == b.value);
    found
}

/// `process.on('SIGTERM', …)`; with a variable, the signals that the script names somewhere.
fn handled(tree: &Tree<'_, '_>, spot: Spot<'_>, call: &Call) -> Vec<Fact<Signal>> {
    let Some((object, "on" | "once" | "addListener" | "prependListener")) = call.method() else {
        return Vec::new();
    };
    let Some(first) = call.arguments.first().filter(|_| object.name() == Some("process")) else {
        return Vec::new();
    };
    let place = tree.place(spot);
    let signal = |name: &&str| Signal { name: (*name).to_owned(), by: "code".to_owned() };
    match first.text() {
        Some(text) => {
            let known = SIGNALS.iter().filter(|name| **name == text);
            known.map(|name| Fact::certain(signal(name), place.clone())).collect()
        }
        None => {
            let text = tree.lines[spot.scene].text();
            let known = SIGNALS.iter().filter(|name| text.contains(**name));
            known.map(|name| Fact::likely(signal(name), place.clone())).collect()
        }
    }
}

fn by_library<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>, call: &'s Call) -> Vec<Fact<Signal>> {
    let callee = Spot { term: &call.callee, ..spot };
    let by = match call.verb() {
        // NestJS.
        Some("enableShutdownHooks") => Some("@nestjs/core"),
        _ if call.callee.name().is_none() => None,
        _ => tree.program.package(callee).map(|(from, _)| from).filter(|it| LIBRARIES.contains(it)),
    };
    let place = tree.place(spot);
    let signals = by.into_iter().flat_map(|by| SIGNALS.map(|name| (name, by)));
    signals
        .map(|(name, by)| {
            Fact::likely(Signal { name: name.to_owned(), by: by.to_owned() }, place.clone())
        })
        .collect()
}
