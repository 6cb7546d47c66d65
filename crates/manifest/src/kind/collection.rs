//! Lists, and mappings whose keys the user chooses.

use super::{Format, Kind, Part, Shape, read_part};
use crate::cx::{Cx, counted};
use crate::yaml::{Content, Entry, Node};
use crate::{Code, Diagnostic};
use std::collections::BTreeMap;

/// A list of `least` to `most` items.
pub(crate) fn list<K: Kind>(
    item: K,
    least: usize,
    most: usize,
) -> impl Kind<Value = Vec<K::Value>> {
    List { item, least, most, or_one: false }
}

/// As [`list`], or a single item without a list around it.
pub(crate) fn one_or_many<K: Kind>(
    item: K,
    least: usize,
    most: usize,
) -> impl Kind<Value = Vec<K::Value>> {
    List { item, least, most, or_one: true }
}

/// Names of a form, each with a value.
pub(crate) fn map<K: Kind>(
    keys: &'static Format,
    value: K,
) -> impl Kind<Value = BTreeMap<String, K::Value>> {
    Map { keys, value }
}

/// Names of a form, each with a record. Once an environment has been read, `check` sees them all
/// together: each name, with what could be read of it.
pub(crate) fn records<P: Part>(
    keys: &'static Format,
    check: fn(&BTreeMap<String, Option<P::Read>>, &mut Cx<'_>),
) -> impl Kind<Value = BTreeMap<String, P>> {
    Records { keys, check }
}

// === impl List ===

struct List<K> {
    item: K,
    least: usize,
    most: usize,
    or_one: bool,
}

impl<K: Kind> List<K> {
    fn check_length(&self, length: usize, node: &Node, cx: &mut Cx<'_>) -> bool {
        if (self.least..=self.most).contains(&length) {
            return true;
        }
        let (name, has) = (cx.name(), counted(length, "item"));
        let why = if length < self.least {
            format!("it needs at least {}", self.least)
        } else {
            format!("it takes at most {}", self.most)
        };
        cx.report(Diagnostic::new(Code::OutOfRange, node.span, format!("{name} has {has}: {why}")));
        false
    }
}

impl<K: Kind> Kind for List<K> {
    type Value = Vec<K::Value>;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<Vec<K::Value>> {
        let items = match &node.content {
            Content::List(items) => items,
            Content::Scalar(_) | Content::Mapping(_) if self.or_one => {
                let read = |cx: &mut Cx<'_>| self.item.read(node, cx);
                return cx.enter_unwritten("0", node, read).map(|value| vec![value]);
            }
            Content::Scalar(_) => {
                let hint = format!("write `[{}]`", cx.quote(node.span).trim_matches('`'));
                cx.wrong_type_hinting(node, "a list", Some(hint));
                return None;
            }
            Content::Mapping(_) | Content::Null | Content::Broken => {
                cx.wrong_type(node, "a list");
                return None;
            }
        };
        let fits = self.check_length(items.len(), node, cx);
        let read = |(index, item): (usize, &Node)| {
            cx.enter(&index.to_string(), item, |cx| self.item.read(item, cx))
        };
        let values: Vec<Option<K::Value>> = items.iter().enumerate().map(read).collect();
        let values: Option<Vec<K::Value>> = values.into_iter().collect();
        values.filter(|_| fits)
    }

    fn shape(&self) -> Shape {
        Shape::List {
            item: Box::new(self.item.shape()),
            least: self.least,
            most: self.most,
            or_one: self.or_one,
        }
    }
}

// === impl Map ===

struct Map<K> {
    keys: &'static Format,
    value: K,
}

impl<K: Kind> Kind for Map<K> {
    type Value = BTreeMap<String, K::Value>;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<BTreeMap<String, K::Value>> {
        let values = read_entries(node, self.keys, cx, |value, cx| self.value.read(value, cx))?;
        values.into_iter().map(|(key, value)| value.map(|value| (key, value))).collect()
    }

    fn shape(&self) -> Shape {
        Shape::Map { keys: self.keys, value: Box::new(self.value.shape()) }
    }
}

// === impl Records ===

struct Records<P: Part> {
    keys: &'static Format,
    check: fn(&BTreeMap<String, Option<P::Read>>, &mut Cx<'_>),
}

impl<P: Part> Kind for Records<P> {
    type Value = BTreeMap<String, P>;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<BTreeMap<String, P>> {
        let read = read_entries(node, self.keys, cx, read_part::<P>)?;
        if cx.is_merged() {
            (self.check)(&read, cx);
        }
        let whole = |(key, read): (String, Option<P::Read>)| Some((key, P::whole(read?)?));
        read.into_iter().map(whole).collect()
    }

    fn shape(&self) -> Shape {
        Shape::Map { keys: self.keys, value: Box::new(Shape::Record(P::record)) }
    }
}

/// Reads the entries of a mapping. Names that are not formed as they have to be are reported, and
/// entries without a value count as absent.
fn read_entries<T>(
    node: &Node,
    keys: &'static Format,
    cx: &mut Cx<'_>,
    read: impl Fn(&Node, &mut Cx<'_>) -> Option<T>,
) -> Option<BTreeMap<String, Option<T>>> {
    let Content::Mapping(entries) = &node.content else {
        cx.wrong_type(node, "a mapping");
        return None;
    };
    let mut values = BTreeMap::new();
    for Entry { key, value } in entries {
        if let Some(mistake) = keys.check(key, keys.role, &format!("`{key}`"), value.named) {
            let code = if key.contains("${") { Code::NoInterpolationHere } else { mistake.code };
            cx.report(Diagnostic { code, ..mistake });
        }
        if value.content == Content::Null {
            cx.empty_value(key, value);
        } else {
            values.insert(key.clone(), cx.enter(key, value, |cx| read(value, cx)));
        }
    }
    Some(values)
}
