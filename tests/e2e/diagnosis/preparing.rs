//! Tasks that can't be put together, and what their logs must not show.

use super::shop::{Shop, node, region};
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::{Driver, Region, scratch::number, with};
use api::Service;
use serde_json::{Value as Json, json};

fn with_secret(reference: &str) -> Json {
    with(node("setInterval(() => {}, 1e6)"), json!({ "secrets": { "TOKEN": reference } }))
}

/// Keeps a secret.
async fn keep(region: &Region, name: &str, value: &str) {
    let token = format!("neargate-e2e-{:020}", number());
    let request = json!({ "Name": name, "SecretString": value, "ClientRequestToken": token });
    region.call(Service::SecretsManager, "CreateSecret", request).await;
}

#[tokio::test]
async fn what_a_task_lacks_is_named() {
    let region = region(Driver::Process).await;
    let name = format!("shop-{}", number());
    keep(&region, &name, r#"{"user":"web"}"#).await;
    let arn = |service: &str, rest: &str| format!("arn:aws:{service}:{NAME}:{ACCOUNT}:{rest}");
    let cases = [
        (
            "key",
            with_secret(&format!("secretsmanager:{name}:password")),
            "the secret has no JSON key password (json-key-missing)",
        ),
        (
            "secret",
            with_secret(&arn("secretsmanager", "secret:nowhere-AbCdEf")),
            "(secret-missing)",
        ),
        ("parameter", with_secret(&arn("ssm", "parameter/no/where")), "(parameter-missing)"),
    ];
    let (shop, told) = Shop::expect(&region, &cases).await;
    told["key"].says("TaskFailedToStart: ResourceInitializationError: unable to pull secrets");
    shop.end().await;
}

/// A password that was changed since the task began is one too; so is the one in a URL.
#[tokio::test]
async fn values_of_secrets_are_never_shown() {
    let region = region(Driver::Process).await;
    let (name, path) = (format!("token-{}", number()), format!("/d/{}/url", number()));
    keep(&region, &name, "hunter2-token").await;
    let value = "postgres://web:pass%40word9@db.internal:5432/shop";
    let request = json!({ "Name": path, "Type": "SecureString", "Value": value });
    region.call(Service::Ssm, "PutParameter", request).await;
    let program = "const { TOKEN, URL_ } = process.env;
        console.error('token', TOKEN, 'url', URL_);
        throw new Error('bad token ' + TOKEN + ' or password ' + decodeURIComponent(new URL(URL_).password))";
    let secrets = json!({ "secrets": {
        "TOKEN": format!("secretsmanager:{name}"), "URL_": format!("ssm:{path}"),
    } });
    let title = "ended with an exception: Error: bad token [secret] or password [secret]";
    let service = with(node(program), secrets);
    let (shop, told) = Shop::expect(&region, &[("api", service, title)]).await;
    let status = shop.status("api").await.to_string();
    for shown in [told["api"].text(), status, shop.events().await] {
        assert!(shown.contains("[secret]"), "{shown}");
        for secret in ["hunter2", "pass%40word9", "pass@word9"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    shop.end().await;
}
