//! Which parameters and secrets are there. Their values are asked for only where backing services give
//! them: what is given is no secret of anybody's.

use super::Scope;
use crate::client::{Absent as _, CallError, Client};
use api::secretsmanager::{
    DescribeSecret, DescribeSecretRequest, GetSecretValue, GetSecretValueRequest,
};
use api::ssm::{
    DescribeParameters, DescribeParametersRequest, GetParameter, GetParameterRequest,
    ParameterStringFilter,
};
use model::Secret;
use plan::observed::{Given, Observed};

/// How many names one filter takes (AWS's limit for `ParameterFilters` values is 50; names beyond
/// ten make a request that is hard to read in a trail).
const AT_ONCE: usize = 10;

pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    let names: Vec<&String> = scope.secrets.parameters.iter().collect();
    for names in names.chunks(AT_ONCE) {
        let request = DescribeParametersRequest {
            parameter_filters: Some(vec![ParameterStringFilter {
                key: "Name".to_owned(),
                option: Some("Equals".to_owned()),
                values: Some(names.iter().map(|name| (*name).clone()).collect()),
            }]),
            ..Default::default()
        };
        let found = client.call::<DescribeParameters>(request).await?;
        for parameter in found.parameters.into_iter().flatten() {
            let Some(name) = parameter.name else { continue };
            if scope.given.parameters.contains(&name) {
                let description = parameter.description.unwrap_or_default();
                let given = Given { value: parameter_value(client, &name).await?, description };
                observed.given.insert(format!("ssm:{name}"), given);
            }
            observed.parameters.insert(name);
        }
    }
    for name in &scope.secrets.secrets {
        let request = DescribeSecretRequest { secret_id: name.clone() };
        let found = client.call::<DescribeSecret>(request).await;
        let found = found.absent(&["ResourceNotFoundException"])?;
        // A secret that is scheduled for deletion can't be read by a task.
        let usable = found.filter(|found| found.deleted_date.is_none());
        let Some(secret) = usable else { continue };
        if scope.given.secrets.contains(name) {
            let description = secret.description.unwrap_or_default();
            let given = Given { value: secret_value(client, name).await?, description };
            observed.given.insert(format!("secretsmanager:{name}"), given);
        }
        observed.secrets.extend(secret.arn.map(|arn| (name.clone(), arn)));
    }
    Ok(())
}

async fn parameter_value(client: &Client, name: &str) -> Result<Option<Secret>, CallError> {
    let request = GetParameterRequest { name: name.to_owned(), with_decryption: Some(true) };
    let found = client.call::<GetParameter>(request).await.absent(&["ParameterNotFound"])?;
    Ok(found.and_then(|found| found.parameter?.value))
}

async fn secret_value(client: &Client, name: &str) -> Result<Option<Secret>, CallError> {
    let request = GetSecretValueRequest { secret_id: name.to_owned(), ..Default::default() };
    let found = client.call::<GetSecretValue>(request).await;
    let found = found.absent(&["ResourceNotFoundException"])?;
    Ok(found.and_then(|found| found.secret_string))
}
