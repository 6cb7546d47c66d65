//! A region that is killed and started again: what it acknowledged is there, and its tasks go on.

use crate::stage::balanced::{Front, server};
use crate::stage::cluster::{list, shell, text};
use crate::stage::processes::is_alive;
use crate::stage::web::{Ask, until_status};
use crate::stage::{Cluster, Driver, PATIENCE, Region, engine, eventually};
use api::Service::Ssm;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How often a region is killed.
const KILLS: usize = 20;

#[tokio::test]
async fn running_tasks_are_adopted_with_processes() {
    running_tasks_are_adopted(Driver::Process).await;
}

#[tokio::test]
async fn running_tasks_are_adopted_with_containers() {
    if engine::answers("adoption") {
        running_tasks_are_adopted(Driver::Docker).await;
    }
}

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

/// The same tasks, the same processes in them, their output without a gap, and the load balancer
/// leads to them again.
async fn running_tasks_are_adopted(driver: Driver) {
    let region = Region::start(driver).await;
    let front = Front::new(&region).await;
    let group = front.group().await;
    let service = front.serve(&server(&[]), &group, 2).await;
    let count = "trap 'exit 0' TERM; at=0; while :; do at=$((at + 1)); echo $at; sleep 0.1; done";
    let alone = front.cluster.run(&[shell("main", count)]).await;
    front.until_deployed(&service).await;
    front.cluster.until(&alone, "RUNNING").await;
    let before = (arns(&front.tasks(&service).await), who_answers(&front).await);
    let Front { cluster, balancer, listener, url } = front;
    let name = cluster.name.clone();
    drop(cluster);
    region.kill().await;
    let region = region.start_again().await;
    let cluster = Cluster { region: region.clone(), name };
    let front = Front { cluster, balancer, listener, url };

    assert_eq!(arns(&front.tasks(&service).await), before.0);
    until_status(&front.url, 200).await;
    assert_eq!(who_answers(&front).await, before.1);
    let task = front.cluster.task(&alone).await;
    assert_eq!(task["lastStatus"], "RUNNING", "{task:#}");
    let written = front.cluster.output(&alone, "main").await.len();
    let lines = eventually("more output", PATIENCE, async || {
        let lines = front.cluster.output(&alone, "main").await;
        (lines.len() > written + 5).then_some(lines)
    })
    .await;
    let expected: Vec<String> = (1..=lines.len()).map(|at| at.to_string()).collect();
    assert_eq!(lines, expected, "no line is lost, none comes twice");
}

fn arns(tasks: &[Json]) -> BTreeSet<String> {
    tasks.iter().map(|task| text(&task["taskArn"])).collect()
}

/// The processes of both tasks, by host and number.
async fn who_answers(front: &Front) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    eventually("both tasks answer", PATIENCE, async || {
        let who = Ask::get(&format!("{}/who", front.url)).try_send().await.ok()?;
        if who.status == 200 {
            seen.insert(who.body);
        }
        (seen.len() == 2).then_some(())
    })
    .await;
    seen
}

/// Parameters are written and a service is changed without a pause while the region is killed, again
/// and again. What was acknowledged is there; in the end the service is what it was last told to be,
/// and no task is there that nobody knows.
async fn no_acknowledged_change_is_lost(driver: Driver) {
    let mut region = Region::start(driver).await;
    let cluster = Cluster::new(&region).await;
    let name = cluster.name.clone();
    let definition =
        cluster.define(&[shell("main", crate::stage::cluster::FOREVER)], json!({})).await;
    let service = json!({
        "cluster": name, "serviceName": "web", "taskDefinition": definition, "desiredCount": 1,
        "launchType": "FARGATE", "networkConfiguration": cluster.network().await,
    });
    region.ecs("CreateService", service).await;
    drop(cluster);
    let mut chance = Chance::new();
    let mut written = 0;
    for round in 0..KILLS {
        let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
        let writing =
            tokio::spawn(write(region.clone(), name.clone(), round, acknowledged.clone()));
        tokio::time::sleep(chance.below(Duration::from_millis(400))).await;
        region.kill().await;
        writing.abort();
        writing.await.ok();
        region = region.start_again().await;
        let acknowledged = std::mem::take(&mut *acknowledged.lock().unwrap());
        for parameter in &acknowledged.parameters {
            let request = json!({ "Name": parameter });
            let found = region.try_call(Ssm, "GetParameter", request).await;
            assert!(found.is_ok(), "{parameter} was acknowledged in round {round}: {chance:?}");
        }
        written += acknowledged.parameters.len();
        let found = describe(&region, &name).await;
        let desired = found["desiredCount"].as_i64().unwrap();
        let fits = acknowledged.counts.last().is_none_or(|last| desired >= *last);
        assert!(fits, "{desired} in round {round}, acknowledged {:?}", acknowledged.counts);
    }
    assert!(written > KILLS, "{written} changes were acknowledged: hardly a test");
    let update = json!({ "cluster": name, "service": "web", "desiredCount": 2 });
    region.ecs("UpdateService", update).await;
    settles(&region, &name).await;
    no_task_is_left_over(&Cluster { region, name }).await;
}

/// What a client was told is done.
#[derive(Debug, Default)]
struct Acknowledged {
    parameters: Vec<String>,
    /// Desired counts, each higher than the one before.
    counts: Vec<i64>,
}

/// Changes one thing after the other until it is stopped.
async fn write(region: Region, cluster: String, round: usize, done: Arc<Mutex<Acknowledged>>) {
    let start = json!({ "cluster": cluster, "service": "web", "desiredCount": 0 });
    let _lowered = region.try_reach(api::Service::Ecs, "UpdateService", start).await;
    for at in 0.. {
        let name = format!("/round/{round}/{at}");
        let put = json!({ "Name": name, "Value": "x", "Type": "String" });
        let Some(Ok(_)) = region.try_reach(Ssm, "PutParameter", put).await else { return };
        done.lock().unwrap().parameters.push(name);
        let count = at % 4;
        if count > 0 && at < 4 {
            let update = json!({ "cluster": cluster, "service": "web", "desiredCount": count });
            let told = region.try_reach(api::Service::Ecs, "UpdateService", update).await;
            let Some(Ok(_)) = told else { return };
            done.lock().unwrap().counts.push(count);
        }
    }
}

async fn describe(region: &Region, cluster: &str) -> Json {
    let request = json!({ "cluster": cluster, "services": ["web"] });
    region.ecs("DescribeServices", request).await["services"][0].take()
}

/// The service has what it was told to have, all of it RUNNING, and the region knows of nothing else.
async fn settles(region: &Region, cluster: &str) {
    eventually("the service settles", PATIENCE, async || {
        let service = describe(region, cluster).await;
        let done = service["runningCount"] == 2 && service["pendingCount"] == 0;
        done.then_some(())
    })
    .await;
    let tasks = region.ecs("ListTasks", json!({ "cluster": cluster })).await;
    assert_eq!(list(tasks["taskArns"].clone()).len(), 2);
}

/// Of all tasks that ever ran, only those that should run do.
async fn no_task_is_left_over(cluster: &Cluster) {
    let request = json!({ "logGroupName": cluster.name });
    let streams =
        list(cluster.region.logs("DescribeLogStreams", request).await["logStreams"].take());
    let tasks: Vec<String> = streams.iter().map(|held| text(&held["logStreamName"])).collect();
    let what = format!("two of {} tasks are left", tasks.len());
    eventually(&what, PATIENCE, async || {
        let mut alive = 0;
        for task in &tasks {
            alive += usize::from(is_there(cluster, task).await);
        }
        (alive == 2).then_some(())
    })
    .await;
}

/// Whether anything of a task is on this machine. One that never came to say its number was killed
/// before it could do anything.
async fn is_there(cluster: &Cluster, task: &str) -> bool {
    match cluster.region.driver() {
        Driver::Process => {
            let lines = cluster.output(task, "main").await;
            let pid = lines.first().map(|line| line.trim_start_matches("pids ").parse().unwrap());
            pid.is_some_and(is_alive)
        }
        Driver::Docker => {
            let id = task.rsplit('/').next().unwrap();
            !engine::containers(&format!("neargate.task={id}")).await.is_empty()
        }
    }
}

/// Chance whose beginning is shown when a test fails.
#[derive(Debug)]
struct Chance {
    #[expect(dead_code, reason = "it is shown")]
    seed: u64,
    state: u64,
}

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
