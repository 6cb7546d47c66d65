//! What a lifecycle policy would do. A preview is complete at once, and stays until the next one.

use super::{held, parse, refused};
use crate::Cx;
use crate::ecr::{fault, find, registry_id};
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecr::{
    GetLifecyclePolicyPreviewRequest, GetLifecyclePolicyPreviewResponse, ImageIdentifier,
    LifecyclePolicyPreviewResult, LifecyclePolicyPreviewSummary, LifecyclePolicyRuleAction,
    StartLifecyclePolicyPreviewRequest, StartLifecyclePolicyPreviewResponse,
};
use model::Ids;
use world::registry::lifecycle::{self, Expiry, Preview};
use world::{Draft, Image, Repository, World};

/// How many images a page has when a request doesn't say, and at most: the model's documentation.
const USUAL: usize = 100;
const MOST: usize = 100;

/// `StartLifecyclePolicyPreview`, of a policy of its own or of the repository's.
pub(in crate::ecr) fn start(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: StartLifecyclePolicyPreviewRequest,
) -> Result<StartLifecyclePolicyPreviewResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let (text, rules) = match input.lifecycle_policy_text {
        Some(text) => {
            let rules = parse::rules(&text).map_err(|why| refused(&why))?;
            (text, rules)
        }
        None => {
            let held = held(&row, draft)?;
            (held.text.clone(), held.rules.clone())
        }
    };
    let images: Vec<&Image> = draft.images_of(&row.name).collect();
    let expiring = lifecycle::expiring(&rules, &images, cx.now);
    draft.put(Repository { preview: Some(Preview { text: text.clone(), expiring }), ..row });
    Ok(StartLifecyclePolicyPreviewResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        lifecycle_policy_text: Some(text),
        status: Some("IN_PROGRESS".to_owned()),
    })
}

/// `GetLifecyclePolicyPreview`.
pub(in crate::ecr) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetLifecyclePolicyPreviewRequest,
) -> Result<GetLifecyclePolicyPreviewResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let none = || fault::no_preview(row.name.as_str(), world.place.account.as_str());
    let preview = row.preview.as_ref().ok_or_else(none)?;
    let status = input.filter.as_ref().and_then(|filter| filter.tag_status.as_deref());
    let ids = input.image_ids.unwrap_or_default();
    let wanted = |(_, expiry): &(usize, &Expiry)| is_meant(expiry, status, &ids);
    let rows = preview.expiring.iter().enumerate().filter(wanted);
    let ask = Ask {
        listing: "GetLifecyclePolicyPreview",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, USUAL, MOST),
    };
    let page = page(rows, &ask, |(place, _)| *place).map_err(fault::bad_token)?;
    let total = i32::try_from(preview.expiring.len()).unwrap_or(i32::MAX);
    Ok(GetLifecyclePolicyPreviewResponse {
        registry_id: registry_id(world),
        repository_name: Some(input.repository_name),
        lifecycle_policy_text: Some(preview.text.clone()),
        status: Some("COMPLETE".to_owned()),
        next_token: page.next,
        preview_results: Some(page.rows.into_iter().map(|(_, expiry)| show(expiry)).collect()),
        summary: Some(LifecyclePolicyPreviewSummary {
            expiring_image_total_count: Some(total),
            transitioning_image_total_counts: None,
        }),
    })
}

fn is_meant(expiry: &Expiry, status: Option<&str>, ids: &[ImageIdentifier]) -> bool {
    let in_status = match status {
        Some("TAGGED") => !expiry.tags.is_empty(),
        Some("UNTAGGED") => expiry.tags.is_empty(),
        Some(_) | None => true,
    };
    let named = |id: &ImageIdentifier| {
        let digest = id.image_digest.as_deref().is_none_or(|text| text == expiry.digest.as_str());
        digest && id.image_tag.as_ref().is_none_or(|tag| expiry.tags.contains(tag))
    };
    in_status && (ids.is_empty() || ids.iter().any(named))
}

fn show(expiry: &Expiry) -> LifecyclePolicyPreviewResult {
    let tags = (!expiry.tags.is_empty()).then(|| expiry.tags.iter().cloned().collect());
    LifecyclePolicyPreviewResult {
        image_tags: tags,
        image_digest: Some(expiry.digest.to_string()),
        image_pushed_at: Some(expiry.pushed_at),
        action: Some(LifecyclePolicyRuleAction {
            r#type: Some("EXPIRE".to_owned()),
            target_storage_class: None,
        }),
        applied_rule_priority: i32::try_from(expiry.priority).ok(),
        storage_class: None,
    }
}
