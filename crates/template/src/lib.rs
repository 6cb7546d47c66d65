//! CloudFormation templates: JSON or YAML to resources, their order, and the values of functions.
//!
//! [`Template::parse`] reads a text and checks what can be known from it alone. [`parameter::settle`]
//! gives its parameters values; a [`Scene`] then evaluates conditions, properties and outputs. What a
//! resource's `Ref` or attribute is, the scene asks from its [`Known`]; a value that is not there yet
//! is [`Trouble::Later`], so one evaluation serves execution and change sets alike.
//!
//! Mistakes are in CloudFormation's own words, because clients show them as they are. Free JSON is
//! `serde_json::Value` here: a template is JSON by nature.
//!
//! This room must not know: any type of resource, any service, any stack.
//!
//! Start reading at [`template`], then [`scene`].

pub mod cidr;
pub mod dynamic;
mod function;
pub mod mistake;
pub mod order;
pub mod parameter;
mod refer;
pub mod rule;
pub mod scene;
mod section;
pub mod template;
mod text;
mod yaml;

pub use mistake::Mistake;
pub use parameter::Parameter;
pub use scene::{Known, Pseudo, Scene, Trouble};
pub use template::{Output, Policy, Resource, Template};

/// The first resource or parameter that a value names: `Topic`, or `Topic.Arn` for an attribute.
#[must_use]
pub fn first_reference(value: &serde_json::Value) -> Option<String> {
    refer::first(value)
}

#[cfg(test)]
mod tests;
