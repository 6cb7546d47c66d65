//! The listing of log groups.

use super::{fault, names};
use crate::page::{self, Ask, Page};
use crate::{Cx, LogsUnreadable};
use api::Fault;
use api::logs::{DescribeLogGroupsRequest, DescribeLogGroupsResponse, LogGroup as Shown};
use model::LogGroupName;
use world::{LogGroup, World};

/// Which groups are listed: those that all of these admit.
struct Wanted<'a> {
    prefix: Option<String>,
    pattern: Option<String>,
    names: Option<Vec<&'a LogGroupName>>,
    classes: Option<Vec<String>>,
}

/// `DescribeLogGroups`.
pub(super) fn describe(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeLogGroupsRequest,
) -> Result<DescribeLogGroupsResponse, Fault> {
    let wanted = Wanted::of(world, &input)?;
    let ask = Ask {
        listing: "DescribeLogGroups",
        token: input.next_token.as_deref(),
        limit: page::limit(input.limit, 50, 50),
    };
    let groups = world.log_groups.iter().filter(|group| wanted.admits(group));
    let page = page::page(groups, &ask, |group| group.name.as_str().to_owned());
    let Page { rows, next } = page.map_err(fault::token)?;
    let show = |group: &LogGroup| match wanted.pattern {
        // AWS leaves the dearer members out of a search by pattern; observed in 2026.
        Some(_) => Ok(show(world, group)),
        None => show_whole(world, cx, group),
    };
    let groups = rows.into_iter().map(show).collect::<Result<_, _>>()?;
    Ok(DescribeLogGroupsResponse { log_groups: Some(groups), next_token: next })
}

// === impl Wanted ===

impl<'a> Wanted<'a> {
    fn of(world: &'a World, input: &DescribeLogGroupsRequest) -> Result<Self, Fault> {
        let prefix = input.log_group_name_prefix.clone();
        let pattern = input.log_group_name_pattern.clone();
        if prefix.is_some() && pattern.is_some() {
            // Observed in 2026.
            return Err(fault::invalid(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
            ));
        }
        let names = input.log_group_identifiers.as_ref().map(|identifiers| {
            let groups = identifiers.iter().flat_map(|id| names::identified(world, id));
            groups.map(|group| &group.name).collect()
        });
        let classes = input.log_group_class.as_deref().map(classes);
        Ok(Self { prefix, pattern, names, classes })
    }

    fn admits(&self, group: &LogGroup) -> bool {
        let name = group.name.as_str();
        self.prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix))
            && self.pattern.as_ref().is_none_or(|pattern| name.contains(pattern))
            && self.names.as_ref().is_none_or(|names| names.contains(&&group.name))
            && self.classes.as_ref().is_none_or(|classes| classes.contains(&group.class))
    }
}

/// The classes that a listing by one of them answers: the two cheap ones come together, as the
/// model's documentation says.
fn classes(class: &str) -> Vec<String> {
    let classes = match class {
        "INFREQUENT_ACCESS" | "ESSENTIALS" => vec!["INFREQUENT_ACCESS", "ESSENTIALS"],
        other => vec![other],
    };
    classes.into_iter().map(str::to_owned).collect()
}

fn show_whole(world: &World, cx: &Cx<'_>, group: &LogGroup) -> Result<Shown, LogsUnreadable> {
    let bytes = cx.logs.stored_bytes(&group.name)?;
    Ok(Shown {
        stored_bytes: Some(i64::try_from(bytes).unwrap_or(i64::MAX)),
        deletion_protection_enabled: Some(group.protected),
        ..show(world, group)
    })
}

fn show(world: &World, group: &LogGroup) -> Shown {
    let arn = world.place.log_group_arn(&group.name);
    Shown {
        log_group_name: Some(group.name.as_str().to_owned()),
        creation_time: Some(group.created_at.millis()),
        retention_in_days: group.retention_days.and_then(|days| i32::try_from(days).ok()),
        metric_filter_count: Some(0),
        arn: Some(format!("{arn}:*")),
        log_group_arn: Some(arn),
        kms_key_id: group.kms_key.clone(),
        log_group_class: Some(group.class.clone()),
        ..Shown::default()
    }
}
