//! Ports that Terraform, CloudFormation and task definitions say: of the container, of the service that
//! sends it requests, of the check, and of the door in between.

use super::RULE;
use crate::cloudformation::{Template, below, number, referred};
use crate::definition::{Container, Definition};
use crate::finding::Finding;
use crate::part::Part;
use crate::subject::Tree;
use crate::terraform::{Block, Module};
use manifest::yaml::Node;
use source::{Fact, Listen, Place};

/// What is said of one service of ECS, as far as it stands there in numbers.
#[derive(Debug, Default)]
struct Said {
    /// The ports that its containers map.
    mapped: Vec<(u16, Place)>,
    /// The port that requests are sent to.
    asked: Option<(u16, Place)>,
    /// The port that the health check asks at.
    checked: Option<(u16, Place)>,
    /// The ports that the task's security groups let in; `None` if not all of them are known.
    let_in: Option<Vec<(u16, u16, Place)>>,
}

pub(super) fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for module in &tree.modules {
        let said =
            module.resources("aws_ecs_service").map(|service| of_module(tree, module, service));
        found.extend(said.flat_map(|said| judge(&said)));
    }
    for template in &tree.templates {
        let services = template.resources("AWS::ECS::Service");
        found
            .extend(services.flat_map(|service| judge(&of_template(template, service.properties))));
    }
    for definition in &tree.definitions {
        let containers = definition.containers.iter();
        found.extend(containers.filter_map(|it| of_definition(tree, definition, it)));
    }
    found
}

fn judge(said: &Said) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some((first, mapped)) = said.mapped.first() else { return found };
    let maps = |port: u16| said.mapped.iter().any(|(mapped, _)| *mapped == port);
    if let Some((port, place)) = said.asked.as_ref().filter(|(port, _)| !maps(*port)) {
        let message =
            format!("requests are sent to port {port}, and the container's port is {first}");
        let finding = RULE.at(place, message).related(mapped, "the container's port");
        found.push(finding.help("the same number in both places"));
    }
    if let Some((port, place)) = said.checked.as_ref().filter(|(port, _)| !maps(*port)) {
        let message =
            format!("the health check asks at port {port}, and the container's port is {first}");
        let finding = RULE.at(place, message).related(mapped, "the container's port");
        found.push(
            finding.help("`traffic-port`, the default, is the port that requests are sent to"),
        );
    }
    let port = said.asked.as_ref().map_or(*first, |(port, _)| *port);
    let doors = said.let_in.as_deref().unwrap_or_default();
    let is_open = doors.iter().any(|(from, to, _)| (*from..=*to).contains(&port));
    if let Some((from, to, place)) = doors.first().filter(|_| !is_open) {
        let range = if from == to { from.to_string() } else { format!("{from} to {to}") };
        let message = format!(
            "the tasks' security group lets {range} in, and the container's port is {port}"
        );
        let finding = RULE.at(place, message).label("no request gets through");
        found.push(
            finding
                .related(mapped, "the container's port")
                .help(format!("let {port} in, from the load balancer's security group")),
        );
    }
    found
}

// === Terraform ===

fn of_module(tree: &Tree<'_>, module: &Module<'_>, service: &Block<'_>) -> Said {
    let named = |key: &str, kind: &str| {
        let value = service.get(key).map(|it| it.value).unwrap_or_default();
        let name = value.split_once(&format!("{kind}.")).map(|(_, rest)| word(rest));
        module.resources(kind).find(|block| block.words.get(2).copied() == name)
    };
    let mut all = module.resources("aws_ecs_task_definition");
    let only = all.next().filter(|_| all.next().is_none());
    let definition = named("task_definition", "aws_ecs_task_definition").or(only);
    let port = |block: &Block<'_>, path: &[&str]| {
        let given = block.attributes.iter().find(|it| it.path.ends_with(path))?;
        Some((u16::try_from(given.number()?).ok()?, given.place.clone()))
    };
    let mapped = match definition.map(|block| container_ports(block)) {
        Some(mapped) => mapped.unwrap_or_default(),
        None => of_only_definition(tree),
    };
    let group = named("target_group_arn", "aws_lb_target_group");
    Said {
        mapped,
        asked: port(service, &["container_port"]),
        checked: group.and_then(|group| port(group, &["health_check", "port"])),
        let_in: let_in(module, service),
    }
}

/// The container ports of a task definition; `None` if one of them is no number.
fn container_ports(block: &Block<'_>) -> Option<Vec<(u16, Place)>> {
    let mut found = Vec::new();
    for (at, key) in block.text.match_indices("containerPort") {
        let rest = block.text[at + key.len()..].trim_start_matches(['"', ' ', ':', '=']);
        let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        found.push((rest[..end].parse().ok()?, block.place.clone()));
    }
    Some(found)
}

/// The container ports of the one task definition that is a file.
fn of_only_definition(tree: &Tree<'_>) -> Vec<(u16, Place)> {
    let [definition] = tree.definitions.as_slice() else { return Vec::new() };
    let containers = definition.containers.iter();
    containers.filter_map(|it| Some(mapped(definition, it)?.1)).collect()
}

/// The ports that the security groups of a service let in.
fn let_in(module: &Module<'_>, service: &Block<'_>) -> Option<Vec<(u16, u16, Place)>> {
    let given = service.get("security_groups")?.value;
    let names: Vec<&str> = given.split("aws_security_group.").skip(1).map(word).collect();
    let items =
        given.trim_matches(['[', ']', ',', ' ']).split(',').filter(|it| !it.trim().is_empty());
    if names.is_empty() || names.len() != items.count() {
        return None;
    }
    let mut found = Vec::new();
    for name in names {
        let group =
            module.resources("aws_security_group").find(|it| it.words.get(2) == Some(&name))?;
        if group.text.contains("dynamic ") {
            return None;
        }
        found.extend(doors(group, &["ingress"])?);
        let own = format!("aws_security_group.{name}.id");
        let kinds = ["aws_security_group_rule", "aws_vpc_security_group_ingress_rule"];
        let rules = kinds.iter().flat_map(|kind| module.resources(kind));
        for rule in rules.filter(|it| it.get("security_group_id").is_some_and(|it| it.value == own))
        {
            if rule.get("type").is_none_or(|it| it.text() == "ingress") {
                found.extend(doors(rule, &[])?);
            }
        }
    }
    Some(found)
}

/// The ranges of a group or rule; `None` if one is not in numbers.
fn doors(block: &Block<'_>, around: &[&str]) -> Option<Vec<(u16, u16, Place)>> {
    let of = |key: &'static str| {
        let is_own = move |path: &[&str]| path.split_last() == Some((&key, around));
        block.attributes.iter().filter(move |it| is_own(&it.path))
    };
    if of("protocol").chain(of("ip_protocol")).any(|it| matches!(it.text(), "-1" | "all")) {
        return Some(vec![(0, u16::MAX, block.place.clone())]);
    }
    let pairs = of("from_port").zip(of("to_port"));
    pairs
        .map(|(from, to)| {
            let port = |number: Option<u32>| u16::try_from(number?).ok();
            Some((port(from.number())?, port(to.number())?, from.place.clone()))
        })
        .collect()
}

fn word(text: &str) -> &str {
    let end = text.find(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '_' | '-'));
    &text[..end.unwrap_or(text.len())]
}

// === CloudFormation ===

fn of_template(template: &Template, service: &Node) -> Said {
    let at = |node: &Node| Some((number(node)?, template.place(node)));
    let definitions: Vec<_> = template.resources("AWS::ECS::TaskDefinition").collect();
    let named = service.get("TaskDefinition").and_then(referred);
    let definition = definitions.iter().find(|it| Some(it.name) == named);
    let definition = definition.or(definitions.first().filter(|_| definitions.len() == 1));
    let containers = definition.and_then(|it| it.properties.get("ContainerDefinitions"));
    let mappings = containers.map(Node::items).unwrap_or_default().iter();
    let mappings =
        mappings.flat_map(|it| it.get("PortMappings").map(Node::items).unwrap_or_default());
    let ports = mappings.filter_map(|it| it.get("ContainerPort"));
    let mapped: Option<Vec<_>> = ports.map(at).collect();
    let balancer = service.get("LoadBalancers").and_then(|it| it.items().first());
    let group = balancer.and_then(|it| referred(it.get("TargetGroupArn")?));
    let group = template
        .resources("AWS::ElasticLoadBalancingV2::TargetGroup")
        .find(|it| Some(it.name) == group);
    Said {
        mapped: mapped.unwrap_or_default(),
        asked: balancer.and_then(|it| at(it.get("ContainerPort")?)),
        checked: group.and_then(|it| at(it.properties.get("HealthCheckPort")?)),
        let_in: groups(template, service),
    }
}

fn groups(template: &Template, service: &Node) -> Option<Vec<(u16, u16, Place)>> {
    let path = ["NetworkConfiguration", "AwsvpcConfiguration", "SecurityGroups"];
    let mut found = Vec::new();
    for group in below(service, &path)?.items() {
        let name = referred(group)?;
        let group = template.resources("AWS::EC2::SecurityGroup").find(|it| it.name == name)?;
        let apart = template
            .resources("AWS::EC2::SecurityGroupIngress")
            .filter(|it| it.properties.get("GroupId").and_then(referred) == Some(name));
        let own = group.properties.get("SecurityGroupIngress").map(Node::items).unwrap_or_default();
        for door in own.iter().chain(apart.map(|it| it.properties)) {
            let place = template.place(door);
            if door.get("IpProtocol").and_then(Node::text) == Some("-1") {
                found.push((0, u16::MAX, place));
                continue;
            }
            let (from, to) = (door.get("FromPort")?, door.get("ToPort")?);
            found.push((number(from)?, number(to)?, template.place(from)));
        }
    }
    Some(found)
}

// === Task definitions that are files ===

/// A container whose port is not the one that its application listens on.
fn of_definition(
    tree: &Tree<'_>,
    definition: &Definition,
    container: &Container,
) -> Option<Finding> {
    let (node, (port, place)) = mapped(definition, container)?;
    let part = tree.part_of(&container.name)?;
    let project = part.project?;
    let given = definition.pairs(container, "environment", "value");
    let listens: Option<Vec<(u16, &Fact<Listen>)>> = project
        .listens
        .iter()
        .map(|listen| {
            let name = listen.value.variable.as_deref();
            let set = given.iter().find(|pair| Some(pair.name.as_str()) == name);
            let own = match set {
                Some(pair) => pair.value.trim().parse().ok(),
                None => in_image(part, name).unwrap_or(listen.value.port),
            };
            Some((own?, listen))
        })
        .collect();
    // One whose port is not known may be the right one.
    let listens = listens?;
    if listens.iter().any(|(at, _)| *at == port) || node.items().len() > 1 {
        return None;
    }
    let (at, listen) = listens.first()?;
    let message = format!("the container's port is {port}, and the application listens on {at}");
    let found = RULE.at(&place, message).label("nobody listens here");
    Some(
        found
            .related(&listen.place, "it listens here")
            .help(format!("`\"containerPort\": {at}`"))
            .resting_on(listen.certainty),
    )
}

/// What the image says of a variable: its number, if it sets it.
fn in_image(part: &Part<'_>, name: Option<&str>) -> Option<Option<u16>> {
    let (value, _) = part.image.as_ref()?.variable(name?)?;
    Some(value.trim().parse().ok())
}

/// The list of a container's ports, and the first of them.
fn mapped<'d>(
    definition: &Definition,
    container: &'d Container,
) -> Option<(&'d Node, (u16, Place))> {
    let list = container.node.get("portMappings")?;
    let port = list.items().first()?.get("containerPort")?;
    Some((list, (number(port)?, definition.place(port))))
}
