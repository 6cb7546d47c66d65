//! A canary deployment, seen by boto3 and by who sends requests.

use crate::stage::binary::{neargate, root};
use crate::stage::clients::{python, script};
use crate::stage::cluster::list;
use crate::stage::{Driver, Region};
use serde_json::{Value as Json, json};
use std::time::Duration;

/// Two deployments at a speed at which each stage lasts for long enough to be looked at.
const SPEED: u32 = 15;
const PATIENCE: Duration = Duration::from_secs(400);

/// Each stage is in `DescribeServiceDeployments`, the rule's weights are what it says, and the answers
/// come from the two versions in that proportion. A deployment that is sent back during the canary leaves
/// no answer of the new version.
#[tokio::test]
async fn a_canary_gets_its_share_of_the_requests_and_all_of_them_after_it() {
    let Some(python) = python("a canary").await else { return };
    let region = Region::start_at_speed(Driver::Process, SPEED).await;
    let line = script(&python, "canary.py", &region).arg(root().join("tests/apps/server.js"));
    let line = line.arg(neargate()).args("region endpoints --json --data").arg(region.data());
    let seen = line.patience(PATIENCE).json().await;
    let answers = |at: &str, version: &str| {
        seen.pointer(&format!("/{at}/{version}")).and_then(Json::as_u64).unwrap_or_default()
    };
    assert_eq!((&seen["first"], answers("before", "1")), (&json!("SUCCESSFUL"), 200), "{seen:#}");

    // A fifth of 200 by chance: 40, give or take five times the 5.7 that chance makes of it.
    for (at, new) in [("share", "2"), ("again", "3")] {
        let share = answers(&format!("{at}/answers"), new);
        assert!((11..=69).contains(&share), "{at}: {share} of 200, {seen:#}");
        assert_eq!(seen[at]["stayed"], true, "the stage was over too soon: {seen:#}");
    }
    assert_eq!(seen["share"]["weights"], json!([80, 20]), "{seen:#}");
    // Both versions run, and the old deployment is still the one that is COMPLETED.
    let both = json!([["PRIMARY", "IN_PROGRESS", 2], ["ACTIVE", "COMPLETED", 2]]);
    assert_eq!(seen["share"]["deployments"], both, "{seen:#}");

    // The bake time: all requests are the new version's, the old one's tasks are there still.
    assert_eq!((&seen["bake"]["weights"], answers("bake/answers", "2")), (&json!([0, 100]), 200));
    assert_eq!(seen["bake"]["deployments"], both, "{seen:#}");
    assert_eq!((&seen["done"], answers("after/answers", "2")), (&json!("SUCCESSFUL"), 200));
    assert_eq!(list(seen["stages"].clone()).first(), Some(&json!("BAKE_TIME")), "{seen:#}");

    // The groups have changed roles, and the way back leads to the version before.
    assert_eq!(seen["again"]["weights"], json!([20, 80]), "{seen:#}");
    assert_eq!(seen["back"], "ROLLBACK_SUCCESSFUL", "{seen:#}");
    assert_eq!(seen["returned"], json!({ "weights": [0, 100], "answers": { "2": 200 } }));
    let events = list(seen["events"].clone());
    let tells = |words: &str| events.iter().any(|event| event.as_str().unwrap().contains(words));
    assert!(tells("rolling back to deployment ") && tells("deployment completed."), "{events:#?}");
}
