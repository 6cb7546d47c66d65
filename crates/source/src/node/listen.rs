//! Where scripts listen.

use super::route::{Made, Node, made, node};
use super::tree::Tree;
use crate::script::program::{Found, Spot};
use crate::script::term::{Call, Kind, Term};
use crate::{Certainty, Fact, Framework, Host, Listen};

/// Where Next.js and NestJS listen if nobody says.
const USUAL: u16 = 3000;

/// Every listening socket of a project.
pub(crate) fn read(tree: &Tree<'_, '_>, frameworks: &[Fact<Framework>]) -> Vec<Fact<Listen>> {
    let mut found = Vec::new();
    for spot in tree.sites() {
        match &spot.term.kind {
            Kind::Call(call) => found.extend(listens(tree, spot, call, frameworks)),
            Kind::Bind(bind) => found.extend(exported(tree, spot, &bind.value)),
            _ => {}
        }
    }
    if found.is_empty() && frameworks.iter().any(|it| it.value == Framework::Next) {
        found.extend(next(tree));
    }
    found
}

fn listens<'s>(
    tree: &Tree<'_, 's>,
    spot: Spot<'s>,
    call: &'s Call,
    frameworks: &[Fact<Framework>],
) -> Option<Fact<Listen>> {
    let at = |term: &'s Term| Spot { term, ..spot };
    match call.method() {
        Some((server, "listen")) => {
            let framework = framework(tree, at(server), frameworks, DEEP);
            listen(tree, spot, call, framework)
        }
        Some((_, "serve")) if call.callee.is_path("Bun.serve") => {
            options(tree, spot, call.options()?, Some(Framework::Hono))
        }
        None if call.verb() == Some("serve") => {
            let (from, _) = tree.program.package(at(&call.callee))?;
            let is_hono = from == "@hono/node-server";
            options(tree, spot, call.options().filter(|_| is_hono)?, Some(Framework::Hono))
        }
        _ => None,
    }
}

/// `listen(port, host)`, `listen({ port, host })`, `listen()`.
fn listen<'s>(
    tree: &Tree<'_, 's>,
    spot: Spot<'s>,
    call: &'s Call,
    framework: Option<Framework>,
) -> Option<Fact<Listen>> {
    let first = call.arguments.first();
    let object = first.map(|term| resolved(tree, Spot { term, ..spot }));
    if let Some(object) = object.filter(|it| matches!(it.term.kind, Kind::Object(_))) {
        return options(tree, Spot { term: spot.term, ..object }, object.term, framework)
            .map(|fact| Fact { place: tree.place(spot), ..fact });
    }
    let value = tree.program.value(Spot { term: first?, ..spot });
    let (port, variable, certainty) = match value {
        Some(value) => (value.port(), value.variable.clone(), value.certainty),
        None => (None, None, Certainty::Likely),
    };
    if port.is_none() && variable.is_none() && framework.is_none() {
        return None;
    }
    let second = call.arguments.get(1).filter(|it| !matches!(it.kind, Kind::Function(_)));
    let host = host(tree, second.map(|term| Spot { term, ..spot }), framework);
    let listen = Listen { port, variable, host };
    let certainty = if framework.is_some() { certainty } else { certainty.min(Certainty::Likely) };
    Some(Fact::certain(listen, tree.place(spot)).at_most(certainty))
}

fn options<'s>(
    tree: &Tree<'_, 's>,
    spot: Spot<'s>,
    options: &'s Term,
    framework: Option<Framework>,
) -> Option<Fact<Listen>> {
    let at = |term: &'s Term| Spot { term, ..spot };
    let port = options.get("port").map(at).and_then(|spot| tree.program.value(spot));
    if port.is_none() && options.get("port").is_none() {
        return None;
    }
    let named = options.get("host").or_else(|| options.get("hostname"));
    let host = host(tree, named.map(at), framework);
    let (port, variable, certainty) = match port {
        Some(value) => (value.port(), value.variable.clone(), value.certainty),
        None => (None, None, Certainty::Likely),
    };
    Some(Fact::certain(Listen { port, variable, host }, tree.place(spot)).at_most(certainty))
}

fn host<'s>(tree: &Tree<'_, 's>, spot: Option<Spot<'s>>, framework: Option<Framework>) -> Host {
    let Some(spot) = spot else {
        // Fastify's own default, so that a laptop does not serve its neighbours.
        return if framework == Some(Framework::Fastify) { Host::Loopback } else { Host::All };
    };
    let Some(value) = tree.program.value(spot) else { return Host::Unknown };
    match (&value.variable, value.text()) {
        (Some(name), default) => Host::Variable { name: name.clone(), default },
        (None, Some(text)) => Host::of(&text),
        (None, None) => Host::Unknown,
    }
}

/// Through how many functions a server is handed on; functions may return one another in a circle.
const DEEP: u8 = 4;

/// What the server of a `listen` is.
fn framework<'s>(
    tree: &Tree<'_, 's>,
    spot: Spot<'s>,
    frameworks: &[Fact<Framework>],
    deep: u8,
) -> Option<Framework> {
    let deep = deep.checked_sub(1)?;
    let has = |framework| frameworks.iter().any(|it| it.value == framework);
    match node(tree.program, spot) {
        Some((Node::Made(scene, start), _)) => {
            let sites = tree.program.scenes[scene].sites.iter();
            let mut at = sites.filter(|(_, term)| term.start == start);
            at.find_map(|(scope, term)| {
                let spot = Spot { scene, scope: *scope, term };
                match made(tree.program, spot, term.call()?)? {
                    Made::App(framework) | Made::Router(framework) => Some(framework),
                }
            })
        }
        // A parameter: the project's own framework, if it has but one.
        Some((Node::Given(..), _)) if has(Framework::Fastify) => Some(Framework::Fastify),
        _ => {
            let Found::Term(found) = tree.program.settle(spot) else { return None };
            let call = found.term.call()?;
            // What a function of this tree makes, it returns.
            if let Some(made) = tree.program.returned(found, call).into_iter().next() {
                return framework(tree, made, frameworks, deep);
            }
            match call.verb()? {
                "createServer" | "createSecureServer" => Some(Framework::Http),
                // NestFactory.create: on Express unless Fastify's adapter is given.
                "create" if has(Framework::Nest) && tree.uses(&["@nestjs/platform-fastify"]) => {
                    Some(Framework::Fastify)
                }
                "create" if has(Framework::Nest) => Some(Framework::Nest),
                _ => None,
            }
        }
    }
}

/// `export default { port: 3000, fetch: app.fetch }`: Bun serves it.
fn exported<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>, value: &'s Term) -> Option<Fact<Listen>> {
    let is_server = value.get("fetch").is_some() && value.get("port").is_some();
    let at = Spot { term: spot.term, ..spot };
    options(tree, at, Some(value).filter(|_| is_server)?, Some(Framework::Hono))
}

/// `next start -p 3000 -H 0.0.0.0`; Next.js listens on every address unless it is told otherwise.
fn next(tree: &Tree<'_, '_>) -> Option<Fact<Listen>> {
    let (script, place) = tree.package.script("start")?;
    let after = |options: [&str; 2]| {
        let mut words = script.split([' ', '=']).skip_while(|word| !options.contains(word));
        words.next()?;
        words.next()
    };
    let given = after(["-p", "--port"]).and_then(|word| word.parse().ok());
    let host = after(["-H", "--hostname"]).map_or(Host::All, Host::of);
    let variable = Some("PORT".to_owned()).filter(|_| given.is_none());
    let listen = Listen { port: given.or(Some(USUAL)), variable, host };
    Some(Fact::certain(listen, place))
}

/// What a name stands for, or the term itself.
fn resolved<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>) -> Spot<'s> {
    if let Found::Term(found) = tree.program.follow(spot) { found } else { spot }
}
