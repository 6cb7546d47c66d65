//! Secrets reach a container as variables: from Parameter Store and Secrets Manager, whole or one
//! key of them, at a stage or version (reference §2.4, §6.1).

use crate::stage::cluster::{shell, text};
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::scratch::number;
use crate::stage::{Cluster, Region, on_both_drivers, with};
use api::Service::{SecretsManager, Ssm};
use serde_json::json;

on_both_drivers![every_form_of_a_secret_reaches_its_variable];

async fn every_form_of_a_secret_reaches_its_variable(region: &Region) {
    let cluster = Cluster::new(region).await;
    let parameter = format!("/e2e/{}/token", number());
    let put = json!({ "Name": parameter, "Value": "from ssm", "Type": "SecureString" });
    region.call(Ssm, "PutParameter", put).await;
    let name = format!("e2e/{}", number());
    let make = json!({
        "Name": name,
        "ClientRequestToken": "00000000-0000-4000-8000-000000000001",
        "SecretString": r#"{"user":"old","pass":"older"}"#,
    });
    let made = region.call(SecretsManager, "CreateSecret", make).await;
    let (arn, version) = (text(&made["ARN"]), text(&made["VersionId"]));
    let put = json!({
        "SecretId": name,
        "ClientRequestToken": "00000000-0000-4000-8000-000000000002",
        "SecretString": r#"{"user":"new","pass":"newer"}"#,
    });
    region.call(SecretsManager, "PutSecretValue", put).await;

    let cases = [
        ("BY_NAME", parameter.clone(), "from ssm"),
        ("BY_ARN", format!("arn:aws:ssm:{NAME}:{ACCOUNT}:parameter{parameter}"), "from ssm"),
        ("WHOLE", arn.clone(), r#"{"user":"new","pass":"newer"}"#),
        ("KEY", format!("{arn}:user::"), "new"),
        ("STAGE", format!("{arn}:user:AWSPREVIOUS:"), "old"),
        ("VERSION", format!("{arn}:pass::{version}"), "older"),
        ("WHOLE_STAGE", format!("{arn}::AWSPREVIOUS:"), r#"{"user":"old","pass":"older"}"#),
    ];
    let secrets =
        cases.each_ref().map(|(name, from, _)| json!({ "name": name, "valueFrom": from }));
    let show = cases.each_ref().map(|(name, ..)| format!("echo \"{name}=${name}\"")).join("; ");
    let main = with(shell("main", &show), json!({ "secrets": secrets }));
    let task = cluster.run(&[main]).await;
    let seen = cluster.until(&task, "STOPPED").await;
    let expected = cases.map(|(name, _, value)| format!("{name}={value}"));
    assert_eq!(cluster.output(&task, "main").await, expected, "{seen:#}");
    assert!(!seen.to_string().contains("newer"), "the API shows no secret: {seen:#}");
}
