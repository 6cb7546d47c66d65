//! A template, taken apart.

use crate::section::{Section, section, text_of};
use crate::{Mistake, Parameter, order, parameter, refer, rule, text};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The sections that a template may have.
const SECTIONS: [&str; 10] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// What a resource may say of itself.
const ATTRIBUTES: [&str; 9] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// A template whose names all mean something.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Free text.
    pub description: Option<String>,
    /// `2010-09-09`, where it is said.
    pub version: Option<String>,
    /// Free JSON, passed over.
    pub metadata: Option<Value>,
    /// What is asked for.
    pub parameters: BTreeMap<String, Parameter>,
    /// Values by two keys.
    pub mappings: Value,
    /// Conditions, not yet evaluated.
    pub conditions: BTreeMap<String, Value>,
    /// What is asserted of parameters.
    pub rules: BTreeMap<String, Value>,
    /// What there is to be.
    pub resources: BTreeMap<String, Resource>,
    /// What others want to know.
    pub outputs: BTreeMap<String, Output>,
}

/// A resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// `AWS::ECS::Cluster`.
    pub kind: String,
    /// Its properties, functions included.
    pub properties: Value,
    /// Those that it names in `DependsOn`.
    pub depends_on: BTreeSet<String>,
    /// The condition under which it is there.
    pub condition: Option<String>,
    /// What becomes of it when it leaves the stack.
    pub deletion: Policy,
    /// What becomes of the old one when it is replaced.
    pub replacement: Policy,
    /// Free JSON; its change counts as a change of the resource.
    pub metadata: Option<Value>,
}

/// What becomes of what is not needed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// It goes.
    #[default]
    Delete,
    /// It stays.
    Retain,
    /// It stays, unless the stack that made it never came up.
    RetainExceptOnCreate,
}

/// An output.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// Its value, functions included.
    pub value: Value,
    /// Free text.
    pub description: Option<String>,
    /// The name under which other stacks import it, functions included.
    pub export: Option<Value>,
    /// The condition under which it is there.
    pub condition: Option<String>,
}

// === impl Template ===

impl Template {
    /// Reads a template and checks what can be known from it alone.
    ///
    /// # Errors
    /// The first mistake, in CloudFormation's words.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let Value::Object(root) = text::read(text)? else {
            return Err(Mistake::format("unsupported structure."));
        };
        check_sections(&root)?;
        let template = Self {
            description: root
                .get("Description")
                .map(|it| text_of(it, "Description"))
                .transpose()?,
            version: root.get("AWSTemplateFormatVersion").and_then(scalar_text),
            metadata: root.get("Metadata").cloned(),
            parameters: section(&root, Section::Parameters)?
                .map(|(name, held)| Ok((name.clone(), parameter::parse(name, held)?)))
                .collect::<Result<_, Mistake>>()?,
            mappings: root.get("Mappings").cloned().unwrap_or_default(),
            conditions: plain(&root, Section::Conditions)?,
            rules: plain(&root, Section::Rules)?,
            resources: section(&root, Section::Resources)?
                .map(|(name, held)| Ok((name.clone(), resource(name, held)?)))
                .collect::<Result<_, Mistake>>()?,
            outputs: section(&root, Section::Outputs)?
                .map(|(name, held)| Ok((name.clone(), output(name, held)?)))
                .collect::<Result<_, Mistake>>()?,
        };
        refer::check(&template)?;
        order::check(&template)?;
        rule::check(&template)?;
        Ok(template)
    }

    /// The kinds of its resources, each once.
    #[must_use]
    pub fn kinds(&self) -> BTreeSet<&str> {
        self.resources.values().map(|resource| resource.kind.as_str()).collect()
    }

    /// The attributes that its resources and outputs ask for, by resource, as far as they are
    /// written out.
    ///
    /// # Panics
    /// Never: a template that was parsed has no function that can't be read.
    #[must_use]
    pub fn attributes(&self) -> BTreeSet<(String, String)> {
        let properties = self.resources.values().map(|resource| &resource.properties);
        let outputs = self.outputs.values().map(|output| &output.value);
        let asked = properties.chain(outputs).flat_map(|value| {
            let found = refer::referred(value).expect("a parsed template has been read before");
            found.asked
        });
        asked.collect()
    }
}

fn check_sections(root: &Map<String, Value>) -> Result<(), Mistake> {
    let unknown: Vec<&str> =
        root.keys().map(String::as_str).filter(|name| !SECTIONS.contains(name)).collect();
    if !unknown.is_empty() {
        let names = unknown.join(", ");
        return Err(Mistake::of(format!("Invalid template property or properties [{names}]")));
    }
    if let Some(version) = root.get("AWSTemplateFormatVersion")
        && scalar_text(version).as_deref() != Some("2010-09-09")
    {
        return Err(Mistake::format("unsupported value for AWSTemplateFormatVersion."));
    }
    if root.contains_key("Transform") {
        let what = "Transform is not supported by this region: macros, AWS::Serverless and AWS::LanguageExtensions are not there";
        return Err(Mistake::format(what));
    }
    match root.get("Resources") {
        Some(Value::Object(resources)) if !resources.is_empty() => Ok(()),
        _ => Err(Mistake::format("At least one Resources member must be defined.")),
    }
}

fn plain(root: &Map<String, Value>, which: Section) -> Result<BTreeMap<String, Value>, Mistake> {
    Ok(section(root, which)?.map(|(name, held)| (name.clone(), held.clone())).collect())
}

fn resource(name: &str, held: &Value) -> Result<Resource, Mistake> {
    let Value::Object(held) = held else {
        let what = format!("[/Resources/{name}] resource definition is malformed");
        return Err(Mistake::format(what));
    };
    if let Some(unknown) = held.keys().find(|key| !ATTRIBUTES.contains(&key.as_str())) {
        return Err(Mistake::of(format!("Invalid template resource property '{unknown}'")));
    }
    let Some(kind) = held.get("Type").and_then(Value::as_str) else {
        let what =
            format!("[/Resources/{name}] Every Resources object must contain a Type member.");
        return Err(Mistake::format(what));
    };
    for policy in ["CreationPolicy", "UpdatePolicy"] {
        if held.contains_key(policy) {
            let what = format!("[/Resources/{name}] {policy} is not supported by this region");
            return Err(Mistake::format(what));
        }
    }
    let properties = match held.get("Properties") {
        None | Some(Value::Null) => Value::Object(Map::new()),
        Some(given @ Value::Object(_)) => given.clone(),
        Some(_) => {
            let what = format!("[/Resources/{name}/Properties] Properties must be an object.");
            return Err(Mistake::format(what));
        }
    };
    if let Some(path) = null(&properties) {
        let at = format!("/Resources/{name}/Properties{path}");
        return Err(Mistake::format(format!("[{at}] 'null' values are not allowed in templates")));
    }
    Ok(Resource {
        kind: kind.to_owned(),
        properties,
        depends_on: depends_on(name, held.get("DependsOn"))?,
        condition: held.get("Condition").map(|it| text_of(it, "Condition")).transpose()?,
        deletion: policy(name, held, "DeletionPolicy")?,
        replacement: policy(name, held, "UpdateReplacePolicy")?,
        metadata: held.get("Metadata").cloned(),
    })
}

/// Where a value has a null, if anywhere.
fn null(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, item)| Some(format!("/{at}{}", null(item)?)))
        }
        Value::Object(members) => {
            members.iter().find_map(|(key, held)| Some(format!("/{key}{}", null(held)?)))
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn depends_on(name: &str, given: Option<&Value>) -> Result<BTreeSet<String>, Mistake> {
    let refused = || {
        let what = "DependsOn must be a string or list of strings.";
        Mistake::format(format!("Resource {name} {what}"))
    };
    let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(refused);
    match given {
        None => Ok(BTreeSet::new()),
        Some(Value::Array(names)) => names.iter().map(text).collect(),
        Some(one) => Ok(BTreeSet::from([text(one)?])),
    }
}

fn policy(name: &str, held: &Map<String, Value>, which: &str) -> Result<Policy, Mistake> {
    match held.get(which) {
        None => Ok(Policy::Delete),
        Some(Value::String(word)) => match word.as_str() {
            "Delete" => Ok(Policy::Delete),
            "Retain" => Ok(Policy::Retain),
            "RetainExceptOnCreate" if which == "DeletionPolicy" => Ok(Policy::RetainExceptOnCreate),
            // No type that the region has can be put into a snapshot.
            "Snapshot" => {
                let what = format!("Resource {name} does not support Snapshot as its {which}");
                Err(Mistake::format(what))
            }
            word => {
                Err(Mistake::format(format!("Unrecognized {which} {word} for resource {name}")))
            }
        },
        Some(_) => Err(Mistake::format(format!("Every {which} member must be a string."))),
    }
}

fn output(name: &str, held: &Value) -> Result<Output, Mistake> {
    let value = held.get("Value").ok_or_else(|| {
        Mistake::format(format!(
            "[/Outputs/{name}] Every Outputs member must contain a Value object"
        ))
    })?;
    let export = match held.get("Export") {
        None => None,
        Some(export) => Some(export.get("Name").cloned().ok_or_else(|| {
            Mistake::format(format!("[/Outputs/{name}/Export] Export must contain a Name"))
        })?),
    };
    Ok(Output {
        value: value.clone(),
        description: held.get("Description").map(|it| text_of(it, "Description")).transpose()?,
        export,
        condition: held.get("Condition").map(|it| text_of(it, "Condition")).transpose()?,
    })
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
