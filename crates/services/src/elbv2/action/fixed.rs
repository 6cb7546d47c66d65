//! Answering in place of a target.

use super::fault;
use api::Fault;
use api::elbv2::{Action, FixedResponseActionConfig};
use world::balancer::FixedResponse;

const CONTENT_TYPES: [&str; 5] =
    ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];

/// What an action answers.
pub(super) fn parse(config: Option<FixedResponseActionConfig>) -> Result<FixedResponse, Fault> {
    let missing = || fault::action_needs("fixed-response", "FixedResponseConfig");
    let config = config.ok_or_else(missing)?;
    let status: Option<u16> = config.status_code.parse().ok();
    let status = status.filter(|status| matches!(status, 200..=299 | 400..=599));
    let known = |kind: &String| CONTENT_TYPES.contains(&kind.as_str());
    if config.content_type.as_ref().is_some_and(|kind| !known(kind)) {
        return Err(fault::bad_content_type());
    }
    Ok(FixedResponse {
        status: status.ok_or_else(|| fault::bad_status(&config.status_code))?,
        content_type: config.content_type,
        body: config.message_body.unwrap_or_default(),
    })
}

/// The action as AWS answers it.
pub(super) fn show(response: &FixedResponse) -> Action {
    Action {
        r#type: "fixed-response".to_owned(),
        fixed_response_config: Some(FixedResponseActionConfig {
            message_body: Some(response.body.clone()).filter(|body| !body.is_empty()),
            status_code: response.status.to_string(),
            content_type: response.content_type.clone(),
        }),
        ..Action::default()
    }
}
