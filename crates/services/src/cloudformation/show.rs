//! Rows as clients see them.

use api::cloudformation as shown;
use template::parameter::HIDDEN;
use template::{Parameter, Template};
use world::Stack;
use world::stack::{OnFailure, StackVersion};

/// What was not held against what it was made with, or can't be.
pub(super) const NOT_CHECKED: &str = "NOT_CHECKED";

/// A stack as `DescribeStacks` shows it.
pub(super) fn stack(stack: &Stack) -> shown::Stack {
    let version = &stack.version;
    let template = Template::parse(&version.template).ok();
    let (drift, checked) = super::drift::of_stack(stack);
    let outputs: Vec<shown::Output> = stack.outputs.iter().map(output).collect();
    shown::Stack {
        stack_id: Some(stack.arn.to_string()),
        stack_name: stack.name.clone(),
        change_set_id: stack.change_set.as_ref().map(ToString::to_string),
        description: template.as_ref().and_then(|it| it.description.clone()),
        parameters: Some(parameters(version, template.as_ref())),
        creation_time: stack.created_at,
        deletion_time: stack.deleted_at,
        last_updated_time: stack.updated_at,
        rollback_configuration: Some(shown::RollbackConfiguration::default()),
        stack_status: stack.status.as_str().to_owned(),
        stack_status_reason: stack.reason.clone(),
        disable_rollback: Some(stack.on_failure == OnFailure::Nothing),
        notification_ar_ns: Some(version.notifications.clone()),
        capabilities: Some(version.capabilities.clone()),
        outputs: (!outputs.is_empty()).then_some(outputs),
        role_arn: version.role.clone(),
        tags: Some(tags(version)),
        enable_termination_protection: Some(stack.protected),
        drift_information: Some(shown::StackDriftInformation {
            stack_drift_status: drift.to_owned(),
            last_check_timestamp: checked,
        }),
        ..shown::Stack::default()
    }
}

/// A version's tags.
pub(super) fn tags(version: &StackVersion) -> Vec<shown::Tag> {
    let pairs = version.tags.iter();
    pairs.map(|(key, value)| shown::Tag { key: key.clone(), value: value.clone() }).collect()
}

/// A version's parameters; what is not to be shown is not.
pub(super) fn parameters(
    version: &StackVersion,
    template: Option<&Template>,
) -> Vec<shown::Parameter> {
    let shown = version.parameters.iter().map(|(key, value)| {
        let held = template.and_then(|it| it.parameters.get(key));
        let hidden = held.is_none_or(|it| it.no_echo);
        let value = if hidden { HIDDEN.to_owned() } else { value.reveal().to_owned() };
        shown::Parameter {
            parameter_key: Some(key.clone()),
            parameter_value: Some(value),
            use_previous_value: None,
            resolved_value: version.looked_up.get(key).cloned(),
        }
    });
    shown.collect()
}

fn output(output: &world::stack::StackOutput) -> shown::Output {
    shown::Output {
        output_key: Some(output.key.clone()),
        output_value: Some(output.value.clone()),
        description: output.description.clone(),
        export_name: output.export.clone(),
    }
}

/// A parameter's declaration.
pub(super) fn declaration(name: &str, held: &Parameter) -> shown::ParameterDeclaration {
    let allowed = (!held.allowed.is_empty()).then(|| held.allowed.clone());
    shown::ParameterDeclaration {
        parameter_key: Some(name.to_owned()),
        default_value: held.default.as_deref().map(|value| held.shown(value)),
        parameter_type: Some(held.kind.clone()),
        no_echo: Some(held.no_echo),
        description: held.description.clone(),
        parameter_constraints: Some(shown::ParameterConstraints { allowed_values: allowed }),
    }
}
