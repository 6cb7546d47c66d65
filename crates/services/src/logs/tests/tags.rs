use super::*;
use api::logs::{
    ListTagsForResource, ListTagsForResourceRequest, ListTagsLogGroup, ListTagsLogGroupRequest,
    TagLogGroup, TagLogGroupRequest, TagResource, TagResourceRequest, UntagLogGroup,
    UntagLogGroupRequest, UntagResource, UntagResourceRequest,
};
use std::collections::BTreeMap;

const ARN: &str = "arn:aws:logs:eu-west-1:000000000000:log-group:app";

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// What both ways of listing answer.
fn listed(region: &mut Region) -> BTreeMap<String, String> {
    let by_arn = ListTagsForResourceRequest { resource_arn: ARN.to_owned() };
    let by_name = ListTagsLogGroupRequest { log_group_name: "app".to_owned() };
    let tags = region.ok::<ListTagsForResource>(by_arn).tags;
    assert_eq!(region.ok::<ListTagsLogGroup>(by_name).tags, tags);
    tags.unwrap()
}

fn tag(arn: &str, tags: BTreeMap<String, String>) -> TagResourceRequest {
    TagResourceRequest { resource_arn: arn.to_owned(), tags }
}

#[test]
fn the_old_and_the_new_operations_see_the_same_tags() {
    let mut region = region();
    assert_eq!(listed(&mut region), pairs(&[]));
    region.ok::<TagResource>(tag(ARN, pairs(&[("a", "1"), ("b", "1")])));
    let log_group_name = "app".to_owned();
    let tags = pairs(&[("b", "2"), ("c", "2")]);
    region.ok::<TagLogGroup>(TagLogGroupRequest { log_group_name: log_group_name.clone(), tags });
    assert_eq!(listed(&mut region), pairs(&[("a", "1"), ("b", "2"), ("c", "2")]));
    let tag_keys = vec!["a".to_owned(), "never".to_owned()];
    region.ok::<UntagResource>(UntagResourceRequest { resource_arn: ARN.to_owned(), tag_keys });
    let tags = vec!["c".to_owned()];
    region.ok::<UntagLogGroup>(UntagLogGroupRequest { log_group_name, tags });
    assert_eq!(listed(&mut region), pairs(&[("b", "2")]));
}

#[test]
fn what_aws_refuses_is_refused() {
    let mut region = region();
    let many: BTreeMap<String, String> = (0..51).map(|n| (n.to_string(), String::new())).collect();
    for (arn, tags, expected) in [
        (ARN, many, "TooManyTagsException: A resource can have no more than 50 tags."),
        (
            ARN,
            pairs(&[("aws:x", "")]),
            "InvalidParameterException: tag key `aws:x` is reserved: it begins with `aws:`",
        ),
        (
            "arn:aws:logs:eu-west-1:000000000000:log-group:never",
            pairs(&[]),
            "ResourceNotFoundException: The specified log group does not exist.",
        ),
        ("never", pairs(&[]), "ResourceNotFoundException: The specified log group does not exist."),
    ] {
        assert_eq!(region.fault::<TagResource>(tag(arn, tags)), expected);
    }
}
