//! CloudFront's types.
//!
//! Their properties are the API's members in other words: [`words`] has the differences.

mod distribution;
mod function;
mod part;
mod words;

pub(super) use distribution::Distribution;
pub(super) use function::Function;
pub(super) use part::{
    CachePolicy, OriginAccessControl, OriginRequestPolicy, ResponseHeadersPolicy,
};

use serde_json::{Map, Value as Json, json};

/// The members that name one of CloudFront's resources, at a revision.
fn at(id: &str, revision: Option<String>) -> Map<String, Json> {
    let mut members = crate::cloudformation::hand::members([("Id", json!(id))]);
    members.extend(revision.map(|revision| ("IfMatch".to_owned(), json!(revision))));
    members
}
