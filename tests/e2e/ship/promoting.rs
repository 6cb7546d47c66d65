//! An image goes on from one environment to the next: two accounts, each with a registry of its own.

use super::environment::Shop;
use crate::stage::{Driver, Line, Region, engine};
use serde_json::{Value as Json, json};

/// The digest that the newest record of an environment has.
fn digest(history: &Json) -> String {
    let image = history["deployments"][0]["services"]["web"]["image"].as_str().unwrap();
    image.split_once('@').unwrap_or_else(|| panic!("{image} has no digest")).1.to_owned()
}

/// What runs in `staging` runs in `prod` afterwards, byte for byte, from the registry of `prod`; and
/// what `staging` does not vouch for stays there.
#[tokio::test]
async fn the_image_that_was_tried_is_the_one_that_goes_on() {
    if !engine::answers("promoting an image") {
        return;
    }
    let (tried, live) = tokio::join!(Region::shared(Driver::Docker), Region::start(Driver::Docker));
    let shop = Shop::new(&live, "").await;
    shop.add(&tried, "staging").await;
    let profiles = format!(
        "[default]\nendpoint_url = {}\n[profile staging]\nendpoint_url = {}\n",
        live.endpoint(),
        tried.endpoint()
    );
    shop.folder.write("profiles", &profiles);
    let neargate = |words: &str| -> Line {
        let line = live.neargate(words).within(shop.folder.path());
        let line = line.env("AWS_CONFIG_FILE", "profiles").env("AWS_ACCESS_KEY_ID", "test");
        let line = line.env("AWS_EC2_METADATA_DISABLED", "true");
        line.env("AWS_SECRET_ACCESS_KEY", "test").patience(crate::stage::PATIENCE * 4)
    };
    let staging = |words: &str| neargate(words).args("--env staging").env("AWS_PROFILE", "staging");
    let promote = "promote --from staging --to prod --from-profile staging";
    neargate(promote).run().await.expect(1).says("service web runs no task in staging");

    staging("deploy --yes").run().await.expect(0);
    let unasked = neargate(promote).run().await.expect(2);
    unasked.says("copied the image of web to ");
    unasked.says("nobody is there to agree to this");
    let promoted = neargate(promote).args("--yes").run().await.expect(0);
    promoted.says("/prod/web has all of the image of web");
    promoted.says("runs in prod");
    assert_eq!(shop.page().await, "one");
    let record = neargate("history --json --env prod").json().await;
    assert_eq!(digest(&record), digest(&staging("history --json").json().await));
    let image = record["deployments"][0]["services"]["web"]["image"].as_str().unwrap();
    assert!(image.contains(&format!("{}/prod/web@sha256:", shop.app)), "{image}");

    // Within one registry nothing travels.
    shop.add(&tried, "next").await;
    let within = neargate("promote --from staging --to next").env("AWS_PROFILE", "staging");
    within.run().await.expect(2).says("/next/web has all of the image of web");

    let path = format!("/neargate/{}/staging/deployments", shop.app);
    let bad = json!({
        "id": "99990101000000-00000001", "who": "somebody", "began": "", "beganMillis": 253_370_764_800_000_i64,
        "services": {}, "verdict": "rolled-back", "words": "the test says so",
    });
    let put = json!({
        "Name": format!("{path}/99990101000000-00000001"), "Value": bad.to_string(), "Type": "String",
    });
    tried.call(api::Service::Ssm, "PutParameter", put).await;
    let refused = neargate(promote).args("--yes").run().await.expect(1);
    refused.says("the last deployment to staging ended as `rolled-back`: the test says so");
    let unproven = neargate(promote).args("--yes --unproven").run().await.expect(0);
    unproven.says("there is nothing to change");
}
