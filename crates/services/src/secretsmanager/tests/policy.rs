use super::*;
use api::secretsmanager::{
    DeleteResourcePolicy, DeleteResourcePolicyRequest, GetResourcePolicy, GetResourcePolicyRequest,
    PutResourcePolicy, PutResourcePolicyRequest,
};

fn document(principal: &str) -> String {
    format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":{principal},\
         \"Action\":\"secretsmanager:GetSecretValue\",\"Resource\":\"*\"}}]}}"
    )
}

fn put_policy(policy: &str) -> PutResourcePolicyRequest {
    PutResourcePolicyRequest {
        secret_id: "s".to_owned(),
        resource_policy: policy.to_owned(),
        ..Default::default()
    }
}

fn get(region: &mut Region) -> Option<String> {
    let ask = GetResourcePolicyRequest { secret_id: "s".to_owned(), policy_name: None };
    region.ok::<GetResourcePolicy>(ask).resource_policy
}

#[test]
fn a_policy_is_kept_and_answered() {
    let mut region = with_secret();
    assert_eq!(get(&mut region), None);
    let policy = document("{\"AWS\":\"arn:aws:iam::000000000000:root\"}");
    region.ok::<PutResourcePolicy>(put_policy(&policy));
    assert_eq!(get(&mut region), Some(policy));
    let ask = DeleteResourcePolicyRequest {
        secret_id: "s".to_owned(),
        policy_name: Some("default".to_owned()),
    };
    region.ok::<DeleteResourcePolicy>(ask);
    assert_eq!(get(&mut region), None);
}

#[test]
fn a_policy_that_aws_would_not_take_is_refused() {
    let mut region = with_secret();
    let malformed = |what: &str| format!("MalformedPolicyDocumentException: {what}");
    let public = "PublicPolicyException: The BlockPublicPolicy parameter is set to true, and the \
        resource policy did not prevent broad access to the secret."
        .to_owned();
    let block = |policy: &str| PutResourcePolicyRequest {
        block_public_policy: Some(true),
        ..put_policy(policy)
    };
    let nobody = document("\"x\"").replace("\"Principal\":\"x\",", "");
    for (ask, expected) in [
        (put_policy("no"), malformed("This resource policy contains invalid Json")),
        (put_policy("{}"), malformed("Syntax errors in policy.")),
        (put_policy(&nobody), malformed("Missing required field Principal")),
        (block(&document("\"*\"")), public.clone()),
        (block(&document("{\"AWS\":[\"*\"]}")), public),
        (
            PutResourcePolicyRequest { policy_name: Some("mine".to_owned()), ..put_policy("{}") },
            "InvalidParameterException: You can only attach the default policy, and not one \
                called mine."
                .to_owned(),
        ),
        (
            PutResourcePolicyRequest { secret_id: "never".to_owned(), ..put_policy("{}") },
            MISSING.to_owned(),
        ),
    ] {
        assert_eq!(region.fault::<PutResourcePolicy>(ask), expected);
    }
    region.ok::<PutResourcePolicy>(put_policy(&document("\"*\"")));
    region.ok::<PutResourcePolicy>(block(&document("{\"AWS\":\"000000000000\"}")));
}
