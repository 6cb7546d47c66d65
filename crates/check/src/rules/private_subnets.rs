//! Tasks that reach nobody.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::subject::Tree;

pub(super) const RULE: Rule = Rule {
    id: "private-subnets",
    severity: Severity::Warning,
    title: "Tasks run in private subnets without a way out.",
    why: "A task pulls its image, its secrets and writes its logs over the network. In a subnet without a \
          NAT gateway and without endpoints it reaches none of them: after some minutes it ends with \
          `CannotPullContainerError … i/o timeout` or `ResourceInitializationError`.",
    fix: "a NAT gateway, or endpoints for ecr.api, ecr.dkr, s3, logs, ssm and secretsmanager, or public \
          subnets with `assign_public_ip = true`.",
    limits: "subnets that another repository or account keeps, which only AWS can say.",
    look: &[Look::Tree(find)],
};

fn find(tree: &Tree<'_>) -> Vec<Finding> {
    let blocks = || tree.modules.iter().flat_map(|module| &module.blocks);
    // Where the network is made elsewhere, nothing is known of its ways out.
    let makes_network = blocks().any(|it| it.words.get(1) == Some(&"aws_subnet"));
    let has_way_out = blocks().any(|block| {
        let kind = block.words.get(1).copied().unwrap_or_default();
        matches!(
            kind,
            "aws_nat_gateway" | "aws_vpc_endpoint" | "aws_ec2_transit_gateway_vpc_attachment"
        ) || block.words.first() == Some(&"module")
    });
    if !makes_network || has_way_out {
        return Vec::new();
    }
    let services = tree.modules.iter().flat_map(|it| it.resources("aws_ecs_service"));
    let closed = services.filter_map(|service| {
        service.get("network_configuration").or_else(|| service.get("subnets"))?;
        match service.get("assign_public_ip") {
            Some(given) if given.text() == "true" => None,
            Some(given) => Some((&given.place, "no public address")),
            None => Some((&service.place, "no public address, the default")),
        }
    });
    let finding = |(place, label): (&source::Place, &str)| {
        let message = "the tasks have no public address, and no NAT gateway or endpoint is made";
        RULE.at(place, message)
            .label(label)
            .help("a NAT gateway, or endpoints for what a task's start needs")
    };
    closed.map(finding).collect()
}
