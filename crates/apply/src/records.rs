//! Keeps the records of deployments, as parameters below the environment's path.

use crate::client::{CallError, Client};
use api::ssm::{
    DeleteParameters, DeleteParametersRequest, GetParametersByPath, GetParametersByPathRequest,
    PutParameter, PutParameterRequest,
};
use plan::Record;

/// How many deployments are kept.
const KEPT: usize = 50;

/// How many parameters one call deletes (AWS's limit).
const AT_ONCE: usize = 10;

/// Keeps a record; one with the same id is written over.
///
/// # Errors
/// When a call fails.
pub async fn keep(client: &Client, path: &str, record: &Record) -> Result<(), CallError> {
    let request = PutParameterRequest {
        name: format!("{path}/{}", record.id),
        description: Some("a deployment; `neargate history` shows it".to_owned()),
        value: record.text().into(),
        r#type: Some("String".to_owned()),
        overwrite: Some(true),
        ..Default::default()
    };
    client.call::<PutParameter>(request).await?;
    Ok(())
}

/// The records that are kept, newest first.
///
/// # Errors
/// When a call fails.
pub async fn list(client: &Client, path: &str) -> Result<Vec<Record>, CallError> {
    let mut records = Vec::new();
    let mut next_token = None;
    loop {
        let request =
            GetParametersByPathRequest { path: path.to_owned(), next_token, ..Default::default() };
        let page = client.call::<GetParametersByPath>(request).await?;
        let texts = page.parameters.into_iter().flatten().filter_map(|held| held.value);
        records.extend(texts.filter_map(|text| Record::read(text.reveal())));
        next_token = page.next_token;
        if next_token.is_none() {
            break;
        }
    }
    // Ids tell seconds, and two deployments may begin within one.
    records.sort_by(|one, other| (other.began, &other.id).cmp(&(one.began, &one.id)));
    Ok(records)
}

/// Forgets the oldest records, so that they do not fill the account.
///
/// # Errors
/// When a call fails.
pub async fn forget_oldest(client: &Client, path: &str) -> Result<(), CallError> {
    forget(client, path, KEPT).await
}

/// Forgets all records.
///
/// # Errors
/// When a call fails.
pub async fn forget_all(client: &Client, path: &str) -> Result<(), CallError> {
    forget(client, path, 0).await
}

/// Forgets all but so many of the newest records.
async fn forget(client: &Client, path: &str, kept: usize) -> Result<(), CallError> {
    let records = list(client, path).await?;
    let old: Vec<String> =
        records.iter().skip(kept).map(|record| format!("{path}/{}", record.id)).collect();
    for names in old.chunks(AT_ONCE) {
        let request = DeleteParametersRequest { names: names.to_vec() };
        client.call::<DeleteParameters>(request).await?;
    }
    Ok(())
}
