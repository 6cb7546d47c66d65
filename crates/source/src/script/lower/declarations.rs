//! Variables, functions and classes.

use super::{Lower, single};
use crate::script::term::{Bind, Class, Field, Function, Kind, Member, Pattern, Term};
use oxc_ast::ast;
use oxc_ast_visit::VisitJs as _;
use oxc_span::GetSpan as _;

impl Lower {
    pub(super) fn declarator(&mut self, it: &ast::VariableDeclarator<'_>) {
        let pattern = self.pattern(&it.id);
        let Some(init) = &it.init else { return };
        let value = self.one(init);
        self.name_required(&pattern, &value);
        self.push(it.span, Kind::Bind(Box::new(Bind { pattern, value })));
    }

    fn pattern(&mut self, it: &ast::BindingPattern<'_>) -> Pattern {
        match it {
            ast::BindingPattern::BindingIdentifier(name) => {
                Pattern::Name(name.name.as_str().into())
            }
            ast::BindingPattern::ObjectPattern(object) => {
                Pattern::Fields(object.properties.iter().filter_map(|it| self.field(it)).collect())
            }
            other => {
                let names = other.get_binding_identifiers();
                Pattern::Names(names.iter().map(|name| name.name.as_str().into()).collect())
            }
        }
    }

    fn field(&mut self, it: &ast::BindingProperty<'_>) -> Option<Field> {
        let key = it.key.static_name()?;
        let (inner, fallback) = match &it.value {
            ast::BindingPattern::AssignmentPattern(pattern) => {
                (&pattern.left, Some(self.one(&pattern.right)))
            }
            other => (other, None),
        };
        let ast::BindingPattern::BindingIdentifier(local) = inner else { return None };
        let (start, end) = (it.span.start, it.span.end);
        let (key, local) = (key.as_ref().into(), local.name.as_str().into());
        Some(Field { start, end, key, local, fallback })
    }

    fn parameters(&mut self, it: &ast::FormalParameters<'_>) -> Vec<Pattern> {
        it.items.iter().map(|parameter| self.pattern(&parameter.pattern)).collect()
    }

    /// A parameter's default is its value as far as anybody can tell: a declaration in the body.
    fn defaults(&mut self, it: &ast::FormalParameters<'_>) {
        for parameter in &it.items {
            let Some(initializer) = &parameter.initializer else { continue };
            let (pattern, value) = (self.pattern(&parameter.pattern), self.one(initializer));
            self.push(parameter.span, Kind::Bind(Box::new(Bind { pattern, value })));
        }
    }

    pub(super) fn function(&mut self, it: &ast::Function<'_>) -> Kind {
        let parameters = self.parameters(&it.params);
        self.depth += 1;
        let body = self.inside(|lower| {
            lower.defaults(&it.params);
            it.body.iter().for_each(|body| lower.visit_function_body(body));
        });
        self.depth -= 1;
        let name = it.id.as_ref().map(|id| id.name.as_str().into());
        Kind::Function(Box::new(Function { name, parameters, body }))
    }

    pub(super) fn arrow(&mut self, it: &ast::ArrowFunctionExpression<'_>) -> Kind {
        let parameters = self.parameters(&it.params);
        self.depth += 1;
        let body = self.inside(|lower| {
            lower.defaults(&it.params);
            match &it.body {
                ast::ArrowFunctionBody::FunctionBody(body) => lower.visit_function_body(body),
                body => {
                    let value = lower.inside(|lower| lower.visit_arrow_function_body(body));
                    lower.push(body.span(), Kind::Return(value));
                }
            }
        });
        self.depth -= 1;
        Kind::Function(Box::new(Function { name: None, parameters, body }))
    }

    pub(super) fn class(&mut self, it: &ast::Class<'_>) -> Kind {
        let decorators = self.decorators(&it.decorators);
        // What stands in a class's body runs when it is made or called: not at the start.
        self.depth += 1;
        let members = it.body.body.iter().filter_map(|element| self.member(element)).collect();
        self.depth -= 1;
        let name = it.id.as_ref().map(|id| id.name.as_str().into());
        Kind::Class(Box::new(Class { name, decorators, members }))
    }

    fn member(&mut self, it: &ast::ClassElement<'_>) -> Option<Member> {
        match it {
            ast::ClassElement::MethodDefinition(method) => {
                let decorators = self.decorators(&method.decorators);
                let kind = self.function(&method.value);
                let (start, end) = (method.span.start, method.span.end);
                let name = method.key.name()?.as_ref().into();
                Some(Member { name, decorators, value: Some(Term { start, end, kind }) })
            }
            ast::ClassElement::PropertyDefinition(property) => {
                let decorators = self.decorators(&property.decorators);
                let value = property.value.as_ref().map(|value| self.one(value));
                let name = property.key.name()?.as_ref().into();
                Some(Member { name, decorators, value })
            }
            other => {
                let inside = self.inside(|lower| lower.visit_class_element(other));
                let value = Some(single(other.span(), inside));
                Some(Member { name: "static".into(), decorators: Vec::new(), value })
            }
        }
    }

    fn decorators(&mut self, decorators: &[ast::Decorator<'_>]) -> Vec<Term> {
        decorators.iter().map(|decorator| self.one(&decorator.expression)).collect()
    }
}
