//! Step scaling: what AWS takes of it (reference §5.3). The words of the refusals are unverified.

use super::fault;
use api::Fault;
use api::autoscaling::{PutScalingPolicyRequest, StepAdjustment};

/// The most steps of a policy.
const MOST: usize = 20;

/// Holds a policy against the rules.
pub(super) fn check(input: &PutScalingPolicyRequest) -> Result<(), Fault> {
    let missing = |what: &str| fault::invalid(format!("{what} is required for StepScaling"));
    let policy = input.step_scaling_policy_configuration.as_ref();
    let policy = policy.ok_or_else(|| missing("StepScalingPolicyConfiguration"))?;
    let kind = policy.adjustment_type.as_deref().ok_or_else(|| missing("AdjustmentType"))?;
    let steps = policy.step_adjustments.as_deref().unwrap_or_default();
    if steps.is_empty() {
        return Err(missing("StepAdjustments"));
    }
    if steps.len() > MOST {
        return Err(fault::too_many("step adjustments in a policy", MOST));
    }
    if policy.min_adjustment_magnitude.is_some() && kind != "PercentChangeInCapacity" {
        let message = "MinAdjustmentMagnitude goes with PercentChangeInCapacity alone";
        return Err(fault::invalid(message));
    }
    check_bounds(steps)
}

/// Steps have neither gaps nor overlaps, and together no more than one open end each way.
fn check_bounds(steps: &[StepAdjustment]) -> Result<(), Fault> {
    let lower = |step: &StepAdjustment| step.metric_interval_lower_bound;
    let upper = |step: &StepAdjustment| step.metric_interval_upper_bound;
    let mut steps: Vec<&StepAdjustment> = steps.iter().collect();
    steps.sort_by(|one, other| {
        let at = |step| lower(step).unwrap_or(f64::NEG_INFINITY);
        at(one).total_cmp(&at(other))
    });
    for step in &steps {
        match (lower(step), upper(step)) {
            (None, None) => return Err(fault::invalid("a step has at least one bound")),
            (Some(from), Some(to)) if from >= to => {
                return Err(fault::invalid("a step's lower bound is below its upper bound"));
            }
            _ => {}
        }
    }
    if steps.windows(2).any(|pair| upper(pair[0]).is_none() || upper(pair[0]) != lower(pair[1])) {
        return Err(fault::invalid("steps have neither gaps nor overlaps"));
    }
    let least = steps.first().and_then(|step| lower(step));
    if least.is_some_and(|least| least < 0.0) {
        return Err(fault::invalid(
            "a step with a negative lower bound needs one without below it",
        ));
    }
    Ok(())
}
