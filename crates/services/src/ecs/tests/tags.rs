//! Tags by ARN.

use super::*;
use world::Phase;

fn arn(resource: &str) -> String {
    format!("arn:aws:ecs:eu-west-1:000000000000:{resource}")
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: some(key), value: some(value) }
}

fn list(region: &mut Region, arn: &str) -> Vec<Tag> {
    let request = ListTagsForResourceRequest { resource_arn: arn.to_owned() };
    region.ok::<ListTagsForResource>(request).tags.unwrap()
}

#[test]
fn everything_with_an_arn_can_be_tagged() {
    let mut region = region();
    region.ok::<CreateService>(api());
    let task = region.ok::<RunTask>(run()).tasks.unwrap().remove(0).task_arn.unwrap();
    for resource in
        [arn("cluster/shop"), arn("service/shop/api"), arn("task-definition/web:1"), task]
    {
        region.ok::<TagResource>(TagResourceRequest {
            resource_arn: resource.clone(),
            tags: vec![tag("team", "shop"), tag("env", "local")],
        });
        region.ok::<TagResource>(TagResourceRequest {
            resource_arn: resource.clone(),
            tags: vec![tag("env", "prod")],
        });
        region.ok::<UntagResource>(UntagResourceRequest {
            resource_arn: resource.clone(),
            tag_keys: vec!["team".to_owned(), "absent".to_owned()],
        });
        assert_eq!(list(&mut region, &resource), [tag("env", "prod")], "{resource}");
    }
}

#[test]
fn what_is_not_there_or_over_can_t_be_tagged() {
    let mut region = region();
    region.ok::<CreateCluster>(CreateClusterRequest {
        cluster_name: some("old"),
        ..CreateClusterRequest::default()
    });
    region.ok::<DeleteCluster>(DeleteClusterRequest { cluster: "old".to_owned() });
    let task = region.ok::<RunTask>(run()).tasks.unwrap().remove(0).task_arn.unwrap();
    let mut row = region.world.tasks.iter().next().unwrap().clone();
    row.enter(Phase::Stopped, region.now);
    region.put(row);
    for (resource, expected) in [
        ("shop".to_owned(), "InvalidParameterException: The ARN provided is invalid."),
        (arn("gateway/x"), "InvalidParameterException: The ARN provided is invalid."),
        (
            "arn:aws:ecs:us-east-1:000000000000:cluster/shop".to_owned(),
            "InvalidParameterException: The ARN provided is invalid.",
        ),
        (arn("cluster/none"), "InvalidParameterException: The specified cluster does not exist."),
        (
            arn("cluster/old"),
            "InvalidParameterException: The specified cluster is inactive. Specify an active cluster and try again.",
        ),
        (
            arn("service/shop/none"),
            "InvalidParameterException: The specified service does not exist.",
        ),
        (arn("task-definition/none:1"), "ClientException: Unable to describe task definition."),
        (
            task,
            "InvalidParameterException: The specified task is stopped. Specify a running task and try again.",
        ),
    ] {
        let request = ListTagsForResourceRequest { resource_arn: resource };
        assert_eq!(region.fault::<ListTagsForResource>(request), expected);
    }
}

#[test]
fn tags_have_keys_of_their_own() {
    let mut region = region();
    let mut check = |tags: Vec<Tag>, expected: &str| {
        let request = TagResourceRequest { resource_arn: arn("cluster/shop"), tags };
        let refused = region.fault::<TagResource>(request);
        assert_eq!(refused, format!("InvalidParameterException: {expected}"));
    };
    check(vec![tag("a", "1"), tag("a", "2")], "tag key `a` is given twice");
    check(vec![tag("aws:a", "1")], "tag key `aws:a` is reserved: it begins with `aws:`");
    check(vec![Tag::default()], "Tag key can not be null.");
    check(
        (0..51).map(|n| tag(&n.to_string(), "")).collect(),
        "the resource would have 51 tags: at most 50 are allowed",
    );
}
