//! What is known of parameters and secrets, and how they get another value.

use crate::client::{Absent as _, CallError, Client};
use api::secretsmanager::{
    CreateSecret, CreateSecretRequest, DescribeSecret, DescribeSecretRequest, GetSecretValue,
    GetSecretValueRequest, PutSecretValue, PutSecretValueRequest,
};
use api::ssm::{
    DescribeParameters, DescribeParametersRequest, ParameterStringFilter, PutParameter,
    PutParameterRequest,
};
use model::Secret;
use plan::kept::{self, Known};
use plan::wish::Named;
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

/// The most that a standard parameter holds, in bytes (AWS's limit).
const STANDARD: usize = 4096;

/// What is known of those that are there, by source. Only of secrets in `keyed` the value is read, for
/// its keys.
///
/// # Errors
/// When a call fails.
pub async fn known(
    client: &Client,
    named: &Named,
    keyed: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Known>, CallError> {
    let mut known = BTreeMap::new();
    for name in &named.parameters {
        let request = DescribeParametersRequest {
            parameter_filters: Some(vec![ParameterStringFilter {
                key: "Name".to_owned(),
                option: Some("Equals".to_owned()),
                values: Some(vec![name.clone()]),
            }]),
            ..Default::default()
        };
        let found = client.call::<DescribeParameters>(request).await?;
        if let Some(held) = found.parameters.into_iter().flatten().next() {
            let held = Known { changed: held.last_modified_date, keys: None };
            known.insert(format!("ssm:{name}"), held);
        }
    }
    for name in &named.secrets {
        let request = DescribeSecretRequest { secret_id: name.clone() };
        let found = client.call::<DescribeSecret>(request).await;
        let found = found.absent(&["ResourceNotFoundException"])?;
        // A secret that is scheduled for deletion can't be read by a task.
        let Some(held) = found.filter(|it| it.deleted_date.is_none()) else { continue };
        let keys = match keyed(name) {
            true => value(client, name).await?.map(|whole| kept::keys(&whole)),
            false => None,
        };
        known.insert(
            format!("secretsmanager:{name}"),
            Known { changed: held.last_changed_date, keys },
        );
    }
    Ok(known)
}

/// Gives a parameter another value, or makes it.
///
/// # Errors
/// When the call fails.
pub async fn put_parameter(client: &Client, name: &str, value: Secret) -> Result<(), CallError> {
    let request = PutParameterRequest {
        name: name.to_owned(),
        tier: (value.len() > STANDARD).then(|| "Advanced".to_owned()),
        value,
        r#type: Some("SecureString".to_owned()),
        ..Default::default()
    };
    let made = client.call::<PutParameter>(request.clone()).await;
    if made.absent(&["ParameterAlreadyExists"])?.is_some() {
        return Ok(());
    }
    // The type of one that is there can't change.
    let again = PutParameterRequest { r#type: None, overwrite: Some(true), ..request };
    client.call::<PutParameter>(again).await.map(|_| ())
}

/// Gives a secret another value, or makes it. With a key only that member of its JSON object changes.
///
/// # Errors
/// When a call fails.
pub async fn put_secret(
    client: &Client,
    name: &str,
    key: Option<&str>,
    value: Secret,
) -> Result<(), CallError> {
    let whole = match key {
        None => value,
        Some(key) => {
            let before = self::value(client, name).await?;
            kept::with_member(before.as_ref(), key, &value)
        }
    };
    let request = PutSecretValueRequest {
        secret_id: name.to_owned(),
        client_request_token: Some(token()),
        secret_string: Some(whole.clone()),
        ..Default::default()
    };
    let put = client.call::<PutSecretValue>(request).await;
    if put.absent(&["ResourceNotFoundException"])?.is_some() {
        return Ok(());
    }
    let request = CreateSecretRequest {
        name: name.to_owned(),
        client_request_token: Some(token()),
        secret_string: Some(whole),
        ..Default::default()
    };
    client.call::<CreateSecret>(request).await.map(|_| ())
}

async fn value(client: &Client, name: &str) -> Result<Option<Secret>, CallError> {
    let request = GetSecretValueRequest { secret_id: name.to_owned(), ..Default::default() };
    let found = client.call::<GetSecretValue>(request).await;
    Ok(found.absent(&["ResourceNotFoundException"])?.and_then(|it| it.secret_string))
}

/// A version's name that no other has: AWS takes a call with the same one for the same call.
fn token() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{:032x}", since.as_nanos())
}
