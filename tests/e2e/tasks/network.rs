//! Containers of a task share its network.

use crate::stage::cluster::node;
use crate::stage::{Cluster, Region, on_both_drivers, with};
use serde_json::json;

on_both_drivers![containers_of_a_task_reach_each_other_on_loopback];

/// On processes each port is another one, which every container of the task is told as `PORT_<n>`.
async fn containers_of_a_task_reach_each_other_on_loopback(region: &Region) {
    let cluster = Cluster::new(region).await;
    let server = node(
        "server",
        "require('http').createServer((_, answer) => answer.end('hello from server'))
           .listen(process.env.PORT);
         process.on('SIGTERM', () => process.exit(0));",
    );
    let ports = json!({
        "portMappings": [{ "containerPort": 3000 }],
        "environment": [{ "name": "PORT", "value": "3000" }],
        "essential": false,
    });
    let client = node(
        "client",
        "const url = `http://127.0.0.1:${process.env.PORT_3000 ?? 3000}/`;
         const ask = () => fetch(url).then((answer) => answer.text()).then(console.log)
           .catch(() => setTimeout(ask, 50));
         ask();",
    );
    let task = cluster.run(&[with(server, ports), client]).await;
    assert_eq!(cluster.line(&task, "client", "hello from ").await, "server");
    cluster.until(&task, "STOPPED").await;
}
