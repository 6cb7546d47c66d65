//! Security groups: the world reaches the load balancer, and only the load balancer reaches the
//! tasks.

use super::ground::Ground;
use super::ids;
use super::intrinsic::{attribute, joined};
use super::template::{Resource, Template};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ANYWHERE: &str = "0.0.0.0/0";

/// Adds the groups, and what passes between them.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    let own = ground.existing().security_groups.is_empty();
    if ground.has_balancer() {
        template.resource(ids::BALANCER_GROUP, balancer(ground));
    }
    if own {
        template.resource(ids::TASKS_GROUP, tasks(ground));
    }
    let ports: BTreeSet<u16> = ground.balanced().filter_map(|(_, service)| service.port).collect();
    for port in ports {
        between(ground, port, template);
    }
    let groups = joined(&ground.task_groups());
    template.output("SecurityGroups", "The security groups of the tasks", groups);
}

fn balancer(ground: &Ground<'_>) -> Resource {
    let port = |port: u16, what: &str| {
        json!({
            "IpProtocol": "tcp",
            "FromPort": port,
            "ToPort": port,
            "CidrIp": ANYWHERE,
            "Description": what,
        })
    };
    let plain = port(80, "HTTP from everywhere");
    let secure = ground.domain().map(|_| port(443, "HTTPS from everywhere"));
    let ingress: Vec<Value> = [plain].into_iter().chain(secure).collect();
    // A group that says nothing of what leaves it lets everything out. This is nothing: what goes to
    // the tasks is added beside it.
    let nothing = json!({
        "IpProtocol": "icmp",
        "FromPort": 252,
        "ToPort": 86,
        "CidrIp": "255.255.255.255/32",
        "Description": "Nothing else",
    });
    let properties = json!({
        "GroupDescription": "The load balancer",
        "VpcId": ground.vpc(),
        "SecurityGroupIngress": ingress,
        "SecurityGroupEgress": [nothing],
    });
    let group = Resource::new("AWS::EC2::SecurityGroup", properties);
    let reason = match ground.domain() {
        Some(_) => "port 80 only redirects to HTTPS",
        None => "without a domain there is no certificate, and HTTP is all there is",
    };
    group.skipping("CKV_AWS_260", reason)
}

fn tasks(ground: &Ground<'_>) -> Resource {
    let properties = json!({
        "GroupDescription": "The tasks: only the load balancer reaches them",
        "VpcId": ground.vpc(),
        "SecurityGroupEgress": [{
            "IpProtocol": "-1",
            "CidrIp": ANYWHERE,
            "Description": "Images, secrets, logs, databases, and whatever the code calls",
        }],
    });
    Resource::new("AWS::EC2::SecurityGroup", properties)
}

/// Lets the load balancer reach the tasks on a port. The two rules are resources of their own, for
/// the groups name each other. Groups of others are left as they are: they have to admit it.
fn between(ground: &Ground<'_>, port: u16, template: &mut Template) {
    let balancer = attribute(ids::BALANCER_GROUP, "GroupId");
    let passing = |what: &str| json!({ "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "Description": what });
    for (index, group) in ground.task_groups().into_iter().enumerate() {
        let mut out = passing("To the tasks");
        out["GroupId"] = balancer.clone();
        out["DestinationSecurityGroupId"] = group;
        let id = format!("BalancerToTasks{port}");
        let id = if index == 0 { id } else { format!("{id}Group{index}") };
        template.resource(id, Resource::new("AWS::EC2::SecurityGroupEgress", out));
    }
    if ground.existing().security_groups.is_empty() {
        let mut inward = passing("From the load balancer");
        inward["GroupId"] = attribute(ids::TASKS_GROUP, "GroupId");
        inward["SourceSecurityGroupId"] = balancer;
        let rule = Resource::new("AWS::EC2::SecurityGroupIngress", inward);
        template.resource(format!("TasksFromBalancer{port}"), rule);
    }
}
