//! `DescribeTargetGroups`.

use super::super::{Wanted, balancer, fault, pages};
use super::show;
use crate::Cx;
use api::Fault;
use api::elbv2::{DescribeTargetGroupsInput, DescribeTargetGroupsOutput};
use world::{TargetGroup, World};

/// The groups that are asked for by ARN, by name or by their load balancer; all of them when none
/// is.
pub(in super::super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeTargetGroupsInput,
) -> Result<DescribeTargetGroupsOutput, Fault> {
    let rows = chosen(world, &input)?;
    let wanted =
        Wanted { listing: "DescribeTargetGroups", marker: input.marker, size: input.page_size };
    let page = pages(rows, &wanted, |row| row.arn.to_string())?;
    let shown = page.rows.into_iter().map(|row| show::group(row, world));
    Ok(DescribeTargetGroupsOutput { target_groups: Some(shown.collect()), next_marker: page.next })
}

fn chosen<'a>(
    world: &'a World,
    input: &DescribeTargetGroupsInput,
) -> Result<Vec<&'a TargetGroup>, Fault> {
    let arns = input.target_group_arns.as_deref().unwrap_or_default();
    let names = input.names.as_deref().unwrap_or_default();
    let balancer = input.load_balancer_arn.as_deref();
    let given = [!arns.is_empty(), !names.is_empty(), balancer.is_some()];
    if given.into_iter().filter(|given| *given).count() > 1 {
        return Err(fault::together(
            "Target group names, target group ARNs, and a load balancer ARN",
        ));
    }
    let all = || world.target_groups.iter();
    if let Some(arn) = balancer {
        let arn = &balancer::find(world, arn)?.arn;
        return Ok(all().filter(|row| world.balancer_of(&row.arn) == Some(arn)).collect());
    }
    let missing = arns.iter().any(|arn| !world.target_groups.contains(arn.as_str()))
        || names.iter().any(|name| !all().any(|row| row.name == *name));
    if missing {
        return Err(fault::group::some_missing());
    }
    let everything = arns.is_empty() && names.is_empty();
    let asked = |row: &&TargetGroup| {
        everything || names.contains(&row.name) || arns.iter().any(|arn| arn == row.arn.as_str())
    };
    Ok(all().filter(asked).collect())
}
