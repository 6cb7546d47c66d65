//! Reading the entries of a mapping with known keys.

use super::{Kind, Part, Presence, Record, Shape};
use crate::cx::Cx;
use crate::yaml::{Content, Entry, Node};
use crate::{Code, Diagnostic};
use std::marker::PhantomData;

/// The entries of a record that is being read.
#[derive(Debug)]
pub(crate) struct Fields<'n> {
    record: &'static Record,
    given: Vec<(&'n str, &'n Node)>,
    form: Form,
}

/// How the record is written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Mapping,
    /// The value of one field alone.
    Short,
}

/// A field of a record.
enum Found<'n> {
    Value(&'n Node),
    Absent,
    /// Something else is there that was probably meant to be it, and has been reported.
    Misspelt,
}

/// The kind of a [`Part`].
pub(crate) fn record<P: Part>() -> impl Kind<Value = P> {
    RecordKind(PhantomData)
}

// === impl RecordKind ===

struct RecordKind<P>(PhantomData<P>);

impl<P: Part> Kind for RecordKind<P> {
    type Value = P;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<P> {
        P::whole(read_part::<P>(node, cx)?)
    }

    fn shape(&self) -> Shape {
        Shape::Record(P::record)
    }
}

/// What can be read of a part; `None` when the node is neither a mapping nor its short form.
pub(crate) fn read_part<P: Part>(node: &Node, cx: &mut Cx<'_>) -> Option<P::Read> {
    let fields = Fields::open(node, P::record(), cx)?;
    Some(P::read(&fields, cx))
}

// === impl Fields ===

impl<'n> Fields<'n> {
    /// The entries of a node. Reports keys that the record does not have, and anything that is
    /// neither a mapping nor a short form.
    fn open(node: &'n Node, record: &'static Record, cx: &mut Cx<'_>) -> Option<Self> {
        if let Some(field) = record.short_for(node) {
            return Some(Self { record, given: vec![(field.name, node)], form: Form::Short });
        }
        let entries: &[Entry] = match &node.content {
            Content::Mapping(entries) => entries,
            Content::Null => &[],
            Content::Scalar(_) | Content::List(_) | Content::Broken => {
                cx.wrong_type(node, &record.expected());
                return None;
            }
        };
        let (known, unknown): (Vec<&Entry>, Vec<&Entry>) =
            entries.iter().partition(|entry| record.field(&entry.key).is_some());
        let given = known.into_iter().map(|entry| (entry.key.as_str(), &entry.value)).collect();
        let fields = Self { record, given, form: Form::Mapping };
        unknown.into_iter().for_each(|entry| fields.report_unknown(entry, cx));
        Some(fields)
    }

    /// Reports a key that the record does not have. The one that was probably meant counts as
    /// given, so that one slip is one mistake.
    fn report_unknown(&self, Entry { key, value }: &Entry, cx: &mut Cx<'_>) {
        let meant = self.record.meant(key);
        if let Some(meant) = meant.key {
            cx.count_as_given(meant, value);
        }
        let message = format!("`{key}` is no key of {}", cx.name());
        let mistake = Diagnostic::new(Code::UnknownKey, value.named, message);
        cx.report(mistake.label("unknown key").maybe_hint(meant.hint));
    }

    /// What is there for a field. A key without a value counts as absent.
    fn find(&self, name: &str, cx: &mut Cx<'_>) -> Found<'n> {
        match self.given.iter().find(|(key, _)| *key == name) {
            Some((_, node)) if node.content == Content::Null => {
                cx.empty_value(name, node);
                Found::Absent
            }
            Some((_, node)) => Found::Value(node),
            None if cx.given(name) => Found::Misspelt,
            None => Found::Absent,
        }
    }

    fn read<K: Kind>(
        &self,
        name: &str,
        node: &Node,
        kind: &K,
        cx: &mut Cx<'_>,
    ) -> Option<K::Value> {
        match self.form {
            Form::Mapping => cx.enter(name, node, |cx| kind.read(node, cx)),
            Form::Short => cx.enter_unwritten(name, node, |cx| kind.read(node, cx)),
        }
    }

    /// Reads a field that has to be there.
    pub(crate) fn required<K: Kind>(
        &self,
        name: &str,
        kind: &K,
        cx: &mut Cx<'_>,
    ) -> Option<K::Value> {
        match self.find(name, cx) {
            Found::Value(node) => return self.read(name, node, kind, cx),
            Found::Absent if cx.is_merged() => {
                let message = format!("{} has no `{name}`", cx.name());
                let mistake = Diagnostic::new(Code::MissingKey, cx.here(), message);
                cx.report(mistake.label(format!("`{name}` is missing")));
            }
            Found::Absent | Found::Misspelt => {}
        }
        None
    }

    /// Reads a field that has a default.
    pub(crate) fn or_default<K: Kind>(
        &self,
        name: &str,
        kind: &K,
        cx: &mut Cx<'_>,
    ) -> Option<K::Value> {
        match (self.find(name, cx), &self.record.field(name)?.presence) {
            (Found::Value(node), _) => self.read(name, node, kind, cx),
            (Found::Absent, Presence::Default { node, .. }) => {
                cx.enter_default(name, node, |cx| kind.read(node, cx))
            }
            (Found::Absent | Found::Misspelt, _) => None,
        }
    }

    /// Reads a field that may be absent: `Some(None)` then.
    pub(crate) fn optional<K: Kind>(
        &self,
        name: &str,
        kind: &K,
        cx: &mut Cx<'_>,
    ) -> Option<Option<K::Value>> {
        match self.find(name, cx) {
            Found::Value(node) => self.read(name, node, kind, cx).map(Some),
            Found::Absent => Some(None),
            Found::Misspelt => None,
        }
    }
}
