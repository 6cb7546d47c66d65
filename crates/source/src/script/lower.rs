//! The parser's tree to terms.
//!
//! What has no term of its own is walked through, and what stands inside it takes its place.

mod declarations;
mod expressions;
mod modules;

pub(crate) use modules::asked;

use super::module::{Exports, Import};
use super::parse::Script;
use super::term::{Kind, Term};
use oxc_ast::ast;
use oxc_ast_visit::VisitJs;
use oxc_span::{GetSpan as _, Span};
use oxc_syntax::scope::ScopeFlags;

/// Collects terms while the tree is walked.
#[derive(Default)]
pub(super) struct Lower {
    /// The terms at the level that is being walked.
    terms: Vec<Term>,
    /// How many functions and conditions are around it: what stands there is not carried out at once.
    depth: usize,
    /// How many `try` and `.catch` are around it: what fails there is taken.
    tried: usize,
    imports: Vec<Import>,
    exports: Exports,
}

impl Lower {
    pub(super) fn script(self) -> Script {
        Script { body: self.terms, imports: self.imports, exports: self.exports }
    }

    fn push(&mut self, span: Span, kind: Kind) {
        self.terms.push(Term { start: span.start, end: span.end, kind });
    }

    /// The terms that a walk yields.
    fn inside(&mut self, walk: impl FnOnce(&mut Self)) -> Vec<Term> {
        let outer = std::mem::take(&mut self.terms);
        walk(self);
        std::mem::replace(&mut self.terms, outer)
    }

    /// One expression as one term.
    fn one(&mut self, expression: &ast::Expression<'_>) -> Term {
        let span = expression.span();
        let terms = self.inside(|lower| lower.visit_expression(expression));
        single(span, terms)
    }
}

/// Several terms as one.
fn single(span: Span, mut terms: Vec<Term>) -> Term {
    if terms.len() == 1
        && let Some(term) = terms.pop()
    {
        return term;
    }
    Term { start: span.start, end: span.end, kind: Kind::Other(terms) }
}

impl<'a> VisitJs<'a> for Lower {
    fn visit_boolean_literal(&mut self, it: &ast::BooleanLiteral) {
        self.push(it.span, Kind::Flag(it.value));
    }

    fn visit_null_literal(&mut self, it: &ast::NullLiteral) {
        self.push(it.span, Kind::Nothing);
    }

    fn visit_numeric_literal(&mut self, it: &ast::NumericLiteral<'a>) {
        self.push(it.span, Kind::Number(it.value));
    }

    fn visit_string_literal(&mut self, it: &ast::StringLiteral<'a>) {
        self.push(it.span, Kind::Text(it.value.as_str().into()));
    }

    fn visit_this_expression(&mut self, it: &ast::ThisExpression) {
        self.push(it.span, Kind::Name("this".into()));
    }

    fn visit_identifier_reference(&mut self, it: &ast::IdentifierReference<'a>) {
        let name = it.name.as_str();
        let kind = if name == "undefined" { Kind::Nothing } else { Kind::Name(name.into()) };
        self.push(it.span, kind);
    }

    // What is written between elements is nobody's code.
    fn visit_jsx_text(&mut self, _: &ast::JSXText<'a>) {}

    // A directive (`'use strict'`) is no value.
    fn visit_directive(&mut self, _: &ast::Directive<'a>) {}

    fn visit_template_literal(&mut self, it: &ast::TemplateLiteral<'a>) {
        self.template(it);
    }

    fn visit_static_member_expression(&mut self, it: &ast::StaticMemberExpression<'a>) {
        let object = self.one(&it.object);
        self.push(it.span, Kind::Member(Box::new(object), it.property.name.as_str().into()));
    }

    fn visit_private_field_expression(&mut self, it: &ast::PrivateFieldExpression<'a>) {
        let object = self.one(&it.object);
        let name = format!("#{}", it.field.name);
        self.push(it.span, Kind::Member(Box::new(object), name.into()));
    }

    fn visit_computed_member_expression(&mut self, it: &ast::ComputedMemberExpression<'a>) {
        let object = self.one(&it.object);
        let key = self.one(&it.expression);
        let kind = match key.kind {
            Kind::Text(name) => Kind::Member(Box::new(object), name),
            _ => Kind::Index(Box::new((object, key))),
        };
        self.push(it.span, kind);
    }

    fn visit_call_expression(&mut self, it: &ast::CallExpression<'a>) {
        self.call(it.span, &it.callee, &it.arguments);
    }

    fn visit_new_expression(&mut self, it: &ast::NewExpression<'a>) {
        self.call(it.span, &it.callee, &it.arguments);
    }

    fn visit_import_expression(&mut self, it: &ast::ImportExpression<'a>) {
        self.late_import(it);
    }

    fn visit_object_expression(&mut self, it: &ast::ObjectExpression<'a>) {
        self.object(it);
    }

    fn visit_array_expression(&mut self, it: &ast::ArrayExpression<'a>) {
        let items = self.inside(|lower| lower.visit_array_expression_elements(&it.elements));
        self.push(it.span, Kind::List(items));
    }

    fn visit_logical_expression(&mut self, it: &ast::LogicalExpression<'a>) {
        self.logical(it);
    }

    fn visit_binary_expression(&mut self, it: &ast::BinaryExpression<'a>) {
        self.binary(it);
    }

    fn visit_unary_expression(&mut self, it: &ast::UnaryExpression<'a>) {
        self.unary(it);
    }

    fn visit_conditional_expression(&mut self, it: &ast::ConditionalExpression<'a>) {
        let choice = (self.one(&it.test), self.one(&it.consequent), self.one(&it.alternate));
        self.push(it.span, Kind::Choice(Box::new(choice)));
    }

    fn visit_assignment_expression(&mut self, it: &ast::AssignmentExpression<'a>) {
        let target = self.inside(|lower| lower.visit_assignment_target(&it.left));
        let target = single(it.left.span(), target);
        let value = self.one(&it.right);
        self.push(it.span, Kind::Assign(Box::new((target, value))));
    }

    fn visit_if_statement(&mut self, it: &ast::IfStatement<'a>) {
        self.depth += 1;
        self.branch(it);
        self.depth -= 1;
    }

    fn visit_switch_statement(&mut self, it: &ast::SwitchStatement<'a>) {
        self.switch(it);
    }

    fn visit_try_statement(&mut self, it: &ast::TryStatement<'a>) {
        let taken = usize::from(it.handler.is_some());
        self.tried += taken;
        self.visit_block_statement(&it.block);
        self.tried -= taken;
        it.handler.iter().for_each(|handler| self.visit_catch_clause(handler));
        it.finalizer.iter().for_each(|block| self.visit_block_statement(block));
    }

    fn visit_return_statement(&mut self, it: &ast::ReturnStatement<'a>) {
        let value = self.inside(|lower| it.argument.iter().for_each(|e| lower.visit_expression(e)));
        self.push(it.span, Kind::Return(value));
    }

    fn visit_throw_statement(&mut self, it: &ast::ThrowStatement<'a>) {
        let value = self.inside(|lower| lower.visit_expression(&it.argument));
        self.push(it.span, Kind::Throw(value));
    }

    fn visit_variable_declarator(&mut self, it: &ast::VariableDeclarator<'a>) {
        self.declarator(it);
    }

    fn visit_function(&mut self, it: &ast::Function<'a>, _: ScopeFlags) {
        let kind = self.function(it);
        self.push(it.span, kind);
    }

    fn visit_arrow_function_expression(&mut self, it: &ast::ArrowFunctionExpression<'a>) {
        let kind = self.arrow(it);
        self.push(it.span, kind);
    }

    fn visit_class(&mut self, it: &ast::Class<'a>) {
        let kind = self.class(it);
        self.push(it.span, kind);
    }

    fn visit_import_declaration(&mut self, it: &ast::ImportDeclaration<'a>) {
        self.import(it);
    }

    fn visit_ts_import_equals_declaration(&mut self, it: &ast::TSImportEqualsDeclaration<'a>) {
        self.import_equals(it);
    }

    fn visit_export_declaration(&mut self, it: &ast::ExportDeclaration<'a>) {
        self.export(it);
    }

    fn visit_export_named_declaration(&mut self, it: &ast::ExportNamedDeclaration<'a>) {
        self.export_names(&it.specifiers, None);
    }

    fn visit_export_from_declaration(&mut self, it: &ast::ExportFromDeclaration<'a>) {
        self.export_from(it);
    }

    fn visit_export_all_declaration(&mut self, it: &ast::ExportAllDeclaration<'a>) {
        self.export_all(it);
    }

    fn visit_export_default_declaration(&mut self, it: &ast::ExportDefaultDeclaration<'a>) {
        self.export_default(it);
    }

    fn visit_ts_export_assignment(&mut self, it: &ast::TSExportAssignment<'a>) {
        let value = self.one(&it.expression);
        self.give_default(it.span, value);
    }
}
