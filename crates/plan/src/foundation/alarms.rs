//! Alarms: errors, slow answers, tasks that fail, and scaling that is at its end.
//!
//! They tell a topic, to which whoever is to be woken subscribes.

use super::ground::Ground;
use super::ids;
use super::intrinsic::{attribute, reference};
use super::template::{Resource, Template};
use manifest::Service;
use serde_json::{Value, json};

/// Errors in percent of the requests, for two minutes.
const ERRORS_PERCENT: u32 = 5;
/// What 95 of 100 answers stay below, in seconds.
const SLOW_SECONDS: u32 = 3;

/// What is watched: an alarm but for its name.
struct Watch {
    what: &'static str,
    description: String,
    metrics: Vec<Value>,
    threshold: u32,
    /// How many minutes of how many.
    minutes: (u32, u32),
    comparison: &'static str,
}

/// Adds the topic and the alarms.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    let topic = json!({ "TopicName": format!("{}-alarms", ground.names().cluster()) });
    // CloudWatch can't write to a topic with the key that AWS manages for topics.
    let topic = Resource::new("AWS::SNS::Topic", topic)
        .skipping("CKV_AWS_26", "alarms' names and states are no secret");
    template.resource(ids::TOPIC, topic);
    template.output("AlarmTopic", "What alarms tell", reference(ids::TOPIC));
    for (name, service) in ground.balanced() {
        for watch in [errors(ground, (name, service)), slow(ground, (name, service))] {
            template.resource(ids::of_service(name, watch.what), watch.alarm(ground, name));
        }
    }
    for (name, service) in ground.services() {
        let most = service.scale.as_ref().map(|scale| scale.max);
        for watch in [Some(missing(ground, name)), most.map(|most| full(ground, name, most))] {
            let Some(watch) = watch else { continue };
            template.resource(ids::of_service(name, watch.what), watch.alarm(ground, name));
        }
    }
}

fn errors(ground: &Ground<'_>, (name, service): (&str, &Service)) -> Watch {
    let groups = ground.groups(name, service);
    let mut metrics = Vec::new();
    let mut sums = [Vec::new(), Vec::new()];
    for (index, group) in groups.iter().enumerate() {
        for (letter, metric, sum) in
            [("e", "HTTPCode_Target_5XX_Count", 0), ("r", "RequestCount", 1)]
        {
            let id = format!("{letter}{index}");
            sums[sum].push(format!("FILL({id}, 0)"));
            metrics.push(metric_of(&id, &balancing(metric, group), "Sum"));
        }
    }
    let [errors, requests] = sums.map(|sum| sum.join(" + "));
    let expression = format!("IF({requests} > 0, 100 * ({errors}) / ({requests}), 0)");
    metrics.push(expressed(&expression));
    Watch {
        what: "ErrorsAlarm",
        description: format!("More than {ERRORS_PERCENT} % of the answers of {name} are errors"),
        metrics,
        threshold: ERRORS_PERCENT,
        minutes: (2, 2),
        comparison: "GreaterThanThreshold",
    }
}

fn slow(ground: &Ground<'_>, (name, service): (&str, &Service)) -> Watch {
    let groups = ground.groups(name, service);
    let ids: Vec<String> = (0..groups.len()).map(|index| format!("t{index}")).collect();
    let timed = ids.iter().zip(&groups);
    let mut metrics: Vec<Value> = timed
        .map(|(id, group)| metric_of(id, &balancing("TargetResponseTime", group), "p95"))
        .collect();
    metrics.push(expressed(&format!("MAX([{}])", ids.join(", "))));
    Watch {
        what: "SlowAlarm",
        description: format!("One of 20 answers of {name} takes more than {SLOW_SECONDS} s"),
        metrics,
        threshold: SLOW_SECONDS,
        minutes: (3, 5),
        comparison: "GreaterThanThreshold",
    }
}

/// Fewer tasks run than there should be. A deployment is over in less time than this takes.
fn missing(ground: &Ground<'_>, name: &str) -> Watch {
    let metrics = vec![
        metric_of("desired", &counting(ground, name, "DesiredTaskCount"), "Average"),
        metric_of("running", &counting(ground, name, "RunningTaskCount"), "Average"),
        expressed("desired - running"),
    ];
    Watch {
        what: "TasksAlarm",
        description: format!("Tasks of {name} fail: fewer run than there should be"),
        metrics,
        threshold: 0,
        minutes: (5, 5),
        comparison: "GreaterThanThreshold",
    }
}

/// Scaling can add nothing more.
fn full(ground: &Ground<'_>, name: &str, most: u32) -> Watch {
    let metrics = vec![
        metric_of("desired", &counting(ground, name, "DesiredTaskCount"), "Average"),
        expressed("desired"),
    ];
    Watch {
        what: "ScaleAlarm",
        description: format!("{name} has as many tasks as its scale allows"),
        metrics,
        threshold: most,
        minutes: (5, 5),
        comparison: "GreaterThanOrEqualToThreshold",
    }
}

fn balancing(metric: &str, group: &str) -> Value {
    json!({
        "Namespace": "AWS/ApplicationELB",
        "MetricName": metric,
        "Dimensions": [
            { "Name": "LoadBalancer", "Value": attribute(ids::BALANCER, "LoadBalancerFullName") },
            { "Name": "TargetGroup", "Value": attribute(group, "TargetGroupFullName") },
        ],
    })
}

fn counting(ground: &Ground<'_>, name: &str, metric: &str) -> Value {
    json!({
        "Namespace": "ECS/ContainerInsights",
        "MetricName": metric,
        "Dimensions": [
            { "Name": "ClusterName", "Value": ground.cluster() },
            { "Name": "ServiceName", "Value": name },
        ],
    })
}

fn metric_of(id: &str, metric: &Value, statistic: &str) -> Value {
    json!({
        "Id": id,
        "MetricStat": { "Metric": metric, "Period": 60, "Stat": statistic },
        "ReturnData": false,
    })
}

fn expressed(expression: &str) -> Value {
    json!({ "Id": "watched", "Expression": expression, "ReturnData": true })
}

// === impl Watch ===

impl Watch {
    fn alarm(self, ground: &Ground<'_>, name: &str) -> Resource {
        let (enough, of) = self.minutes;
        let suffix = self.what.trim_end_matches("Alarm").to_lowercase();
        let properties = json!({
            "AlarmName": format!("{}-{suffix}", ground.names().family(name)),
            "AlarmDescription": self.description,
            "Metrics": self.metrics,
            "ComparisonOperator": self.comparison,
            "Threshold": self.threshold,
            "DatapointsToAlarm": enough,
            "EvaluationPeriods": of,
            // No requests are no errors, and a service that is not there yet lacks no tasks.
            "TreatMissingData": "notBreaching",
            "AlarmActions": [reference(ids::TOPIC)],
            "OKActions": [reference(ids::TOPIC)],
        });
        Resource::new("AWS::CloudWatch::Alarm", properties)
    }
}
