//! A script's names: what each of them stands for, and where.
//!
//! Blocks have no scopes of their own here, functions have: two plugins in one file both call their
//! parameter `app`.

use super::module::{Import, Wanted};
use super::parse::Script;
use super::term::{Bind, Field, Function, Kind, Pattern, Term};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The scope outside every function.
pub(crate) const MODULE: usize = 0;

/// A script with its scopes.
#[derive(Debug)]
pub(crate) struct Scene<'s> {
    pub(crate) path: &'s str,
    pub(crate) script: &'s Script,
    pub(crate) scopes: Vec<Scope<'s>>,
    /// Every term that is more than a plain value, in the order of the text, with its scope.
    pub(crate) sites: Vec<(usize, &'s Term)>,
    /// The scope inside each function, by where the function stands.
    inside: BTreeMap<(u32, u32), usize>,
}

/// The names of one function, or of the module.
#[derive(Debug, Default)]
pub(crate) struct Scope<'s> {
    parent: Option<usize>,
    /// The function whose body this is.
    pub(crate) function: Option<&'s Function>,
    names: BTreeMap<Cow<'s, str>, Origin<'s>>,
}

/// Where a name comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin<'s> {
    /// A value, or a function or class of that name.
    Value(&'s Term),
    /// A field of a value.
    Field(&'s Term, &'s Field),
    /// A parameter of the scope's function, by its position.
    Parameter(usize),
    /// A field of such a parameter.
    Given(usize, &'s Field),
    /// Somebody else's export.
    Import(&'s Import, &'s Wanted),
}

impl<'s> Scene<'s> {
    pub(crate) fn of(path: &'s str, script: &'s Script) -> Self {
        let mut scene = Self {
            path,
            script,
            scopes: vec![Scope::default()],
            sites: Vec::new(),
            inside: BTreeMap::new(),
        };
        for import in &script.imports {
            for (local, wanted) in &import.names {
                scene.declare(MODULE, &**local, Origin::Import(import, wanted));
            }
        }
        script.body.iter().for_each(|term| scene.walk(MODULE, term));
        scene
    }

    /// What a name stands for, and the scope that declares it.
    pub(crate) fn find(&self, scope: usize, name: &str) -> Option<(usize, Origin<'s>)> {
        let mut at = Some(scope);
        while let Some(scope) = at {
            let scope_names = self.scopes.get(scope)?;
            if let Some(origin) = scope_names.names.get(name) {
                return Some((scope, *origin));
            }
            at = scope_names.parent;
        }
        None
    }

    /// The scope inside a function.
    pub(crate) fn inside(&self, function: &Term) -> Option<usize> {
        self.inside.get(&(function.start, function.end)).copied()
    }

    /// The first name of a scope that is a given parameter.
    pub(crate) fn parameter(&self, scope: usize, position: usize) -> Option<&'s str> {
        let pattern = self.scopes.get(scope)?.function?.parameters.get(position)?;
        if let Pattern::Name(name) = pattern { Some(name) } else { None }
    }

    /// The first declaration of a name counts; a parameter's default is more telling than the
    /// parameter.
    fn declare(&mut self, scope: usize, name: impl Into<Cow<'s, str>>, origin: Origin<'s>) {
        let slot = self.scopes[scope].names.entry(name.into()).or_insert(origin);
        if matches!(slot, Origin::Parameter(_)) {
            *slot = origin;
        }
    }

    fn walk(&mut self, scope: usize, term: &'s Term) {
        match &term.kind {
            Kind::Text(_) | Kind::Number(_) | Kind::Flag(_) | Kind::Nothing | Kind::Name(_) => {
                return;
            }
            Kind::List(_) | Kind::Object(_) | Kind::Other(_) => {}
            _ => self.sites.push((scope, term)),
        }
        match &term.kind {
            Kind::Function(function) => return self.enter(scope, term, function),
            Kind::Class(class) => {
                let name = class.name.as_deref();
                name.into_iter().for_each(|name| self.declare(scope, name, Origin::Value(term)));
                for member in &class.members {
                    let Some(value) = &member.value else { continue };
                    self.declare(MODULE, format!("this.{}", member.name), Origin::Value(value));
                }
            }
            Kind::Bind(bind) => self.bind(scope, bind),
            Kind::Assign(pair) => self.assign(scope, &pair.0, &pair.1),
            _ => {}
        }
        term.each(&mut |child| self.walk(scope, child));
    }

    fn enter(&mut self, scope: usize, term: &'s Term, function: &'s Function) {
        let name = function.name.as_deref();
        name.into_iter().for_each(|name| self.declare(scope, name, Origin::Value(term)));
        let inner = self.scopes.len();
        self.scopes.push(Scope {
            parent: Some(scope),
            function: Some(function),
            ..Scope::default()
        });
        self.inside.insert((term.start, term.end), inner);
        for (position, pattern) in function.parameters.iter().enumerate() {
            if let Pattern::Fields(fields) = pattern {
                for field in fields {
                    self.declare(inner, &*field.local, Origin::Given(position, field));
                }
            }
            for name in pattern.names() {
                self.declare(inner, name, Origin::Parameter(position));
            }
        }
        term.each(&mut |child| self.walk(inner, child));
    }

    fn bind(&mut self, scope: usize, bind: &'s Bind) {
        match &bind.pattern {
            Pattern::Name(name) => self.declare(scope, &**name, Origin::Value(&bind.value)),
            Pattern::Fields(fields) => {
                for field in fields {
                    self.declare(scope, &*field.local, Origin::Field(&bind.value, field));
                }
            }
            Pattern::Names(_) => {}
        }
    }

    /// What is declared in one place and given in another; fields of `this` belong to the file.
    fn assign(&mut self, scope: usize, target: &'s Term, value: &'s Term) {
        match (&target.kind, target.path()) {
            (Kind::Name(name), _) => {
                let declared = self.find(scope, name).is_some();
                if !declared {
                    self.declare(scope, &**name, Origin::Value(value));
                }
            }
            (Kind::Member(..), Some(path)) => self.declare(MODULE, path, Origin::Value(value)),
            _ => {}
        }
    }
}
