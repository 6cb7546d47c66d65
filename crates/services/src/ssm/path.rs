//! `GetParametersByPath`.

use super::fault;
use super::filter::{Filter, Listing, check_path};
use super::get::PUBLIC;
use super::show::{self, Decryption};
use crate::Cx;
use crate::page::{self, Ask, Page};
use api::Fault;
use api::ssm::{GetParametersByPathRequest, GetParametersByPathResult};
use model::ParameterName;
use world::parameter::ParameterVersion;
use world::{Parameter, World};

/// The most parameters of a page, and as many when nothing is asked for.
const MOST: usize = 10;

/// `GetParametersByPath`.
pub(super) fn parameters(
    world: &World,
    cx: &Cx<'_>,
    input: GetParametersByPathRequest,
) -> Result<GetParametersByPathResult, Fault> {
    let filters = Filter::read(input.parameter_filters.unwrap_or_default(), Listing::ByPath)?;
    check_path(&input.path)?;
    let path = format!("{}/", input.path.trim_end_matches('/'));
    if path.starts_with(PUBLIC) {
        return Err(fault::invalid("The local region has no public parameters (/aws/service/…)."));
    }
    let recursive = input.recursive == Some(true);
    let below = |parameter: &&Parameter| {
        let rest = parameter.name.as_str().strip_prefix(&path);
        rest.is_some_and(|rest| recursive || !rest.contains('/'))
    };
    let (labels, others): (Vec<Filter>, Vec<Filter>) =
        filters.into_iter().partition(|filter| filter.labels().is_some());
    let labels = labels.first().and_then(Filter::labels);
    let parameters = world
        .parameters
        .range(ParameterName::from(path.as_str())..)
        .take_while(|parameter| parameter.name.as_str().starts_with(&path));
    let found = parameters
        .filter(|parameter| parameter.is_there(cx.now))
        .filter(below)
        .filter(|parameter| others.iter().all(|filter| filter.admits(parameter)))
        .filter_map(|parameter| Some((parameter, labelled(parameter, labels)?)));
    let ask = Ask {
        listing: "GetParametersByPath",
        token: input.next_token.as_deref(),
        limit: page::limit(input.max_results, MOST, MOST),
    };
    let page = page::page(found, &ask, |(parameter, _)| parameter.name.as_str().to_owned());
    let Page { rows, next } = page.map_err(fault::token)?;
    let decryption = Decryption::of(input.with_decryption);
    let show = |found: (&Parameter, &ParameterVersion)| {
        show::value(world, found.0.name.as_str(), found, decryption)
    };
    Ok(GetParametersByPathResult {
        parameters: Some(rows.into_iter().map(show).collect()),
        next_token: next,
    })
}

/// The version that is answered: the newest, or with a filter by label the one that has a label of
/// those. Which version AWS answers there is unverified.
fn labelled<'a>(
    parameter: &'a Parameter,
    labels: Option<&[String]>,
) -> Option<&'a ParameterVersion> {
    match labels {
        None => Some(parameter.newest()),
        Some(labels) => labels.iter().find_map(|label| parameter.selected(label)),
    }
}
