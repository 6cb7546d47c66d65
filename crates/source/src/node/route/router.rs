//! Which values are applications and routers.

use crate::Framework;
use crate::script::program::{Found, Program, Spot};
use crate::script::term::{Call, Kind};
use crate::script::trail::{Trail, Ways};

/// What a call makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Made {
    /// An application: its routes begin at the root.
    App(Framework),
    /// A router: its routes begin where it is mounted.
    Router(Framework),
}

/// An application or router: where it is made, or the parameter through which it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    /// Scene and offset of the call.
    Made(usize, u32),
    /// Scene, scope and position of the parameter.
    Given(usize, usize, usize),
}

/// How many calls deep a router is looked for.
const DEEP: u8 = 8;

/// Methods that return what they are called on.
const CHAINED: [&str; 19] = [
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "all",
    "use",
    "register",
    "on",
    "basePath",
    "route",
    "withTypeProvider",
    "decorate",
    "addHook",
    "setErrorHandler",
    "openapi",
    "prefix",
];

/// What a call of a package makes.
pub(crate) fn made<'s>(program: &Program<'s>, spot: Spot<'s>, call: &Call) -> Option<Made> {
    // Names and members of names come from packages, and what is required on the spot.
    call.callee
        .path()
        .is_some()
        .then_some(())
        .or_else(|| call.callee.call().and_then(crate::script::asked).map(drop))?;
    let callee = callee(spot)?;
    let (from, name) = program.package(callee)?;
    Some(match (from, name) {
        ("express" | "polka" | "express-ws", "default" | "*") => Made::App(Framework::Express),
        ("express", "Router") | ("express-promise-router", _) => Made::Router(Framework::Express),
        ("fastify", "default" | "*" | "fastify" | "Fastify") => Made::App(Framework::Fastify),
        ("koa", "default" | "*") => Made::App(Framework::Koa),
        ("@koa/router" | "koa-router", _) => Made::Router(Framework::Koa),
        ("hono", "Hono") | ("@hono/zod-openapi", "OpenAPIHono") => Made::App(Framework::Hono),
        _ => return None,
    })
}

/// The callee of the call that stands at a spot.
fn callee<'s>(spot: Spot<'s>) -> Option<Spot<'s>> {
    Some(Spot { term: &spot.term.call()?.callee, ..spot })
}

/// The router behind a term, and the calls that give it a prefix on the way to it.
pub(crate) fn node<'s>(program: &Program<'s>, spot: Spot<'s>) -> Option<(Node, Vec<Spot<'s>>)> {
    let mut prefixes = Vec::new();
    let node = descend(program, spot, &mut prefixes, Trail::of(DEEP, &Ways::default()))?;
    prefixes.reverse();
    Some((node, prefixes))
}

fn descend<'s>(
    program: &Program<'s>,
    spot: Spot<'s>,
    prefixes: &mut Vec<Spot<'s>>,
    trail: Trail<'_>,
) -> Option<Node> {
    let trail = trail.step()?;
    let found = match program.follow(spot) {
        Found::Parameter(scene, scope, position) => {
            return Some(Node::Given(scene, scope, position));
        }
        Found::Term(found) => found,
        // `require('./routes')`, where that is `module.exports = router`.
        Found::Script(scene) => match program.default_export(scene)? {
            Found::Term(found) => found,
            _ => return None,
        },
        Found::Package(..) => return None,
    };
    let Kind::Call(call) = &found.term.kind else { return None };
    if made(program, found, call).is_some() {
        // `new Router({ prefix: '/api' })`.
        let prefix = call.options().and_then(|options| options.get("prefix"));
        prefixes.extend(prefix.map(|term| Spot { term, ..found }));
        return Some(Node::Made(found.scene, found.term.start));
    }
    match call.method() {
        Some((object, name)) if CHAINED.contains(&name) => {
            // `app.route('/notes').get(…)`, `new Hono().basePath('/api')`.
            if matches!(name, "basePath" | "route" | "prefix") && call.arguments.len() == 1 {
                prefixes.extend(call.arguments.first().map(|term| Spot { term, ..found }));
            }
            unroll(program, Spot { term: object, ..found }, prefixes, trail)
        }
        _ => program
            .returned(found, call)
            .into_iter()
            .find_map(|spot| descend(program, spot, prefixes, trail)),
    }
}

/// Long chains of methods are walked without spending depth.
fn unroll<'s>(
    program: &Program<'s>,
    mut spot: Spot<'s>,
    prefixes: &mut Vec<Spot<'s>>,
    trail: Trail<'_>,
) -> Option<Node> {
    while let Some((object, name)) = spot.term.call().and_then(Call::method) {
        if !CHAINED.contains(&name) || matches!(name, "basePath" | "route" | "prefix") {
            break;
        }
        spot = Spot { term: object, ..spot };
    }
    descend(program, spot, prefixes, trail)
}
