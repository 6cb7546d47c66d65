//! The newest task definition of each family.

use super::Scope;
use crate::client::{Absent as _, CallError, Client};
use api::ecs::{DescribeTaskDefinition, DescribeTaskDefinitionRequest};
use plan::observed::{Definition, Observed};

pub(super) async fn look(
    client: &Client,
    scope: Scope<'_>,
    observed: &mut Observed,
) -> Result<(), CallError> {
    for service in scope.services {
        let family = scope.names.family(service);
        let request = DescribeTaskDefinitionRequest {
            task_definition: family.clone(),
            include: Some(vec!["TAGS".to_owned()]),
        };
        let found = client.call::<DescribeTaskDefinition>(request).await;
        let Some(found) = found.absent(&["ClientException"])? else { continue };
        let tags = found.tags.into_iter().flatten();
        let definition = Definition {
            definition: found.task_definition.unwrap_or_default(),
            tags: tags.filter_map(|tag| Some((tag.key?, tag.value?))).collect(),
        };
        observed.definitions.insert(family, definition);
    }
    Ok(())
}
