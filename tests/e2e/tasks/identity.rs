//! Who a task is: what it can ask about itself, and the role whose credentials it is given
//! (reference §6.5, §6.6).

use crate::stage::cluster::{container, node, text};
use crate::stage::region::ACCOUNT;
use crate::stage::{Cluster, Driver, Region, clients, on_both_drivers, with};
use serde_json::{Value as Json, json};

on_both_drivers![
    a_task_learns_about_itself_from_the_metadata_endpoint,
    a_task_is_given_its_roles_credentials,
];

async fn a_task_learns_about_itself_from_the_metadata_endpoint(region: &Region) {
    let cluster = Cluster::new(region).await;
    let main = node("main", include_str!("../../apps/metadata.js"));
    let task = cluster.run(&[with(main, json!({ "cpu": 64, "memory": 256 }))]).await;
    let seen = cluster.until(&task, "STOPPED").await;
    let lines = cluster.output(&task, "main").await;
    let answer = |path: &str| -> Json {
        let start = format!("{path} 200 ");
        let found = lines.iter().find_map(|line| line.strip_prefix(&start));
        let found = found.unwrap_or_else(|| panic!("no answer to `{path}` in {lines:#?}"));
        serde_json::from_str(found).unwrap()
    };
    let (own, whole) = (answer(""), answer("/task"));
    says_of_the_container(&own, &seen);
    says_of_the_task(&whole, &seen);
    assert_eq!(whole["Containers"][0]["DockerId"], own["DockerId"]);
    let stats = answer("/stats");
    let used = stats["cpu_stats"]["cpu_usage"]["total_usage"].as_u64().unwrap();
    let memory = stats["memory_stats"]["usage"].as_u64().unwrap();
    assert!(used > 0 && memory > 0, "{stats:#}");
    let all = answer("/task/stats");
    assert!(all[text(&own["DockerId"])].is_object(), "{all:#}");
}

/// What the endpoint says of a container is what the API shows of it.
fn says_of_the_container(own: &Json, seen: &Json) {
    let (family, revision) = definition(seen);
    let labels = json!({
        "com.amazonaws.ecs.cluster": seen["clusterArn"],
        "com.amazonaws.ecs.container-name": "main",
        "com.amazonaws.ecs.task-arn": seen["taskArn"],
        "com.amazonaws.ecs.task-definition-family": family,
        "com.amazonaws.ecs.task-definition-version": revision,
    });
    let shown = container(seen, "main");
    let address = &shown["networkInterfaces"][0]["privateIpv4Address"];
    let expected = [
        ("Name", json!("main")),
        ("Image", json!("node:22-alpine")),
        ("DockerId", shown["runtimeId"].clone()),
        ("ContainerARN", shown["containerArn"].clone()),
        ("DesiredStatus", json!("RUNNING")),
        ("KnownStatus", json!("RUNNING")),
        ("Limits", json!({ "CPU": 64, "Memory": 256 })),
        ("LogDriver", json!("awslogs")),
        ("Type", json!("NORMAL")),
        ("Labels", labels),
    ];
    all_equal(own, &expected);
    assert_eq!(own["Networks"][0]["IPv4Addresses"], json!([address]), "{own:#}");
}

fn says_of_the_task(whole: &Json, seen: &Json) {
    let (family, revision) = definition(seen);
    let expected = [
        ("Cluster", seen["clusterArn"].clone()),
        ("TaskARN", seen["taskArn"].clone()),
        ("Family", json!(family)),
        ("Revision", json!(revision)),
        ("LaunchType", json!("FARGATE")),
        ("AvailabilityZone", seen["availabilityZone"].clone()),
        ("Limits", json!({ "CPU": 0.25, "Memory": 512 })),
    ];
    all_equal(whole, &expected);
}

/// The family and the revision of a task's definition.
fn definition(seen: &Json) -> (String, String) {
    let arn = text(&seen["taskDefinitionArn"]);
    let (_, name) = arn.rsplit_once('/').unwrap();
    let (family, revision) = name.rsplit_once(':').unwrap();
    (family.to_owned(), revision.to_owned())
}

fn all_equal(answer: &Json, expected: &[(&str, Json)]) {
    for (name, value) in expected {
        assert_eq!(&answer[name], value, "{name} in {answer:#}");
    }
}

/// They are the task role's, not the execution role's; the session has the task's id.
async fn a_task_is_given_its_roles_credentials(region: &Region) {
    let cluster = Cluster::new(region).await;
    let main = node("main", include_str!("../../apps/identity.js"));
    let task = run_as(&cluster, main, "shop/orders").await;
    cluster.until(&task, "STOPPED").await;
    let lines = cluster.output(&task, "main").await;
    let expected = [
        format!("role {}", Cluster::role("shop/orders")),
        "minutes 360".to_owned(),
        format!("identity {}", assumed("orders", &task)),
    ];
    assert_eq!(lines, expected);
}

/// The aws CLI finds the credentials by itself.
#[tokio::test]
async fn the_aws_cli_in_a_task_is_the_tasks_role() {
    let Some(aws) = clients::aws("the aws CLI in a task").await else { return };
    let cluster = Cluster::new(&Region::shared(Driver::Process).await).await;
    let call = "\"$0\" sts get-caller-identity --output json --endpoint-url \"$AWS_ENDPOINT_URL\"";
    let main = json!({
        "name": "main", "image": "busybox:latest", "entryPoint": ["/bin/sh", "-c", call, aws],
    });
    let task = run_as(&cluster, main, "orders").await;
    cluster.until(&task, "STOPPED").await;
    let said = cluster.output(&task, "main").await.join("\n");
    let identity: Json = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
    assert_eq!(identity["Arn"], assumed("orders", &task));
    assert_eq!(identity["Account"], ACCOUNT);
}

async fn run_as(cluster: &Cluster, main: Json, role: &str) -> String {
    let more = json!({ "taskRoleArn": Cluster::role(role) });
    let definition = cluster.define(&[main], more).await;
    cluster.run_defined(&definition, json!({})).await
}

/// Who a task with a role is, for AWS. A role's path is no part of it.
fn assumed(role: &str, task: &str) -> String {
    let id = task.rsplit('/').next().unwrap();
    format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{id}")
}
