use super::*;
use api::ssm::{
    AddTagsToResource, AddTagsToResourceRequest, ListTagsForResource, ListTagsForResourceRequest,
    RemoveTagsFromResource, RemoveTagsFromResourceRequest, Tag,
};

fn add(kind: &str, id: &str, keys: &[&str]) -> AddTagsToResourceRequest {
    let tag = |key: &&str| Tag { key: (*key).to_owned(), value: format!("value of {key}") };
    AddTagsToResourceRequest {
        resource_type: kind.to_owned(),
        resource_id: id.to_owned(),
        tags: keys.iter().map(tag).collect(),
    }
}

fn keys(region: &mut Region) -> Vec<String> {
    let ask = ListTagsForResourceRequest {
        resource_type: "Parameter".to_owned(),
        resource_id: "/p".to_owned(),
    };
    let tags = region.ok::<ListTagsForResource>(ask).tag_list.unwrap();
    tags.into_iter().map(|tag| tag.key).collect()
}

#[test]
fn tags_are_added_and_removed() {
    let mut region = region();
    put(
        &mut region,
        PutParameterRequest { tags: Some(add("", "", &["a"]).tags), ..new("/p", "x") },
    );
    region.ok::<AddTagsToResource>(add("Parameter", "p", &["b", "c"]));
    assert_eq!(keys(&mut region), ["a", "b", "c"]);
    region.ok::<RemoveTagsFromResource>(RemoveTagsFromResourceRequest {
        resource_type: "Parameter".to_owned(),
        resource_id: "/p".to_owned(),
        tag_keys: vec!["b".to_owned(), "never".to_owned()],
    });
    assert_eq!(keys(&mut region), ["a", "c"]);
    // A new value changes no tag.
    put(&mut region, overwrite("/p", "y"));
    assert_eq!(keys(&mut region), ["a", "c"]);
}

#[test]
fn what_aws_refuses_is_refused() {
    let mut region = region();
    put(&mut region, new("/p", "x"));
    let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (ask, expected) in [
        (
            add("Document", "d", &["a"]),
            "InvalidResourceType: The local region has parameters, and no resources of the type \
                Document.",
        ),
        (
            add("Parameter", "/n", &["a"]),
            "InvalidResourceId: The resource ID isn't valid. Verify that you entered the correct \
                ID and try again.",
        ),
        (
            add("Parameter", "/p", &many),
            "TooManyTagsError: The Targets parameter includes too many tags. Remove one or more \
                tags and try the command again.",
        ),
        (
            add("Parameter", "/p", &["aws:x"]),
            "ValidationException: tag key `aws:x` is reserved: it begins with `aws:`",
        ),
    ] {
        assert_eq!(region.fault::<AddTagsToResource>(ask), expected);
    }
}
