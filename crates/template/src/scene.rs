//! A template with its parameters, among what is known: here conditions and functions get values.

use crate::function;
use crate::{Mistake, Template, rule};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What is known of the resources, and of the world around the template.
pub trait Known {
    /// What `Ref` of a resource is; none if it is not there yet.
    fn reference(&self, resource: &str) -> Option<Value>;

    /// What an attribute of a resource is.
    ///
    /// # Errors
    /// [`Trouble::Later`] if the resource is not there yet, a mistake if it has no such attribute.
    fn attribute(&self, resource: &str, attribute: &str) -> Result<Value, Trouble>;

    /// The value that another stack exports under a name.
    fn import(&self, name: &str) -> Option<String>;

    /// The zones of a region.
    fn zones(&self, region: &str) -> Vec<String>;

    /// What a dynamic reference (`{{resolve:…}}`) stands for.
    ///
    /// # Errors
    /// When there is no such thing.
    fn dynamic(&self, service: &str, reference: &str) -> Result<String, Mistake>;
}

/// The pseudo parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pseudo {
    /// `AWS::AccountId`.
    pub account: String,
    /// `AWS::Region`.
    pub region: String,
    /// `AWS::StackName`.
    pub stack_name: String,
    /// `AWS::StackId`.
    pub stack_id: String,
    /// `AWS::NotificationARNs`.
    pub notifications: Vec<String>,
}

/// Why a value can't be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A resource that it needs is not there yet.
    Later,
    /// It never will.
    Mistake(Mistake),
}

/// A template whose values can be asked for.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The template.
    pub template: &'a Template,
    /// Its parameters, as `Ref` answers them.
    pub parameters: &'a BTreeMap<String, Value>,
    /// The pseudo parameters.
    pub pseudo: &'a Pseudo,
    /// What is known.
    pub known: &'a dyn Known,
}

// === impl Scene ===

impl Scene<'_> {
    /// Whether a condition holds; what has none is there always.
    ///
    /// # Errors
    /// When the condition can't be evaluated.
    pub fn holds(&self, condition: Option<&str>) -> Result<bool, Trouble> {
        let Some(name) = condition else { return Ok(true) };
        let held =
            self.template.conditions.get(name).ok_or_else(|| {
                Mistake::format(format!("Unresolved condition dependency {name}"))
            })?;
        function::truth(self, held)
    }

    /// The names of the resources that are there, their conditions considered.
    ///
    /// # Errors
    /// When a condition can't be evaluated.
    pub fn present(&self) -> Result<Vec<&str>, Trouble> {
        let mut names = Vec::new();
        for (name, resource) in &self.template.resources {
            if self.holds(resource.condition.as_deref())? {
                names.push(name.as_str());
            }
        }
        Ok(names)
    }

    /// A value with its functions evaluated; none for `AWS::NoValue`.
    ///
    /// # Errors
    /// When something that it needs is not there yet, or a function is given what it can't take.
    pub fn value(&self, value: &Value) -> Result<Option<Value>, Trouble> {
        match value {
            Value::Object(members) => match members.iter().next() {
                Some((name, given)) if members.len() == 1 && function::is_function(name) => {
                    function::call(self, name, given)
                }
                _ => self.members(members).map(Some),
            },
            Value::Array(items) => {
                let mut held = Vec::with_capacity(items.len());
                for item in items {
                    held.extend(self.value(item)?);
                }
                Ok(Some(Value::Array(held)))
            }
            Value::String(text) if text.contains("{{resolve:") => {
                let text = crate::dynamic::replace(text, |service, reference| {
                    self.known.dynamic(service, reference)
                })?;
                Ok(Some(Value::String(text)))
            }
            plain => Ok(Some(plain.clone())),
        }
    }

    /// The properties of a resource, evaluated.
    ///
    /// # Errors
    /// As for [`Scene::value`].
    pub fn properties(&self, resource: &str) -> Result<Map<String, Value>, Trouble> {
        let held = &self.template.resources[resource].properties;
        match self.value(held)? {
            Some(Value::Object(members)) => Ok(members),
            _ => Ok(Map::new()),
        }
    }

    /// Refuses parameters that a rule of the template does not allow.
    ///
    /// # Errors
    /// In CloudFormation's words.
    pub fn assert_rules(&self) -> Result<(), Trouble> {
        rule::assert(self)
    }

    fn members(&self, members: &Map<String, Value>) -> Result<Value, Trouble> {
        let mut held = Map::new();
        for (name, member) in members {
            if let Some(value) = self.value(member)? {
                held.insert(name.clone(), value);
            }
        }
        Ok(Value::Object(held))
    }
}

impl std::fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene").field("stack", &self.pseudo.stack_name).finish_non_exhaustive()
    }
}

impl From<Mistake> for Trouble {
    fn from(mistake: Mistake) -> Self {
        Self::Mistake(mistake)
    }
}
