//! `DescribeParameters`.

use super::filter::{Filter, Listing};
use super::{fault, show};
use crate::Cx;
use crate::page::{self, Ask, Page};
use api::Fault;
use api::ssm::{DescribeParametersRequest, DescribeParametersResult, ParametersFilter};
use world::{Parameter, World};

/// `DescribeParameters`.
pub(super) fn parameters(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeParametersRequest,
) -> Result<DescribeParametersResult, Fault> {
    let old = input.filters.unwrap_or_default();
    let given = input.parameter_filters.unwrap_or_default();
    if !old.is_empty() && !given.is_empty() {
        // Second-hand: moto's.
        return Err(fault::invalid(
            "You can use either Filters or ParameterFilters in a single request.",
        ));
    }
    let filters = Filter::read(given, Listing::All)?;
    if input.shared == Some(true) {
        return Ok(DescribeParametersResult { parameters: Some(Vec::new()), next_token: None });
    }
    let found = world.parameters.iter().filter(|parameter| {
        parameter.is_there(cx.now)
            && old.iter().all(|filter| admits(filter, parameter))
            && filters.iter().all(|filter| filter.admits(parameter))
    });
    let ask = Ask {
        listing: "DescribeParameters",
        token: input.next_token.as_deref(),
        limit: page::limit(input.max_results, 50, 50),
    };
    let page = page::page(found, &ask, |parameter| parameter.name.as_str().to_owned());
    let Page { rows, next } = page.map_err(fault::token)?;
    let parameters = rows.into_iter().map(|parameter| show::metadata(world, parameter));
    Ok(DescribeParametersResult { parameters: Some(parameters.collect()), next_token: next })
}

/// The older filters: a name's beginning, a type, a key.
fn admits(filter: &ParametersFilter, parameter: &Parameter) -> bool {
    let newest = parameter.newest();
    filter.values.iter().any(|value| match filter.key.as_str() {
        "Name" => parameter.name.as_str().starts_with(value),
        "Type" => newest.kind.as_str() == value,
        _ => newest.key_id.as_ref() == Some(value),
    })
}
