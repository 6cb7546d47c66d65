//! The YAML parser's events put together to a tree.
//!
//! What the parser lets pass is caught here: equal keys, aliases of nothing, aliases that expand
//! without end, tags, second documents. Merge keys (`<<`) are carried out here, as compose does.

use super::explain::explain;
use super::{Content, Entry, Node, Scalar, Style};
use crate::nearest::nearest;
use crate::span::START;
use crate::{Code, Diagnostic, TextSpan};
use granit_parser::{Event, Marker, Parser, ScalarStyle, Tag, options};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A manifest of 5,000 services has 450 kB; beyond this a file is something else.
const LARGEST_TEXT: usize = 4 << 20;

/// Lists and mappings inside each other. The deepest field needs eight; readers recurse, so the
/// limit keeps their stack small.
const DEEPEST: usize = 64;

/// Nodes that all aliases together may expand to. A bomb of 400 bytes makes billions.
const MOST_ALIASED: usize = 100_000;

/// The tree of the text's one document, and what is wrong with its YAML. Without a tree there is at
/// least one diagnostic.
pub(crate) fn build(source: &str) -> (Option<Node>, Vec<Diagnostic>) {
    if source.len() > LARGEST_TEXT {
        let message = format!("the text has {} bytes: the limit is {LARGEST_TEXT}", source.len());
        return (None, vec![Diagnostic::new(Code::TooLarge, START, message)]);
    }
    let mut builder = Builder { source, ..Builder::default() };
    builder.run();
    if builder.root.is_none() && builder.diagnostics.is_empty() {
        let empty = Diagnostic::new(Code::Empty, START, "the file says nothing")
            .hint("the least is `app: name` and a service with `build` or `image`, and `port`");
        builder.diagnostics.push(empty);
    }
    (builder.root, builder.diagnostics)
}

#[derive(Default)]
struct Builder<'s> {
    source: &'s str,
    /// Lists and mappings that are still open, outermost first.
    open: Vec<Open>,
    /// Closed nodes with an anchor, by the parser's number for it.
    anchors: BTreeMap<usize, Node>,
    anchor_names: Vec<String>,
    aliased: usize,
    root: Option<Node>,
    diagnostics: Vec<Diagnostic>,
}

/// A list or mapping that has not ended.
struct Open {
    children: Children,
    span: TextSpan,
    anchor: usize,
}

enum Children {
    Items(Vec<Node>),
    /// Entries and the key that waits for its value.
    Entries(Vec<Entry>, Option<(String, TextSpan)>),
}

/// Whether to go on reading events.
#[derive(PartialEq)]
enum Next {
    Event,
    Stop,
}

// === impl Builder ===

impl Builder<'_> {
    fn run(&mut self) {
        let options = options! {
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            emit_comments: false,
            flow_nesting_limit: DEEPEST,
            block_nesting_limit: DEEPEST,
        };
        for event in Parser::new_from_str_with_options(self.source, options) {
            let next = match event {
                Ok((event, span)) => self.take(event, span),
                Err(error) => {
                    self.diagnostics.push(explain(&error, self.source));
                    self.root = None;
                    Next::Stop
                }
            };
            if next == Next::Stop {
                return;
            }
        }
    }

    fn take(&mut self, event: Event<'_>, at: granit_parser::Span) -> Next {
        let span = text_span(at.start, at.end);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), &at);
                let node = leaf(scalar(text, style, span), span);
                self.close(node, anchor);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), &at);
                self.open.push(Open { children: Children::Items(Vec::new()), span, anchor });
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_tag(tag.as_deref(), &at);
                let children = Children::Entries(Vec::new(), None);
                self.open.push(Open { children, span, anchor });
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Anchor(_, name) => self.anchor_names.push(name.into_owned()),
            Event::Alias(anchor) => return self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                self.undefined_alias(&name, span);
                self.close(leaf(Content::Broken, span), 0);
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                let message = "a second document begins: a manifest is one document";
                let mistake = Diagnostic::new(Code::SeveralDocuments, span, message)
                    .hint("differences between environments belong under `environments`");
                self.diagnostics.push(mistake);
                return Next::Stop;
            }
            // Starts and ends of stream and document carry no node.
            _ => {}
        }
        Next::Event
    }

    /// Ends the innermost list or mapping.
    fn end(&mut self, end: TextSpan) {
        let Some(open) = self.open.pop() else { return };
        let content = match open.children {
            Children::Items(items) => Content::List(items),
            Children::Entries(entries, _) => Content::Mapping(self.settle(entries)),
        };
        // Block collections begin and end at points; only brackets and braces are worth marking.
        let end = if open.span.is_empty() { open.span.end } else { end.end };
        let span = TextSpan { end, ..open.span };
        self.close(Node { content, span, named: span }, open.anchor);
    }

    /// Puts a finished node where it belongs: into the collection that is open, or at the root.
    fn close(&mut self, mut node: Node, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.children) {
            None => self.root = Some(node),
            Some(Children::Items(items)) => items.push(node),
            Some(Children::Entries(entries, waiting)) => match waiting.take() {
                Some((key, named)) => {
                    node.named = named;
                    entries.push(Entry { key, value: node });
                }
                None => *waiting = Some(key_of(node, &mut self.diagnostics)),
            },
        }
    }

    /// A copy of the anchored node. Its places stay those of the original: that is where the value
    /// can be changed.
    fn alias(&mut self, anchor: usize, span: TextSpan) -> Next {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            let mistake = Diagnostic::new(
                Code::UndefinedAlias,
                span,
                "the alias stands inside what it names",
            );
            self.diagnostics.push(mistake);
            self.close(leaf(Content::Broken, span), 0);
            return Next::Event;
        };
        self.aliased += node.size();
        if self.aliased > MOST_ALIASED || self.open.len() + node.depth() > DEEPEST {
            let message = format!(
                "the aliases expand to more than {MOST_ALIASED} values or {DEEPEST} levels"
            );
            self.diagnostics.push(Diagnostic::new(Code::TooLarge, span, message));
            self.root = None;
            return Next::Stop;
        }
        self.close(node, 0);
        Next::Event
    }

    fn undefined_alias(&mut self, name: &str, span: TextSpan) {
        let near = nearest(name, self.anchor_names.iter().map(String::as_str));
        let hint = match near {
            Some(near) => format!("did you mean `*{near}`?"),
            None => format!("a text that begins with `*` needs quotes: `\"*{name}\"`"),
        };
        let message = format!("`*{name}` stands for nothing: no anchor `&{name}` comes before it");
        self.diagnostics.push(
            Diagnostic::new(Code::UndefinedAlias, span, message).label("an alias").hint(hint),
        );
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, at: &granit_parser::Span) {
        let Some(tag) = tag else { return };
        let span = at.tag_span().unwrap_or(*at);
        let message = format!("the tag `{}` has no meaning in a manifest", tag.original());
        self.diagnostics.push(
            Diagnostic::new(Code::Tag, text_span(span.start, span.end), message)
                .hint("leave it out; a value that is to be a text goes into quotes"),
        );
    }

    /// Reports equal keys, keeps the first of them, and carries out merge keys.
    fn settle(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let mut first: BTreeMap<String, TextSpan> = BTreeMap::new();
        let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
        let mut merged = Vec::new();
        for entry in entries {
            let named = entry.value.named;
            if entry.key.is_empty() {
                continue; // Reported when it was read.
            } else if entry.key == "<<" {
                merged.push(entry.value);
            } else if let Some(earlier) = first.get(&entry.key) {
                let message = format!("`{}` is given twice", entry.key);
                let mistake = Diagnostic::new(Code::DuplicateKey, named, message)
                    .label("given again")
                    .related(*earlier, "first given here");
                self.diagnostics.push(mistake);
            } else {
                first.insert(entry.key.clone(), named);
                kept.push(entry);
            }
        }
        for source in merged {
            self.merge(&mut kept, &mut first, source);
        }
        kept
    }

    /// Takes over the entries of a merge key's mapping, or mappings, that are not there yet.
    fn merge(
        &mut self,
        kept: &mut Vec<Entry>,
        first: &mut BTreeMap<String, TextSpan>,
        source: Node,
    ) {
        match source.content {
            Content::Mapping(entries) => {
                for entry in entries {
                    if !first.contains_key(&entry.key) {
                        first.insert(entry.key.clone(), entry.value.named);
                        kept.push(entry);
                    }
                }
            }
            Content::List(items) => {
                for item in items {
                    self.merge(kept, first, item);
                }
            }
            Content::Broken => {}
            Content::Null | Content::Scalar(_) => {
                let message = "`<<` takes over a mapping, or a list of mappings";
                self.diagnostics.push(Diagnostic::new(Code::WrongType, source.span, message));
            }
        }
    }
}

/// The text of a node that stands as a key; empty when it is none, which is reported here.
fn key_of(node: Node, diagnostics: &mut Vec<Diagnostic>) -> (String, TextSpan) {
    match node.content {
        Content::Scalar(scalar) if !scalar.text.is_empty() => (scalar.text, node.span),
        Content::Broken => (String::new(), node.span),
        Content::Scalar(_) | Content::Null | Content::List(_) | Content::Mapping(_) => {
            let message = "a key is a text, not a list, a mapping or nothing";
            diagnostics.push(Diagnostic::new(Code::BadYaml, node.span, message));
            (String::new(), node.span)
        }
    }
}

fn leaf(content: Content, span: TextSpan) -> Node {
    Node { content, span, named: span }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, span: TextSpan) -> Content {
    let style = if style == ScalarStyle::Plain { Style::Bare } else { Style::Quoted };
    // The parser gives `~` for a value that is not there at all.
    let absent = span.is_empty() || matches!(&*text, "~" | "null" | "Null" | "NULL" | "");
    if style == Style::Bare && absent {
        return Content::Null;
    }
    Content::Scalar(Scalar { text: text.into_owned(), style })
}

fn text_span(start: Marker, end: Marker) -> TextSpan {
    // A parser of a text, unlike one of a stream, always knows the byte offsets.
    let offset = |marker: Marker| marker.byte_offset().unwrap_or_default();
    TextSpan {
        start: offset(start),
        end: offset(end),
        line: u32::try_from(start.line()).unwrap_or(u32::MAX),
        column: u32::try_from(start.col() + 1).unwrap_or(u32::MAX),
    }
}
