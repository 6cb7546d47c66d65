use super::table;
use crate::testing::{Region, assert_complete};
use api::iam::*;
use model::Span;

mod managed;
mod policies;
mod simulate;

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

fn new_role(name: &str) -> CreateRoleRequest {
    CreateRoleRequest {
        role_name: name.to_owned(),
        assume_role_policy_document: TRUST.to_owned(),
        ..Default::default()
    }
}

/// A region with the role `web`.
fn region() -> Region {
    let mut region = Region::of(table());
    region.ok::<CreateRole>(new_role("web"));
    region
}

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.to_owned(), value: value.to_owned() }
}

fn get(region: &mut Region, name: &str) -> Role {
    region.ok::<GetRole>(GetRoleRequest { role_name: name.to_owned() }).role
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(api::Service::Iam, &table());
}

#[test]
fn a_new_role_has_what_was_given_and_awss_defaults() {
    let mut region = region();
    let role = get(&mut region, "web");
    assert_eq!(role.arn, "arn:aws:iam::000000000000:role/web");
    assert_eq!((role.path.as_str(), role.max_session_duration), ("/", Some(3600)));
    assert!(role.role_id.starts_with("AROA") && role.role_id.len() == 21, "{}", role.role_id);
    let document = role.assume_role_policy_document.unwrap();
    assert!(document.starts_with("%7B%22Version%22%3A%222012-10-17%22%2C"), "{document}");
    assert_eq!(role.role_last_used, Some(RoleLastUsed::default()));

    let full = CreateRoleRequest {
        path: Some("/team/".to_owned()),
        description: Some("of the API".to_owned()),
        max_session_duration: Some(7200),
        permissions_boundary: Some("arn:aws:iam::aws:policy/PowerUserAccess".to_owned()),
        tags: Some(vec![tag("team", "a")]),
        ..new_role("api")
    };
    let role = region.ok::<CreateRole>(full).role;
    assert_eq!(role.arn, "arn:aws:iam::000000000000:role/team/api");
    assert_eq!(role, Role { role_last_used: None, ..get(&mut region, "api") });
}

#[test]
fn a_role_that_aws_would_not_make_is_refused() {
    let mut region = region();
    for (request, expected) in [
        (new_role("WEB"), "EntityAlreadyExists: Role with name WEB already exists."),
        (
            CreateRoleRequest { assume_role_policy_document: "{".to_owned(), ..new_role("a") },
            "MalformedPolicyDocument: This policy contains invalid Json",
        ),
        (
            CreateRoleRequest {
                assume_role_policy_document: TRUST.replace("ecs-tasks", &"x".repeat(2048)),
                ..new_role("a")
            },
            "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048",
        ),
        (
            CreateRoleRequest { path: Some("/aws-service-role/ecs/".to_owned()), ..new_role("a") },
            "InvalidInput: Paths beginning with '/aws-service-role' are reserved for AWS Service \
             Linked Roles",
        ),
        (
            CreateRoleRequest {
                permissions_boundary: Some("arn:aws:iam::000000000000:role/web".to_owned()),
                ..new_role("a")
            },
            "InvalidInput: ARN arn:aws:iam::000000000000:role/web is not valid.",
        ),
        (
            CreateRoleRequest { tags: Some(vec![tag("A", ""), tag("a", "")]), ..new_role("a") },
            "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case \
             insensitive.",
        ),
        (
            CreateRoleRequest { tags: Some(vec![tag("aws:a", "")]), ..new_role("a") },
            "InvalidInput: tag key `aws:a` is reserved: it begins with `aws:`",
        ),
    ] {
        assert_eq!(region.fault::<CreateRole>(request), expected);
    }
    assert_eq!(region.world.roles.len(), 1);
}

#[test]
fn a_role_that_is_not_there_is_not_found() {
    let mut region = region();
    let role_name = "gone".to_owned();
    let expected = "NoSuchEntity: The role with name gone cannot be found.";
    let fault = region.fault::<GetRole>(GetRoleRequest { role_name: role_name.clone() });
    assert_eq!(fault, expected);
    let fault = region.fault::<DeleteRole>(DeleteRoleRequest { role_name: role_name.clone() });
    assert_eq!(fault, expected);
    let request = ListInstanceProfilesForRoleRequest { role_name, ..Default::default() };
    assert_eq!(region.fault::<ListInstanceProfilesForRole>(request), expected);
}

#[test]
fn an_update_changes_only_what_is_given() {
    let mut region = region();
    let update = |description: Option<&str>, max_session_duration| UpdateRoleRequest {
        role_name: "web".to_owned(),
        description: description.map(str::to_owned),
        max_session_duration,
    };
    region.pass(Span::seconds(60));
    region.ok::<UpdateRole>(update(Some("new"), None));
    region.ok::<UpdateRole>(update(None, Some(7200)));
    let role = get(&mut region, "web");
    assert_eq!(role.description.as_deref(), Some("new"));
    assert_eq!(role.max_session_duration, Some(7200));
    assert_eq!(role.create_date + Span::seconds(60), region.now);
}

#[test]
fn a_trust_policy_is_replaced_by_one_that_aws_would_take() {
    let mut region = region();
    let request = |document: &str| UpdateAssumeRolePolicyRequest {
        role_name: "web".to_owned(),
        policy_document: document.to_owned(),
    };
    let fault = region.fault::<UpdateAssumeRolePolicy>(request("[]"));
    assert_eq!(fault, "MalformedPolicyDocument: Syntax errors in policy.");
    region.ok::<UpdateAssumeRolePolicy>(request(&TRUST.replace("ecs-tasks", "lambda")));
    let document = get(&mut region, "web").assume_role_policy_document.unwrap();
    assert!(document.contains("lambda.amazonaws.com"), "{document}");
}

#[test]
fn listings_come_by_path_and_in_pages() {
    let mut region = region();
    for (name, path) in [("a", "/team/"), ("b", "/team/x/"), ("c", "/other/")] {
        let path = Some(path.to_owned());
        region.ok::<CreateRole>(CreateRoleRequest { path, ..new_role(name) });
    }
    let mut list = |prefix: Option<&str>, marker: Option<String>| {
        region.ok::<ListRoles>(ListRolesRequest {
            path_prefix: prefix.map(str::to_owned),
            marker,
            max_items: Some(3),
        })
    };
    let names = |answer: &ListRolesResponse| -> Vec<String> {
        answer.roles.iter().map(|role| role.role_name.clone()).collect()
    };
    let first = list(None, None);
    assert_eq!(
        (names(&first), first.is_truncated),
        (vec!["a".into(), "b".into(), "c".into()], Some(true))
    );
    let second = list(None, first.marker);
    assert_eq!((names(&second), second.is_truncated), (vec!["web".into()], Some(false)));
    assert_eq!(names(&list(Some("/team/"), None)), ["a", "b"]);

    let marker = Some("bm9uc2Vuc2U".to_owned());
    let fault = region.fault::<ListRoles>(ListRolesRequest { marker, ..Default::default() });
    assert_eq!(fault, "ValidationError: Invalid Marker.");
}

#[test]
fn tags_are_told_apart_without_minding_case() {
    let mut region = region();
    let role_name = "web".to_owned();
    let tags = vec![tag("Team", "a"), tag("cost", "1")];
    region.ok::<TagRole>(TagRoleRequest { role_name: role_name.clone(), tags });
    let tags = vec![tag("team", "b")];
    region.ok::<TagRole>(TagRoleRequest { role_name: role_name.clone(), tags });
    let tag_keys = vec!["COST".to_owned()];
    region.ok::<UntagRole>(UntagRoleRequest { role_name: role_name.clone(), tag_keys });
    let request = ListRoleTagsRequest { role_name, ..Default::default() };
    assert_eq!(region.ok::<ListRoleTags>(request).tags, [tag("team", "b")]);
    assert_eq!(get(&mut region, "web").tags, Some(vec![tag("team", "b")]));
}

#[test]
fn a_role_has_fifty_tags_at_most() {
    let mut region = region();
    let role_name = "web".to_owned();
    let tags = (0..50).map(|n| tag(&n.to_string(), "")).collect();
    region.ok::<TagRole>(TagRoleRequest { role_name: role_name.clone(), tags });
    let tags = vec![tag("one more", "")];
    let fault = region.fault::<TagRole>(TagRoleRequest { role_name, tags });
    assert_eq!(fault, "LimitExceeded: Cannot exceed quota for TagsPerRole: 50");
}
