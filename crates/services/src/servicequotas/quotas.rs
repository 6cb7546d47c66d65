//! Quotas with AWS's default values, of the services that a deployment meets first.

/// A quota.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quota {
    /// Its service's code.
    pub(super) service: &'static str,
    /// Its service's name.
    pub(super) service_name: &'static str,
    /// Its code.
    pub(super) code: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// What a new account has.
    pub(super) value: f64,
}

const ECS: [&str; 2] = ["ecs", "Amazon Elastic Container Service (Amazon ECS)"];
const BALANCING: [&str; 2] = ["elasticloadbalancing", "Elastic Load Balancing (ELB)"];
const FARGATE: [&str; 2] = ["fargate", "AWS Fargate"];
const VPC: [&str; 2] = ["vpc", "Amazon Virtual Private Cloud (Amazon VPC)"];

/// As AWS's General Reference has them.
pub(super) const ALL: [Quota; 12] = [
    quota(ECS, "L-21C621EB", "Clusters per account", 10_000.0),
    quota(ECS, "L-46458851", "Tasks per service", 5_000.0),
    quota(ECS, "L-9EF96962", "Services per cluster", 5_000.0),
    quota(BALANCING, "L-53DA6B97", "Application Load Balancers per Region", 50.0),
    quota(BALANCING, "L-B6DF7632", "Listeners per Application Load Balancer", 50.0),
    quota(BALANCING, "L-B22855CB", "Target Groups per Region", 3_000.0),
    quota(BALANCING, "L-7E6692B2", "Targets per Application Load Balancer", 1_000.0),
    quota(FARGATE, "L-3032A538", "Fargate On-Demand vCPU resource count", 6.0),
    quota(FARGATE, "L-36FBB829", "Fargate Spot vCPU resource count", 6.0),
    quota(VPC, "L-A4707A72", "Internet gateways per Region", 5.0),
    quota(VPC, "L-407747CB", "Subnets per VPC", 200.0),
    quota(VPC, "L-F678F1CE", "VPCs per Region", 5.0),
];

const fn quota(
    [service, service_name]: [&'static str; 2],
    code: &'static str,
    name: &'static str,
    value: f64,
) -> Quota {
    Quota { service, service_name, code, name, value }
}
