//! The values of a task's secrets, read for one purpose: to hide them where its log shows them.

use crate::client::{Absent as _, CallError, Client};
use api::ecs::TaskDefinition;
use api::secretsmanager::{GetSecretValue, GetSecretValueRequest};
use api::ssm::{GetParameterHistory, GetParameterHistoryRequest};
use model::Secret;
use plan::diagnosis::{Mask, Withheld, member};
use std::collections::BTreeSet;

/// How a task's texts are made fit to be shown.
#[derive(Debug)]
pub(super) struct Hiding {
    mask: Mask,
    unknown: Option<String>,
}

// === impl Hiding ===

impl Hiding {
    /// A line as it may be shown.
    pub(super) fn line(&self, text: &str) -> String {
        self.mask.line(text)
    }

    /// Why nothing may be shown, if a value is not known.
    pub(super) fn withheld(&self) -> Option<Withheld> {
        let why = self.unknown.clone()?;
        Some(Withheld { why })
    }
}

/// Reads the values of all secrets of a definition, older ones too: a task keeps what it was given at
/// its start.
pub(super) async fn of(client: &Client, definition: &TaskDefinition) -> Hiding {
    let containers = definition.container_definitions.iter().flatten();
    let secrets = containers.flat_map(|container| container.secrets.iter().flatten());
    let sources: BTreeSet<&str> = secrets.map(|secret| secret.value_from.as_str()).collect();
    let (mut values, mut unknown) = (Vec::new(), None);
    for source in sources {
        match read(client, source).await {
            Ok(found) if !found.is_empty() => values.extend(found),
            Ok(_) => unknown = Some(format!("it may hold the secret {source}, which is gone")),
            Err(why) => {
                unknown =
                    Some(format!("it may hold the secret {source}, which can't be read: {why}"));
            }
        }
    }
    Hiding { mask: Mask::new(&values), unknown }
}

/// The values that a `valueFrom` stands for, or stood for.
async fn read(client: &Client, source: &str) -> Result<Vec<Secret>, CallError> {
    if source.starts_with("arn:") && source.split(':').nth(2) == Some("secretsmanager") {
        secret(client, source).await
    } else {
        parameter(client, source).await
    }
}

/// All versions of a parameter, the current one among them.
async fn parameter(client: &Client, name: &str) -> Result<Vec<Secret>, CallError> {
    let mut values = Vec::new();
    let mut next_token = None;
    loop {
        let request = GetParameterHistoryRequest {
            name: name.to_owned(),
            with_decryption: Some(true),
            max_results: None,
            next_token,
        };
        let page = client.call::<GetParameterHistory>(request).await;
        let Some(page) = page.absent(&["ParameterNotFound"])? else { return Ok(values) };
        values.extend(page.parameters.into_iter().flatten().filter_map(|held| held.value));
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(values);
        }
    }
}

/// The version of a secret that is asked for, and the one before it: `<arn>:<key>:<stage>:<version>`.
async fn secret(client: &Client, source: &str) -> Result<Vec<Secret>, CallError> {
    let parts: Vec<&str> = source.splitn(10, ':').collect();
    let id = parts[..parts.len().min(7)].join(":");
    let part = |at: usize| parts.get(at).copied().filter(|part| !part.is_empty());
    let (key, stage, version) = (part(7), part(8), part(9));
    let asked = (stage.map(str::to_owned), version.map(str::to_owned));
    let mut values = Vec::new();
    for (version_stage, version_id) in [asked, (Some("AWSPREVIOUS".to_owned()), None)] {
        let secret_id = id.clone();
        let request = GetSecretValueRequest { secret_id, version_id, version_stage };
        let found = client.call::<GetSecretValue>(request).await;
        let found = found.absent(&["ResourceNotFoundException", "InvalidRequestException"])?;
        let Some(text) = found.and_then(|found| found.secret_string) else { break };
        values.push(key.map_or(text.clone(), |key| member(&text, key)));
    }
    Ok(values)
}
