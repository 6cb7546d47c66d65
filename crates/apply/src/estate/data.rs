//! What holds data, and load balancers that can't be deleted in passing.

use super::{Grounds, Part};
use crate::client::{Absent as _, CallError, Client};
use api::ecr::{
    DescribeRepositories, DescribeRepositoriesRequest, ListImages, ListImagesRequest,
    ListTagsForResource as ListTagsOfRepository,
    ListTagsForResourceRequest as ListTagsOfRepositoryRequest,
};
use api::elbv2::{DescribeLoadBalancerAttributes, DescribeLoadBalancerAttributesInput};
use api::logs::{
    DescribeLogGroups, DescribeLogGroupsRequest, ListTagsForResource, ListTagsForResourceRequest,
};
use plan::destroy::{Datum, Estate};
use std::collections::BTreeMap;

pub(super) async fn look(
    client: &Client,
    grounds: Grounds<'_>,
    parts: &[Part],
    estate: &mut Estate,
) -> Result<(), CallError> {
    let of_kind = |kind: &'static str| parts.iter().filter(move |it| it.kind == kind);
    let named = of_kind("AWS::ECR::Repository").map(|part| &part.id);
    for name in named.chain(grounds.repositories) {
        estate.data.extend(repository(client, grounds, name).await?);
    }
    let named = of_kind("AWS::Logs::LogGroup").map(|part| &part.id);
    for name in named.chain(grounds.log_groups) {
        estate.data.extend(log_group(client, grounds, name).await?);
    }
    estate.data.extend(of_kind("AWS::S3::Bucket").map(|part| Datum::Bucket(part.id.clone())));
    for part in of_kind("AWS::ElasticLoadBalancingV2::LoadBalancer") {
        if is_protected(client, &part.id).await? {
            estate.protected.push(part.id.clone());
        }
    }
    Ok(())
}

/// A repository, if it is there and the environment's own.
async fn repository(
    client: &Client,
    grounds: Grounds<'_>,
    name: &str,
) -> Result<Option<Datum>, CallError> {
    let absent = ["RepositoryNotFoundException"];
    let repository_names = Some(vec![name.to_owned()]);
    let request = DescribeRepositoriesRequest { repository_names, ..Default::default() };
    let found = client.call::<DescribeRepositories>(request).await.absent(&absent)?;
    let found = found.and_then(|found| found.repositories).into_iter().flatten().next();
    let Some(resource_arn) = found.and_then(|held| held.repository_arn) else { return Ok(None) };
    let request = ListTagsOfRepositoryRequest { resource_arn };
    let tags = client.call::<ListTagsOfRepository>(request).await.absent(&absent)?;
    let tags = tags.and_then(|found| found.tags).into_iter().flatten();
    let tags: BTreeMap<String, String> = tags.map(|tag| (tag.key, tag.value)).collect();
    if !grounds.names.own(&tags) {
        return Ok(None);
    }
    let request = ListImagesRequest { repository_name: name.to_owned(), ..Default::default() };
    let images = client.call::<ListImages>(request).await.absent(&absent)?;
    let images = images.and_then(|found| found.image_ids).unwrap_or_default();
    Ok(Some(Datum::Repository(name.to_owned(), images.len())))
}

/// A log group, if it is there and the environment's own.
async fn log_group(
    client: &Client,
    grounds: Grounds<'_>,
    name: &str,
) -> Result<Option<Datum>, CallError> {
    let request = DescribeLogGroupsRequest {
        log_group_name_prefix: Some(name.to_owned()),
        ..Default::default()
    };
    let groups = client.call::<DescribeLogGroups>(request).await?;
    let mut groups = groups.log_groups.into_iter().flatten();
    let found = groups.find(|held| held.log_group_name.as_deref() == Some(name));
    // AWS ends a group's older ARN with `:*`, and takes it without.
    let arn = found.and_then(|held| held.arn);
    let Some(arn) = arn else { return Ok(None) };
    let resource_arn = arn.trim_end_matches(":*").to_owned();
    let request = ListTagsForResourceRequest { resource_arn };
    let tags = client.call::<ListTagsForResource>(request).await;
    let tags = tags.absent(&["ResourceNotFoundException"])?.and_then(|found| found.tags);
    let is_own = grounds.names.own(&tags.unwrap_or_default());
    Ok(is_own.then(|| Datum::LogGroup(name.to_owned())))
}

async fn is_protected(client: &Client, arn: &str) -> Result<bool, CallError> {
    let request = DescribeLoadBalancerAttributesInput { load_balancer_arn: arn.to_owned() };
    let found = client.call::<DescribeLoadBalancerAttributes>(request).await;
    let found = found.absent(&["LoadBalancerNotFound"])?.and_then(|found| found.attributes);
    let mut found = found.into_iter().flatten();
    Ok(found.any(|it| {
        it.key.as_deref() == Some("deletion_protection.enabled")
            && it.value.as_deref() == Some("true")
    }))
}
