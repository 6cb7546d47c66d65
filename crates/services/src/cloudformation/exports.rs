//! `ListExports` and `ListImports`.

use super::fault;
use super::work::importers;
use crate::Cx;
use crate::page::{Ask, page};
use api::Fault;
use api::cloudformation::*;
use world::World;

/// How many names AWS answers at once.
const MOST: usize = 100;

/// `ListExports`.
pub(super) fn exports(
    world: &World,
    _: &Cx<'_>,
    input: ListExportsInput,
) -> Result<ListExportsOutput, Fault> {
    let mut all: Vec<Export> = world
        .exports()
        .map(|(stack, output)| Export {
            exporting_stack_id: Some(stack.arn.to_string()),
            name: output.export.clone(),
            value: Some(output.value.clone()),
        })
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    let ask = Ask { listing: "ListExports", token: input.next_token.as_deref(), limit: MOST };
    let page = page(all, &ask, |it| it.name.clone().unwrap_or_default());
    let page = page.map_err(|_| fault::bad_token())?;
    Ok(ListExportsOutput { exports: Some(page.rows), next_token: page.next })
}

/// `ListImports`: the stacks that import a name.
pub(super) fn imports(
    world: &World,
    _: &Cx<'_>,
    input: ListImportsInput,
) -> Result<ListImportsOutput, Fault> {
    let mut names: Vec<String> =
        importers(world, &input.export_name).map(|stack| stack.name.clone()).collect();
    if names.is_empty() {
        return Err(fault::no_export(&input.export_name));
    }
    names.sort();
    let ask = Ask { listing: "ListImports", token: input.next_token.as_deref(), limit: MOST };
    let page = page(names, &ask, String::clone).map_err(|_| fault::bad_token())?;
    Ok(ListImportsOutput { imports: Some(page.rows), next_token: page.next })
}
