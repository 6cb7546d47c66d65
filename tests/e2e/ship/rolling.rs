//! A deployment from source to a service that answers, and what is left alone on the way.

use super::between::{Between, Which};
use super::environment::Shop;
use crate::stage::region::ACCOUNT;
use crate::stage::web::{Load, until_status};
use crate::stage::{Driver, PATIENCE, Region, engine, eventually};
use api::Service::Iam;
use serde_json::json;

/// Built, pushed, planned, rolled out, asked for its health and noted; a second time nothing is left
/// to do, and a change is rolled out without losing a request.
#[tokio::test]
async fn a_shop_is_deployed_from_source_and_changed() {
    if !engine::answers("deploying to prod") {
        return;
    }
    let shop = Shop::new(&Region::shared(Driver::Docker).await, "").await;
    let planned = shop.neargate("plan --exit-code").run().await.expect(2);
    planned.says("create service web");
    planned.says("tasks cost 0.00 USD a month now, and ");
    planned.says("it takes about ");

    let first = shop.deploy().await.expect(0);
    first.says("/health answers 200");
    first.says("runs in prod");
    assert_eq!(first.out.trim(), shop.front.url.trim_end_matches('/'));
    assert_eq!(shop.page().await, "one");
    let again = shop.deploy().await.expect(0);
    again.says("there is nothing to change");
    again.says("has the image of web already");
    shop.neargate("plan --exit-code").run().await.expect(0).says("there is nothing to change");

    let load = Load::start(&shop.front.url, 2);
    shop.folder.edit("neargate.yml", "VERSION: one", "VERSION: two");
    let planned = shop.neargate("plan --json").json().await;
    assert_eq!(planned["changes"], json!(true));
    assert!(planned["steps"].to_string().contains("web: variable VERSION changed"), "{planned:#}");
    shop.deploy().await.expect(0).says("update service web");
    let tally = load.stop().await;
    assert_eq!(tally.failures, [""; 0], "of {:?}", tally.bodies);
    assert_eq!(shop.page().await, "two");
    let history = shop.history().await;
    let verdicts: Vec<&str> = history.iter().map(|it| it["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["done", "done", "done"]);
    assert!(history[0]["services"]["web"]["image"].as_str().unwrap().contains("@sha256:"));
    assert!(history[0]["who"].as_str().unwrap().starts_with("arn:aws:"), "{history:#?}");
    shop.neargate("unlock").run().await.expect(0).says("nobody holds the lock");
}

/// What others put into the service and its definition stays, and a count that somebody scales is
/// left alone.
#[tokio::test]
async fn what_a_manifest_has_no_word_for_stays() {
    if !engine::answers("a service of others") {
        return;
    }
    let region = Region::shared(Driver::Docker).await;
    let shop = Shop::new(&region, "").await;
    shop.deploy().await.expect(0);
    let family = format!("{}-prod-web", shop.app);
    let held = region.ecs("DescribeTaskDefinition", json!({ "taskDefinition": family })).await;
    let mut container = held["taskDefinition"]["containerDefinitions"][0].clone();
    container["dockerLabels"] = json!({ "team": "checkout" });
    container["mountPoints"] = json!([{ "sourceVolume": "scratch", "containerPath": "/scratch" }]);
    let mut theirs = held["taskDefinition"].clone();
    for member in [
        "taskDefinitionArn",
        "revision",
        "status",
        "requiresAttributes",
        "compatibilities",
        "registeredAt",
        "registeredBy",
    ] {
        theirs.as_object_mut().unwrap().remove(member);
    }
    theirs["containerDefinitions"] = json!([container]);
    theirs["volumes"] = json!([{ "name": "scratch" }]);
    let registered = region.ecs("RegisterTaskDefinition", theirs).await;
    let theirs = registered["taskDefinition"]["taskDefinitionArn"].clone();
    let cluster = &shop.front.cluster.name;
    let breaker = json!({
        "enable": true, "rollback": true,
        "thresholdConfiguration": { "type": "COUNT", "value": 5 },
    });
    let update = json!({
        "cluster": cluster, "service": "web", "taskDefinition": theirs, "desiredCount": 2,
        "deploymentConfiguration": { "deploymentCircuitBreaker": breaker },
    });
    region.ecs("UpdateService", update).await;

    shop.folder.edit("neargate.yml", "VERSION: one", "VERSION: two");
    shop.deploy().await.expect(0).says("update service web");
    let service = shop.service().await;
    assert_eq!(service["desiredCount"], json!(2));
    let kept = &service["deploymentConfiguration"]["deploymentCircuitBreaker"];
    assert_eq!(kept["thresholdConfiguration"], breaker["thresholdConfiguration"]);
    let request = json!({ "taskDefinition": service["taskDefinition"] });
    let definition = region.ecs("DescribeTaskDefinition", request).await;
    let definition = &definition["taskDefinition"];
    assert_eq!(definition["volumes"][0]["name"], json!("scratch"), "{definition:#}");
    let ours = &definition["containerDefinitions"][0];
    assert_eq!(ours["dockerLabels"], json!({ "team": "checkout" }));
    assert_eq!(ours["mountPoints"][0]["containerPath"], json!("/scratch"));
    assert_eq!(shop.page().await, "two");
}

/// A plan that was looked at is carried out as it is, or not at all.
#[tokio::test]
async fn a_kept_plan_is_carried_out_unless_the_world_moved() {
    if !engine::answers("a kept plan") {
        return;
    }
    let shop = Shop::new(&Region::shared(Driver::Docker).await, "").await;
    shop.neargate("plan --out p.json").run().await.expect(2).says("web is yet to be built");
    shop.deploy().await.expect(0);
    let image = shop.history().await[0]["services"]["web"]["image"].clone();
    let image = image.as_str().unwrap();
    shop.folder.edit("neargate.yml", "VERSION: one", "VERSION: two");
    shop.neargate(&format!("plan --out p.json --image {image}")).output().await;
    shop.folder.edit("neargate.yml", "VERSION: two", "VERSION: three");
    shop.neargate(&format!("plan --out q.json --image {image}")).output().await;
    shop.neargate("deploy --plan q.json").run().await.expect(0);
    let late = shop.neargate("deploy --plan p.json").run().await.expect(1);
    late.says("things have changed since the plan was made");
    late.says("services web taskDefinition: ");
    until_status(&shop.front.url, 200).await;
    assert_eq!(shop.page().await, "three");
}

/// Of an environment on what others made only what deploy made goes.
#[tokio::test]
async fn what_is_others_outlives_an_environment() {
    if !engine::answers("destroying an environment on what is there") {
        return;
    }
    let region = Region::shared(Driver::Docker).await;
    let shop = Shop::new(&region, "    scale: {max: 3}").await;
    shop.deploy().await.expect(0);
    let definition = shop.service().await["taskDefinition"].clone();
    let other = json!({
        "cluster": shop.front.cluster.name, "serviceName": "theirs", "desiredCount": 0,
        "taskDefinition": definition, "launchType": "FARGATE",
        "networkConfiguration": { "awsvpcConfiguration": { "subnets": region.subnets().await } },
    });
    region.ecs("CreateService", other).await;
    let gone = shop.neargate("destroy --yes").run().await.expect(0);
    gone.says("end the scaling of service web");
    gone.says("scale service web to 0");
    gone.says("remove service web");
    eventually("the service is inactive", PATIENCE, async || {
        (shop.service().await["status"] == "INACTIVE").then_some(())
    })
    .await;
    let theirs = shop.front.service("theirs").await;
    assert_eq!(theirs["status"], json!("ACTIVE"), "others' services stay: {theirs:#}");
    shop.neargate("deploy --yes").run().await.expect(0);
}

/// Nobody is asked where nobody is, and who has no account, no region or no foundation is told so.
#[tokio::test]
async fn what_is_missing_is_told_before_anything_is_built() {
    let shop = Shop::new(&Region::shared(Driver::Process).await, "").await;
    shop.neargate("plan --image busybox").run().await.expect(0).says("create service web");
    let unasked = shop.neargate("deploy --image busybox").run().await.expect(2);
    unasked.says("nobody is there to agree to this");
    shop.folder.edit("neargate.yml", "account: '000000000000'", "account: '000000000001'");
    let other = shop.deploy().await.expect(6);
    other.says("the credentials belong to account 000000000000, and `prod` is in 000000000001");
    shop.folder.edit("neargate.yml", "account: '000000000001'", "account: '000000000000'");
    shop.folder.edit("neargate.yml", ":role/shop", ":role/nobody-shop");
    shop.deploy().await.expect(3).says("the role that prepares tasks is not there");
    let keyless = shop.neargate("plan").env("AWS_ACCESS_KEY_ID", "").run().await.expect(6);
    keyless.says("there are no credentials for AWS");
    keyless.says("hint: name a profile, AWS_PROFILE=");
    let refused = shop.neargate("plan --exit-code").env("AWS_ENDPOINT_URL", "nowhere at all");
    refused.run().await.expect(1).says("the endpoint `nowhere at all` of ");
}

/// The role of an environment is taken on before anything else is asked; who may not is told so.
#[tokio::test]
async fn the_role_of_an_environment_is_taken_on() {
    let mut shop = Shop::new(&Region::shared(Driver::Process).await, "").await;
    let between = Between::new(&shop.region.endpoint(), Which::None).await;
    shop.endpoint.clone_from(&between.endpoint);
    let name = format!("{}-deployer", shop.app);
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:root") },
            "Action": "sts:AssumeRole",
        }],
    });
    let role = json!({ "RoleName": name, "AssumeRolePolicyDocument": trust.to_string() });
    shop.region.call(Iam, "CreateRole", role).await;
    let account = format!("account: '{ACCOUNT}'");
    let with = |role: &str| format!("{account}\n    role: arn:aws:iam::{ACCOUNT}:role/{role}");
    shop.folder.edit("neargate.yml", &account, &with(&name));
    shop.neargate("plan --image busybox").run().await.expect(0).says("create service web");
    assert_eq!(between.asked()[0], "AssumeRole");
    let other = format!("{}-execution", shop.app);
    shop.folder.edit("neargate.yml", &with(&name), &with(&other));
    let denied = shop.neargate("plan --image busybox").run().await.expect(6);
    denied.says("is not authorized to perform: sts:AssumeRole");
}
