//! What CloudFormation finds when it holds a stack's resources against what they were made with.

use super::{PAUSES, wait};
use crate::client::{CallError, Client};
use api::cloudformation::{
    DescribeStackDriftDetectionStatus, DescribeStackDriftDetectionStatusInput,
    DescribeStackResourceDrifts, DescribeStackResourceDriftsInput, DetectStackDrift,
    DetectStackDriftInput, StackResourceDrift,
};
use plan::drift::{Difference, Drift, Found};

/// Has CloudFormation look, and answers what it found of all resources that are not as they were made.
///
/// # Errors
/// When a call fails.
pub async fn drifts(client: &Client, stack: &str) -> Result<Vec<Drift>, CallError> {
    let request =
        DetectStackDriftInput { stack_name: stack.to_owned(), logical_resource_ids: None };
    let stack_drift_detection_id =
        client.call::<DetectStackDrift>(request).await?.stack_drift_detection_id;
    let request = DescribeStackDriftDetectionStatusInput { stack_drift_detection_id };
    let mut pause = PAUSES.0;
    loop {
        let seen = client.call::<DescribeStackDriftDetectionStatus>(request.clone()).await?;
        // A detection that failed has found what it could; the rest is said not to be checked.
        if seen.detection_status != "DETECTION_IN_PROGRESS" {
            break;
        }
        wait(&mut pause).await;
    }
    let (mut all, mut next_token) = (Vec::new(), None);
    loop {
        let request = DescribeStackResourceDriftsInput {
            stack_name: stack.to_owned(),
            next_token,
            ..Default::default()
        };
        let page = client.call::<DescribeStackResourceDrifts>(request).await?;
        all.extend(page.stack_resource_drifts.into_iter().filter_map(read));
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(all);
        }
    }
}

fn read(told: StackResourceDrift) -> Option<Drift> {
    let differences = told.property_differences.into_iter().flatten().map(|it| Difference {
        path: it.property_path,
        expected: it.expected_value,
        actual: it.actual_value,
    });
    let found = match told.stack_resource_drift_status.as_str() {
        "IN_SYNC" => return None,
        "DELETED" => Found::Deleted,
        "MODIFIED" => Found::Modified(differences.collect()),
        _ => Found::NotChecked,
    };
    Some(Drift { id: told.logical_resource_id, kind: told.resource_type, found })
}
