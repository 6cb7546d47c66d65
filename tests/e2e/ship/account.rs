//! `check --aws`: the account is asked before anything is deployed to it.

use super::environment::Shop;
use crate::stage::cluster::{list, text};
use crate::stage::{Driver, Region};
use api::Service::{Ec2, Iam, SecretsManager};
use serde_json::{Value as Json, json};

/// The findings about the account, as `rule line: message`.
async fn lacking(shop: &Shop) -> Vec<String> {
    let finished = shop.neargate("check --aws --format json").run().await;
    let findings = list(finished.json()["findings"].take()).into_iter();
    let own = findings.filter(|it| it["rule"].as_str().unwrap().starts_with("aws-"));
    let manifest = std::fs::read_to_string(shop.folder.path().join("neargate.yml")).unwrap();
    let shown = own.map(|it: Json| {
        let line = usize::try_from(it["place"]["line"].as_u64().unwrap()).unwrap();
        let line = manifest.lines().nth(line - 1).unwrap_or_default().trim();
        let key = line.split(':').next().unwrap_or_default().to_owned();
        format!("{} {key}: {}", text(&it["rule"]), text(&it["message"]))
    });
    shown.collect()
}

/// Lets the role pull, log and read secrets.
async fn allow(region: &Region, role: &str) {
    let managed = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";
    let attach = json!({ "RoleName": role, "PolicyArn": managed });
    region.call(Iam, "AttachRolePolicy", attach).await;
    let allowed = json!({
        "Version": "2012-10-17",
        "Statement": { "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*" },
    });
    let put = json!({
        "RoleName": role, "PolicyName": "secrets", "PolicyDocument": allowed.to_string(),
    });
    region.call(Iam, "PutRolePolicy", put).await;
}

#[tokio::test]
async fn what_an_account_lacks_is_found_at_its_line_before_a_deployment() {
    let region = Region::shared(Driver::Process).await;
    let shop = Shop::new(&region, "    secrets: {KEY: 'secretsmanager:NAME:key'}").await;
    let secret = format!("{}-secret", shop.app);
    shop.folder.edit("neargate.yml", "secretsmanager:NAME", &format!("secretsmanager:{secret}"));
    let token = "01234567-0123-0123-0123-0123456789ab";
    let value = json!({
        "Name": secret, "SecretString": "{\"other\": \"hush-7\"}", "ClientRequestToken": token,
    });
    region.call(SecretsManager, "CreateSecret", value).await;

    let refused = shop.neargate("check --aws").run().await.expect(7);
    refused.says("error[aws-role-permission]: ");
    refused.says("asked as arn:aws:iam::000000000000:");
    assert!(!format!("{refused:?}").contains("hush-7"), "a secret is shown");
    let found = lacking(&shop).await;
    let role = format!("{}-prod-execution", shop.app);
    assert!(
        found.contains(&format!("aws-secret-key secrets: the secret `{secret}` has no key `key`"))
    );
    let denied = found.iter().filter(|it| it.starts_with("aws-role-permission "));
    assert_eq!(denied.count(), 4, "{found:#?}");
    let reading = "may not read KEY of service web: secretsmanager:GetSecretValue is denied";
    assert!(
        found.contains(&format!("aws-role-permission secrets: {role} {reading}")),
        "{found:#?}"
    );

    allow(&region, &role).await;
    shop.folder.edit("neargate.yml", ":key'", ":other'");
    assert_eq!(lacking(&shop).await, [""; 0]);
    shop.neargate("check --aws").run().await.expect(0);

    let vpc = json!({ "GroupName": secret, "Description": "closed", "VpcId": region.vpc().await });
    let made = region.call(Ec2, "CreateSecurityGroup", vpc).await;
    let open = "security_groups: [sg-";
    shop.folder.edit(
        "neargate.yml",
        open,
        &format!("security_groups: [{}] # [sg-", text(&made["GroupId"])),
    );
    shop.folder.edit("neargate.yml", "path: /health", "path: /ready");
    let address = region.endpoint().replace("http://127.0.0.1", "localhost");
    let image = format!("image: {address}/{}/prod/web:gone", shop.app);
    shop.folder.edit("neargate.yml", "build: .", &image);
    let found = lacking(&shop).await;
    for expected in [
        "aws-firewall security_groups: no rule of sg-",
        "aws-target-group target_groups: the group asks for the health at /health, and the manifest",
        "aws-image image: the registry has no image ",
    ] {
        assert!(found.iter().any(|it| it.starts_with(expected)), "{expected}: {found:#?}");
    }
    assert_eq!(found.len(), 3, "{found:#?}");
    let local = region.neargate("check --aws --env local").within(shop.folder.path());
    local.run().await.expect(2).says("--aws is about an environment on AWS");
}

/// AWS gives 6 processors to a new account: two of 2 fit while one takes the other's place, two of 4 do
/// not.
#[tokio::test]
async fn a_rollout_that_needs_more_than_the_account_may_have_is_found() {
    let shop = Shop::new(&Region::shared(Driver::Process).await, "").await;
    let mut size = "build: .".to_owned();
    for (cpu, expected) in [(2048, None), (4096, Some("aws-quota cpu: a rollout needs 8.00 vCPU"))]
    {
        let other = format!("build: .\n    cpu: {cpu}\n    memory: 8192");
        shop.folder.edit("neargate.yml", &size, &other);
        size = other;
        let found = lacking(&shop).await;
        let found: Vec<&String> = found.iter().filter(|it| it.starts_with("aws-quota")).collect();
        assert_eq!(found.len(), usize::from(expected.is_some()), "{found:#?}");
        assert!(found.iter().all(|it| expected.is_some_and(|start| it.starts_with(start))));
    }
}
