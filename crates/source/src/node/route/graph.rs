//! Applications and routers as a graph: which is mounted in which, and under what prefix.

use super::Part;
use super::router::{Made, Node, made, node};
use crate::node::tree::Tree;
use crate::script::program::{Found, Spot};
use crate::script::scene::MODULE;
use crate::script::term::{Call, Kind, Term};
use crate::script::trail::{Trail, Ways};
use crate::snapshot::{folder, join, within};
use crate::{Certainty, Fact, Route};
use std::collections::BTreeMap;

/// Methods of routers that register a handler.
const METHODS: [&str; 9] =
    ["get", "post", "put", "patch", "delete", "del", "head", "options", "all"];
/// How deep routers are mounted in routers.
const DEEP: u8 = 8;
/// In how many places a router may be mounted before it is no longer interesting where.
const PLACES: usize = 8;

#[derive(Default)]
struct Graph<'s> {
    made: BTreeMap<Node, Made>,
    /// For each router, where it is mounted.
    mounts: BTreeMap<Node, Vec<(Node, Part)>>,
    handlers: Vec<Handler<'s>>,
}

struct Handler<'s> {
    node: Node,
    method: String,
    part: Part,
    spot: Spot<'s>,
}

/// The routes of all routers of a project.
pub(super) fn routes(tree: &Tree<'_, '_>) -> Vec<Fact<Route>> {
    let mut graph = Graph::default();
    for spot in tree.sites() {
        let Kind::Call(call) = &spot.term.kind else { continue };
        if let Some(made) = made(tree.program, spot, call) {
            graph.made.insert(Node::Made(spot.scene, spot.term.start), made);
        }
        match call.method() {
            Some((object, name)) => graph.method(tree, spot, call, (object, name)),
            None => graph.hand_over(tree, spot, call),
        }
    }
    let found = graph.handlers.iter().flat_map(|handler| {
        let above = graph.above(tree, handler.node, Trail::of(DEEP, &Ways::default()));
        let place = tree.place(handler.spot);
        above
            .into_iter()
            .take(PLACES)
            .map(move |part| part.then(&handler.part).route(&handler.method, place.clone()))
    });
    found.collect()
}

impl<'s> Graph<'s> {
    fn method(
        &mut self,
        tree: &Tree<'_, 's>,
        spot: Spot<'s>,
        call: &'s Call,
        (object, name): (&'s Term, &str),
    ) {
        let is_method = METHODS.contains(&name);
        if !is_method && !matches!(name, "use" | "register" | "route") {
            return self.hand_over(tree, spot, call);
        }
        let Some((node, prefix)) = self.find(tree, Spot { term: object, ..spot }) else { return };
        match name {
            "use" | "register" => self.mount(tree, spot, call, (node, &prefix)),
            // Hono mounts with two arguments, Fastify registers with one object.
            "route" => match (call.arguments.as_slice(), call.options()) {
                ([_, _], _) => self.mount(tree, spot, call, (node, &prefix)),
                ([_], Some(options)) => self.described(tree, spot, options, (node, &prefix)),
                _ => {}
            },
            method => {
                let method = match method {
                    "all" => "*",
                    "del" => "delete",
                    other => other,
                };
                for part in paths(tree, spot, call) {
                    let part = prefix.then(&part);
                    self.handlers.push(Handler { node, method: method.to_owned(), part, spot });
                }
            }
        }
    }

    /// A router, and the prefix that it brings along.
    fn find(&self, tree: &Tree<'_, 's>, spot: Spot<'s>) -> Option<(Node, Part)> {
        // A chain or a name; everything else is no router.
        if !matches!(spot.term.kind, Kind::Name(_) | Kind::Member(..) | Kind::Call(_)) {
            return None;
        }
        let (node, prefixes) = node(tree.program, spot)?;
        let parts = prefixes.into_iter().filter_map(|spot| tree.part(spot));
        Some((node, parts.fold(Part::certain(""), |whole, part| whole.then(&part))))
    }

    /// `app.use('/api', router)`, `app.register(plugin, { prefix: '/api' })`, `app.route('/api', sub)`.
    fn mount(
        &mut self,
        tree: &Tree<'_, 's>,
        spot: Spot<'s>,
        call: &'s Call,
        (parent, above): (Node, &Part),
    ) {
        let at = |term| Spot { term, ..spot };
        let option = call.options().and_then(|options| options.get("prefix"));
        let first = call.arguments.first().filter(|first| !is_handler(first));
        let part = option.or(first).and_then(|term| tree.part(at(term)));
        // Something stands first that is neither a text nor a router: a prefix that nobody knows.
        let is_unknown = option.is_some() || call.arguments.len() > 1 && first.is_some_and(is_path);
        let part =
            part.unwrap_or_else(|| if is_unknown { Part::unknown() } else { Part::certain("") });
        let part = above.then(&part);
        for argument in &call.arguments {
            for child in self.children(tree, at(argument)) {
                self.mounts.entry(child).or_default().push((parent, part.clone()));
            }
        }
        self.autoload(tree, spot, call, (parent, &part));
    }

    /// What is mounted by an argument: a router, what its `routes()` returns, or a plugin.
    fn children(&self, tree: &Tree<'_, 's>, spot: Spot<'s>) -> Vec<Node> {
        let routes = spot.term.call().and_then(Call::method);
        if let Some((object, "routes" | "middleware" | "callback")) = routes {
            return self
                .find(tree, Spot { term: object, ..spot })
                .map(|it| it.0)
                .into_iter()
                .collect();
        }
        let found = |spot| match self.find(tree, spot) {
            Some((node @ Node::Made(..), _)) => Some(node),
            _ => None,
        };
        // `app.use('/api', routes())`: a function of this tree that makes a router.
        let call = spot.term.call();
        let made = call.map(|call| tree.program.returned(spot, call)).unwrap_or_default();
        match found(spot).or_else(|| made.into_iter().find_map(found)) {
            Some(node) => vec![node],
            None => plugin(tree, spot, DEEP).into_iter().collect(),
        }
    }

    /// `app.register(autoload, { dir: join(import.meta.dirname, 'routes') })`: each file below is a
    /// plugin, and its folder a prefix.
    fn autoload(
        &mut self,
        tree: &Tree<'_, 's>,
        spot: Spot<'s>,
        call: &'s Call,
        (parent, above): (Node, &Part),
    ) {
        let [first, options, ..] = call.arguments.as_slice() else { return };
        let package = tree.program.package(Spot { term: first, ..spot });
        let Some(("@fastify/autoload" | "fastify-autoload", _)) = package else { return };
        let mut texts = Vec::new();
        options.get("dir").into_iter().for_each(|dir| dir.all(&mut |it| texts.extend(it.text())));
        let base = join(folder(tree.path(spot.scene)), &texts.join("/"));
        let inner = options.get("options").and_then(|it| it.get("prefix"));
        let inner = inner.and_then(|term| tree.part(Spot { term, ..spot }));
        let above = inner.map_or_else(|| above.clone(), |inner| above.then(&inner));
        for scene in 0..tree.program.scenes.len() {
            let path = tree.path(scene);
            let Some(inside) = within(path, &base) else { continue };
            let Some(node) = default_plugin(tree, scene) else { continue };
            let below = Part { path: folder(inside).to_owned(), ..Part::unknown() };
            let below = Part { certainty: Certainty::Likely, ..below };
            self.mounts.entry(node).or_default().push((parent, above.then(&below)));
        }
    }

    /// `registerRoutes(app)`: the function's parameter is the same router.
    fn hand_over(&mut self, tree: &Tree<'_, 's>, spot: Spot<'s>, call: &'s Call) {
        let at = |term| Spot { term, ..spot };
        let is_name = |term: &&Term| matches!(term.kind, Kind::Name(_) | Kind::Member(..));
        if !call.arguments.iter().any(|term| is_name(&term)) || call.callee.path().is_none() {
            return;
        }
        let Found::Term(function) = tree.program.follow(at(&call.callee)) else { return };
        let Some(scope) = tree.program.scenes[function.scene].inside(function.term) else { return };
        for (position, argument) in call.arguments.iter().enumerate() {
            let Some((node, part)) =
                Some(argument).filter(is_name).and_then(|it| self.find(tree, at(it)))
            else {
                continue;
            };
            let child = Node::Given(function.scene, scope, position);
            if child != node {
                self.mounts.entry(child).or_default().push((node, part));
            }
        }
    }

    /// `app.route({ method: 'GET', url: '/notes' })`.
    fn described(
        &mut self,
        tree: &Tree<'_, 's>,
        spot: Spot<'s>,
        options: &'s Term,
        (node, above): (Node, &Part),
    ) {
        let url = options.get("url").or_else(|| options.get("path"));
        let Some(part) = url.and_then(|term| tree.part(Spot { term, ..spot })) else { return };
        let Some(method) = options.get("method") else { return };
        let methods = std::iter::once(method).chain(method.items()).filter_map(Term::text);
        for method in methods {
            let (method, part) = (method.to_owned(), above.then(&part));
            self.handlers.push(Handler { node, method, part, spot });
        }
    }

    /// The prefixes under which a router's routes are reached.
    fn above(&self, tree: &Tree<'_, 's>, node: Node, trail: Trail<'_>) -> Vec<Part> {
        let Some(trail) = trail.step() else { return Vec::new() };
        let mounts = self.mounts.get(&node).map(Vec::as_slice).unwrap_or_default();
        let mut parts: Vec<Part> = Vec::new();
        for (parent, part) in mounts.iter().take(PLACES) {
            let above = self.above(tree, *parent, trail);
            parts.extend(above.iter().map(|above| above.then(part)));
        }
        if !parts.is_empty() {
            return parts;
        }
        match (node, self.made.get(&node)) {
            (_, Some(Made::App(_))) => vec![Part::certain("")],
            // A router that nobody mounts in a way that was understood.
            (_, Some(Made::Router(_))) => vec![Part::unknown()],
            (Node::Given(scene, scope, position), _) if is_plugin(tree, scene, scope, position) => {
                vec![Part::unknown()]
            }
            _ => Vec::new(),
        }
    }
}

/// The paths that a registration names: one, or a list.
fn paths<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>, call: &'s Call) -> Vec<Part> {
    let [first, rest @ ..] = call.arguments.as_slice() else { return Vec::new() };
    if is_handler(first) {
        // `router.route('/notes').get(handler)`: the path came before.
        let is_routed = call.method().and_then(|(object, _)| object.call());
        let is_routed = is_routed.is_some_and(|call| {
            call.verb().is_some_and(|it| it == "route" || METHODS.contains(&it))
        });
        return if is_routed { vec![Part::certain("")] } else { Vec::new() };
    }
    if rest.is_empty() {
        return Vec::new();
    }
    let alone = std::iter::once(first).filter(|first| first.items().is_empty());
    let spots = alone.chain(first.items());
    let parts = spots.filter_map(|term| tree.part(Spot { term, ..spot }));
    parts.filter(|part| part.path.is_empty() || part.path.starts_with(['/', '*', ':'])).collect()
}

/// Whether a first argument that is no known text is a path all the same: a text with something unknown in
/// it, or a name that says so.
fn is_path(term: &Term) -> bool {
    let name = match &term.kind {
        Kind::Joined(_) => return true,
        Kind::Name(name) | Kind::Member(_, name) => name.to_ascii_lowercase(),
        _ => return false,
    };
    ["prefix", "path", "base", "version", "mount"].iter().any(|word| name.contains(word))
}

fn is_handler(term: &Term) -> bool {
    matches!(term.kind, Kind::Function(_))
}

/// The parameter through which a plugin gets its router.
fn plugin<'s>(tree: &Tree<'_, 's>, spot: Spot<'s>, deep: u8) -> Option<Node> {
    let deep = deep.checked_sub(1)?;
    match tree.program.follow(spot) {
        Found::Script(scene) => default_plugin(tree, scene),
        Found::Term(found) => match &found.term.kind {
            Kind::Function(_) => {
                let scope = tree.program.scenes[found.scene].inside(found.term)?;
                Some(Node::Given(found.scene, scope, 0))
            }
            // `fp(async (app) => …)`.
            Kind::Call(call) => plugin(tree, Spot { term: call.arguments.first()?, ..found }, deep),
            _ => None,
        },
        _ => None,
    }
}

fn default_plugin(tree: &Tree<'_, '_>, scene: usize) -> Option<Node> {
    use crate::script::term::Pattern;
    let found = tree.program.default_export(scene)?;
    let Found::Term(found) = found else { return None };
    let function = match &found.term.kind {
        Kind::Call(call) => Spot { term: call.arguments.first()?, ..found },
        _ => found,
    };
    let scope = tree.program.scenes[function.scene].inside(function.term)?;
    let named = matches!(function.term.function()?.parameters.first()?, Pattern::Name(_));
    named.then_some(Node::Given(function.scene, scope, 0))
}

/// Whether a parameter looks like the router of a plugin that is loaded by its file's name.
fn is_plugin(tree: &Tree<'_, '_>, scene: usize, scope: usize, position: usize) -> bool {
    let name = tree.program.scenes[scene].parameter(scope, position);
    let is_router =
        name.is_some_and(|name| ["app", "fastify", "server", "router", "instance"].contains(&name));
    is_router
        && position == 0
        && default_plugin(tree, scene) == Some(Node::Given(scene, scope, position))
        && scope != MODULE
}
