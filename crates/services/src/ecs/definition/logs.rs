//! Where a container's output goes.
//!
//! `awslogs` is delivered. The other drivers that Fargate has, `splunk` and `awsfirelens`, lead out
//! of the region: they are accepted and the output goes nowhere.

use crate::ecs::fault::definition as refuse;
use api::Fault;
use api::ecs::LogConfiguration;
use std::collections::BTreeMap;
use world::definition::AwsLogs;

/// Every driver that the API knows (reference §2.3).
const DRIVERS: [&str; 8] =
    ["json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens"];

/// Options of `awslogs` without which it does not work, in the order in which AWS lists them.
const NEEDED: [&str; 2] = ["awslogs-region", "awslogs-group"];

/// The other options of `awslogs` (reference §6.2).
const ALLOWED: [&str; 6] = [
    "awslogs-create-group",
    "awslogs-datetime-format",
    "awslogs-multiline-pattern",
    "awslogs-stream-prefix",
    "max-buffer-size",
    "mode",
];

/// Parses a log configuration; nothing comes of drivers other than `awslogs`.
pub(super) fn parse(given: &LogConfiguration) -> Result<Option<AwsLogs>, Fault> {
    let driver = given.log_driver.as_str();
    if !DRIVERS.contains(&driver) {
        return Err(refuse::log_driver(driver, &DRIVERS));
    }
    if driver != "awslogs" {
        return Ok(None);
    }
    let options = given.options.clone().unwrap_or_default();
    check_options(&options)?;
    let option = |name: &str| options.get(name).cloned();
    let create_group = option("awslogs-create-group").as_deref() == Some("true");
    Ok(Some(AwsLogs {
        group: option("awslogs-group").unwrap_or_default(),
        create_group,
        prefix: option("awslogs-stream-prefix").unwrap_or_default(),
    }))
}

fn check_options(options: &BTreeMap<String, String>) -> Result<(), Fault> {
    let is_given = |name: &&str| options.get(*name).is_some_and(|value| !value.is_empty());
    let missing: Vec<_> = NEEDED.into_iter().filter(|name| !is_given(name)).collect();
    if !missing.is_empty() {
        return Err(refuse::log_options_missing("awslogs", &missing));
    }
    let known = |name: &str| NEEDED.contains(&name) || ALLOWED.contains(&name);
    let unknown: Vec<_> = options.keys().map(String::as_str).filter(|name| !known(name)).collect();
    if unknown.is_empty() { Ok(()) } else { Err(refuse::log_options_unknown("awslogs", &unknown)) }
}
