//! Expressions and branches.

use super::{Lower, single};
use crate::script::term::{Call, If, Kind, Term};
use oxc_ast::ast;
use oxc_ast_visit::VisitJs as _;
use oxc_span::{GetSpan as _, Span};

impl Lower {
    pub(super) fn template(&mut self, it: &ast::TemplateLiteral<'_>) {
        let mut parts = Vec::new();
        let mut expressions = it.expressions.iter();
        for quasi in &it.quasis {
            let text = quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw).as_str();
            if !text.is_empty() {
                let Span { start, end, .. } = quasi.span;
                parts.push(Term { start, end, kind: Kind::Text(text.into()) });
            }
            parts.extend(expressions.next().map(|expression| self.one(expression)));
        }
        match parts.as_slice() {
            [] => self.push(it.span, Kind::Text("".into())),
            [Term { kind: Kind::Text(text), .. }] => {
                let text = text.clone();
                self.push(it.span, Kind::Text(text));
            }
            _ => self.push(it.span, Kind::Joined(parts)),
        }
    }

    pub(super) fn call(
        &mut self,
        span: Span,
        callee: &ast::Expression<'_>,
        arguments: &[ast::Argument<'_>],
    ) {
        let is_catch = matches!(callee, ast::Expression::StaticMemberExpression(member)
            if member.property.name == "catch");
        self.tried += usize::from(is_catch);
        let callee = self.one(callee);
        self.tried -= usize::from(is_catch);
        let mut lowered = Vec::with_capacity(arguments.len());
        for argument in arguments {
            // Positions count: what a spread holds stands behind the others anyway.
            let terms = self.inside(|lower| lower.visit_argument(argument));
            lowered.push(single(argument.span(), terms));
        }
        let call = Call { callee, arguments: lowered };
        self.required(span, &call, Vec::new());
        self.push(span, Kind::Call(Box::new(call)));
    }

    pub(super) fn object(&mut self, it: &ast::ObjectExpression<'_>) {
        let mut fields: Vec<(Box<str>, Term)> = Vec::with_capacity(it.properties.len());
        for property in &it.properties {
            match property {
                ast::ObjectPropertyKind::ObjectProperty(property) => {
                    let value = self.one(&property.value);
                    let key = property.key.static_name().filter(|_| !property.computed);
                    let key = key.as_deref().unwrap_or("[]").into();
                    fields.push((key, value));
                }
                ast::ObjectPropertyKind::SpreadProperty(spread) => {
                    fields.push(("...".into(), self.one(&spread.argument)));
                }
            }
        }
        self.push(it.span, Kind::Object(fields));
    }

    pub(super) fn logical(&mut self, it: &ast::LogicalExpression<'_>) {
        let pair = (self.one(&it.left), self.one(&it.right));
        let kind = match it.operator {
            ast::LogicalOperator::And => Kind::Other(vec![pair.0, pair.1]),
            ast::LogicalOperator::Or | ast::LogicalOperator::Coalesce => {
                Kind::Either(Box::new(pair))
            }
        };
        self.push(it.span, kind);
    }

    /// Chains of `+` are deep on their left side and may be thousands long, so they are unrolled.
    pub(super) fn binary(&mut self, it: &ast::BinaryExpression<'_>) {
        let mut operands = vec![&it.right];
        let mut left = &it.left;
        let mut all_plus = it.operator == ast::BinaryOperator::Addition;
        while let ast::Expression::BinaryExpression(inner) = left {
            all_plus &= inner.operator == ast::BinaryOperator::Addition;
            operands.push(&inner.right);
            left = &inner.left;
        }
        operands.push(left);
        let mut terms: Vec<Term> =
            operands.into_iter().rev().map(|operand| self.one(operand)).collect();
        let kind = if all_plus {
            Kind::Joined(terms)
        } else if terms.len() == 2 && is_equality(it.operator) {
            let right = terms.swap_remove(1);
            Kind::Same(Box::new((terms.swap_remove(0), right)))
        } else {
            Kind::Other(terms)
        };
        self.push(it.span, kind);
    }

    pub(super) fn unary(&mut self, it: &ast::UnaryExpression<'_>) {
        let inner = self.one(&it.argument);
        let kind = match (it.operator, inner.kind) {
            // `+x` is `Number(x)`: the value is what counts.
            (ast::UnaryOperator::UnaryPlus, kind) => kind,
            (ast::UnaryOperator::UnaryNegation, Kind::Number(number)) => Kind::Number(-number),
            (ast::UnaryOperator::LogicalNot, kind) => Kind::Not(Box::new(Term { kind, ..inner })),
            (_, kind) => Kind::Other(vec![Term { kind, ..inner }]),
        };
        self.push(it.span, kind);
    }

    /// A chain of `else if` is as deep as it is long; `depth` has counted it.
    pub(super) fn branch(&mut self, it: &ast::IfStatement<'_>) {
        let test = self.one(&it.test);
        let then = self.inside(|lower| lower.visit_statement(&it.consequent));
        let otherwise =
            self.inside(|lower| it.alternate.iter().for_each(|other| lower.visit_statement(other)));
        self.push(it.span, Kind::If(Box::new(If { test, then, otherwise })));
    }

    /// Each case compares the same value.
    pub(super) fn switch(&mut self, it: &ast::SwitchStatement<'_>) {
        let subject = self.one(&it.discriminant);
        for case in &it.cases {
            if let Some(test) = &case.test {
                let test = self.one(test);
                self.push(case.span, Kind::Same(Box::new((subject.clone(), test))));
            }
            case.consequent.iter().for_each(|statement| self.visit_statement(statement));
        }
    }
}

fn is_equality(operator: ast::BinaryOperator) -> bool {
    matches!(operator, ast::BinaryOperator::Equality | ast::BinaryOperator::StrictEquality)
}
