//! The credentials of a task's role, for the task (reference §6.6).

use super::{Door, Reply, json};
use crate::clock;
use crate::seal::Key;
use http::StatusCode;
use model::Span;
use serde_json::json;
use services::Issuer as _;
use std::sync::Arc;
use world::{TaskKey, World};

/// How long a task's credentials are good; SDKs fetch new ones before they end (reference §6.6).
const LASTING: Span = Span::minutes(6 * 60);

/// The names under which tasks ask for their credentials. A name can't be guessed and needs no
/// keeping: it follows from the task and the region's key.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    key: Arc<Key>,
}

impl Names {
    pub(crate) fn new(key: Arc<Key>) -> Self {
        Self { key }
    }

    /// The name for a task's credentials: a UUID in form, and the task's id in front, so that the
    /// task is found without a search.
    pub(crate) fn of(&self, task: &TaskKey) -> String {
        let mac = self.key.mac(&["credentials", task.cluster.as_str(), task.id.as_str()]);
        let hex: String = mac.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{hex}", task.id)
    }
}

/// Answers `GET /v2/credentials/<name>`.
pub(crate) fn answer(door: &Door, name: &str) -> Reply {
    if name.is_empty() {
        let text = "CredentialsV2Request: No Credential ID in the request";
        return refuse("NoIdInRequest", text);
    }
    let world = door.desk.published.load();
    let Some((task, role)) = holder(&world, &door.names, name) else {
        return refuse("InvalidIdInRequest", "CredentialsV2Request: Credentials not found");
    };
    let issued = door.desk.issuer.issue(&role, task.id.as_str(), clock::now(), LASTING);
    json(
        StatusCode::OK,
        &json!({
            "RoleArn": role,
            "AccessKeyId": issued.access_key,
            "SecretAccessKey": issued.secret_key.reveal(),
            "Token": issued.token.reveal(),
            "Expiration": issued.expires.to_string(),
        }),
    )
}

/// The task that a name is for, and its role.
fn holder(world: &World, names: &Names, name: &str) -> Option<(TaskKey, String)> {
    let (id, _) = name.split_once('-')?;
    let task = super::metadata::find(world, id)?;
    if names.of(&task.key) != name {
        return None;
    }
    let overridden = task.overrides.task_role_arn.clone();
    let defined = || world.definitions.get(&task.definition)?.task_role.clone();
    Some((task.key.clone(), overridden.or_else(defined)?))
}

fn refuse(code: &str, message: &str) -> Reply {
    let body = json!({ "code": code, "message": message, "HTTPErrorCode": 400 });
    json(StatusCode::BAD_REQUEST, &body)
}
