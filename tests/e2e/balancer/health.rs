//! What is said of targets' health, and what the service does about it (reference §4.3).

use crate::stage::balanced::{Front, server};
use crate::stage::web::Ask;
use crate::stage::{Driver, PATIENCE, Region, eventually};
use serde_json::json;

/// Why a target is in its first state: it is taken up, then it is checked.
const INITIAL: [&str; 2] = ["Elb.RegistrationInProgress", "Elb.InitialHealthChecking"];

/// A health check that fails says how.
#[tokio::test]
async fn an_unhealthy_target_has_its_reason() {
    let region = Region::shared(Driver::Process).await;
    let cases = [
        ("418", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [418]"),
        ("0", "Target.Timeout", "Request timed out"),
    ];
    for (health, reason, description) in cases {
        let front = Front::new(&region).await;
        let group = front.group().await;
        front.serve(&server(&[("HEALTH", health)]), &group, 1).await;
        let seen = front.until_target(&group, "initial").await;
        let first = seen["Reason"].as_str().unwrap();
        assert!(INITIAL.contains(&first), "{seen}");
        // A check that came before the server listened had another reason.
        let seen = eventually(&format!("a target is unhealthy: {reason}"), PATIENCE, async || {
            let seen = front.until_target(&group, "unhealthy").await;
            (seen["Reason"] == reason).then_some(seen)
        })
        .await;
        assert_eq!(seen["Description"], description);
    }
}

#[tokio::test]
async fn a_target_that_nothing_leads_to_is_unused() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let group = front.idle_group(json!({})).await;
    let there = json!({ "Filters": [{ "Name": "default-for-az", "Values": ["true"] }] });
    let subnets = front.cluster.region.call(api::Service::Ec2, "DescribeSubnets", there).await;
    let block = subnets["Subnets"][0]["CidrBlock"].as_str().unwrap();
    let address = block.replace("0/20", "99");
    let request = json!({ "TargetGroupArn": group, "Targets": [{ "Id": address, "Port": 1 }] });
    front.cluster.region.elb("RegisterTargets", request.clone()).await;
    let seen = front.until_target(&group, "unused").await;
    assert_eq!(seen["Reason"], "Target.NotInUse");
    // With a listener in front it is checked, and nothing answers there.
    front.answer_with(json!([{ "Type": "forward", "TargetGroupArn": group }])).await;
    let seen = front.until_target(&group, "unhealthy").await;
    assert_eq!(seen["Reason"], "Target.FailedHealthChecks");
    front.cluster.region.elb("DeregisterTargets", request).await;
    let seen = front.until_target(&group, "draining").await;
    assert_eq!(seen["Reason"], "Target.DeregistrationInProgress");
    eventually("the target is gone", PATIENCE, async || {
        front.health(&group).await.is_empty().then_some(())
    })
    .await;
}

/// A task whose target turns unhealthy is replaced by its service, which says so.
#[tokio::test]
async fn a_service_replaces_a_task_that_turns_unhealthy() {
    let front = Front::new(&Region::shared(Driver::Process).await).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 1).await;
    front.until_deployed(&service).await;
    let before = front.tasks(&service).await;
    // The grace period is over at once; until then nothing would be replaced.
    let update = json!({
        "cluster": front.cluster.name, "service": service, "healthCheckGracePeriodSeconds": 0,
    });
    front.cluster.region.ecs("UpdateService", update).await;
    Ask::get(&format!("{}/health?become=500", front.url)).send().await;
    eventually("another task runs in its place", PATIENCE, async || {
        let tasks = front.tasks(&service).await;
        let other = tasks.len() == 1 && tasks[0]["taskArn"] != before[0]["taskArn"];
        (other && tasks[0]["lastStatus"] == "RUNNING").then_some(())
    })
    .await;
    let messages = front.messages(&service).await;
    let why = "is unhealthy in (target-group";
    assert!(messages.iter().any(|message| message.contains(why)), "{messages:#?}");
    let stopped = front.cluster.task(before[0]["taskArn"].as_str().unwrap()).await;
    let reason = format!("Task failed ELB health checks in (target-group {group})");
    assert_eq!(stopped["stoppedReason"], reason.as_str());
}
