use super::*;
use api::secretsmanager::{
    DescribeSecret, DescribeSecretRequest, Tag, TagResource, TagResourceRequest, UntagResource,
    UntagResourceRequest,
};

fn tag(keys: &[&str]) -> TagResourceRequest {
    let tag = |key: &&str| Tag { key: Some((*key).to_owned()), value: None };
    TagResourceRequest { secret_id: "s".to_owned(), tags: keys.iter().map(tag).collect() }
}

fn untag(key: &str) -> UntagResourceRequest {
    UntagResourceRequest { secret_id: "s".to_owned(), tag_keys: vec![key.to_owned()] }
}

fn keys(region: &mut Region) -> Vec<String> {
    let secret = DescribeSecretRequest { secret_id: "s".to_owned() };
    let tags = region.ok::<DescribeSecret>(secret).tags.unwrap_or_default();
    tags.into_iter().flat_map(|tag| tag.key).collect()
}

#[test]
fn tags_are_added_and_removed() {
    let mut region = with_secret();
    region.ok::<TagResource>(tag(&["a", "b"]));
    region.ok::<TagResource>(tag(&["b", "c"]));
    region.ok::<UntagResource>(untag("a"));
    assert_eq!(keys(&mut region), ["b", "c"]);
}

#[test]
fn what_aws_refuses_is_refused() {
    let mut region = with_secret();
    let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(
        region.fault::<TagResource>(tag(&many)),
        "InvalidParameterException: the resource would have 51 tags: at most 50 are allowed"
    );
    region.ok::<DeleteSecret>(delete("s"));
    assert_eq!(region.fault::<TagResource>(tag(&["a"])), GONE);
    assert_eq!(region.fault::<UntagResource>(untag("a")), GONE);
}
