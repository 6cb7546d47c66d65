//! Target groups that tasks of Fargate fit in, and that ask what the manifest says.

use super::{Lack, Scene, existing};
use api::elbv2::TargetGroup;
use manifest::Service;

const RULE: &str = "aws-target-group";

pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let lacks = scene.wish.services().flat_map(|(name, service)| {
        let key = scene.wish.names().group(name);
        let group = scene.observed.groups.get(&key).map(|held| &held.group);
        let path = existing(&format!("target_groups.{name}"));
        group.map(|group| of_group(scene, group, service, &path)).unwrap_or_default()
    });
    lacks.collect()
}

fn of_group(scene: Scene<'_>, group: &TargetGroup, service: &Service, path: &str) -> Vec<Lack> {
    let mut found = Vec::new();
    let mut error = |what: String, hint: &str| {
        found.push(Lack::error(RULE, path.to_owned(), what, hint));
    };
    let kind = group.target_type.as_deref().unwrap_or_default();
    if kind != "ip" {
        let what = format!("the targets of the group are of type {kind}, and tasks are of type ip");
        error(what, "a target group of type ip: the type of one that is there can't change");
    }
    let (theirs, ours) = (group.vpc_id.as_deref(), scene.observed.vpc.as_deref());
    if let (Some(theirs), Some(ours)) = (theirs, ours)
        && theirs != ours
    {
        let what = format!("the group is in {theirs}, and the tasks' subnets are in {ours}");
        error(what, "name subnets, or a target group, of the other VPC");
    }
    found.extend(of_health(group, service, path));
    found
}

/// Health checks that are not those of the manifest: who else wonders why tasks come and go?
fn of_health(group: &TargetGroup, service: &Service, path: &str) -> Vec<Lack> {
    let mut found = Vec::new();
    let mut warning = |what: String, hint: String| {
        found.push(Lack::warning(RULE, path.to_owned(), what, hint));
    };
    let asks_http = group.health_check_protocol.as_deref().is_some_and(|it| it.starts_with("HTTP"));
    let asked = group.health_check_path.as_deref().filter(|_| asks_http);
    if let Some(asked) = asked.filter(|asked| *asked != service.health.path) {
        let wanted = &service.health.path;
        let what =
            format!("the group asks for the health at {asked}, and the manifest names {wanted}");
        warning(what, format!("let the group ask for {wanted}, or say `health: {asked}`"));
    }
    let port = service.port.map(|port| port.to_string());
    let asked = group.health_check_port.as_deref().filter(|it| *it != "traffic-port");
    if let (Some(asked), Some(port)) = (asked, port)
        && asked != port
    {
        let what =
            format!("the group asks for the health at port {asked}, and the service is at {port}");
        warning(what, "let the group ask at its `traffic-port`".to_owned());
    }
    found
}
