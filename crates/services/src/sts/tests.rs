use super::table;
use crate::testing::{Region, assert_complete};
use api::sts::*;
use model::{Span, Timestamp};
use world::Role;

const ROLE: &str = "arn:aws:iam::000000000000:role/service/web";

/// A region with the role `/service/web`.
fn region() -> Region {
    let mut region = Region::of(table());
    region.put(Role {
        name: "web".into(),
        path: "/service/".to_owned(),
        id: "AROAAAAAAAAAAAAAAAAAA".to_owned(),
        created_at: Timestamp::default(),
        trust_policy: "{}".to_owned(),
        description: None,
        max_session: 7200,
        boundary: None,
        inline: std::collections::BTreeMap::new(),
        attached: std::collections::BTreeSet::new(),
        tags: world::Tags::new(),
    });
    region
}

fn assume(arn: &str) -> AssumeRoleRequest {
    AssumeRoleRequest {
        role_arn: arn.to_owned(),
        role_session_name: "deploy".to_owned(),
        ..Default::default()
    }
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(api::Service::Sts, &table());
}

#[test]
fn the_caller_is_told_who_it_is() {
    let identity = region().ok::<GetCallerIdentity>(GetCallerIdentityRequest {});
    assert_eq!(identity.account.as_deref(), Some("000000000000"));
    assert_eq!(identity.arn.as_deref(), Some("arn:aws:iam::000000000000:root"));
}

#[test]
fn a_session_lasts_an_hour_unless_it_is_asked_otherwise() {
    let mut region = region();
    let lasting = |answer: AssumeRoleResponse, region: &Region| {
        answer.credentials.unwrap().expiration.since(region.now)
    };
    let answer = region.ok::<AssumeRole>(assume(ROLE));
    let user = answer.assumed_role_user.clone().unwrap();
    assert_eq!(user.arn, "arn:aws:sts::000000000000:assumed-role/web/deploy");
    assert_eq!(user.assumed_role_id, "AROAAAAAAAAAAAAAAAAAA:deploy");
    assert_eq!(lasting(answer, &region), Span::seconds(3600));

    let two_hours = AssumeRoleRequest { duration_seconds: Some(7200), ..assume(ROLE) };
    let answer = region.ok::<AssumeRole>(two_hours);
    assert_eq!(lasting(answer, &region), Span::seconds(7200));
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = region();
    let denied = |arn: &str| {
        format!(
            "AccessDenied: User: arn:aws:iam::000000000000:root is not authorized to perform: \
             sts:AssumeRole on resource: {arn}"
        )
    };
    let stranger = "arn:aws:iam::111111111111:role/service/web";
    let pathless = "arn:aws:iam::000000000000:role/web";
    for (request, expected) in [
        (assume(stranger), denied(stranger)),
        (assume(pathless), denied(pathless)),
        (
            assume("arn:aws:ecs:eu-west-1:000000000000:cluster/shop"),
            "ValidationError: Request ARN is invalid".to_owned(),
        ),
        (assume("web-and-something"), "ValidationError: web-and-something is invalid".to_owned()),
        (
            AssumeRoleRequest { duration_seconds: Some(7201), ..assume(ROLE) },
            "ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for \
             this role."
                .to_owned(),
        ),
        (
            AssumeRoleRequest { policy: Some("{}".to_owned()), ..assume(ROLE) },
            "MalformedPolicyDocument: Syntax errors in policy.".to_owned(),
        ),
        (
            AssumeRoleRequest { token_code: Some("123456".to_owned()), ..assume(ROLE) },
            "AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  Please \
             verify your MFA serial number is valid and associated with this user."
                .to_owned(),
        ),
    ] {
        assert_eq!(region.fault::<AssumeRole>(request), expected);
    }
}

#[test]
fn a_session_that_a_session_asks_for_lasts_an_hour_at_most() {
    let mut region = region();
    region.caller.arn = "arn:aws:sts::000000000000:assumed-role/web/deploy".to_owned();
    let fault = region
        .fault::<AssumeRole>(AssumeRoleRequest { duration_seconds: Some(3601), ..assume(ROLE) });
    assert!(fault.contains("role chaining"), "{fault}");
    region.ok::<AssumeRole>(assume(ROLE));
}
