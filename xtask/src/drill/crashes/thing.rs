//! Things that a client changes, and how it looks at them.

use super::stage::{CLUSTER, SERVICE};
use crate::drill::call::{Caller, Service, Trouble};
use serde_json::{Value, json};
use std::fmt;

/// Something that has a value, or is not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    /// A parameter, whose value is its text.
    Parameter(u64),
    /// A secret, whose value is its text.
    Secret(u64),
    /// A log group, whose value is its retention in days.
    LogGroup(u64),
    /// A revision of a task definition, by ARN; its value is its status.
    Definition(String),
    /// A task, by ARN; its value says nothing.
    Task(String),
    /// How many tasks the service is to have.
    Count,
    /// The task definition that the service is to have, by ARN.
    Revision,
}

/// What a thing is; none when it is not there.
pub(super) type Worth = Option<String>;

// === impl Thing ===

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(number) => write!(f, "/drill/parameter-{number}"),
            Self::Secret(number) => write!(f, "drill/secret-{number}"),
            Self::LogGroup(number) => write!(f, "/drill/group-{number}"),
            Self::Definition(arn) | Self::Task(arn) => f.write_str(arn),
            Self::Count => f.write_str("the service's desired count"),
            Self::Revision => f.write_str("the service's task definition"),
        }
    }
}

impl Thing {
    /// Looks at it.
    pub(super) fn look(&self, caller: Caller) -> Result<Worth, Trouble> {
        let name = self.to_string();
        let looked = match self {
            Self::Parameter(_) => caller
                .call(Service::Ssm, "GetParameter", &json!({ "Name": name }))
                .map(|found| text(&found["Parameter"]["Value"])),
            Self::Secret(_) => caller
                .call(Service::Secrets, "GetSecretValue", &json!({ "SecretId": name }))
                .map(|found| text(&found["SecretString"])),
            Self::LogGroup(_) => caller
                .call(Service::Logs, "DescribeLogGroups", &json!({ "logGroupNamePrefix": name }))
                .map(|found| retention(&found, &name)),
            Self::Definition(_) => caller
                .ecs("DescribeTaskDefinition", &json!({ "taskDefinition": name }))
                .map(|found| text(&found["taskDefinition"]["status"])),
            Self::Task(_) => caller
                .ecs("DescribeTasks", &json!({ "cluster": CLUSTER, "tasks": [name] }))
                .map(|found| found["tasks"][0]["taskArn"].as_str().map(|_| String::new())),
            Self::Count => caller
                .service(CLUSTER, SERVICE)
                .map(|service| service["desiredCount"].as_i64().map(|count| count.to_string())),
            Self::Revision => {
                caller.service(CLUSTER, SERVICE).map(|service| text(&service["taskDefinition"]))
            }
        };
        match looked {
            Err(why) if is_absence(&why) => Ok(None),
            looked => looked,
        }
    }

    /// Gives it another worth.
    pub(super) fn change(&self, caller: Caller, from: &Worth, to: &Worth) -> Result<(), Trouble> {
        let name = self.to_string();
        match self {
            Self::Parameter(_) => change_parameter(caller, &name, to),
            Self::Secret(_) => change_secret(caller, &name, (from, to)),
            Self::LogGroup(_) => change_group(caller, &name, (from, to)),
            Self::Count => {
                let count: Option<i64> = to.as_ref().and_then(|to| to.parse().ok());
                update(caller, &json!({ "desiredCount": count }))
            }
            Self::Revision => update(caller, &json!({ "taskDefinition": to })),
            // These are made, and then left alone.
            Self::Definition(_) | Self::Task(_) => Ok(()),
        }
    }
}

fn is_absence(why: &Trouble) -> bool {
    why.is("ParameterNotFound") || why.is("ResourceNotFoundException")
}

fn change_parameter(caller: Caller, name: &str, to: &Worth) -> Result<(), Trouble> {
    let (operation, input) = match to {
        Some(value) => {
            let put = json!({ "Name": name, "Value": value, "Type": "String", "Overwrite": true });
            ("PutParameter", put)
        }
        None => ("DeleteParameter", json!({ "Name": name })),
    };
    caller.call(Service::Ssm, operation, &input).map(drop)
}

fn change_secret(caller: Caller, name: &str, change: (&Worth, &Worth)) -> Result<(), Trouble> {
    // What makes a call the same as another one; SDKs choose it.
    let token = |value: &str| format!("drill-{value:0>32}");
    let (operation, input) = match change {
        (None, Some(value)) => {
            let token = token(value);
            let secret =
                json!({ "Name": name, "SecretString": value, "ClientRequestToken": token });
            ("CreateSecret", secret)
        }
        (Some(_), Some(value)) => {
            let token = token(value);
            let put =
                json!({ "SecretId": name, "SecretString": value, "ClientRequestToken": token });
            ("PutSecretValue", put)
        }
        (_, None) => {
            let at_once = json!({ "SecretId": name, "ForceDeleteWithoutRecovery": true });
            ("DeleteSecret", at_once)
        }
    };
    caller.call(Service::Secrets, operation, &input).map(drop)
}

fn change_group(caller: Caller, name: &str, change: (&Worth, &Worth)) -> Result<(), Trouble> {
    let named = json!({ "logGroupName": name });
    let (operation, input) = match change {
        (None, Some(_)) => ("CreateLogGroup", named),
        (Some(_), Some(days)) => {
            let days: Option<i64> = days.parse().ok();
            let kept = json!({ "logGroupName": name, "retentionInDays": days });
            ("PutRetentionPolicy", kept)
        }
        (_, None) => ("DeleteLogGroup", named),
    };
    caller.call(Service::Logs, operation, &input).map(drop)
}

fn update(caller: Caller, change: &Value) -> Result<(), Trouble> {
    let mut update = json!({ "cluster": CLUSTER, "service": SERVICE });
    if let (Some(members), Some(more)) = (update.as_object_mut(), change.as_object()) {
        members.extend(more.clone());
    }
    caller.ecs("UpdateService", &update).map(drop)
}

/// The retention of the group of exactly this name; a group that keeps everything has 0.
fn retention(found: &Value, name: &str) -> Worth {
    let mut groups = found["logGroups"].as_array().into_iter().flatten();
    let group = groups.find(|group| group["logGroupName"] == name)?;
    Some(group["retentionInDays"].as_i64().unwrap_or_default().to_string())
}

fn text(value: &Value) -> Worth {
    value.as_str().map(str::to_owned)
}
