//! Its task definitions, and the tasks that run them.

use super::Grounds;
use super::services::tags;
use crate::client::{Absent as _, CallError, Client};
use api::ecs::{
    DescribeTaskDefinition, DescribeTaskDefinitionRequest, DescribeTasks, DescribeTasksRequest,
    ListTaskDefinitionFamilies, ListTaskDefinitionFamiliesRequest, ListTaskDefinitions,
    ListTaskDefinitionsRequest, ListTasks, ListTasksRequest,
};
use plan::destroy::Estate;

pub(super) async fn look(
    client: &Client,
    grounds: Grounds<'_>,
    estate: &mut Estate,
) -> Result<(), CallError> {
    for family in families(client, grounds).await? {
        let definitions = revisions(client, &family).await?;
        let Some(newest) = definitions.first() else { continue };
        if is_own(client, grounds, newest).await? {
            estate.definitions.extend(definitions);
            let cluster = grounds.cluster;
            estate.tasks.extend(tasks(client, cluster, &family, "RUNNING").await?);
            let told = tasks(client, cluster, &family, "STOPPED").await?;
            estate.stopping.extend(unstopped(client, cluster, &told).await?);
        }
    }
    Ok(())
}

/// Families whose names begin as the environment's do. Those of another application whose name begins
/// alike are among them.
async fn families(client: &Client, grounds: Grounds<'_>) -> Result<Vec<String>, CallError> {
    let prefix = grounds.names.family("");
    let mut families = Vec::new();
    let mut next_token = None;
    loop {
        let request = ListTaskDefinitionFamiliesRequest {
            family_prefix: Some(prefix.clone()),
            status: Some("ACTIVE".to_owned()),
            next_token,
            ..Default::default()
        };
        let page = client.call::<ListTaskDefinitionFamilies>(request).await?;
        families.extend(page.families.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(families);
        }
    }
}

/// A family's active revisions, newest first.
async fn revisions(client: &Client, family: &str) -> Result<Vec<String>, CallError> {
    let mut arns = Vec::new();
    let mut next_token = None;
    loop {
        let request = ListTaskDefinitionsRequest {
            family_prefix: Some(family.to_owned()),
            status: Some("ACTIVE".to_owned()),
            sort: Some("DESC".to_owned()),
            next_token,
            ..Default::default()
        };
        let page = client.call::<ListTaskDefinitions>(request).await?;
        arns.extend(page.task_definition_arns.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(arns);
        }
    }
}

async fn is_own(client: &Client, grounds: Grounds<'_>, arn: &str) -> Result<bool, CallError> {
    let request = DescribeTaskDefinitionRequest {
        task_definition: arn.to_owned(),
        include: Some(vec!["TAGS".to_owned()]),
    };
    let found = client.call::<DescribeTaskDefinition>(request).await?;
    Ok(grounds.names.own(&tags(found.tags)))
}

/// A family's tasks that are to be so.
async fn tasks(
    client: &Client,
    cluster: &str,
    family: &str,
    desired: &str,
) -> Result<Vec<String>, CallError> {
    let request = ListTasksRequest {
        cluster: Some(cluster.to_owned()),
        family: Some(family.to_owned()),
        desired_status: Some(desired.to_owned()),
        ..Default::default()
    };
    let page = client.call::<ListTasks>(request).await.absent(&["ClusterNotFoundException"])?;
    Ok(page.and_then(|page| page.task_arns).unwrap_or_default())
}

/// Those of some tasks that have not stopped yet. One call takes as many as one call lists.
async fn unstopped(
    client: &Client,
    cluster: &str,
    arns: &[String],
) -> Result<Vec<String>, CallError> {
    if arns.is_empty() {
        return Ok(Vec::new());
    }
    let request = DescribeTasksRequest {
        cluster: Some(cluster.to_owned()),
        tasks: arns.to_vec(),
        include: None,
    };
    let found = client.call::<DescribeTasks>(request).await?;
    let left = found.tasks.into_iter().flatten();
    let left = left.filter(|task| task.last_status.as_deref() != Some("STOPPED"));
    Ok(left.filter_map(|task| task.task_arn).collect())
}
