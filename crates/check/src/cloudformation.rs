//! CloudFormation's templates, in JSON or YAML: resources by kind. No function of theirs is evaluated.

use crate::subject::place;
use manifest::yaml::{self, Node};
use source::{Place, Snapshot};

/// One template.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    file: String,
    text: String,
    root: Node,
}

/// One resource of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resource<'t> {
    pub(crate) name: &'t str,
    pub(crate) properties: &'t Node,
}

/// Every template of a tree that has something of ECS.
pub(crate) fn read(snapshot: &Snapshot) -> Vec<Template> {
    let endings = [".json", ".yml", ".yaml", ".template"];
    let files = snapshot.texts().filter(|(path, text)| {
        endings.iter().any(|end| path.ends_with(end)) && text.contains("AWS::ECS::")
    });
    let read = files.filter_map(|(path, text)| {
        let root = yaml::read(text)?;
        root.get("Resources")?;
        Some(Template { file: path.to_owned(), text: text.to_owned(), root })
    });
    read.collect()
}

// === impl Template ===

impl Template {
    /// The resources of a kind.
    pub(crate) fn resources<'t>(&'t self, kind: &'t str) -> impl Iterator<Item = Resource<'t>> {
        let all = self.root.get("Resources").map(Node::entries).unwrap_or_default();
        all.iter().filter_map(move |entry| {
            let own = entry.value.get("Type").and_then(Node::text);
            let properties = entry.value.get("Properties")?;
            (own == Some(kind)).then_some(Resource { name: &entry.key, properties })
        })
    }

    /// Where a value stands.
    pub(crate) fn place(&self, node: &Node) -> Place {
        place(&self.file, &self.text, node.span.start, node.span.end.max(node.span.start))
    }
}

/// What lies below a value along some keys.
pub(crate) fn below<'t>(node: &'t Node, keys: &[&str]) -> Option<&'t Node> {
    keys.iter().try_fold(node, |node, key| node.get(key))
}

/// The resource that a value leads to: `{"Ref": "Api"}`, `{"Fn::GetAtt": ["Api", "Arn"]}`, `!Ref Api`.
pub(crate) fn referred(node: &Node) -> Option<&str> {
    let get = node.get("Fn::GetAtt");
    let first = get.and_then(|it| it.items().first().and_then(Node::text).or_else(|| it.text()));
    let named = node.get("Ref").and_then(Node::text).or(first).or_else(|| node.text())?;
    named.split('.').next()
}

/// A number that stands there as such.
pub(crate) fn number(node: &Node) -> Option<u16> {
    node.text()?.parse().ok()
}
