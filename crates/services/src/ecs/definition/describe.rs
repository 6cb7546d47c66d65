//! `DescribeTaskDefinition`.

use super::find;
use super::show::show;
use crate::Cx;
use crate::ecs::{fault, names, tags};
use api::Fault;
use api::ecs::{DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse};
use world::World;

/// Shows a revision, whatever its status.
pub(in crate::ecs) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeTaskDefinitionRequest,
) -> Result<DescribeTaskDefinitionResponse, Fault> {
    let include = input.include.unwrap_or_default();
    if include.iter().any(|word| word != "TAGS") {
        return Err(fault::not_one_of("include", &["TAGS"]));
    }
    let reference = names::definition(&world.place, &input.task_definition)?;
    let row = find(world, &reference).ok_or_else(fault::definition::unknown)?;
    let shown_tags = if include.is_empty() { Vec::new() } else { tags::show(&row.tags) };
    Ok(DescribeTaskDefinitionResponse { task_definition: Some(show(row)), tags: Some(shown_tags) })
}
