//! What the golden messages of CloudFormation say.

use super::{check, check_fault};
use api::{Call, Fault, cloudformation};
use model::Timestamp;

/// 2026-11-20T07:31:00.123Z.
const NOW: Timestamp = Timestamp::from_millis(1_795_159_860_123);

const STACK: &str = "arn:aws:cloudformation:eu-west-1:000000000000:stack/shop-prod/5f1c9b7e";

pub(crate) fn cloudformation() {
    let text = |text: &str| Some(text.to_owned());
    check::<cloudformation::CreateStack>(
        cloudformation::CreateStackInput {
            stack_name: "shop-prod".into(),
            template_body: text("Resources: {Cluster: {Type: 'AWS::ECS::Cluster'}}\n"),
            parameters: Some(vec![cloudformation::Parameter {
                parameter_key: text("Network"),
                parameter_value: text("vpc-1"),
                ..Default::default()
            }]),
            capabilities: Some(vec!["CAPABILITY_NAMED_IAM".into()]),
            disable_rollback: Some(false),
            ..Default::default()
        },
        cloudformation::CreateStackOutput { stack_id: text(STACK), operation_id: None },
    );
    check::<cloudformation::DescribeStacks>(
        cloudformation::DescribeStacksInput { stack_name: text("shop-prod"), next_token: None },
        cloudformation::DescribeStacksOutput {
            stacks: Some(vec![cloudformation::Stack {
                stack_id: text(STACK),
                stack_name: "shop-prod".into(),
                creation_time: NOW,
                stack_status: "CREATE_COMPLETE".into(),
                outputs: Some(vec![cloudformation::Output {
                    output_key: text("Cluster"),
                    output_value: text("shop-prod"),
                    ..Default::default()
                }]),
                ..Default::default()
            }]),
            next_token: None,
        },
    );
    check::<cloudformation::DescribeChangeSet>(
        cloudformation::DescribeChangeSetInput {
            change_set_name: "next".into(),
            stack_name: text("shop-prod"),
            ..Default::default()
        },
        change_set(),
    );
    check::<cloudformation::DeleteStack>(
        cloudformation::DeleteStackInput {
            stack_name: "shop-prod".into(),
            retain_resources: Some(vec!["Cluster".into()]),
            ..Default::default()
        },
        api::value::Nothing,
    );
    let absent = Fault::refuse("ValidationError", "Stack with id shop-prod does not exist");
    check_fault(cloudformation::DescribeStacks::OPERATION, &absent);
}

fn change_set() -> cloudformation::DescribeChangeSetOutput {
    let text = |text: &str| Some(text.to_owned());
    let change = cloudformation::ResourceChange {
        action: text("Modify"),
        logical_resource_id: text("Cluster"),
        physical_resource_id: text("shop-prod"),
        resource_type: text("AWS::ECS::Cluster"),
        replacement: text("False"),
        scope: Some(vec!["Properties".into()]),
        ..Default::default()
    };
    cloudformation::DescribeChangeSetOutput {
        change_set_name: text("next"),
        stack_name: text("shop-prod"),
        status: text("CREATE_COMPLETE"),
        execution_status: text("AVAILABLE"),
        creation_time: Some(NOW),
        changes: Some(vec![cloudformation::Change {
            r#type: text("Resource"),
            resource_change: Some(change),
            ..Default::default()
        }]),
        ..Default::default()
    }
}
