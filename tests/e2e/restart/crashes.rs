//! A region that is killed in the middle of its work, again and again.

use crate::stage::cluster::{FOREVER, list, shell, text};
use crate::stage::processes::pids_that_name;
use crate::stage::{Cluster, Driver, PATIENCE, Region, engine, eventually};
use api::Service::{Ecs, Ssm};
use serde_json::{Value as Json, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How often a region is killed.
const KILLS: usize = 20;

/// How long it lives at most.
const LIFE: Duration = Duration::from_millis(600);

/// How many times faster than AWS its waits pass, so that a crash finds tasks in every state.
const SPEED: u32 = 500;

#[tokio::test]
async fn no_acknowledged_change_is_lost_with_processes() {
    no_acknowledged_change_is_lost(Driver::Process).await;
}

#[tokio::test]
async fn no_acknowledged_change_is_lost_with_containers() {
    if engine::answers("crashes") {
        no_acknowledged_change_is_lost(Driver::Docker).await;
    }
}

/// Tasks are run, a service is changed and parameters are written without a pause while the region
/// is killed. What was acknowledged is there; in the end the service is what it was last told to be,
/// and no task is there that nobody knows.
async fn no_acknowledged_change_is_lost(driver: Driver) {
    let mut region = Region::start_at_speed(driver, SPEED).await;
    let client = Writer::new(&region).await;
    let mut chance = Chance::new();
    let (mut parameters, mut tasks) = (0, 0);
    for round in 0..KILLS {
        let writer = Writer { region: region.clone(), ..client.again(round) };
        let said = Arc::clone(&writer.said);
        let writing = tokio::spawn(writer.write());
        tokio::time::sleep(chance.below(LIFE)).await;
        region.kill().await;
        writing.abort();
        writing.await.ok();
        region = region.start_again().await;
        let said = std::mem::take(&mut *said.lock().unwrap());
        said.holds(&region, &client.cluster, &format!("round {round}, {chance:?}")).await;
        parameters += said.parameters.len();
        tasks += said.tasks.len();
    }
    let many = parameters > KILLS && tasks >= KILLS / 2;
    assert!(many, "{parameters} parameters and {tasks} tasks were acknowledged: hardly a test");
    let update = json!({ "cluster": client.cluster, "service": "web", "desiredCount": 2 });
    region.ecs("UpdateService", update).await;
    let tasks = settles(&region, &client.cluster).await;
    no_task_is_left_over(&region, &tasks).await;
}

/// A client that changes one thing after the other.
struct Writer {
    region: Region,
    cluster: String,
    network: Json,
    round: usize,
    said: Arc<Mutex<Acknowledged>>,
}

/// What a client was told is done.
#[derive(Debug, Default)]
struct Acknowledged {
    parameters: Vec<String>,
    tasks: Vec<String>,
    /// The service's last desired count, and the one that was asked for next.
    counts: Option<(i64, i64)>,
}

// === impl Writer ===

impl Writer {
    /// A cluster with a service `web`, and the definition `once` of a task that ends by itself.
    async fn new(region: &Region) -> Self {
        let cluster = Cluster::new(region).await;
        let script = format!(": {}; {FOREVER}", mark(region));
        let definition = cluster.define(&[shell("main", &script)], json!({})).await;
        let once = format!(": {}; sleep 0.2", mark(region));
        cluster.define(&[shell("main", &once)], json!({ "family": "once" })).await;
        let network = cluster.network().await;
        let service = json!({
            "cluster": cluster.name, "serviceName": "web", "taskDefinition": definition,
            "desiredCount": 1, "launchType": "FARGATE", "networkConfiguration": network,
        });
        region.ecs("CreateService", service).await;
        let said = Arc::default();
        Self { region: region.clone(), cluster: cluster.name, network, round: 0, said }
    }

    /// The same for another round.
    fn again(&self, round: usize) -> Self {
        let (cluster, network) = (self.cluster.clone(), self.network.clone());
        Self { region: self.region.clone(), cluster, network, round, said: Arc::default() }
    }

    /// Changes what there is until the region is away.
    async fn write(self) {
        for at in 0.. {
            if self.change(at).await.is_none() {
                return;
            }
        }
    }

    async fn change(&self, at: usize) -> Option<()> {
        let name = format!("/round/{}/{at}", self.round);
        let put = json!({ "Name": name, "Value": "x", "Type": "String" });
        self.region.try_reach(Ssm, "PutParameter", put).await?.unwrap();
        self.said.lock().unwrap().parameters.push(name);
        match at {
            0 => self.run().await,
            1..5 => self.scale(at).await,
            _ => Some(()),
        }
    }

    async fn run(&self) -> Option<()> {
        let run = json!({
            "cluster": self.cluster, "taskDefinition": "once", "launchType": "FARGATE",
            "networkConfiguration": self.network,
        });
        let ran = self.region.try_reach(Ecs, "RunTask", run).await?.unwrap();
        self.said.lock().unwrap().tasks.push(text(&ran["tasks"][0]["taskArn"]));
        Some(())
    }

    async fn scale(&self, at: usize) -> Option<()> {
        let count = |at: usize| i64::try_from((self.round + at) % 4).unwrap();
        let update =
            json!({ "cluster": self.cluster, "service": "web", "desiredCount": count(at) });
        self.region.try_reach(Ecs, "UpdateService", update).await?.unwrap();
        let next = if at == 4 { at } else { at + 1 };
        self.said.lock().unwrap().counts = Some((count(at), count(next)));
        Some(())
    }
}

// === impl Acknowledged ===

impl Acknowledged {
    /// All of it is there.
    async fn holds(&self, region: &Region, cluster: &str, when: &str) {
        for parameter in &self.parameters {
            let request = json!({ "Name": parameter });
            let found = region.try_call(Ssm, "GetParameter", request).await;
            assert!(found.is_ok(), "{parameter} was acknowledged: {when}");
        }
        for task in &self.tasks {
            let request = json!({ "cluster": cluster, "tasks": [task] });
            let found = region.ecs("DescribeTasks", request).await;
            assert_eq!(found["failures"], json!([]), "{task} was acknowledged: {when}");
        }
        if let Some((last, next)) = self.counts {
            let desired = describe(region, cluster).await["desiredCount"].as_i64().unwrap();
            let fits = desired == last || desired == next;
            assert!(fits, "{desired} is neither {last}, as acknowledged, nor {next}: {when}");
        }
    }
}

async fn describe(region: &Region, cluster: &str) -> Json {
    let request = json!({ "cluster": cluster, "services": ["web"] });
    region.ecs("DescribeServices", request).await["services"][0].take()
}

/// The service has what it was told to have, all of it RUNNING, and the region knows of nothing else.
async fn settles(region: &Region, cluster: &str) -> Vec<Json> {
    eventually("the service settles", PATIENCE, async || {
        let service = describe(region, cluster).await;
        let tasks = region.ecs("ListTasks", json!({ "cluster": cluster })).await;
        let tasks = list(tasks["taskArns"].clone());
        let done = service["runningCount"] == 2 && service["pendingCount"] == 0;
        (done && tasks.len() == 2).then_some(tasks)
    })
    .await
}

/// Of all tasks that ever ran, only those that should run are on this machine, whether the region
/// knows of the others or not.
async fn no_task_is_left_over(region: &Region, tasks: &[Json]) {
    let own = match region.driver() {
        Driver::Process => None,
        Driver::Docker => Some(engine::region_of(&text(&tasks[0])).await),
    };
    eventually("two tasks are left", PATIENCE, async || {
        let left = match &own {
            None => pids_that_name(&mark(region)).await.len(),
            Some(own) => engine::tasks_of(own).await.len(),
        };
        (left == tasks.len()).then_some(())
    })
    .await;
}

/// What the tasks of a region have in their arguments, and nothing else.
fn mark(region: &Region) -> String {
    format!("task-of-{}", region.data().file_name().unwrap().display())
}

/// Chance whose beginning is shown when a test fails.
#[derive(Debug)]
struct Chance {
    #[expect(dead_code, reason = "it is shown")]
    seed: u64,
    state: u64,
}

// === impl Chance ===

impl Chance {
    fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let seed = u64::from(now.subsec_nanos()) | 1;
        Self { seed, state: seed }
    }

    /// A length of time (xorshift).
    fn below(&mut self, most: Duration) -> Duration {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        most.mul_f64((self.state % 1000) as f64 / 1000.0)
    }
}
