//! The dashboard: a row of graphs for each service.

use super::ground::Ground;
use super::ids;
use super::intrinsic::sub;
use super::template::{Resource, Template};
use serde_json::{Value, json};

/// A dashboard is 24 wide; a graph takes a third of a row.
const WIDTH: usize = 8;
const HEIGHT: usize = 6;

/// Adds the dashboard.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    let mut widgets = Vec::new();
    for (row, (name, _)) in ground.services().enumerate() {
        let graphs = graphs(ground, name);
        let placed = graphs.into_iter().enumerate().map(|(column, mut graph)| {
            graph["x"] = json!(column % 3 * WIDTH);
            graph["y"] = json!((row * 2 + column / 3) * HEIGHT);
            graph["width"] = json!(WIDTH);
            graph["height"] = json!(HEIGHT);
            graph
        });
        widgets.extend(placed);
    }
    let body = json!({ "widgets": widgets }).to_string();
    let properties =
        json!({ "DashboardName": ground.names().cluster(), "DashboardBody": sub(body) });
    template.resource(ids::DASHBOARD, Resource::new("AWS::CloudWatch::Dashboard", properties));
}

fn graphs(ground: &Ground<'_>, name: &str) -> Vec<Value> {
    let mut graphs = Vec::new();
    if let Some((_, service)) = ground.balanced().find(|(held, _)| *held == name) {
        let groups = ground.groups(name, service);
        graphs.push(balancing(
            name,
            "requests and errors",
            &groups,
            &[("RequestCount", "Sum"), ("HTTPCode_Target_5XX_Count", "Sum")],
        ));
        let times = [("TargetResponseTime", "p50"), ("TargetResponseTime", "p95")];
        graphs.push(balancing(name, "response time", &groups, &times));
        let health = [("HealthyHostCount", "Minimum"), ("UnHealthyHostCount", "Maximum")];
        graphs.push(balancing(name, "healthy targets", &groups, &health));
    }
    graphs.push(using(ground, name));
    graphs.push(logs(ground, name));
    graphs
}

fn balancing(name: &str, what: &str, groups: &[String], metrics: &[(&str, &str)]) -> Value {
    let balancer = format!("${{{}.LoadBalancerFullName}}", ids::BALANCER);
    let of_group = |group: &String| {
        let group = format!("${{{group}.TargetGroupFullName}}");
        let balancer = balancer.clone();
        metrics.iter().map(move |(metric, statistic)| {
            json!([
                "AWS/ApplicationELB", metric, "TargetGroup", group, "LoadBalancer", balancer,
                { "stat": statistic, "label": format!("{metric} {statistic}") },
            ])
        })
    };
    graph(&format!("{name}: {what}"), &groups.iter().flat_map(of_group).collect::<Vec<_>>())
}

/// CPU and memory in percent of what the tasks have.
fn using(ground: &Ground<'_>, name: &str) -> Value {
    let cluster = match &ground.existing().cluster {
        Some(cluster) => cluster.clone(),
        None => format!("${{{}}}", ids::CLUSTER),
    };
    let metric = |metric: &str| json!(["AWS/ECS", metric, "ClusterName", cluster, "ServiceName", name, { "stat": "Average" }]);
    let metrics = [metric("CPUUtilization"), metric("MemoryUtilization")];
    graph(&format!("{name}: CPU and memory"), &metrics)
}

fn graph(title: &str, metrics: &[Value]) -> Value {
    json!({
        "type": "metric",
        "properties": { "title": title, "region": "${AWS::Region}", "period": 60, "metrics": metrics },
    })
}

/// The last lines that speak of an error.
fn logs(ground: &Ground<'_>, name: &str) -> Value {
    let service = ground.manifest.environment.services.get(name);
    let group = service.map_or("", |service| service.logs.group.as_str());
    let query = format!(
        "SOURCE '{group}' | fields @timestamp, @message | filter @message like /(?i)error/ | sort @timestamp desc | limit 50"
    );
    json!({
        "type": "log",
        "properties": { "title": format!("{name}: errors in the log"), "region": "${AWS::Region}", "query": query, "view": "table" },
    })
}
