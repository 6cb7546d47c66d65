//! Which parameters and secrets are there. Their values are never asked for.

use super::Scope;
use crate::client::{Absent as _, CallError, Client};
use api::secretsmanager::{DescribeSecret, DescribeSecretRequest};
use api::ssm::{DescribeParameters, DescribeParametersRequest, ParameterStringFilter};
use plan::observed::Observed;

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
        let found = found.parameters.into_iter().flatten();
        observed.parameters.extend(found.filter_map(|parameter| parameter.name));
    }
    for name in &scope.secrets.secrets {
        let request = DescribeSecretRequest { secret_id: name.clone() };
        let found = client.call::<DescribeSecret>(request).await;
        let found = found.absent(&["ResourceNotFoundException"])?;
        // A secret that is scheduled for deletion can't be read by a task.
        let usable = found.filter(|found| found.deleted_date.is_none());
        if let Some(arn) = usable.and_then(|found| found.arn) {
            observed.secrets.insert(name.clone(), arn);
        }
    }
    Ok(())
}
