//! A text to a script.

use super::depth;
use super::lower::Lower;
use super::module::{Exports, Import};
use super::term::Term;
use oxc_allocator::Allocator;
use oxc_ast_visit::VisitJs as _;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;

/// A script as far as readers ask for it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Script {
    pub(crate) body: Vec<Term>,
    pub(crate) imports: Vec<Import>,
    pub(crate) exports: Exports,
}

/// Whether a file's name says that it is a script. Declarations of types hold nothing that runs.
pub(crate) fn is_script(path: &str) -> bool {
    let endings = [".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"];
    let is_declaration = [".d.ts", ".d.mts", ".d.cts"].iter().any(|end| path.ends_with(end));
    endings.iter().any(|end| path.ends_with(end)) && !is_declaration
}

/// Reads a script; `None` if it can't be parsed, or nests too deep to be written by hand.
pub(crate) fn script(path: &str, text: &str) -> Option<Script> {
    let kind = SourceType::from_path(path).ok()?;
    // Many .js files hold JSX.
    let kind = if kind.is_typescript() { kind } else { kind.with_jsx(true) };
    if depth::is_too_deep(text) {
        return None;
    }
    let allocator = Allocator::default();
    let options = ParseOptions {
        preserve_parens: false,
        allow_return_outside_function: true,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(&allocator, text, kind).with_options(options).parse();
    if parsed.panicked {
        return None;
    }
    let mut lower = Lower::default();
    lower.visit_program(&parsed.program);
    Some(lower.script())
}

/// Reads JSON, comments and trailing commas included.
pub(crate) fn json(text: &str) -> Option<Term> {
    if depth::is_too_deep(text) {
        return None;
    }
    let allocator = Allocator::default();
    let options = ParseOptions { preserve_parens: false, ..ParseOptions::default() };
    let parser = Parser::new(&allocator, text, SourceType::mjs()).with_options(options);
    let expression = parser.parse_expression().ok()?;
    let mut lower = Lower::default();
    lower.visit_expression(&expression);
    let script = lower.script();
    script.body.into_iter().next()
}
