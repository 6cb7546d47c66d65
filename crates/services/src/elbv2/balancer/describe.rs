//! `DescribeLoadBalancers`.

use super::super::{Wanted, fault, pages};
use super::show;
use crate::Cx;
use api::Fault;
use api::elbv2::{DescribeLoadBalancersInput, DescribeLoadBalancersOutput};
use world::{LoadBalancer, World};

/// The load balancers that are asked for by ARN or by name; all of them when none is.
pub(in super::super) fn describe(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeLoadBalancersInput,
) -> Result<DescribeLoadBalancersOutput, Fault> {
    let arns = input.load_balancer_arns.unwrap_or_default();
    let names = input.names.unwrap_or_default();
    let wanted =
        Wanted { listing: "DescribeLoadBalancers", marker: input.marker, size: input.page_size };
    let rows = chosen(world, &arns, &names)?;
    let page = pages(rows, &wanted, |row| row.arn.to_string())?;
    let shown = page.rows.into_iter().map(|row| show::balancer(row, world, cx.now));
    Ok(DescribeLoadBalancersOutput {
        load_balancers: Some(shown.collect()),
        next_marker: page.next,
    })
}

fn chosen<'a>(
    world: &'a World,
    arns: &[String],
    names: &[String],
) -> Result<Vec<&'a LoadBalancer>, Fault> {
    if !arns.is_empty() && !names.is_empty() {
        return Err(fault::together("Load balancer names and load balancer ARNs"));
    }
    if arns.iter().any(|arn| !world.load_balancers.contains(arn.as_str())) {
        return Err(fault::no_balancers());
    }
    let all = || world.load_balancers.iter();
    let there = |name: &String| all().any(|row| row.name == *name);
    let missing: Vec<&str> = names.iter().filter(|name| !there(name)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Err(fault::no_balancers_named(&missing));
    }
    let everything = arns.is_empty() && names.is_empty();
    let asked = |row: &&LoadBalancer| {
        everything || names.contains(&row.name) || arns.iter().any(|arn| arn == row.arn.as_str())
    };
    Ok(all().filter(asked).collect())
}
