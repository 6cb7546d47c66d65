//! Dashboards: kept and answered. The region draws none.

use super::fault;
use crate::page::{Ask, page};
use crate::{Cx, tags};
use api::Fault;
use api::cloudwatch::*;
use model::Ids;
use serde_json::Value as Json;
use world::{Dashboard as Row, Draft, RowKey, World};

/// How many entries a page of the listing has.
const PAGE: usize = 1000;
/// The most characters of a dashboard's name.
const LONGEST: usize = 255;
/// The kinds of widgets that AWS has.
const WIDGETS: [&str; 6] = ["alarm", "custom", "explorer", "log", "metric", "text"];
/// How many columns a dashboard has.
const COLUMNS: u64 = 24;

/// `PutDashboard`: makes one, or takes the place of the one with its name.
pub(super) fn put(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutDashboardInput,
) -> Result<PutDashboardOutput, Fault> {
    let name = input.dashboard_name;
    let mut characters = name.chars();
    let sound = characters.all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if !sound || name.is_empty() || name.len() > LONGEST {
        return Err(fault::dashboard_name(&name));
    }
    check(&input.dashboard_body)?;
    let held = draft.dashboards.get(name.as_str()).map(|held| held.tags.clone());
    let tags = match (held, input.tags) {
        // AWS: tags are for a dashboard that is new.
        (Some(held), _) => held,
        (None, given) => {
            let pairs = given.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
            tags::new(pairs).map_err(|mistake| fault::bad_tags(&mistake))?
        }
    };
    draft.put(Row { name: name.into(), body: input.dashboard_body, modified_at: cx.now, tags });
    Ok(PutDashboardOutput { dashboard_validation_messages: Some(Vec::new()) })
}

/// `GetDashboard`.
pub(super) fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetDashboardInput,
) -> Result<GetDashboardOutput, Fault> {
    let name = input.dashboard_name;
    let held = world.dashboards.get(name.as_str());
    let held = held.ok_or_else(|| fault::no_dashboard(&name))?;
    Ok(GetDashboardOutput {
        dashboard_arn: Some(arn(world, &name)),
        dashboard_body: Some(held.body.clone()),
        dashboard_name: Some(name),
    })
}

/// `ListDashboards`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListDashboardsInput,
) -> Result<ListDashboardsOutput, Fault> {
    let prefix = input.dashboard_name_prefix.unwrap_or_default();
    let rows = world.dashboards.iter().filter(|held| held.name.as_str().starts_with(&prefix));
    let token = input.next_token.as_deref();
    let ask = Ask { listing: "ListDashboards", token, limit: PAGE };
    let page =
        page(rows, &ask, |held| held.name.to_string()).map_err(fault::bad_dashboards_token)?;
    let entry = |held: &Row| DashboardEntry {
        dashboard_name: Some(held.name.to_string()),
        dashboard_arn: Some(arn(world, held.name.as_str())),
        last_modified: Some(held.modified_at),
        size: i64::try_from(held.body.len()).ok(),
    };
    Ok(ListDashboardsOutput {
        dashboard_entries: Some(page.rows.into_iter().map(entry).collect()),
        next_token: page.next,
    })
}

/// `DeleteDashboards`: all of them, or none.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteDashboardsInput,
) -> Result<DeleteDashboardsOutput, Fault> {
    for name in input.dashboard_names {
        if !draft.dashboards.contains(name.as_str()) {
            return Err(fault::no_dashboard(&name));
        }
        draft.remove(RowKey::Dashboard(name.into()));
    }
    Ok(DeleteDashboardsOutput::default())
}

/// Dashboards belong to the account, so that their ARNs have no region.
fn arn(world: &World, name: &str) -> String {
    format!("arn:aws:cloudwatch::{}:dashboard/{name}", world.place.account)
}

/// Holds a body against what AWS says of bodies: an object of widgets, each with its kind and its
/// properties, and with its place inside the columns.
fn check(body: &str) -> Result<(), Fault> {
    let json: Json = serde_json::from_str(body).map_err(|_| fault::dashboard_no_json())?;
    let Json::Object(body) = json else { return Err(fault::dashboard_no_json()) };
    let Some(widgets) = body.get("widgets") else {
        return Err(fault::dashboard_invalid("/", "Should have required property 'widgets'"));
    };
    let Json::Array(widgets) = widgets else {
        return Err(fault::dashboard_invalid("/widgets", "Should be array"));
    };
    for (at, widget) in widgets.iter().enumerate() {
        if let Err(mistake) = check_widget(widget) {
            return Err(fault::dashboard_invalid(&format!("/widgets/{at}"), &mistake));
        }
    }
    Ok(())
}

fn check_widget(widget: &Json) -> Result<(), String> {
    let Json::Object(widget) = widget else { return Err("Should be object".to_owned()) };
    for required in ["type", "properties"] {
        if !widget.contains_key(required) {
            return Err(format!("Should have required property '{required}'"));
        }
    }
    let kind = widget["type"].as_str().unwrap_or_default();
    if !WIDGETS.contains(&kind) {
        return Err(format!("Unsupported widget type '{kind}'"));
    }
    if !widget["properties"].is_object() {
        return Err("Property 'properties' should be object".to_owned());
    }
    for (name, least, most) in
        [("x", 0, COLUMNS - 1), ("width", 1, COLUMNS), ("y", 0, u64::MAX), ("height", 1, 1000)]
    {
        let Some(given) = widget.get(name) else { continue };
        if !given.as_u64().is_some_and(|given| (least..=most).contains(&given)) {
            return Err(format!("Property '{name}' should be a number from {least} to {most}"));
        }
    }
    Ok(())
}
