//! Refusals of services, and of what services and `RunTask` share: launch type, network, platform.

use super::invalid;
use api::Fault;

// === Which service ===

/// Reference §3.13.
pub(in crate::ecs) fn not_found() -> Fault {
    Fault::refuse("ServiceNotFoundException", "Service not found.")
}

/// Reference §3.13.
pub(in crate::ecs) fn not_active() -> Fault {
    Fault::refuse("ServiceNotActiveException", "Service was not ACTIVE.")
}

/// Observed.
pub(in crate::ecs) fn draining() -> Fault {
    invalid("Unable to Start a service that is still Draining.")
}

/// Reference §3.13.
pub(in crate::ecs) fn not_idempotent() -> Fault {
    invalid("Creation of service was not idempotent.")
}

/// Observed second-hand.
pub(in crate::ecs) fn long_token() -> Fault {
    invalid("idempotency token longer than 36.")
}

/// Observed.
pub(in crate::ecs) fn name(given: &str) -> Fault {
    invalid(format!(r"ServiceName must match ^[a-zA-Z0-9\-_]{{1,255}}$, but was {given}"))
}

/// Observed.
pub(in crate::ecs) fn none_given() -> Fault {
    invalid("Services cannot be empty.")
}

/// Reference §3.13.
pub(in crate::ecs) fn scaled_above_zero() -> Fault {
    invalid("The service cannot be stopped while it is scaled above 0.")
}

/// Reference §3.13.
pub(in crate::ecs) fn deployments_active() -> Fault {
    invalid("The service cannot be stopped while deployments are active.")
}

// === What it runs ===

/// Unverified, after [`no_count`].
pub(in crate::ecs) fn no_definition() -> Fault {
    invalid("TaskDefinition is missing")
}

/// Observed second-hand.
pub(in crate::ecs) fn no_count() -> Fault {
    invalid("DesiredCount is missing")
}

/// Observed second-hand; `CreateService` says `DesiredCount`, `UpdateService` `Task count`.
pub(in crate::ecs) fn negative_count(what: &str) -> Fault {
    invalid(format!("{what} can not be lesser than 0"))
}

/// Reference §2.5.
pub(in crate::ecs) fn launch_type_unfit() -> Fault {
    invalid("Task definition does not support launch_type FARGATE.")
}

/// Observed; an older form is in reference §3.13.
pub(in crate::ecs) fn two_launches() -> Fault {
    invalid(
        "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    )
}

/// Reference §3.13.
pub(in crate::ecs) fn unknown_platform() -> Fault {
    Fault::refuse("PlatformUnknownException", "The specified platform does not exist.")
}

/// Observed: `Placement constraints are not supported with FARGATE launch type.`
pub(in crate::ecs) fn placement(what: &str) -> Fault {
    invalid(format!("Placement {what} are not supported with FARGATE launch type."))
}

/// Observed second-hand.
pub(in crate::ecs) fn daemon() -> Fault {
    invalid(
        "The daemon scheduling strategy does not support the FARGATE launch type. Change the launch type and try again",
    )
}

/// Unverified: commonly reported, no capture found.
pub(in crate::ecs) fn custom_role() -> Fault {
    invalid("You cannot specify an IAM role for services that require a service linked role.")
}

/// Observed for `UpdateService`; `CreateService` by analogy. `verb` is `updated` or `created`.
pub(in crate::ecs) fn exec_without_role(verb: &str) -> Fault {
    invalid(format!(
        "The service couldn't be {verb} because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again."
    ))
}

// === How it deploys ===

/// Observed: `maximumPercent must be at least 100`.
pub(in crate::ecs) fn below(member: &str, least: i32) -> Fault {
    invalid(format!("{member} must be at least {least}"))
}

/// Observed: `minimumHealthyPercent must be at most 100`.
pub(in crate::ecs) fn above(member: &str, most: i32) -> Fault {
    invalid(format!("{member} must be at most {most}"))
}

/// Observed.
pub(in crate::ecs) fn no_room() -> Fault {
    invalid(
        "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    )
}

/// Observed second-hand.
pub(in crate::ecs) fn rebalancing_without_surge() -> Fault {
    invalid(
        "Availability Zone Rebalancing does not support maximumPercent <= 100 % as deployment configuration.",
    )
}

/// Unverified: reference §3.8 says in which steps the shares are.
pub(in crate::ecs) fn no_share(member: &str, least: f64) -> Fault {
    invalid(format!("{member} must be a multiple of 0.1 from {least:.1} to 100.0"))
}

/// Unverified.
pub(in crate::ecs) fn foreign_configuration(member: &str, strategy: &str) -> Fault {
    invalid(format!("{member} is only valid when the deployment strategy is {strategy}."))
}

/// Unverified.
pub(in crate::ecs) fn no_stages() -> Fault {
    invalid("lifecycleStages can not be empty.")
}

/// Unverified.
pub(in crate::ecs) fn pause_with_target() -> Fault {
    invalid("hookTargetArn is not applicable for PAUSE hooks.")
}

// === Pairs of target groups ===

/// Reference §3.8.
pub(in crate::ecs) fn pair_needed() -> Fault {
    invalid(
        "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy",
    )
}

/// Reference §3.8.
pub(in crate::ecs) fn pairs_for_some() -> Fault {
    invalid(
        "Either all or none of the provided loadBalancers must have advancedConfiguration defined",
    )
}

/// Unverified.
pub(in crate::ecs) fn pair_without(member: &str) -> Fault {
    invalid(format!("{member} is required in advancedConfiguration."))
}

/// Reference §3.8.
pub(in crate::ecs) fn no_rule_arn(member: &str, given: &str) -> Fault {
    invalid(format!(
        "{member} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: {given}"
    ))
}

/// Unverified.
pub(in crate::ecs) fn unknown_rule(arn: &str) -> Fault {
    invalid(format!("The listener rule {arn} does not exist."))
}

/// Reference §3.8.
pub(in crate::ecs) fn one_rule_for_both(arn: &str) -> Fault {
    invalid(format!(
        "The following rules cannot be used as both production and test listener rules: {arn}"
    ))
}

/// Reference §3.8.
pub(in crate::ecs) fn test_rule_needed() -> Fault {
    invalid(
        "For Application LoadBalancer, testListenerRule is required when productionListenerRule is not associated with both targetGroup and alternateTargetGroup",
    )
}

/// Reference §3.8, whose beginning and end are cut.
pub(in crate::ecs) fn not_one_serving(rule: &str, found: usize) -> Fault {
    invalid(format!(
        "productionListenerRule {rule} should have exactly one target group serving traffic but found {found}"
    ))
}

/// Reference §3.8.
pub(in crate::ecs) fn group_not_led_to(arn: &str) -> Fault {
    invalid(format!(
        "Target group {arn} is not associated with either productionListenerRule or testListenerRule."
    ))
}

// === Network ===

/// Reference §3.13.
pub(in crate::ecs) fn no_network() -> Fault {
    invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
}

/// Reference §3.13.
pub(in crate::ecs) fn no_subnets() -> Fault {
    invalid("subnets can not be empty.")
}

/// Reference §3.13; the list was observed whole.
pub(in crate::ecs) fn unknown_subnet(given: &[String], unknown: &str) -> Fault {
    invalid(format!(
        "Error retrieving subnet information for [{}]: The subnet ID '{unknown}' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
        given.join(", ")
    ))
}

/// Reference §3.13.
pub(in crate::ecs) fn unknown_security_group(given: &[String], unknown: &str) -> Fault {
    invalid(format!(
        "Error retrieving security group information for [{}]: The security group '{unknown}' does not exist (ErrorCode: InvalidGroup.NotFound)",
        given.join(", ")
    ))
}

/// Unverified: EC2's words for the same mistake. On AWS, it is found when a task starts.
pub(in crate::ecs) fn networks_apart() -> Fault {
    invalid("You have specified two resources that belong to different networks.")
}

// === Load balancers ===

/// Observed.
pub(in crate::ecs) fn classic_balancer() -> Fault {
    invalid("Classic Load Balancers are not supported with Fargate.")
}

/// Observed.
pub(in crate::ecs) fn classic_and_group() -> Fault {
    invalid(
        "loadBalancerName and targetGroupArn cannot both be specified. You must specify either a loadBalancerName or a targetGroupArn in all loadBalancer entries",
    )
}

/// Unverified, after [`classic_and_group`].
pub(in crate::ecs) fn no_group() -> Fault {
    invalid(
        "You must specify either a loadBalancerName or a targetGroupArn in all loadBalancer entries",
    )
}

/// Reference §3.8.
pub(in crate::ecs) fn group_twice(arn: &str) -> Fault {
    invalid(format!("Duplicate targetGroupArn found: {arn}"))
}

/// Unverified, after `The load balancer <name> does not exist.`, which was observed.
pub(in crate::ecs) fn unknown_group(arn: &str) -> Fault {
    invalid(format!("The target group {arn} does not exist."))
}

/// Reference §3.13.
pub(in crate::ecs) fn group_without_balancer(arn: &str) -> Fault {
    invalid(format!(
        "The target group with targetGroupArn {arn} does not have an associated load balancer."
    ))
}

/// Reference §3.13, where the type is `instance`.
pub(in crate::ecs) fn group_type(arn: &str, kind: &str) -> Fault {
    invalid(format!(
        "The provided target group {arn} has target type {kind}, which is incompatible with the awsvpc network mode specified in the task definition."
    ))
}

/// Reference §3.13.
pub(in crate::ecs) fn no_such_container(name: &str) -> Fault {
    invalid(format!("The container {name} does not exist in the task definition."))
}

/// Reference §3.13.
pub(in crate::ecs) fn no_such_port(container: &str, port: i32) -> Fault {
    invalid(format!("The container {container} did not have a container port {port} defined."))
}

/// AWS refuses alarms that are not there (reference §3.6); its text is not known.
pub(in crate::ecs) fn unknown_alarms(names: &[&str]) -> Fault {
    let names = names.join(", ");
    invalid(format!("The following CloudWatch alarms could not be found: {names}."))
}

/// Ours.
pub(in crate::ecs) fn no_alarms() -> Fault {
    invalid("alarmNames must not be empty when deployment alarms are enabled.")
}
