//! The tags on everything that is created.

use crate::wish::Wish;
use std::collections::BTreeMap;

/// A tag's key for the application.
pub(crate) const APP: &str = "neargate:app";
/// A tag's key for the environment.
pub(crate) const ENVIRONMENT: &str = "neargate:environment";
/// A tag's key for the service.
pub(crate) const SERVICE: &str = "neargate:service";

/// The tags of something that all services share.
#[must_use]
pub fn shared(wish: &Wish) -> BTreeMap<String, String> {
    BTreeMap::from([
        (APP.to_owned(), wish.manifest.app.clone()),
        (ENVIRONMENT.to_owned(), wish.manifest.name.clone()),
    ])
}

/// The tags of something that belongs to one service, the user's own included.
pub(crate) fn of_service(wish: &Wish, service: &str) -> BTreeMap<String, String> {
    let mut tags = shared(wish);
    if let Some(held) = wish.manifest.environment.services.get(service) {
        tags.extend(held.tags.clone());
    }
    tags.insert(SERVICE.to_owned(), service.to_owned());
    tags
}

/// As ECS takes them.
pub(crate) fn ecs(tags: BTreeMap<String, String>) -> Option<Vec<api::ecs::Tag>> {
    let tag = |(key, value)| api::ecs::Tag { key: Some(key), value: Some(value) };
    Some(tags.into_iter().map(tag).collect())
}

/// As ELBv2 takes them.
pub(crate) fn elbv2(tags: BTreeMap<String, String>) -> Option<Vec<api::elbv2::Tag>> {
    let tag = |(key, value)| api::elbv2::Tag { key, value: Some(value) };
    Some(tags.into_iter().map(tag).collect())
}

/// As IAM takes them.
pub(crate) fn iam(tags: BTreeMap<String, String>) -> Option<Vec<api::iam::Tag>> {
    let tag = |(key, value)| api::iam::Tag { key, value };
    Some(tags.into_iter().map(tag).collect())
}
