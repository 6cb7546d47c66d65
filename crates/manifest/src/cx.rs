//! What a reader is given and what it leaves behind.
//!
//! Readers go down the tree with one [`Cx`]: it knows the path so far, gives texts with their
//! `${...}` filled in, and collects places and diagnostics. It must not know any field.

use crate::interpolate::{self, Filled, Keeping, Mistake, Scope};
use crate::positions::{Position, Positions};
use crate::span::START;
use crate::yaml::{self, Content, Node, Scalar, Style};
use crate::{Code, Diagnostic, TextSpan};

/// A walk through a tree.
#[derive(Debug)]
pub(crate) struct Cx<'a> {
    source: &'a str,
    scope: Scope<'a>,
    pass: Pass,
    path: Vec<Segment>,
    /// Set while a default is read: it stands nowhere in the text.
    unplaced: bool,
    pub(crate) positions: Positions,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// A step of the path.
#[derive(Debug)]
struct Segment {
    name: String,
    /// Whether the text has it, unlike the field that a short form stands for.
    written: bool,
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    /// The file as it is written. Its parts may be incomplete, since an overlay can complete them:
    /// only what is wrong by itself is wrong.
    Written,
    /// One environment, after merging: everything has to be there and to fit together.
    Merged,
}

/// A scalar with its `${...}` filled in.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    origin: Origin,
}

/// Where a text comes from, which says what it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Written so: a number without quotes is a number, with quotes a text.
    Written(Style),
    /// Filled in. It can be either: YAML demands quotes for `${...}` inside brackets.
    Filled,
}

// === impl Cx ===

impl<'a> Cx<'a> {
    pub(crate) fn new(source: &'a str, scope: Scope<'a>, pass: Pass) -> Self {
        Self {
            source,
            scope,
            pass,
            path: Vec::new(),
            unplaced: false,
            positions: Positions::default(),
            diagnostics: Vec::new(),
        }
    }

    /// Whether this is a whole environment, so that what is missing can be said.
    pub(crate) fn is_merged(&self) -> bool {
        self.pass == Pass::Merged
    }

    /// The environment that is read, once it is known.
    pub(crate) fn environment(&self) -> Option<&'a str> {
        self.scope.environment
    }

    /// The application's name, once it is known.
    pub(crate) fn app(&self) -> Option<&'a str> {
        self.scope.app
    }

    /// Reads a value one step further down.
    pub(crate) fn enter<T>(
        &mut self,
        name: &str,
        node: &Node,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.step(Segment { name: name.to_owned(), written: true }, node, read)
    }

    /// Reads the one field that a short form stands for, or the one item in the place of a list.
    pub(crate) fn enter_unwritten<T>(
        &mut self,
        name: &str,
        node: &Node,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.step(Segment { name: name.to_owned(), written: false }, node, read)
    }

    /// Reads a default one step further down. It stands nowhere in the text, and nothing is wrong
    /// with it: a value that it takes over has been reported where it stands.
    pub(crate) fn enter_default<T>(
        &mut self,
        name: &str,
        node: &Node,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let reported = self.diagnostics.len();
        let outer = std::mem::replace(&mut self.unplaced, true);
        let result = self.enter(name, node, read);
        self.unplaced = outer;
        self.diagnostics.truncate(reported);
        result
    }

    fn step<T>(&mut self, segment: Segment, node: &Node, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(segment);
        if !self.unplaced {
            let position = Position { key: node.named, value: node.span };
            self.positions.set(self.joined(), position);
        }
        let result = read(self);
        self.path.pop();
        result
    }

    /// Marks a field of the record that is being read as given, though something else is there.
    pub(crate) fn count_as_given(&mut self, field: &str, node: &Node) {
        let position = Position { key: node.named, value: node.span };
        self.positions.set(self.at(field), position);
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// How messages call the value that is being read: `` `port` ``, ``an item of `routes` ``,
    /// ``the `path` of `health` `` where only `health` is written.
    pub(crate) fn name(&self) -> String {
        called(&self.path)
    }

    /// The last segment of the path.
    pub(crate) fn key(&self) -> &str {
        self.path.last().map_or("", |segment| &segment.name)
    }

    /// The service around the value that is being read.
    pub(crate) fn service(&self) -> Option<&str> {
        let services = self.path.iter().position(|segment| segment.name == "services")?;
        self.path.get(services + 1).map(|segment| segment.name.as_str())
    }

    /// The place of the key whose value is being read.
    pub(crate) fn here(&self) -> TextSpan {
        let path = self.joined();
        let position = self.positions.get(&path).map(|position| position.key);
        position.or_else(|| self.positions.nearest(&path)).unwrap_or(START)
    }

    /// Warns of a key without a value, which counts as absent. In the file as written that can be
    /// meant: an overlay takes a key away so.
    pub(crate) fn empty_value(&mut self, key: &str, node: &Node) {
        if self.is_merged() {
            let message = format!("`{key}` has no value: it counts as absent");
            let hint = "leave it out, or give it a value; an empty text is written `\"\"`";
            self.report(Diagnostic::new(Code::EmptyValue, node.named, message).hint(hint));
        }
    }

    /// Whether the record that is being read was given this field.
    pub(crate) fn given(&self, field: &str) -> bool {
        self.positions.get(&self.at(field)).is_some()
    }

    /// The place of a field, which may be a path of several, of the record that is being read; the
    /// record's own when the field has its default.
    pub(crate) fn place(&self, field: &str) -> TextSpan {
        self.positions.nearest(&self.at(field)).unwrap_or(START)
    }

    /// The place of a field's key.
    pub(crate) fn key_place(&self, field: &str) -> TextSpan {
        let position = self.positions.get(&self.at(field));
        position.map_or_else(|| self.place(field), |position| position.key)
    }

    fn joined(&self) -> String {
        let names: Vec<&str> = self.path.iter().map(|segment| segment.name.as_str()).collect();
        names.join(".")
    }

    fn at(&self, field: &str) -> String {
        let mut path = self.joined();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(field);
        path
    }

    /// The text of a scalar, `${...}` filled in; `None` when it is none, or is not known yet. What
    /// is wrong has been reported then.
    pub(crate) fn text(&mut self, node: &Node, expected: &str) -> Option<Text> {
        self.filled(node, expected, self.scope)
    }

    /// The same, with the words that only a running task fills kept in it.
    pub(crate) fn marked(&mut self, node: &Node, expected: &str) -> Option<String> {
        let scope = Scope { keeping: Keeping::TaskWords, ..self.scope };
        self.filled(node, expected, scope).map(|text| text.text)
    }

    fn filled(&mut self, node: &Node, expected: &str, scope: Scope<'_>) -> Option<Text> {
        let scalar = self.scalar(node, expected)?;
        let mut mistakes = Vec::new();
        let filled = interpolate::fill(&scalar.text, scope, self.service(), &mut mistakes);
        for mistake in mistakes {
            self.report_unfilled(mistake, node.span);
        }
        match filled {
            Filled::AsWritten => Some(Text::written(scalar)),
            Filled::Text(text) => Some(Text { text, origin: Origin::Filled }),
            Filled::Later | Filled::Wrong => None,
        }
    }

    /// The text of a scalar where no `${...}` can stand.
    pub(crate) fn verbatim(&mut self, node: &Node, expected: &str) -> Option<Text> {
        let scalar = self.scalar(node, expected)?;
        if scalar.text.contains("${") {
            let message = format!("{} can't hold `${{...}}`", self.name());
            self.report(Diagnostic::new(Code::NoInterpolationHere, node.span, message));
            return None;
        }
        Some(Text::written(scalar))
    }

    fn scalar<'n>(&mut self, node: &'n Node, expected: &str) -> Option<&'n Scalar> {
        if let Content::Scalar(scalar) = &node.content {
            return Some(scalar);
        }
        self.wrong_type(node, expected);
        None
    }

    /// Reports a value of the wrong type, unless it has been reported already.
    pub(crate) fn wrong_type(&mut self, node: &Node, expected: &str) {
        self.wrong_type_hinting(node, expected, None);
    }

    /// As [`Cx::wrong_type`], with a hint.
    pub(crate) fn wrong_type_hinting(&mut self, node: &Node, expected: &str, hint: Option<String>) {
        let Some(found) = self.describe(node) else { return };
        let message = format!("{} is {expected}, not {found}", self.name());
        let mistake =
            Diagnostic::new(Code::WrongType, node.span, message).label(format!("not {expected}"));
        self.report(mistake.maybe_hint(hint));
    }

    /// What a node is, in words; `None` for what has been reported.
    fn describe(&self, node: &Node) -> Option<String> {
        match &node.content {
            Content::Broken => None,
            Content::Null => Some("nothing".to_owned()),
            Content::List(_) => Some("a list".to_owned()),
            Content::Mapping(_) => Some("a mapping".to_owned()),
            Content::Scalar(_) => Some(self.quote(node.span)),
        }
    }

    /// A value as it is written in the file, quoted and cut. Messages never show what `${...}`
    /// stood for: that may be a secret.
    pub(crate) fn quote(&self, span: TextSpan) -> String {
        const SHOWN: usize = 60;
        let written = span.of(self.source).trim_end();
        let line = written.lines().next().unwrap_or_default();
        let shown: String = line.chars().take(SHOWN).collect();
        let cut = if shown.len() < written.len() { "…" } else { "" };
        format!("`{shown}{cut}`")
    }

    /// Reports a `${...}` without a value at the very braces.
    fn report_unfilled(&mut self, mistake: Mistake, span: TextSpan) {
        let written = span.of(self.source);
        let place = match written.match_indices("${").nth(mistake.which) {
            Some((from, _)) => {
                let length = written[from..].find('}').map_or(written.len() - from, |end| end + 1);
                span.part(self.source, from, from + length)
            }
            None => span,
        };
        let diagnostic = Diagnostic::new(mistake.code, place, mistake.message);
        self.report(diagnostic.maybe_hint(mistake.hint));
    }
}

fn called(path: &[Segment]) -> String {
    let Some((last, rest)) = path.split_last() else {
        return "the manifest".to_owned();
    };
    let is_index = last.name.bytes().all(|byte| byte.is_ascii_digit());
    match (last.written, is_index) {
        (true, true) => format!("an item of {}", called(rest)),
        (true, false) => format!("`{}`", last.name),
        // A single item in the place of its list.
        (false, true) => called(rest),
        (false, false) => format!("the `{}` of {}", last.name, called(rest)),
    }
}

// === impl Text ===

impl Text {
    fn written(scalar: &Scalar) -> Self {
        Self { text: scalar.text.clone(), origin: Origin::Written(scalar.style) }
    }

    /// Whether it can be a number or a truth value.
    pub(crate) fn is_bare(&self) -> bool {
        self.origin != Origin::Written(Style::Quoted)
    }

    /// Whether it can be a text: YAML 1.2 does not take it for a number or truth value.
    pub(crate) fn is_text(&self) -> bool {
        self.origin != Origin::Written(Style::Bare) || !yaml::is_other_than_text(&self.text)
    }
}

/// `1 service`, `2 services`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
