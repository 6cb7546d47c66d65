//! Scripts together: names followed from file to file.

use super::module::{Export, Wanted};
use super::parse::Script;
use super::scene::{MODULE, Origin, Scene};
use super::term::{Call, Kind, Term};
use super::trail::{Trail, Ways};
use crate::snapshot::{folder, join};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// How many steps a name is followed. Real code needs four or five; circles end here.
const STEPS: u8 = 24;

/// How often a value is handed on, through parameters and returned objects.
const HANDS: u8 = 9;

/// The scripts of a tree.
#[derive(Debug)]
pub(crate) struct Program<'s> {
    pub(crate) scenes: Vec<Scene<'s>>,
    by_path: BTreeMap<&'s str, usize>,
    aliases: &'s [Alias],
    /// The calls of each of the tree's own functions, by scene and scope; looked for when asked.
    calls: OnceCell<BTreeMap<(usize, usize), Vec<Spot<'s>>>>,
}

/// A name that stands for a path: of a workspace package, or of `paths` in a tsconfig.json.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alias {
    /// The folder below which it holds.
    pub(crate) folder: String,
    /// `@shop/db`, or with one star: `@/*`.
    pub(crate) name: String,
    /// Paths from the root, tried in order, with the star's text put in.
    pub(crate) targets: Vec<String>,
}

/// A term and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot<'s> {
    pub(crate) scene: usize,
    pub(crate) scope: usize,
    pub(crate) term: &'s Term,
}

/// What a name comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'s> {
    /// A value of this tree.
    Term(Spot<'s>),
    /// A parameter: its scene, its function's scope and its position.
    Parameter(usize, usize, usize),
    /// A package from outside, and what is wanted of it.
    Package(&'s str, &'s Wanted),
    /// A whole script.
    Script(usize),
}

impl<'s> Program<'s> {
    pub(crate) fn of(scripts: &'s BTreeMap<String, Script>, aliases: &'s [Alias]) -> Self {
        let scenes: Vec<_> = scripts.iter().map(|(path, script)| Scene::of(path, script)).collect();
        let by_path = scenes.iter().enumerate().map(|(at, scene)| (scene.path, at)).collect();
        Self { scenes, by_path, aliases, calls: OnceCell::new() }
    }

    /// The scene of a file.
    pub(crate) fn scene(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// Every site of the scenes that are asked for.
    pub(crate) fn sites<'p>(
        &'p self,
        scenes: &'p BTreeSet<usize>,
    ) -> impl Iterator<Item = Spot<'s>> + use<'s, 'p> {
        scenes.iter().flat_map(|scene| {
            let sites = self.scenes[*scene].sites.iter();
            sites.map(|(scope, term)| Spot { scene: *scene, scope: *scope, term })
        })
    }

    /// The script that an import means; `None` for packages from outside.
    pub(crate) fn module(&self, from: usize, specifier: &str) -> Option<usize> {
        let path = self.scenes[from].path;
        if specifier.starts_with('.') {
            return self.file(&join(folder(path), specifier));
        }
        let holds = |alias: &&Alias| crate::snapshot::within(path, &alias.folder).is_some();
        self.aliases.iter().filter(holds).find_map(|alias| {
            let star = alias.matches(specifier)?;
            alias.targets.iter().find_map(|target| self.file(&target.replace('*', star)))
        })
    }

    /// The script at a path as imports write it: with the ending of what it is compiled to, without
    /// an ending, or a folder.
    pub(crate) fn file(&self, path: &str) -> Option<usize> {
        let exact = self.scene(path);
        exact
            .or_else(|| {
                let compiled =
                    [(".js", ".ts"), (".js", ".tsx"), (".mjs", ".mts"), (".cjs", ".cts")];
                compiled
                    .iter()
                    .find_map(|(from, to)| self.scene(&format!("{}{to}", path.strip_suffix(from)?)))
            })
            .or_else(|| {
                let endings = [".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts"];
                let found = endings.iter().find_map(|end| self.scene(&format!("{path}{end}")));
                found.or_else(|| {
                    endings.iter().find_map(|end| self.scene(&format!("{path}/index{end}")))
                })
            })
    }

    /// What stands behind a term: names, members of objects and imports are followed.
    pub(crate) fn follow(&self, spot: Spot<'s>) -> Found<'s> {
        self.walk(spot, Trail::of(STEPS, &Ways::default())).unwrap_or(Found::Term(spot))
    }

    fn walk(&self, spot: Spot<'s>, trail: Trail<'_>) -> Option<Found<'s>> {
        let trail = trail.step()?;
        match &spot.term.kind {
            Kind::Name(name) => {
                let (scope, origin) = self.scenes[spot.scene].find(spot.scope, name)?;
                self.origin(spot.scene, scope, origin, trail)
            }
            Kind::Member(object, name) => {
                if let Some(path) = spot.term.path()
                    && let Some((scope, origin)) = self.scenes[spot.scene].find(spot.scope, &path)
                {
                    return self.origin(spot.scene, scope, origin, trail);
                }
                let object = self.walk_or_stay(Spot { term: object, ..spot }, trail);
                self.member(object, name, trail)
            }
            Kind::Call(call) => {
                let from = super::asked(call)?;
                Some(Found::Script(self.module(spot.scene, from)?))
            }
            _ => Some(Found::Term(spot)),
        }
    }

    fn walk_or_stay(&self, spot: Spot<'s>, trail: Trail<'_>) -> Found<'s> {
        self.walk(spot, trail).unwrap_or(Found::Term(spot))
    }

    fn origin(
        &self,
        scene: usize,
        scope: usize,
        origin: Origin<'s>,
        trail: Trail<'_>,
    ) -> Option<Found<'s>> {
        match origin {
            Origin::Value(term) => Some(self.walk_or_stay(Spot { scene, scope, term }, trail)),
            Origin::Field(term, field) => {
                let object = self.walk_or_stay(Spot { scene, scope, term }, trail);
                self.member(object, &field.key, trail)
            }
            Origin::Parameter(position) => Some(Found::Parameter(scene, scope, position)),
            // Where it comes from, only the callers know: `settle` asks them.
            Origin::Given(..) => None,
            Origin::Import(import, wanted) => match self.module(scene, &import.from) {
                Some(module) => self.wanted(module, wanted, trail),
                None => Some(Found::Package(&import.from, wanted)),
            },
        }
    }

    fn wanted(&self, module: usize, wanted: &Wanted, trail: Trail<'_>) -> Option<Found<'s>> {
        match wanted {
            Wanted::Name(name) => self.export(module, name, trail),
            Wanted::All => Some(Found::Script(module)),
        }
    }

    /// What a script exports by default, in either module system.
    pub(crate) fn default_export(&self, module: usize) -> Option<Found<'s>> {
        self.export(module, "default", Trail::of(STEPS, &Ways::default()))
    }

    /// What a script exports under a name, in either module system.
    fn export(&self, module: usize, name: &str, trail: Trail<'_>) -> Option<Found<'s>> {
        let trail = trail.step()?;
        let scene = &self.scenes[module];
        let exports = &scene.script.exports;
        match exports.names.get(name) {
            Some(Export::Local(local)) => {
                let (scope, origin) = scene.find(MODULE, local)?;
                return self.origin(module, scope, origin, trail);
            }
            Some(Export::From(from, wanted)) => {
                return self.wanted(self.module(module, from)?, wanted, trail);
            }
            None => {}
        }
        self.common_export(module, name, trail).or_else(|| {
            let from = exports.all_of.iter().filter_map(|from| self.module(module, from));
            from.filter(|other| *other != module).find_map(|other| self.export(other, name, trail))
        })
    }

    /// `exports.name = …`, `module.exports.name = …` and `module.exports = …`.
    fn common_export(&self, module: usize, name: &str, trail: Trail<'_>) -> Option<Found<'s>> {
        let scene = &self.scenes[module];
        let paths = [format!("exports.{name}"), format!("module.exports.{name}")];
        if let Some((scope, origin)) = paths.iter().find_map(|path| scene.find(MODULE, path)) {
            return self.origin(module, scope, origin, trail);
        }
        let (scope, origin) = scene.find(MODULE, "module.exports")?;
        let whole = self.origin(module, scope, origin, trail)?;
        if name == "default" { Some(whole) } else { self.member(whole, name, trail) }
    }

    fn member(&self, object: Found<'s>, name: &str, trail: Trail<'_>) -> Option<Found<'s>> {
        match object {
            Found::Script(module) => self.export(module, name, trail),
            Found::Term(spot) => {
                let value = spot.term.get(name)?;
                Some(self.walk_or_stay(Spot { term: value, ..spot }, trail))
            }
            // What a package's default export holds is written like a namespace.
            Found::Package(..) | Found::Parameter(..) => None,
        }
    }

    /// What stands behind a term, parameters followed to the first call that gives them.
    pub(crate) fn settle(&self, spot: Spot<'s>) -> Found<'s> {
        self.settled(spot, Trail::of(HANDS, &Ways::default())).unwrap_or(Found::Term(spot))
    }

    fn settled(&self, spot: Spot<'s>, trail: Trail<'_>) -> Option<Found<'s>> {
        let trail = trail.step()?;
        match self.follow(spot) {
            Found::Parameter(scene, scope, position) => {
                self.settled(self.argument(scene, scope, position)?, trail)
            }
            Found::Term(found) if std::ptr::eq(found.term, spot.term) => {
                Some(self.handed(found, trail).unwrap_or(Found::Term(found)))
            }
            Found::Term(found) if matches!(found.term.kind, Kind::Name(_) | Kind::Member(..)) => {
                self.settled(found, trail)
            }
            other => Some(other),
        }
    }

    /// A member of what comes through a parameter or out of a function; `None` for anything else.
    fn handed(&self, spot: Spot<'s>, trail: Trail<'_>) -> Option<Found<'s>> {
        match &spot.term.kind {
            Kind::Member(object, name) => {
                let object = self.settled(Spot { term: object, ..spot }, trail)?;
                self.inside(object, name, trail)
            }
            Kind::Name(name) => {
                let (scope, origin) = self.scenes[spot.scene].find(spot.scope, name)?;
                let (object, field) = match origin {
                    Origin::Given(position, field) => {
                        (self.argument(spot.scene, scope, position)?, field)
                    }
                    Origin::Field(term, field) => (Spot { scope, term, ..spot }, field),
                    Origin::Value(_) | Origin::Parameter(_) | Origin::Import(..) => return None,
                };
                self.inside(self.settled(object, trail)?, &field.key, trail)
            }
            _ => None,
        }
    }

    /// A member of an object, or of the object that a function of this tree returns.
    fn inside(&self, object: Found<'s>, name: &str, trail: Trail<'_>) -> Option<Found<'s>> {
        let trail = trail.step()?;
        if let Found::Term(spot) = object
            && let Some(call) = spot.term.call()
        {
            let values = self.returned(spot, call).into_iter();
            return values
                .filter_map(|value| self.settled(value, trail))
                .find_map(|value| self.inside(value, name, trail));
        }
        match self.member(object, name, trail)? {
            Found::Term(found) => self.settled(found, trail),
            other => Some(other),
        }
    }

    /// The first argument that is given for a parameter.
    pub(crate) fn argument(&self, scene: usize, scope: usize, position: usize) -> Option<Spot<'s>> {
        let calls = self.calls.get_or_init(|| self.all_calls());
        calls.get(&(scene, scope))?.iter().find_map(|spot| {
            let term = spot.term.call()?.arguments.get(position)?;
            Some(Spot { term, ..*spot })
        })
    }

    fn all_calls(&self) -> BTreeMap<(usize, usize), Vec<Spot<'s>>> {
        let mut found: BTreeMap<_, Vec<Spot<'s>>> = BTreeMap::new();
        let all = (0..self.scenes.len()).collect();
        for spot in self.sites(&all) {
            let Some(call) = spot.term.call() else { continue };
            if call.arguments.is_empty() || call.callee.path().is_none() {
                continue;
            }
            let callee = Spot { term: &call.callee, ..spot };
            let Found::Term(function) = self.follow(callee) else { continue };
            if let Some(scope) = self.scenes[function.scene].inside(function.term) {
                found.entry((function.scene, scope)).or_default().push(spot);
            }
        }
        found
    }

    /// What a call of this tree's own function returns.
    pub(crate) fn returned(&self, spot: Spot<'s>, call: &'s Call) -> Vec<Spot<'s>> {
        let callee = Spot { term: &call.callee, ..spot };
        let Found::Term(found) = self.follow(callee) else { return Vec::new() };
        let scope = self.scenes[found.scene].inside(found.term);
        let (Some(function), Some(scope)) = (found.term.function(), scope) else {
            return Vec::new();
        };
        let values = function.returns();
        values.into_iter().map(|term| Spot { scene: found.scene, scope, term }).collect()
    }

    /// The package, and the name in it, that a term comes from: `("express", "Router")` for
    /// `express.Router`.
    pub(crate) fn package(&self, spot: Spot<'s>) -> Option<(&'s str, &'s str)> {
        self.package_of(spot, Trail::of(STEPS, &Ways::default()))
    }

    fn package_of(&self, spot: Spot<'s>, trail: Trail<'_>) -> Option<(&'s str, &'s str)> {
        // `node = node.next` is a circle.
        let trail = trail.step()?;
        match self.follow(spot) {
            Found::Package(from, Wanted::Name(name)) => Some((from, name)),
            Found::Package(from, Wanted::All) => Some((from, "*")),
            Found::Term(Spot {
                term: Term { kind: Kind::Member(object, name), .. },
                scene,
                scope,
            }) => {
                let (from, whole) = self.package_of(Spot { scene, scope, term: object }, trail)?;
                let is_whole = whole == "*" || whole == "default";
                is_whole.then_some((from, &**name))
            }
            Found::Term(Spot { term: Term { kind: Kind::Call(call), .. }, .. }) => {
                super::asked(call).map(|from| (from, "*"))
            }
            _ => None,
        }
    }
}

// === impl Alias ===

impl Alias {
    /// What the star stands for in a specifier of this alias; empty without one.
    fn matches<'n>(&self, specifier: &'n str) -> Option<&'n str> {
        match self.name.split_once('*') {
            None => (self.name == specifier).then_some(""),
            Some((before, after)) => specifier.strip_prefix(before)?.strip_suffix(after),
        }
    }
}
