//! Task definitions that stand in files of their own, as `aws ecs register-task-definition` and
//! GitHub's actions take them.

use crate::subject::place;
use manifest::yaml::{self, Node};
use source::{Place, Snapshot};

/// One task definition.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) file: String,
    text: String,
    pub(crate) root: Node,
    pub(crate) containers: Vec<Container>,
}

/// One container of it.
#[derive(Debug, Clone)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) node: Node,
}

/// A name with what stands behind it, and where.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) place: Place,
}

/// Every task definition of a tree.
pub(crate) fn read(snapshot: &Snapshot) -> Vec<Definition> {
    let files = snapshot.texts().filter(|(path, text)| {
        path.ends_with(".json") && text.contains("\"containerDefinitions\"")
    });
    let read = files.filter_map(|(path, text)| {
        let root = yaml::read(text)?;
        // What `aws ecs describe-task-definition` answers has it one level deeper.
        let root = root.get("taskDefinition").cloned().unwrap_or(root);
        let containers = root.get("containerDefinitions")?.items().iter().map(|node| Container {
            name: node.get("name").and_then(Node::text).unwrap_or("a container").to_owned(),
            node: node.clone(),
        });
        let containers = containers.collect();
        Some(Definition { file: path.to_owned(), text: text.to_owned(), root, containers })
    });
    read.collect()
}

// === impl Definition ===

impl Definition {
    /// Where a value stands.
    pub(crate) fn place(&self, node: &Node) -> Place {
        place(&self.file, &self.text, node.span.start, node.span.end.max(node.span.start))
    }

    /// Names and values of a container: `environment` with `value`, `secrets` with `valueFrom`.
    pub(crate) fn pairs(&self, container: &Container, list: &str, key: &str) -> Vec<Pair> {
        let items = container.node.get(list).map(Node::items).unwrap_or_default();
        let pairs = items.iter().filter_map(|item| {
            let value = item.get(key)?;
            Some(Pair {
                name: item.get("name")?.text()?.to_owned(),
                value: value.text()?.to_owned(),
                place: self.place(value),
            })
        });
        pairs.collect()
    }

    /// Every text in it, with its place.
    pub(crate) fn texts(&self) -> Vec<(String, Place)> {
        let mut found = Vec::new();
        self.walk(&self.root, &mut found);
        found
    }

    fn walk(&self, node: &Node, found: &mut Vec<(String, Place)>) {
        found.extend(node.text().map(|text| (text.to_owned(), self.place(node))));
        node.items().iter().for_each(|item| self.walk(item, found));
        node.entries().iter().for_each(|entry| self.walk(&entry.value, found));
    }
}
