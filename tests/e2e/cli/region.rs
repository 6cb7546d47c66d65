//! `neargate region`: the region's own life.

use crate::stage::cluster::{FOREVER, list, shell, text};
use crate::stage::processes::{is_alive, pids_of, until_gone};
use crate::stage::region::{ACCOUNT, NAME};
use crate::stage::web::Ask;
use crate::stage::{Cluster, Driver, Line, PATIENCE, Region, on_both_drivers};
use serde_json::json;
use std::collections::BTreeSet;

on_both_drivers![its_page_tells_what_it_is];

async fn its_page_tells_what_it_is(region: &Region) {
    let status = region.neargate("region status --json").json().await;
    let expected = json!({
        "account": ACCOUNT, "data": region.data(), "driver": region.driver().word(),
        "endpoint": region.endpoint(), "pid": region.pid(), "region": NAME, "speed": 50.0,
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&status[name], value, "{name} of {status:#}");
    }
    let lines = region.neargate("region status").output().await;
    assert!(lines.starts_with(&format!("endpoint  {}\n", region.endpoint())), "{lines}");
    assert!(lines.contains(&format!("\ndriver    {}\n", region.driver().word())), "{lines}");
}

/// A second start finds the first; one that would have to be another is refused.
#[tokio::test]
async fn it_runs_once() {
    let region = Region::start(Driver::Process).await;
    let again = region.neargate("region start --detach --driver process --port 0");
    again.run().await.expect(0).says(&format!("runs already at {}", region.endpoint()));
    for (words, said) in [
        ("--driver docker", "it has the driver `process`, not `docker`"),
        ("--region eu-west-1", "it is called `us-east-1`, not `eu-west-1`"),
        ("--speed 3", "AWS's waits pass 50 times faster there"),
    ] {
        let line = region.neargate("region start --detach --port 0").args(words);
        let refused = line.run().await.expect(6);
        refused.says(said);
        refused.says("hint: `neargate region stop` ends it first");
    }
    let here = region.neargate("region start --driver process --port 0").run().await.expect(6);
    here.says("another region is running on this data directory");
    assert!(is_alive(region.pid()), "it runs on");
}

#[tokio::test]
async fn it_stops_and_remembers() {
    let region = Region::start(Driver::Process).await;
    let cluster = Cluster::new(&region).await;
    let name = cluster.name.clone();
    region.neargate("region stop").run().await.expect(0).says("✓ the region has stopped");
    assert!(!is_alive(region.pid()));
    region.neargate("region stop").run().await.expect(0).says("the region is not running");
    region.neargate("region status").run().await.expect(4);
    let other = "region start --detach --driver process --port 0 --region eu-west-1";
    let refused = region.neargate(other).run().await.expect(6);
    refused.says("the data directory holds the region `us-east-1`, not `eu-west-1`");
    drop(cluster);
    let region = region.start_again().await;
    let found = region.ecs("ListClusters", json!({})).await["clusterArns"].to_string();
    assert!(found.contains(&format!("cluster/{name}\"")), "{found}");
}

/// A reset forgets everything and ends every task; the region goes on. One that is stopped has no
/// data afterwards.
#[tokio::test]
async fn it_forgets_when_it_is_told_to() {
    let region = Region::start(Driver::Process).await;
    let cluster = Cluster::new(&region).await;
    let task = cluster.run(&[shell("main", &format!("echo pids $$; {FOREVER}"))]).await;
    let pids = pids_of(&cluster, &task, "main").await;
    region.neargate("region reset --yes").run().await.expect(0);
    until_gone(&pids, PATIENCE).await;
    let found = region.ecs("ListClusters", json!({})).await;
    assert_eq!(list(found["clusterArns"].clone()).len(), 0, "{found}");
    let groups = region.logs("DescribeLogGroups", json!({})).await;
    assert_eq!(list(groups["logGroups"].clone()).len(), 0, "{groups}");

    region.neargate("region stop").output().await;
    assert!(region.data().exists());
    region.neargate("region reset --yes").run().await.expect(0).says("the region's data is gone");
    assert!(!region.data().exists());
    let again = region.neargate("region reset --yes").run().await.expect(0);
    again.says("there is nothing to forget");
}

/// A shell that evaluates it, and programs that read it, get the same.
#[tokio::test]
async fn its_environment_points_programs_at_it() {
    let region = Region::shared(Driver::Process).await;
    let variables = region.neargate("region env --json").json().await;
    assert_eq!(variables["AWS_ENDPOINT_URL"], region.endpoint().as_str());
    assert_eq!(variables["AWS_REGION"], NAME);
    let script = "eval \"$(\"$1\" region env)\"; env";
    let line =
        Line::new("sh").arg("-c").arg(script).arg("sh").arg(crate::stage::binary::neargate());
    let line = line.env("NEARGATE_DATA", region.data());
    let seen = line.output().await;
    let seen: BTreeSet<&str> = seen.lines().filter(|line| line.starts_with("AWS_")).collect();
    let expected = variables.as_object().unwrap().iter();
    let expected: BTreeSet<String> =
        expected.map(|(name, value)| format!("{name}={}", text(value))).collect();
    assert_eq!(seen, expected.iter().map(String::as_str).collect());
}

/// What it says it has it has, and of the rest it says so.
#[tokio::test]
async fn its_operations_are_what_it_answers() {
    let region = Region::shared(Driver::Process).await;
    let all = region.neargate("region operations --json").json().await;
    let names = |kind: &str| -> Vec<String> {
        let services = list(all["services"].clone());
        let names = services.iter().flat_map(|held| {
            let service = text(&held["service"]);
            list(held[kind].clone())
                .into_iter()
                .map(move |name| format!("{service}: {}", text(&name)))
        });
        names.collect()
    };
    let lines = region.neargate("region operations").output().await;
    assert_eq!(lines.lines().collect::<Vec<_>>(), names("implemented"));
    let lines = region.neargate("region operations --missing").output().await;
    assert_eq!(lines.lines().collect::<Vec<_>>(), names("notImplemented"));
    assert!(names("implemented").contains(&"ECS: CreateService".to_owned()), "{lines}");
}

#[tokio::test]
async fn its_endpoints_reach_its_listeners() {
    let region = Region::shared(Driver::Process).await;
    let front = crate::stage::balanced::Front::new(&region).await;
    let shown = region.neargate("region endpoints --json").json().await;
    let listeners = list(shown["listeners"].clone());
    let own = listeners.iter().find(|held| held["listenerArn"] == front.listener.as_str()).unwrap();
    assert_eq!((&own["protocol"], &own["port"]), (&"HTTP".into(), &80.into()), "{own}");
    assert!(text(&own["dnsName"]).ends_with(".elb.localhost"), "{own}");
    assert_eq!(own["url"], front.url.as_str());
    assert_eq!(Ask::get(&front.url).send().await.status, 404, "its default action");
    let lines = region.neargate("region endpoints").output().await;
    let line = lines.lines().find(|line| line.ends_with(&front.url)).unwrap();
    assert!(line.contains("HTTP 80"), "{line}");
}
