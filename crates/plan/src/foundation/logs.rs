//! Log groups.

use super::ground::Ground;
use super::ids;
use super::template::{Resource, Template};
use manifest::Retention;
use serde_json::json;
use std::collections::BTreeMap;

/// The log groups by name, each with the service that it is made for: services may share one.
pub(super) fn groups<'a>(ground: &Ground<'a>) -> BTreeMap<&'a str, &'a str> {
    let mut groups = BTreeMap::new();
    for (name, service) in ground.services() {
        groups.entry(service.logs.group.as_str()).or_insert(name);
    }
    groups
}

/// Adds the log groups.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    for (group, name) in groups(ground) {
        let mut properties = json!({ "LogGroupName": group, "Tags": ground.tags(name) });
        let service = ground.services().find(|(held, _)| *held == name);
        let retention = service.map(|(_, service)| service.logs.retention);
        if let Some(Retention::Days(days)) = retention {
            properties["RetentionInDays"] = json!(days);
        }
        let mut resource = Resource::new("AWS::Logs::LogGroup", properties)
            .retained()
            .skipping("CKV_AWS_158", "AWS encrypts log groups with a key of its own");
        if retention == Some(Retention::Forever) {
            resource = resource.skipping("CKV_AWS_66", "the manifest keeps these lines for ever");
        }
        template.resource(ids::of_service(name, "LogGroup"), resource);
    }
}
