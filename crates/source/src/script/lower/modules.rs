//! Imports and exports, in the forms of both module systems.

use super::Lower;
use crate::script::module::{DEFAULT, Export, Form, Import, Wanted};
use crate::script::term::{Bind, Call, Kind, Pattern, Term};
use oxc_ast::ast;
use oxc_ast_visit::VisitJs as _;
use oxc_span::Span;

/// Local names, and what each of them is.
type Names = Vec<(Box<str>, Wanted)>;

impl Lower {
    fn ask(&mut self, span: Span, from: &str, form: Form, names: Names) {
        let Span { start, end, .. } = span;
        self.imports.push(Import { start, end, from: from.into(), form, names });
    }

    pub(super) fn import(&mut self, it: &ast::ImportDeclaration<'_>) {
        let specifiers = it.specifiers.as_ref().map_or(&[][..], |specifiers| specifiers.as_slice());
        let is_type = |specifier: &ast::ImportDeclarationSpecifier<'_>| {
            matches!(specifier,
            ast::ImportDeclarationSpecifier::ImportSpecifier(it) if it.import_kind.is_type())
        };
        let only_types = !specifiers.is_empty() && specifiers.iter().all(is_type);
        let form = if it.import_kind.is_type() || only_types { Form::Type } else { Form::Static };
        let names = specifiers.iter().map(specifier).collect();
        self.ask(it.span, it.source.value.as_str(), form, names);
    }

    pub(super) fn import_equals(&mut self, it: &ast::TSImportEqualsDeclaration<'_>) {
        let ast::TSModuleReference::ExternalModuleReference(module) = &it.module_reference else {
            return;
        };
        let names = vec![(it.id.name.as_str().into(), Wanted::Name("default".into()))];
        self.ask(it.span, module.expression.value.as_str(), Form::Require, names);
    }

    pub(super) fn late_import(&mut self, it: &ast::ImportExpression<'_>) {
        let source = self.one(&it.source);
        if let Some(from) = source.text() {
            // At the top of a module, `await import()` is as needed as an import.
            let form = self.form(Form::Static);
            self.ask(it.span, from, form, Vec::new());
        }
        let Span { start, end, .. } = it.span;
        let callee = Term { start, end: start + 6, kind: Kind::Name("import".into()) };
        let call = Call { callee, arguments: vec![source] };
        self.terms.push(Term { start, end, kind: Kind::Call(Box::new(call)) });
    }

    /// Notes `require("…")`.
    pub(super) fn required(&mut self, span: Span, call: &Call, names: Names) {
        let Some(from) = required(call) else { return };
        let form = self.form(Form::Require);
        self.ask(span, from, form, names);
    }

    /// How needed a module is that is asked for here, which is `at_once` outside of everything.
    fn form(&self, at_once: Form) -> Form {
        match (self.tried, self.depth) {
            (0, 0) => at_once,
            (0, _) => Form::Late,
            (_, _) => Form::Tried,
        }
    }

    /// Gives names to a `require` or `import()` that has just been noted.
    pub(super) fn name_required(&mut self, pattern: &Pattern, value: &Term) {
        let (inner, member) = match &value.kind {
            Kind::Member(object, name) => (&**object, Some(name)),
            _ => (value, None),
        };
        let noted = inner.call().and_then(asked).is_some();
        let (true, Some(import)) = (noted, self.imports.last_mut()) else { return };
        import.names = match (pattern, member) {
            (Pattern::Name(local), Some(name)) => vec![(local.clone(), Wanted::Name(name.clone()))],
            (Pattern::Name(local), None) => vec![(local.clone(), Wanted::All)],
            (Pattern::Fields(fields), None) => {
                let named = |it: &crate::script::term::Field| {
                    (it.local.clone(), Wanted::Name(it.key.clone()))
                };
                fields.iter().map(named).collect()
            }
            _ => Vec::new(),
        };
    }

    pub(super) fn export(&mut self, it: &ast::ExportDeclaration<'_>) {
        let from = self.terms.len();
        self.visit_declaration(&it.declaration);
        let names: Vec<Box<str>> =
            self.terms[from..].iter().flat_map(declared).map(Into::into).collect();
        for name in names {
            self.exports.names.insert(name.clone(), Export::Local(name));
        }
    }

    pub(super) fn export_names(
        &mut self,
        specifiers: &[ast::ExportSpecifier<'_>],
        from: Option<&str>,
    ) {
        for specifier in specifiers.iter().filter(|it| !it.export_kind.is_type()) {
            let local: Box<str> = specifier.local.name().as_str().into();
            let export = match from {
                Some(from) => Export::From(from.into(), Wanted::Name(local)),
                None => Export::Local(local),
            };
            self.exports.names.insert(specifier.exported.name().as_str().into(), export);
        }
    }

    pub(super) fn export_from(&mut self, it: &ast::ExportFromDeclaration<'_>) {
        let from = it.source.value.as_str();
        let form = if it.export_kind.is_type() { Form::Type } else { Form::Static };
        self.ask(it.span, from, form, Vec::new());
        self.export_names(&it.specifiers, Some(from));
    }

    pub(super) fn export_all(&mut self, it: &ast::ExportAllDeclaration<'_>) {
        let from = it.source.value.as_str();
        let form = if it.export_kind.is_type() { Form::Type } else { Form::Static };
        self.ask(it.span, from, form, Vec::new());
        match &it.exported {
            Some(name) => {
                let export = Export::From(from.into(), Wanted::All);
                self.exports.names.insert(name.name().as_str().into(), export);
            }
            None => self.exports.all_of.push(from.into()),
        }
    }

    pub(super) fn export_default(&mut self, it: &ast::ExportDefaultDeclaration<'_>) {
        let span = it.span;
        let terms =
            self.inside(|lower| lower.visit_export_default_declaration_kind(&it.declaration));
        let value = super::single(span, terms);
        self.give_default(span, value);
    }

    /// What is exported by default gets a name that can be looked up.
    pub(super) fn give_default(&mut self, span: Span, value: Term) {
        let own = declared(&value).first().map(|name| Box::from(*name));
        if let Some(name) = own {
            self.exports.names.insert("default".into(), Export::Local(name));
            self.terms.push(value);
            return;
        }
        self.exports.names.insert("default".into(), Export::Local(DEFAULT.into()));
        let bind = Bind { pattern: Pattern::Name(DEFAULT.into()), value };
        self.push(span, Kind::Bind(Box::new(bind)));
    }
}

/// The module that `require("…")` asks for.
fn required(call: &Call) -> Option<&str> {
    let is_require = call.callee.name() == Some("require") && call.arguments.len() == 1;
    call.arguments.first().filter(|_| is_require)?.text()
}

/// The module that `require("…")` or `import("…")` asks for.
pub(crate) fn asked(call: &Call) -> Option<&str> {
    let is_import = call.callee.name() == Some("import");
    required(call).or_else(|| call.arguments.first().filter(|_| is_import)?.text())
}

/// The names that a declaration declares.
fn declared(term: &Term) -> Vec<&str> {
    match &term.kind {
        Kind::Bind(bind) => bind.pattern.names(),
        Kind::Function(function) => function.name.as_deref().into_iter().collect(),
        Kind::Class(class) => class.name.as_deref().into_iter().collect(),
        _ => Vec::new(),
    }
}

fn specifier(it: &ast::ImportDeclarationSpecifier<'_>) -> (Box<str>, Wanted) {
    let local = it.local().name.as_str().into();
    let wanted = match it {
        ast::ImportDeclarationSpecifier::ImportSpecifier(it) => {
            Wanted::Name(it.imported.name().as_str().into())
        }
        ast::ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => {
            Wanted::Name("default".into())
        }
        ast::ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => Wanted::All,
    };
    (local, wanted)
}
