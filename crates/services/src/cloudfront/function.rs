//! CloudFront Functions: their text, their two stages.
//!
//! What a function does is found out where it runs: its text is not read here.

use super::{Asked, check_revision, fault, id, listing, location, tagging};
use crate::Cx;
use api::Fault;
use api::cloudfront::*;
use api::value::Nothing;
use model::secret::SecretBytes;
use model::{FunctionName, Ids, Timestamp};
use world::edge::FunctionStage;
use world::{Draft, EdgeFunction as Row, RowKey, Stored, World};

/// The most bytes of a function's text.
const LARGEST: usize = 10 * 1024;
/// What the other stage is called.
const LIVE: &str = "LIVE";

/// `CreateFunction`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: CreateFunctionRequest,
) -> Result<CreateFunctionResult, Fault> {
    if input.tags.is_some_and(|tags| tagging::pairs(tags).next().is_some()) {
        return Err(fault::not_here("tags of functions"));
    }
    if draft.edge_functions.contains(input.name.as_str()) {
        let text = "A function with the same name already exists in this Amazon Web Services account. To create a function, you must provide a unique name. To update an existing function, use UpdateFunction.";
        return Err(fault::of(&errors::FUNCTION_ALREADY_EXISTS, text));
    }
    let development = stage(cx.now, ids, input.function_config, input.function_code)?;
    let row = Row { name: input.name.into(), created_at: cx.now, development, live: None };
    draft.put(row.clone());
    Ok(CreateFunctionResult {
        function_summary: Some(summary(draft, &row, &row.development)),
        location: location("function", &row.name),
        e_tag: Some(row.development.etag),
    })
}

/// `DescribeFunction`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeFunctionRequest,
) -> Result<DescribeFunctionResult, Fault> {
    let (row, stage) = find(world, &input.name, input.stage.as_deref())?;
    Ok(DescribeFunctionResult {
        function_summary: Some(summary(world, row, stage)),
        e_tag: Some(stage.etag.clone()),
    })
}

/// `GetFunction`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetFunctionRequest,
) -> Result<GetFunctionResult, Fault> {
    let (_, stage) = find(world, &input.name, input.stage.as_deref())?;
    Ok(GetFunctionResult {
        function_code: Some(stage.code.clone()),
        e_tag: Some(stage.etag.clone()),
        content_type: Some("application/octet-stream".to_owned()),
    })
}

/// `UpdateFunction`. What is published stays as it is.
pub(super) fn update(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: UpdateFunctionRequest,
) -> Result<UpdateFunctionResult, Fault> {
    let (row, held) = find(draft, &input.name, None)?;
    check_revision(Some(&input.if_match), &held.etag)?;
    let mut row = row.clone();
    row.development = stage(cx.now, ids, input.function_config, input.function_code)?;
    draft.put(row.clone());
    Ok(UpdateFunctionResult {
        function_summary: Some(summary(draft, &row, &row.development)),
        e_tag: Some(row.development.etag),
    })
}

/// `PublishFunction`.
pub(super) fn publish(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: PublishFunctionRequest,
) -> Result<PublishFunctionResult, Fault> {
    let (row, held) = find(draft, &input.name, None)?;
    check_revision(Some(&input.if_match), &held.etag)?;
    let live = FunctionStage { etag: id('E', ids), modified_at: cx.now, ..held.clone() };
    let row = Row { live: Some(live.clone()), ..row.clone() };
    draft.put(row.clone());
    Ok(PublishFunctionResult { function_summary: Some(summary(draft, &row, &live)) })
}

/// `DeleteFunction`, in both stages.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteFunctionRequest,
) -> Result<Nothing, Fault> {
    let (row, held) = find(draft, &input.name, None)?;
    check_revision(Some(&input.if_match), &held.etag)?;
    if is_used(draft, &row.name) {
        let text =
            "Cannot delete the function because it's attached to one or more cache behaviors.";
        return Err(fault::of(&errors::FUNCTION_IN_USE, text));
    }
    let key = RowKey::EdgeFunction(row.name.clone());
    draft.remove(key);
    Ok(Nothing)
}

/// `ListFunctions`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListFunctionsRequest,
) -> Result<ListFunctionsResult, Fault> {
    let asked = Asked {
        listing: "ListFunctions",
        marker: input.marker.as_deref(),
        most: input.max_items.as_deref(),
    };
    let live = input.stage.as_deref() == Some(LIVE);
    let rows = world.edge_functions.iter().filter(|row| !live || row.live.is_some());
    let page = listing(rows, asked, |row| row.name.to_string())?;
    let (quantity, max_items) = (page.quantity(), page.most);
    let shown = page.rows.into_iter().map(|row| {
        let held = row.live.as_ref().filter(|_| live).unwrap_or(&row.development);
        summary(world, row, held)
    });
    Ok(ListFunctionsResult {
        function_list: Some(FunctionList {
            next_marker: page.next,
            max_items,
            quantity,
            items: Some(shown.collect()),
        }),
    })
}

/// The ARN of a function.
pub(super) fn arn(world: &World, name: &FunctionName) -> String {
    format!("arn:aws:cloudfront::{}:function/{name}", world.place.account)
}

fn find<'a>(
    world: &'a World,
    name: &str,
    asked: Option<&str>,
) -> Result<(&'a Row, &'a FunctionStage), Fault> {
    let row = world.edge_functions.get(name).ok_or_else(fault::no_function)?;
    let held = if asked == Some(LIVE) { row.live.as_ref() } else { Some(&row.development) };
    held.map(|stage| (row, stage)).ok_or_else(fault::no_function)
}

fn stage(
    now: Timestamp,
    ids: &mut Ids,
    config: FunctionConfig,
    code: SecretBytes,
) -> Result<FunctionStage, Fault> {
    let stores = config.key_value_store_associations.as_ref();
    if stores.is_some_and(|stores| stores.quantity > 0) {
        return Err(fault::not_here("key value stores"));
    }
    if code.reveal().len() > LARGEST {
        let text = "The function is too large: it can have 10 KB.";
        return Err(fault::of(&errors::FUNCTION_SIZE_LIMIT_EXCEEDED, text));
    }
    let text = std::str::from_utf8(code.reveal())
        .map_err(|_| fault::invalid("The function's code is not UTF-8."))?;
    if ["from 'cloudfront'", "from \"cloudfront\""].iter().any(|import| text.contains(import)) {
        return Err(fault::not_here("the module `cloudfront` of functions"));
    }
    Ok(FunctionStage { etag: id('E', ids), modified_at: now, config: Stored(config), code })
}

fn is_used(world: &World, name: &FunctionName) -> bool {
    let arn = arn(world, name);
    world.distributions.iter().any(|held| super::distribution::runs(&held.config, &arn))
}

fn summary(world: &World, row: &Row, stage: &FunctionStage) -> FunctionSummary {
    let is_live = row.live.as_ref() == Some(stage);
    let status = match (&row.live, is_used(world, &row.name)) {
        (None, _) => "UNPUBLISHED",
        (Some(_), true) => "DEPLOYED",
        (Some(_), false) => "UNASSOCIATED",
    };
    FunctionSummary {
        name: row.name.to_string(),
        status: Some(status.to_owned()),
        function_config: stage.config.0.clone(),
        function_metadata: FunctionMetadata {
            function_arn: arn(world, &row.name),
            stage: Some(if is_live { LIVE } else { "DEVELOPMENT" }.to_owned()),
            created_time: Some(row.created_at),
            last_modified_time: stage.modified_at,
        },
    }
}
