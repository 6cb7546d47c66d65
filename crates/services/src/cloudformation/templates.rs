//! `GetTemplate`, `GetTemplateSummary` and `ValidateTemplate`.

use super::{fault, find, show, types, version};
use crate::Cx;
use api::Fault;
use api::cloudformation::*;
use template::Template;
use world::World;

/// `GetTemplate`: as it was given.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetTemplateInput,
) -> Result<GetTemplateOutput, Fault> {
    let version = match (&input.change_set_name, &input.stack_name) {
        (Some(name), stack) => &find::change_set(world, name, stack.as_deref())?.version,
        (None, Some(name)) => &find::shown(world, name)?.version,
        (None, None) => return Err(fault::no_name()),
    };
    Ok(GetTemplateOutput {
        template_body: Some(version.template.clone()),
        stages_available: Some(vec!["Original".to_owned(), "Processed".to_owned()]),
    })
}

/// `GetTemplateSummary`, of a text or of a stack.
pub(super) fn summary(
    world: &World,
    cx: &Cx<'_>,
    input: GetTemplateSummaryInput,
) -> Result<GetTemplateSummaryOutput, Fault> {
    if input.stack_set_name.is_some() {
        return Err(fault::not_implemented("stack sets"));
    }
    let text = match (input.template_body, input.template_url, input.stack_name) {
        (Some(body), _, _) => body,
        (None, Some(url), _) => fetched(cx, &url)?,
        (None, None, Some(name)) => find::shown(world, &name)?.version.template.clone(),
        (None, None, None) => return Err(fault::no_template()),
    };
    let template = Template::parse(&text).map_err(|it| fault::mistake(&it))?;
    let needed = version::capabilities(&template);
    let declared = template.parameters.iter();
    let declared = declared.map(|(name, held)| show::declaration(name, held)).collect();
    let unknown: Vec<&str> =
        template.kinds().into_iter().filter(|kind| types::find(kind).is_none()).collect();
    let as_warnings = input.template_summary_config;
    let as_warnings = as_warnings.and_then(|it| it.treat_unrecognized_resource_types_as_warnings);
    if !unknown.is_empty() && as_warnings != Some(true) {
        return Err(fault::unknown_types(&unknown));
    }
    let unknown: Vec<String> = unknown.into_iter().map(str::to_owned).collect();
    Ok(GetTemplateSummaryOutput {
        parameters: Some(declared),
        description: template.description.clone(),
        capabilities: needed.as_ref().map(|(word, _)| vec![(*word).to_owned()]),
        capabilities_reason: needed.map(|(_, kinds)| reason(&kinds)),
        resource_types: Some(template.kinds().into_iter().map(str::to_owned).collect()),
        version: template.version.clone(),
        metadata: template.metadata.as_ref().map(ToString::to_string),
        warnings: (!unknown.is_empty())
            .then_some(Warnings { unrecognized_resource_types: Some(unknown) }),
        ..GetTemplateSummaryOutput::default()
    })
}

/// `ValidateTemplate`.
pub(super) fn validate(
    _: &World,
    cx: &Cx<'_>,
    input: ValidateTemplateInput,
) -> Result<ValidateTemplateOutput, Fault> {
    let text = match (input.template_body, input.template_url) {
        (Some(body), None) => body,
        (None, Some(url)) => fetched(cx, &url)?,
        (Some(_), Some(_)) => return Err(fault::template_twice()),
        (None, None) => return Err(fault::no_template()),
    };
    let template = version::read(&text)?;
    let needed = version::capabilities(&template);
    let parameters = template.parameters.iter().map(|(name, held)| TemplateParameter {
        parameter_key: Some(name.clone()),
        default_value: held.default.as_deref().map(|value| held.shown(value)),
        no_echo: Some(held.no_echo),
        description: held.description.clone(),
    });
    Ok(ValidateTemplateOutput {
        parameters: Some(parameters.collect()),
        description: template.description.clone(),
        capabilities: needed.as_ref().map(|(word, _)| vec![(*word).to_owned()]),
        capabilities_reason: needed.map(|(_, kinds)| reason(&kinds)),
        declared_transforms: None,
    })
}

/// What stands where the request's URL leads to.
fn fetched(cx: &Cx<'_>, url: &str) -> Result<String, Fault> {
    cx.template.map(str::to_owned).ok_or_else(|| fault::no_url(url))
}

fn reason(kinds: &[&str]) -> String {
    format!("The following resource(s) require capabilities: [{}]", kinds.join(", "))
}
