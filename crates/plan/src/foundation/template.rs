//! A CloudFormation template while it is written.

use crate::stack::Change;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// A template. Its text is JSON with sorted keys, so that two of them can be compared by eye.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    description: String,
    parameters: BTreeMap<String, Value>,
    resources: BTreeMap<String, Resource>,
    outputs: BTreeMap<String, Output>,
}

/// What others want to know of a stack.
#[derive(Debug, Clone, PartialEq)]
struct Output {
    description: String,
    value: Value,
}

/// A resource of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resource {
    kind: &'static str,
    properties: Value,
    depends_on: Vec<String>,
    keeping: Keeping,
    skipped: Vec<Skip>,
}

/// What becomes of a resource when it leaves the stack, or the stack goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeping {
    /// It goes too.
    Deleted,
    /// It stays, for it holds data. One that was just made goes if its creation fails.
    Retained,
}

/// A rule of checkov's that a resource breaks on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Skip {
    rule: &'static str,
    reason: &'static str,
}

// === impl Template ===

impl Template {
    pub(super) fn new(description: String) -> Self {
        let (parameters, resources, outputs) = Default::default();
        Self { description, parameters, resources, outputs }
    }

    /// Adds what is given when the stack is made.
    pub(super) fn parameter(&mut self, id: &str, kind: &str, description: &str) {
        self.parameters.insert(id.to_owned(), json!({ "Type": kind, "Description": description }));
    }

    /// Adds a resource.
    pub(super) fn resource(&mut self, id: impl Into<String>, resource: Resource) {
        self.resources.insert(id.into(), resource);
    }

    /// Adds what others want to know of the stack.
    pub(super) fn output(&mut self, id: impl Into<String>, description: &str, value: Value) {
        let description = description.to_owned();
        self.outputs.insert(id.into(), Output { description, value });
    }

    /// What making a stack of it brings.
    #[must_use]
    pub fn additions(&self) -> Vec<Change> {
        self.resources.iter().map(|(id, held)| Change::add(held.kind, id)).collect()
    }

    /// The names of what is given to it.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.parameters.keys().map(String::as_str)
    }

    /// As JSON.
    #[must_use]
    pub fn value(&self) -> Value {
        let resources: Map<String, Value> =
            self.resources.iter().map(|(id, resource)| (id.clone(), resource.value())).collect();
        let mut template = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": self.description,
            "Resources": resources,
        });
        if !self.parameters.is_empty() {
            template["Parameters"] = json!(self.parameters);
        }
        if !self.outputs.is_empty() {
            let output = |Output { description, value }: &Output| json!({ "Description": description, "Value": value });
            let outputs = self.outputs.iter().map(|(id, held)| (id.clone(), output(held)));
            template["Outputs"] = Value::Object(outputs.collect());
        }
        template
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:#}", self.value())
    }
}

// === impl Resource ===

impl Resource {
    pub(super) fn new(kind: &'static str, properties: Value) -> Self {
        let (depends_on, skipped) = Default::default();
        Self { kind, properties, depends_on, keeping: Keeping::Deleted, skipped }
    }

    /// Says what must be there first, where no reference in its properties says so.
    pub(super) fn after(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.depends_on.extend(ids.into_iter().map(Into::into));
        self
    }

    /// Keeps it when the stack goes.
    pub(super) fn retained(mut self) -> Self {
        self.keeping = Keeping::Retained;
        self
    }

    /// Says why a rule of checkov's does not hold for it.
    pub(super) fn skipping(mut self, rule: &'static str, reason: &'static str) -> Self {
        self.skipped.push(Skip { rule, reason });
        self
    }

    fn value(&self) -> Value {
        let mut value = json!({ "Type": self.kind, "Properties": self.properties });
        if !self.depends_on.is_empty() {
            value["DependsOn"] = json!(self.depends_on);
        }
        if self.keeping == Keeping::Retained {
            value["DeletionPolicy"] = json!("RetainExceptOnCreate");
            value["UpdateReplacePolicy"] = json!("Retain");
        }
        if !self.skipped.is_empty() {
            let skip = |skip: &Skip| json!({ "id": skip.rule, "comment": skip.reason });
            let skips: Vec<Value> = self.skipped.iter().map(skip).collect();
            value["Metadata"] = json!({ "checkov": { "skip": skips } });
        }
        value
    }
}
