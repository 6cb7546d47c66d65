//! Services: how many tasks of which definition, behind which target group.

use crate::compare::differences;
use crate::groups::seconds;
use crate::observed::Observed;
use crate::planner::{Held, Plan, Until};
use crate::step::{Act, Before, Step};
use crate::wish::Wish;
use crate::{alarms, approval, definition, exec, pair, progress, tags};
use api::ecs::{
    AwsVpcConfiguration, CanaryConfiguration, ContainerOverride, CreateService,
    CreateServiceRequest, DeleteService, DeleteServiceRequest, DeploymentCircuitBreaker,
    DeploymentConfiguration, LinearConfiguration, LoadBalancer, NetworkConfiguration,
    RunTaskRequest, Service as There, TaskOverride, UpdateService, UpdateServiceRequest,
};
use manifest::{Breaker, Service, Strategy};
use model::Span;
use std::collections::BTreeSet;

/// Makes, changes and removes services.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (name, service) in wish.services() {
        let Some(definition) = definition::arn(wish, observed, name) else {
            plan.hold(format!("service {name}"), "its task definition");
            continue;
        };
        if !is_ready(wish, observed, name, service, plan) {
            continue;
        }
        let there = observed.services.get(name);
        let changed =
            there.is_none_or(|there| there.task_definition.as_deref() != Some(definition));
        if let Some(before) = before(wish, observed, name, service, definition)
            && changed
        {
            plan.steps.push(before);
            plan.hold(format!("service {name}"), "the task that runs before it");
            continue;
        }
        match there {
            Some(there) => {
                plan.steps.extend(update(wish, observed, (name, service), there, definition));
            }
            None => plan.steps.push(create(wish, observed, name, service, definition)),
        }
    }
}

/// Whether what the service stands on is there.
fn is_ready(
    wish: &Wish,
    observed: &Observed,
    name: &str,
    service: &Service,
    plan: &mut Plan,
) -> bool {
    if observed.cluster.is_none() {
        plan.hold(format!("service {name}"), "the cluster");
        return false;
    }
    // ECS refuses a target group that no load balancer leads to (reference §3.13).
    let led_to = |group: &String| {
        let group = observed.groups.get(group).map(|held| &held.group);
        let balancers = group.and_then(|group| group.load_balancer_arns.as_ref());
        balancers.is_some_and(|balancers| !balancers.is_empty())
    };
    let all_led_to = pair::groups(wish, observed, name, service).iter().all(led_to);
    let paired = pair::is_paired(observed, name, service);
    let ruled = !paired || pair::rule(wish, observed, name).is_some();
    let reachable = service.routes().is_empty() || (all_led_to && ruled);
    if !reachable {
        plan.hold(format!("service {name}"), "the rule that leads to it");
        return false;
    }
    for needed in &service.depends_on {
        if !observed.services.get(needed).is_some_and(progress::is_steady) {
            plan.held.push(Held {
                what: format!("service {name}"),
                for_what: format!("service {needed} to be steady"),
                until: Until::Time,
            });
            return false;
        }
    }
    true
}

fn create(
    wish: &Wish,
    observed: &Observed,
    name: &str,
    service: &Service,
    definition: &str,
) -> Step {
    let request = CreateServiceRequest {
        cluster: Some(wish.cluster()),
        service_name: name.to_owned(),
        task_definition: Some(definition.to_owned()),
        desired_count: count(service),
        launch_type: Some("FARGATE".to_owned()),
        load_balancers: balancers(wish, observed, name, service),
        network_configuration: network(observed),
        health_check_grace_period_seconds: grace(service),
        deployment_configuration: Some(configuration(service)),
        enable_execute_command: exec::lets_in(wish, service).then_some(true),
        enable_ecs_managed_tags: Some(true),
        propagate_tags: Some("SERVICE".to_owned()),
        tags: tags::ecs(tags::of_service(wish, name)),
        ..Default::default()
    };
    Step::call::<CreateService>(format!("create service {name}"), request)
        .because(alarms::warnings(observed, service))
}

/// Changes what differs. A count that scaling moves is left alone.
fn update(
    wish: &Wish,
    observed: &Observed,
    (name, service): (&str, &Service),
    there: &There,
    definition: &str,
) -> Option<Step> {
    let desired = kept(configuration(service), there);
    let balancers = balancers(wish, observed, name, service);
    let held = there.deployment_configuration.clone().unwrap_or_default();
    let number = |value: Option<i32>| value.map(|value| value.to_string());
    let text = |value: Option<i32>| number(value).unwrap_or_default();
    let mut why = differences([
        ("definition", definition.to_owned(), there.task_definition.clone()),
        ("min", text(desired.minimum_healthy_percent), number(held.minimum_healthy_percent)),
        ("max", text(desired.maximum_percent), number(held.maximum_percent)),
        ("breaker", breaker(&desired), Some(breaker(&held))),
        ("strategy", words(&desired), Some(words(&held))),
        ("bake", text(desired.bake_time_in_minutes), number(held.bake_time_in_minutes)),
        (
            "alarms",
            alarms::words(desired.alarms.as_ref()),
            Some(alarms::words(held.alarms.as_ref())),
        ),
        (
            "approval",
            approval::words(desired.lifecycle_hooks.as_ref()),
            Some(approval::words(held.lifecycle_hooks.as_ref())),
        ),
        (
            "second target group",
            pair::words(balancers.as_ref()),
            Some(pair::words(there.load_balancers.as_ref())),
        ),
        (
            "grace",
            text(grace(service).or(Some(0))),
            Some(text(there.health_check_grace_period_seconds.or(Some(0)))),
        ),
    ]);
    why.extend(network_words(wish, observed, there));
    let exec = exec::change(wish, service, there);
    why.extend(exec::words(exec));
    // On AWS a count that the manifest does not name may be somebody's who scales it.
    let fixed = service.scale.is_none() && (wish.is_local() || service.count.is_some());
    let desired_count = count(service).filter(|count| fixed && Some(*count) != there.desired_count);
    if let Some(count) = desired_count {
        why.push(format!("count: {} → {count}", text(there.desired_count)));
    }
    if there.task_definition.as_deref() != Some(definition) {
        why.extend(alarms::warnings(observed, service));
    }
    let request = UpdateServiceRequest {
        cluster: Some(wish.cluster()),
        service: name.to_owned(),
        task_definition: Some(definition.to_owned()),
        desired_count,
        deployment_configuration: Some(desired),
        health_check_grace_period_seconds: grace(service),
        network_configuration: network_words(wish, observed, there).and_then(|_| network(observed)),
        // A pair that is there stays as it is: given again it is no change.
        load_balancers: balancers.filter(|_| pair::is_paired(observed, name, service)),
        enable_execute_command: exec,
        // ECS Exec is had by tasks that are started with it, and by no others.
        force_new_deployment: exec.filter(|wanted| *wanted),
        ..Default::default()
    };
    let what = format!("update service {name}");
    (!why.is_empty()).then(|| Step::call::<UpdateService>(what, request).because(why))
}

/// What changes of the network, in words. In the local region nothing does.
fn network_words(wish: &Wish, observed: &Observed, there: &There) -> Option<String> {
    let held = there.network_configuration.clone()?.awsvpc_configuration?;
    let sorted = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
    let held_groups = held.security_groups.unwrap_or_default();
    let same = sorted(&held.subnets) == sorted(&observed.subnets)
        && sorted(&held_groups) == sorted(&observed.security_groups);
    let words = |subnets: &[String], groups: &[String]| [subnets, groups].concat().join(" ");
    (!wish.is_local() && !same).then(|| {
        let before = words(&held.subnets, &held_groups);
        format!("network: {before} → {}", words(&observed.subnets, &observed.security_groups))
    })
}

/// The configuration, with what the live one has and a manifest has no word for: how the breaker
/// counts, and hooks that are no approval.
fn kept(mut desired: DeploymentConfiguration, there: &There) -> DeploymentConfiguration {
    let held = there.deployment_configuration.clone().unwrap_or_default();
    if let (Some(breaker), Some(held)) =
        (&mut desired.deployment_circuit_breaker, held.deployment_circuit_breaker)
    {
        let (enable, rollback) = (breaker.enable, breaker.rollback);
        *breaker = DeploymentCircuitBreaker { enable, rollback, ..held };
    }
    let others = held.lifecycle_hooks.into_iter().flatten().filter(|hook| !approval::is_own(hook));
    desired.lifecycle_hooks.get_or_insert_default().extend(others);
    desired
}

/// Removes services of this application and environment that the manifest no longer has.
pub(crate) fn leftovers(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (name, there) in &observed.services {
        let tags = there.tags.iter().flatten();
        let tags = tags.filter_map(|tag| Some((tag.key.clone()?, tag.value.clone()?))).collect();
        // Others deploy to the same cluster, perhaps, and perhaps with neargate.
        let ours = wish.names().own(&tags) && tags.contains_key(tags::SERVICE);
        let wanted = wish.services().any(|(held, _)| held == name);
        if ours && !wanted {
            let request = DeleteServiceRequest {
                cluster: Some(wish.cluster()),
                service: name.clone(),
                force: Some(true),
            };
            let why = ["the manifest has no such service".to_owned()];
            let step = Step::call::<DeleteService>(format!("remove service {name}"), request);
            plan.steps.push(step.because(why));
        }
    }
}

/// The one-off task before a deployment, unless it has ended well for this definition already.
fn before(
    wish: &Wish,
    observed: &Observed,
    name: &str,
    service: &Service,
    definition: &str,
) -> Option<Step> {
    let before = service.before.as_ref()?;
    if observed.prepared.contains(definition) {
        return None;
    }
    let override_command = ContainerOverride {
        name: Some(name.to_owned()),
        command: Some(before.command.words().to_vec()),
        ..Default::default()
    };
    let run = RunTaskRequest {
        cluster: Some(wish.cluster()),
        task_definition: definition.to_owned(),
        launch_type: Some("FARGATE".to_owned()),
        network_configuration: network(observed),
        overrides: Some(TaskOverride {
            container_overrides: Some(vec![override_command]),
            ..Default::default()
        }),
        started_by: Some("neargate-before".to_owned()),
        client_token: Some(token(definition)),
        tags: tags::ecs(tags::of_service(wish, name)),
        ..Default::default()
    };
    let what = format!("run `{}` for service {name}", before.command.words().join(" "));
    let why = vec!["it has to end well before the new version takes requests".to_owned()];
    let before = Before {
        service: name.to_owned(),
        definition: definition.to_owned(),
        run,
        timeout: before.timeout,
    };
    Some(Step { what, why, act: Act::Before(Box::new(before)) })
}

/// The last part of a definition's ARN, `family:revision`, within the 64 characters of a token.
fn token(definition: &str) -> String {
    let name = definition.rsplit('/').next().unwrap_or(definition).replace(':', "-");
    let skip = name.chars().count().saturating_sub(56);
    format!("before-{}", name.chars().skip(skip).collect::<String>())
}

fn count(service: &Service) -> Option<i32> {
    i32::try_from(service.desired_count()).ok()
}

/// A grace period needs something that judges: a load balancer.
fn grace(service: &Service) -> Option<i32> {
    (!service.routes().is_empty()).then(|| seconds(service.health.grace))
}

fn balancers(
    wish: &Wish,
    observed: &Observed,
    name: &str,
    service: &Service,
) -> Option<Vec<LoadBalancer>> {
    if service.routes().is_empty() {
        return None;
    }
    let arn = |group: &String| observed.groups.get(group)?.group.target_group_arn.clone();
    let groups = pair::groups(wish, observed, name, service);
    let advanced_configuration = match groups.get(1) {
        Some(second) => {
            let rule = pair::rule(wish, observed, name)?;
            Some(pair::configuration(observed, &arn(second)?, rule))
        }
        None => None,
    };
    Some(vec![LoadBalancer {
        target_group_arn: groups.first().and_then(arn),
        container_name: Some(name.to_owned()),
        container_port: service.port.map(i32::from),
        advanced_configuration,
        ..Default::default()
    }])
}

fn network(observed: &Observed) -> Option<NetworkConfiguration> {
    let public = if observed.public { "ENABLED" } else { "DISABLED" };
    Some(NetworkConfiguration {
        awsvpc_configuration: Some(AwsVpcConfiguration {
            subnets: observed.subnets.clone(),
            security_groups: Some(observed.security_groups.clone()),
            assign_public_ip: Some(public.to_owned()),
        }),
    })
}

/// How another strategy takes the place of the one of a service, in words; `None` where it stays.
#[must_use]
pub fn other_strategy(service: &Service, there: &There) -> Option<String> {
    let held = there.deployment_configuration.clone().unwrap_or_default();
    let (desired, held) = (words(&configuration(service)), words(&held));
    (desired != held).then(|| format!("strategy: {held} → {desired}"))
}

/// The breaker in words.
fn breaker(held: &DeploymentConfiguration) -> String {
    let breaker = held.deployment_circuit_breaker.clone().unwrap_or_default();
    format!("enable {}, rollback {}", breaker.enable, breaker.rollback)
}

/// A strategy in words, with its shares and minutes.
fn words(configuration: &DeploymentConfiguration) -> String {
    let strategy = configuration.strategy.as_deref().unwrap_or("ROLLING");
    let linear = configuration.linear_configuration.as_ref();
    let linear = linear.map(|held| (held.step_percent, held.step_bake_time_in_minutes));
    let canary = configuration.canary_configuration.as_ref();
    let canary = canary.map(|held| (held.canary_percent, held.canary_bake_time_in_minutes));
    match linear.or(canary) {
        Some((Some(percent), Some(minutes))) => format!("{strategy} {percent} %, {minutes} min"),
        _ => strategy.to_owned(),
    }
}

fn configuration(service: &Service) -> DeploymentConfiguration {
    let deploy = &service.deploy;
    let minutes = |span: Span| i32::try_from(span.as_millis() / 60_000).ok();
    DeploymentConfiguration {
        strategy: Some(
            match deploy.strategy {
                Strategy::Rolling => "ROLLING",
                Strategy::BlueGreen => "BLUE_GREEN",
                Strategy::Linear => "LINEAR",
                Strategy::Canary => "CANARY",
            }
            .to_owned(),
        ),
        bake_time_in_minutes: minutes(deploy.bake()),
        linear_configuration: (deploy.strategy == Strategy::Linear).then(|| LinearConfiguration {
            step_percent: Some(deploy.linear.percent),
            step_bake_time_in_minutes: minutes(deploy.linear.bake),
        }),
        canary_configuration: (deploy.strategy == Strategy::Canary).then(|| CanaryConfiguration {
            canary_percent: Some(deploy.canary.percent),
            canary_bake_time_in_minutes: minutes(deploy.canary.bake),
        }),
        minimum_healthy_percent: i32::try_from(deploy.min).ok(),
        maximum_percent: i32::try_from(deploy.max).ok(),
        deployment_circuit_breaker: Some(DeploymentCircuitBreaker {
            enable: deploy.breaker != Breaker::None,
            rollback: deploy.breaker == Breaker::Rollback,
            ..Default::default()
        }),
        alarms: Some(alarms::configuration(service)),
        // A list that is given takes the place of the one there was, also an empty one.
        lifecycle_hooks: Some(approval::hooks(service)),
        ..Default::default()
    }
}
