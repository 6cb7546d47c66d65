//! Keys and signatures: any key of a user's own, but of those that the region gave only what it gave.

use crate::stage::aws::Refused;
use crate::stage::cluster::node;
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::{Cluster, Driver, Region, aws, on_both_drivers};
use api::Service::{self, Ec2, Ecs, Elbv2, Logs, Sts};
use serde_json::{Value as Json, json};
use std::os::unix::fs::PermissionsExt as _;

on_both_drivers![the_credentials_of_a_task_open_with_their_own_signature_only];

/// Says what a task is given when it asks for its credentials, as SDKs ask.
const ASK: &str = "
    const at = process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI
        ?? 'http://169.254.170.2' + process.env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
    fetch(at).then((answer) => answer.text()).then((text) => console.log('given ' + text));
    fetch(at + '0').then((answer) => console.log('guessed ' + answer.status));
    setInterval(() => {}, 1000);
    process.on('SIGTERM', () => process.exit(0));";

async fn the_credentials_of_a_task_open_with_their_own_signature_only(region: &Region) {
    let cluster = Cluster::new(region).await;
    let more = json!({ "taskRoleArn": Cluster::role("worker") });
    let definition = cluster.define(&[node("main", ASK)], more).await;
    let task = cluster.run_defined(&definition, json!({})).await;
    let given: Json = serde_json::from_str(&cluster.line(&task, "main", "given ").await).unwrap();
    assert_eq!(cluster.line(&task, "main", "guessed ").await, "400");
    let part = |name: &str| given[name].as_str().unwrap().to_owned();
    let (key, secret, token) = (part("AccessKeyId"), part("SecretAccessKey"), part("Token"));
    let who = Caller { region, key: &key, token: Some(&token) };

    let identity = who.ask(&secret, Sts, "GetCallerIdentity").await.unwrap();
    let id = task.rsplit('/').next().unwrap();
    let expected = format!("arn:aws:sts::{ACCOUNT}:assumed-role/worker/{id}");
    assert_eq!(identity["Arn"], expected.as_str());
    who.ask(&secret, Ecs, "ListClusters").await.unwrap();

    let wrong = format!("{}x", &secret[1..]);
    for (service, operation, code) in [
        (Sts, "GetCallerIdentity", "SignatureDoesNotMatch"),
        (Ecs, "ListClusters", "InvalidSignatureException"),
        (Elbv2, "DescribeLoadBalancers", "SignatureDoesNotMatch"),
        (Logs, "DescribeLogGroups", "InvalidSignatureException"),
        (Ec2, "DescribeVpcs", "AuthFailure"),
    ] {
        let refused = who.ask(&wrong, service, operation).await.unwrap_err();
        assert_eq!(refused.code, code, "{operation}: {refused:?}");
        let told = format!("{refused:?}");
        assert!(![&wrong, &secret, &token].iter().any(|held| told.contains(*held)), "{told}");
    }
    cluster.stop(&task, "done").await;
}

/// Who calls, but for the secret key.
struct Caller<'a> {
    region: &'a Region,
    key: &'a str,
    token: Option<&'a str>,
}

impl Caller<'_> {
    async fn ask(&self, secret: &str, service: Service, operation: &str) -> Result<Json, Refused> {
        let client = self.region.client_of(NAME, self.key, secret, self.token);
        aws::call(&client, service, operation, &json!({})).await.expect("the region answers")
    }
}

/// AWS's own error, and the name under which the region can be reached.
#[tokio::test]
async fn a_signature_for_another_region_is_refused_with_the_way_out() {
    let region = Region::shared(Driver::Process).await;
    let client = region.client_of("eu-west-1", "test", "test", None);
    for (service, operation, code) in [
        (Ecs, "ListClusters", "InvalidSignatureException"),
        (Elbv2, "DescribeLoadBalancers", "SignatureDoesNotMatch"),
        (Ec2, "DescribeVpcs", "AuthFailure"),
    ] {
        let answer = aws::call(&client, service, operation, &json!({})).await.unwrap();
        let refused = answer.unwrap_err();
        assert_eq!(refused.code, code, "{refused:?}");
        assert!(refused.message.contains("AWS_REGION=us-east-1"), "{refused:?}");
        let known = "Credential should be scoped to a valid region.";
        assert!(service == Ec2 || refused.message.starts_with(known), "{refused:?}");
    }
}

/// The key that opens what is stored is its owner's alone.
#[tokio::test]
async fn the_regions_key_is_readable_by_its_owner_only() {
    let region = Region::shared(Driver::Process).await;
    let mode = std::fs::metadata(region.data().join("key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
