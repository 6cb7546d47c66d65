//! Which frameworks a Node project is built with.

use super::package::Package;
use super::tree::Tree;
use crate::{Fact, Framework};

/// Packages, and the frameworks that they are. What comes first answers requests first.
const PACKAGES: [(&str, Framework); 9] = [
    ("@nestjs/core", Framework::Nest),
    ("next", Framework::Next),
    ("fastify", Framework::Fastify),
    ("express", Framework::Express),
    ("koa", Framework::Koa),
    ("hono", Framework::Hono),
    ("polka", Framework::Express),
    ("vite", Framework::Vite),
    ("react-scripts", Framework::React),
];

/// What the project's manifest, the root's, or its code says.
pub(crate) fn read(tree: &Tree<'_, '_>, root: Option<&Package<'_>>) -> Vec<Fact<Framework>> {
    let mut found: Vec<Fact<Framework>> = Vec::new();
    for (package, framework) in PACKAGES {
        let own = declared(tree.package, package, framework).map(|it| Fact::certain(framework, it));
        // Under a root that keeps all dependencies, only the imports tell who uses what.
        let inherited = || {
            let place = declared(root?, package, framework)?;
            tree.uses(&[package]).then(|| Fact::certain(framework, place))
        };
        found.extend(own.or_else(inherited));
    }
    // A server that develops with Vite or Vitest is still a server.
    let serves = found.iter().any(|it| it.value.is_server());
    if serves {
        let has_page = |framework| framework == Framework::React;
        found.retain(|it| it.value.is_server() || has_page(it.value));
    }
    // Under NestJS, the other one is its adapter.
    if found.first().is_some_and(|it| it.value == Framework::Nest) {
        found.truncate(1);
    }
    if found.is_empty() && tree.uses(&["http", "node:http"]) {
        found.extend(http(tree));
    }
    found
}

/// Vite counts where it builds, not where tests bring it along.
fn declared(package: &Package<'_>, name: &str, framework: Framework) -> Option<crate::Place> {
    let place = package.knows(name)?;
    let builds = || package.script("build").is_some_and(|(script, _)| script.contains("vite"));
    (framework != Framework::Vite || builds()).then_some(place)
}

fn http(tree: &Tree<'_, '_>) -> Option<Fact<Framework>> {
    let made = tree.sites().find(|spot| {
        let verb = spot.term.call().and_then(|call| call.verb());
        verb == Some("createServer") && tree.asks_for(spot.scene, &["http", "node:http"])
    })?;
    Some(Fact::certain(Framework::Http, tree.place(made)))
}
