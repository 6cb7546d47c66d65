//! What the golden messages of Application Auto Scaling say.

use super::{check, check_fault};
use api::{Call, Fault, autoscaling};
use model::Timestamp;

/// 2026-11-20T07:31:00.123Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_159_860_123);

const ID: &str = "service/shop/api";

const DIMENSION: &str = "ecs:service:DesiredCount";

pub(crate) fn autoscaling() {
    targets();
    policies();
    let absent = Fault::refuse("ObjectNotFoundException", "No scalable target found");
    check_fault(autoscaling::DeregisterScalableTarget::OPERATION, &absent);
}

fn targets() {
    check::<autoscaling::RegisterScalableTarget>(
        autoscaling::RegisterScalableTargetRequest {
            service_namespace: "ecs".into(),
            resource_id: ID.into(),
            scalable_dimension: DIMENSION.into(),
            min_capacity: Some(1),
            max_capacity: Some(4),
            ..Default::default()
        },
        autoscaling::RegisterScalableTargetResponse {
            scalable_target_arn: Some("arn:aws:application-autoscaling:eu-west-1:1:x".into()),
        },
    );
    check::<autoscaling::DescribeScalableTargets>(
        autoscaling::DescribeScalableTargetsRequest {
            service_namespace: "ecs".into(),
            resource_ids: Some(vec![ID.into()]),
            ..Default::default()
        },
        autoscaling::DescribeScalableTargetsResponse {
            scalable_targets: Some(vec![autoscaling::ScalableTarget {
                service_namespace: "ecs".into(),
                resource_id: ID.into(),
                scalable_dimension: DIMENSION.into(),
                min_capacity: 1,
                max_capacity: 4,
                role_arn: "arn:aws:iam::1:role/x".into(),
                creation_time: NOW,
                ..Default::default()
            }]),
            next_token: None,
        },
    );
}

fn policies() {
    check::<autoscaling::PutScalingPolicy>(
        autoscaling::PutScalingPolicyRequest {
            policy_name: "cpu".into(),
            service_namespace: "ecs".into(),
            resource_id: ID.into(),
            scalable_dimension: DIMENSION.into(),
            policy_type: Some("TargetTrackingScaling".into()),
            target_tracking_scaling_policy_configuration: Some(
                autoscaling::TargetTrackingScalingPolicyConfiguration {
                    target_value: 62.5,
                    predefined_metric_specification: Some(
                        autoscaling::PredefinedMetricSpecification {
                            predefined_metric_type: "ECSServiceAverageCPUUtilization".into(),
                            resource_label: None,
                        },
                    ),
                    scale_in_cooldown: Some(300),
                    ..Default::default()
                },
            ),
            ..Default::default()
        },
        autoscaling::PutScalingPolicyResponse {
            policy_arn: "arn:aws:autoscaling:eu-west-1:1:scalingPolicy:x".into(),
            alarms: Some(vec![autoscaling::Alarm {
                alarm_name: "high".into(),
                alarm_arn: "arn:aws:cloudwatch:eu-west-1:1:alarm:high".into(),
            }]),
        },
    );
}
