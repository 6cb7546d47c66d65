//! Calls through the table, as the engine makes them.

use super::table;
use crate::testing::{Region, assert_complete};
use api::autoscaling::*;
use api::ecs::{
    AwsVpcConfiguration, ContainerDefinition, CreateCluster, CreateClusterRequest, CreateService,
    CreateServiceRequest, NetworkConfiguration, RegisterTaskDefinition,
    RegisterTaskDefinitionRequest,
};
use model::Span;
use world::{EventKey, ServiceEvent, ServiceKey};

const ID: &str = "service/shop/api";

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A region with the service `api` of two tasks in the cluster `shop`.
fn region() -> Region {
    region_with(table().and(crate::ecs::table()).and(crate::cloudwatch::table()))
}

/// The same, which can do what the table can.
pub(crate) fn region_with(table: crate::Table) -> Region {
    let mut region = Region::of(table);
    region.ok::<CreateCluster>(CreateClusterRequest {
        cluster_name: some("shop"),
        ..Default::default()
    });
    region.ok::<RegisterTaskDefinition>(RegisterTaskDefinitionRequest {
        family: "web".to_owned(),
        network_mode: some("awsvpc"),
        requires_compatibilities: Some(vec!["FARGATE".to_owned()]),
        cpu: some("256"),
        memory: some("512"),
        container_definitions: vec![ContainerDefinition {
            name: some("app"),
            image: some("node:22-alpine"),
            ..Default::default()
        }],
        ..Default::default()
    });
    let subnets = vec!["subnet-00000000000000001".to_owned()];
    let awsvpc_configuration = Some(AwsVpcConfiguration { subnets, ..Default::default() });
    region.ok::<CreateService>(CreateServiceRequest {
        cluster: some("shop"),
        service_name: "api".to_owned(),
        task_definition: some("web"),
        desired_count: Some(2),
        launch_type: some("FARGATE"),
        network_configuration: Some(NetworkConfiguration { awsvpc_configuration }),
        ..Default::default()
    });
    region
}

fn bounds(min: Option<i32>, max: Option<i32>) -> RegisterScalableTargetRequest {
    RegisterScalableTargetRequest {
        service_namespace: "ecs".to_owned(),
        resource_id: ID.to_owned(),
        scalable_dimension: super::DIMENSION.to_owned(),
        min_capacity: min,
        max_capacity: max,
        ..Default::default()
    }
}

fn key() -> ServiceKey {
    ServiceKey { cluster: "shop".into(), name: "api".into() }
}

fn desired(region: &Region) -> u32 {
    region.world.services.get(&key()).unwrap().desired_count
}

fn steady(region: &mut Region, number: u64) {
    region.put(ServiceEvent {
        key: EventKey { service: key(), number },
        id: format!("event-{number}"),
        at: region.now,
        message: "(service api) has reached a steady state.".to_owned(),
    });
}

fn activities(region: &mut Region) -> Vec<ScalingActivity> {
    let request = DescribeScalingActivitiesRequest {
        service_namespace: "ecs".to_owned(),
        resource_id: some(ID),
        ..Default::default()
    };
    region.ok::<DescribeScalingActivities>(request).scaling_activities.unwrap()
}

fn tracking(name: &str, metric: &str, target: f64) -> PutScalingPolicyRequest {
    PutScalingPolicyRequest {
        policy_name: name.to_owned(),
        service_namespace: "ecs".to_owned(),
        resource_id: ID.to_owned(),
        scalable_dimension: super::DIMENSION.to_owned(),
        policy_type: some("TargetTrackingScaling"),
        target_tracking_scaling_policy_configuration: Some(
            TargetTrackingScalingPolicyConfiguration {
                target_value: target,
                predefined_metric_specification: Some(PredefinedMetricSpecification {
                    predefined_metric_type: metric.to_owned(),
                    resource_label: None,
                }),
                ..Default::default()
            },
        ),
        ..Default::default()
    }
}

fn steps(steps: &[(Option<f64>, Option<f64>)]) -> PutScalingPolicyRequest {
    let step = |(lower, upper): &(Option<f64>, Option<f64>)| StepAdjustment {
        metric_interval_lower_bound: *lower,
        metric_interval_upper_bound: *upper,
        scaling_adjustment: 1,
    };
    PutScalingPolicyRequest {
        policy_type: None,
        target_tracking_scaling_policy_configuration: None,
        step_scaling_policy_configuration: Some(StepScalingPolicyConfiguration {
            adjustment_type: some("ChangeInCapacity"),
            step_adjustments: Some(steps.iter().map(step).collect()),
            ..Default::default()
        }),
        ..tracking("steps", "", 1.0)
    }
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(api::Service::AutoScaling, &table());
}

#[test]
fn a_count_outside_of_its_bounds_is_brought_back_and_the_activity_ends_when_the_service_is_steady()
{
    let mut region = region();
    region.ok::<RegisterScalableTarget>(bounds(Some(3), Some(10)));
    assert_eq!(desired(&region), 3);
    let [waiting] = activities(&mut region).try_into().unwrap();
    assert_eq!(waiting.cause, "minimum capacity was set to 3");
    assert_eq!((waiting.status_code.as_str(), waiting.end_time), ("InProgress", None));
    region.pass(Span::seconds(30));
    steady(&mut region, 0);
    let [done] = activities(&mut region).try_into().unwrap();
    assert_eq!((done.status_code.as_str(), done.end_time), ("Successful", Some(region.now)));
    assert_eq!(
        done.status_message.as_deref(),
        Some("Successfully set desired count to 3. Change successfully fulfilled by ecs.")
    );
    // What is not said stays.
    region.pass(Span::seconds(1));
    region.ok::<RegisterScalableTarget>(bounds(Some(1), None));
    assert_eq!(desired(&region), 3);
    region.ok::<RegisterScalableTarget>(bounds(None, Some(2)));
    assert_eq!(desired(&region), 2);
    region.pass(Span::seconds(1));
    region.ok::<RegisterScalableTarget>(bounds(Some(2), Some(1_000)));
    region.ok::<RegisterScalableTarget>(bounds(Some(5), None));
    let seen = activities(&mut region);
    let seen: Vec<_> =
        seen.iter().map(|one| (one.cause.as_str(), one.status_code.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("minimum capacity was set to 5", "InProgress"),
            ("maximum capacity was set to 2", "Overridden"),
            ("minimum capacity was set to 3", "Successful"),
        ]
    );
}

#[test]
fn what_is_no_target_is_refused() {
    let mut region = region();
    let other = |id: &str| RegisterScalableTargetRequest {
        resource_id: id.to_owned(),
        ..bounds(Some(1), Some(2))
    };
    let unsupported =
        "ValidationException: Unsupported service namespace, resource type or scalable dimension";
    for (request, expected) in [
        (bounds(Some(1), None), "ValidationException: MinCapacity and MaxCapacity are required"),
        (bounds(Some(3), Some(2)), "ValidationException: Maximum capacity cannot be less than"),
        (bounds(Some(-1), Some(2)), "ValidationException: MinCapacity must be greater than"),
        (
            other("service/shop/no"),
            "ValidationException: ECS service doesn't exist: service/shop/no",
        ),
        (other("service/shop"), unsupported),
        (other("table/shop"), unsupported),
    ] {
        let fault = region.fault::<RegisterScalableTarget>(request);
        assert!(fault.starts_with(expected), "{fault}");
    }
    let fault =
        region.fault::<PutScalingPolicy>(tracking("cpu", "ECSServiceAverageCPUUtilization", 70.0));
    assert_eq!(
        fault,
        "ObjectNotFoundException: No scalable target found for service namespace: ecs, resource ID: \
         service/shop/api, scalable dimension: ecs:service:DesiredCount"
    );
}

#[test]
fn a_target_tracking_policy_comes_and_goes_with_its_alarms() {
    let mut region = region();
    region.ok::<RegisterScalableTarget>(bounds(Some(1), Some(10)));
    let cpu = || tracking("cpu", "ECSServiceAverageCPUUtilization", 70.0);
    let made = region.ok::<PutScalingPolicy>(cpu());
    assert!(made.policy_arn.ends_with(":resource/ecs/service/shop/api:policyName/cpu"), "{made:?}");
    let alarms: Vec<_> = region.world.alarms.iter().cloned().collect();
    let [high, low] = alarms.try_into().unwrap();
    assert!(high.name.as_str().starts_with("TargetTracking-service/shop/api-AlarmHigh-"));
    assert_eq!((high.settings.threshold, high.settings.evaluation_periods), (Some(70.0), Some(3)));
    assert_eq!((low.settings.threshold, low.settings.evaluation_periods), (Some(63.0), Some(15)));
    assert_eq!(high.settings.alarm_actions, Some(vec![made.policy_arn.clone()]));
    // The same again replaces its alarms; the policy stays the same.
    let again = region.ok::<PutScalingPolicy>(cpu());
    assert_eq!(again.policy_arn, made.policy_arn);
    assert_eq!(region.world.alarms.iter().count(), 2);
    let fault = region.fault::<PutScalingPolicy>(PutScalingPolicyRequest {
        policy_name: "other".to_owned(),
        ..cpu()
    });
    assert!(fault.contains("Only one TargetTrackingScaling policy"), "{fault}");
    let place = bounds(None, None);
    let gone = DeregisterScalableTargetRequest {
        service_namespace: place.service_namespace,
        resource_id: place.resource_id,
        scalable_dimension: place.scalable_dimension,
    };
    region.ok::<DeregisterScalableTarget>(gone);
    assert_eq!(region.world.alarms.iter().count(), 0);
    assert_eq!(region.world.scaling_policies.iter().count(), 0);
}

#[test]
fn what_is_no_policy_is_refused() {
    let mut region = region();
    region.ok::<RegisterScalableTarget>(bounds(Some(1), Some(10)));
    region.ok::<PutScalingPolicy>(steps(&[
        (None, Some(-10.0)),
        (Some(-10.0), Some(0.0)),
        (Some(0.0), None),
    ]));
    for (request, expected) in [
        (steps(&[]), "StepAdjustments is required"),
        (steps(&[(None, None)]), "a step has at least one bound"),
        (steps(&[(Some(1.0), Some(1.0))]), "a step's lower bound is below"),
        (
            steps(&[(Some(0.0), Some(1.0)), (Some(2.0), None)]),
            "steps have neither gaps nor overlaps",
        ),
        (steps(&[(Some(0.0), None), (Some(2.0), None)]), "steps have neither gaps nor overlaps"),
        (steps(&[(Some(-1.0), None)]), "a step with a negative lower bound"),
        (tracking("x", "ALBRequestCountPerTarget", 1.0), "ResourceLabel must be app/"),
        (tracking("x", "DynamoDBReadCapacityUtilization", 1.0), "is no metric of an ECS service"),
        (tracking("x", "ECSServiceAverageCPUUtilizationHighResolution", 1.0), "not implemented"),
        (
            PutScalingPolicyRequest {
                policy_type: some("PredictiveScaling"),
                ..tracking("x", "", 1.0)
            },
            "the policy type PredictiveScaling is not implemented",
        ),
    ] {
        let fault = region.fault::<PutScalingPolicy>(request);
        assert!(fault.contains(expected), "{fault}");
    }
}

#[test]
fn a_scheduled_action_is_kept_and_what_is_not_said_stays() {
    let mut region = region();
    region.ok::<RegisterScalableTarget>(bounds(Some(1), Some(10)));
    let action = |schedule: Option<&str>, min: Option<i32>| PutScheduledActionRequest {
        service_namespace: "ecs".to_owned(),
        scheduled_action_name: "morning".to_owned(),
        resource_id: ID.to_owned(),
        scalable_dimension: super::DIMENSION.to_owned(),
        schedule: schedule.map(str::to_owned),
        scalable_target_action: min
            .map(|min| ScalableTargetAction { min_capacity: Some(min), max_capacity: None }),
        ..Default::default()
    };
    for (request, expected) in [
        (action(None, Some(1)), "Schedule is required"),
        (action(Some("daily"), Some(1)), "Schedule must be an at, rate or cron expression"),
        (action(Some("cron(0 7 * * *)"), Some(1)), "a cron expression has six fields"),
        (action(Some("rate(1 hour)"), None), "MinCapacity or MaxCapacity is required"),
    ] {
        let fault = region.fault::<PutScheduledAction>(request);
        assert!(fault.contains(expected), "{fault}");
    }
    region.ok::<PutScheduledAction>(action(Some("cron(0 7 ? * MON-FRI *)"), Some(4)));
    region.ok::<PutScheduledAction>(action(None, Some(5)));
    let request = DescribeScheduledActionsRequest {
        service_namespace: "ecs".to_owned(),
        ..Default::default()
    };
    let held = region.ok::<DescribeScheduledActions>(request).scheduled_actions.unwrap();
    assert_eq!(held[0].schedule, "cron(0 7 ? * MON-FRI *)");
    assert_eq!(held[0].scalable_target_action.as_ref().unwrap().min_capacity, Some(5));
}

#[test]
fn pages_follow_the_order_of_the_table() {
    let mut region = region();
    for cluster in ["shop-b", "a"] {
        let mut service = region.world.services.get(&key()).unwrap().clone();
        service.key.cluster = cluster.into();
        region.put(service);
    }
    for cluster in ["shop", "shop-b", "a"] {
        let resource_id = format!("service/{cluster}/api");
        region.ok::<RegisterScalableTarget>(RegisterScalableTargetRequest {
            resource_id,
            ..bounds(Some(1), Some(3))
        });
    }
    let (mut seen, mut token) = (Vec::new(), None);
    loop {
        let page = region.ok::<DescribeScalableTargets>(DescribeScalableTargetsRequest {
            service_namespace: "ecs".to_owned(),
            max_results: Some(1),
            next_token: token,
            ..Default::default()
        });
        seen.extend(page.scalable_targets.unwrap().into_iter().map(|held| held.resource_id));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["service/a/api", "service/shop/api", "service/shop-b/api"]);
}
