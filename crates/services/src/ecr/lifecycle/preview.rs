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
    TransitioningImageTotalCount,
};
use model::Ids;
use world::registry::archive::StorageClass;
use world::registry::lifecycle::{self, Fate, Preview, Taken};
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
    let taken = lifecycle::taken(&rules, &images, cx.now);
    draft.put(Repository { preview: Some(Preview { text: text.clone(), taken }), ..row });
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
    let wanted = |(_, taken): &(usize, &Taken)| is_meant(taken, status, &ids);
    let rows = preview.taken.iter().enumerate().filter(wanted);
    let ask = Ask {
        listing: "GetLifecyclePolicyPreview",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, USUAL, MOST),
    };
    let page = page(rows, &ask, |(place, _)| *place).map_err(fault::bad_token)?;
    Ok(GetLifecyclePolicyPreviewResponse {
        registry_id: registry_id(world),
        repository_name: Some(input.repository_name),
        lifecycle_policy_text: Some(preview.text.clone()),
        status: Some("COMPLETE".to_owned()),
        next_token: page.next,
        preview_results: Some(page.rows.into_iter().map(|(_, taken)| show(taken)).collect()),
        summary: Some(summary(preview)),
    })
}

fn summary(preview: &Preview) -> LifecyclePolicyPreviewSummary {
    let count = |fate: Fate| {
        let count = preview.taken.iter().filter(|taken| taken.fate == fate).count();
        i32::try_from(count).unwrap_or(i32::MAX)
    };
    let archived = TransitioningImageTotalCount {
        target_storage_class: Some(StorageClass::Archive.as_str().to_owned()),
        image_total_count: Some(count(Fate::Archive)),
    };
    LifecyclePolicyPreviewSummary {
        expiring_image_total_count: Some(count(Fate::Expire)),
        transitioning_image_total_counts: (count(Fate::Archive) > 0).then(|| vec![archived]),
    }
}

fn is_meant(taken: &Taken, status: Option<&str>, ids: &[ImageIdentifier]) -> bool {
    let in_status = match status {
        Some("TAGGED") => !taken.tags.is_empty(),
        Some("UNTAGGED") => taken.tags.is_empty(),
        Some(_) | None => true,
    };
    let named = |id: &ImageIdentifier| {
        let digest = id.image_digest.as_deref().is_none_or(|text| text == taken.digest.as_str());
        digest && id.image_tag.as_ref().is_none_or(|tag| taken.tags.contains(tag))
    };
    in_status && (ids.is_empty() || ids.iter().any(named))
}

fn show(taken: &Taken) -> LifecyclePolicyPreviewResult {
    let tags = (!taken.tags.is_empty()).then(|| taken.tags.iter().cloned().collect());
    LifecyclePolicyPreviewResult {
        image_tags: tags,
        image_digest: Some(taken.digest.to_string()),
        image_pushed_at: Some(taken.pushed_at),
        action: Some(action(taken.fate)),
        applied_rule_priority: i32::try_from(taken.priority).ok(),
        storage_class: Some(taken.class.as_str().to_owned()),
    }
}

fn action(fate: Fate) -> LifecyclePolicyRuleAction {
    let (word, target) = match fate {
        Fate::Expire => ("EXPIRE", None),
        Fate::Archive => ("TRANSITION", Some(StorageClass::Archive.as_str().to_owned())),
    };
    LifecyclePolicyRuleAction { r#type: Some(word.to_owned()), target_storage_class: target }
}
