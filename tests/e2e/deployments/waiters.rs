//! `aws ecs wait services-stable` and `services-inactive`: they end when what they wait for is there,
//! neither before nor never (reference §3.15).

use crate::stage::balanced::{Front, server};
use crate::stage::clients::{aws, aws_line};
use crate::stage::cluster::node;
use crate::stage::{Driver, Line, Region, with};
use serde_json::{Value as Json, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The waiter looks every 15 s, in its own time. A change is not done at its first look and long done
/// at its second or third; it would give up at its fortieth.
const PATIENCE: Duration = Duration::from_secs(120);
const SOON: Duration = Duration::from_secs(50);

/// Fast enough for that, and slow enough that nothing is done before the first look.
const SPEED: u32 = 20;

/// A service that the aws CLI changes and waits for.
struct Waited {
    aws: PathBuf,
    front: Front,
    service: String,
}

#[tokio::test]
async fn waiters_end_after_an_update_a_rollback_a_scale_to_zero_and_a_deletion() {
    let Some(aws) = aws("aws ecs wait").await else { return };
    let region = Region::start_at_speed(Driver::Process, SPEED).await;
    let front = Front::new(&region).await;
    let group = front.group().await;
    let service = front.serve(&server(&[("VERSION", "one")]), &group, 2).await;
    let waited = Waited { aws, front, service };
    let first = waited.until_stable().await["taskDefinition"].clone();

    let second = waited.define(server(&[("VERSION", "two")])).await;
    waited.update(&format!("--task-definition {second}")).await;
    let stable = waited.until_stable().await;
    assert_ne!(stable["taskDefinition"], first, "{stable:#}");
    assert_eq!(stable["deployments"][0]["taskDefinition"], second.as_str(), "{stable:#}");

    // The waiter does not say that the update failed: it passes because the old version is back.
    let port = json!({ "portMappings": [{ "containerPort": 3000 }] });
    let third = waited.define(with(node("web", "process.exit(1)"), port)).await;
    let breaker = "deploymentCircuitBreaker={enable=true,rollback=true}";
    let options = format!("--task-definition {third} --deployment-configuration {breaker}");
    waited.update(&options).await;
    let stable = waited.until_stable().await;
    assert_eq!(stable["deployments"][0]["taskDefinition"], second.as_str(), "{stable:#}");
    assert!(waited.tells("deployment failed: tasks failed to start.").await);

    waited.update("--desired-count 0").await;
    waited.until_stable().await;

    waited.ecs("delete-service --force --service").await.expect(0);
    let failed = waited.ecs("wait services-stable --services").await;
    failed.expect(255).says("Waiter ServicesStable failed");
    waited.ecs("wait services-inactive --services").await.expect(0);
    assert_eq!(waited.front.service(&waited.service).await["status"], "INACTIVE");
}

// === impl Waited ===

impl Waited {
    /// Runs the CLI about the service, whose name follows the words.
    async fn ecs(&self, words: &str) -> crate::stage::command::Finished {
        let cluster = &self.front.cluster;
        let line: Line = aws_line(&self.aws, &cluster.region, "ecs").args(words).arg(&self.service);
        line.args("--cluster").arg(&cluster.name).patience(PATIENCE).run().await
    }

    async fn update(&self, options: &str) {
        self.ecs(&format!("update-service {options} --service")).await.expect(0);
    }

    async fn define(&self, container: Json) -> String {
        self.front.cluster.define(&[container], json!({})).await
    }

    /// Lets the CLI wait; answers the service as it is then, which is as it was waited for.
    async fn until_stable(&self) -> Json {
        let begun = Instant::now();
        self.ecs("wait services-stable --services").await.expect(0);
        assert!(begun.elapsed() < SOON, "it was waited for {:?}", begun.elapsed());
        let service = self.front.service(&self.service).await;
        let one = service["deployments"].as_array().is_some_and(|held| held.len() == 1);
        assert!(one && service["runningCount"] == service["desiredCount"], "{service:#}");
        service
    }

    async fn tells(&self, words: &str) -> bool {
        let messages = self.front.messages(&self.service).await;
        messages.iter().any(|message| message.contains(words))
    }
}
