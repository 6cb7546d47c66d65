//! `GetParametersByPath`.

use super::fault;
use super::filter::{Filter, Listing, check_path};
use super::get::PUBLIC;
use super::show::{self, Decryption};
use crate::Cx;
use crate::page::{self, Ask, Page};
use api::Fault;
use api::ssm::{GetParametersByPathRequest, GetParametersByPathResult};
use model::{ParameterName, Timestamp};
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
    let below = Below { path, recursive: input.recursive == Some(true), filters };
    let ask = Ask {
        listing: "GetParametersByPath",
        token: input.next_token.as_deref(),
        limit: page::limit(input.max_results, MOST, MOST),
    };
    let page = page::page(below.find(world, cx.now), &ask, |(parameter, _)| {
        parameter.name.as_str().to_owned()
    });
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

/// What is looked for.
struct Below {
    /// With a slash at its end.
    path: String,
    recursive: bool,
    filters: Vec<Filter>,
}

impl Below {
    /// The parameters, each with the version that is answered.
    fn find<'a>(
        &'a self,
        world: &'a World,
        now: Timestamp,
    ) -> impl Iterator<Item = (&'a Parameter, &'a ParameterVersion)> {
        let first = ParameterName::from(self.path.as_str());
        let parameters = world.parameters.range(first..);
        parameters
            .take_while(|parameter| parameter.name.as_str().starts_with(&self.path))
            .filter(move |parameter| parameter.is_there(now) && self.admits(parameter))
            .filter_map(|parameter| Some((parameter, self.version(parameter)?)))
    }

    fn admits(&self, parameter: &Parameter) -> bool {
        let rest = parameter.name.as_str().strip_prefix(&self.path);
        rest.is_some_and(|rest| self.recursive || !rest.contains('/'))
            && self
                .filters
                .iter()
                .all(|filter| filter.labels().is_some() || filter.admits(parameter))
    }

    /// The newest version, or with a filter by label the one that has a label of those. Which one
    /// AWS answers there is unverified.
    fn version<'a>(&self, parameter: &'a Parameter) -> Option<&'a ParameterVersion> {
        match self.filters.iter().find_map(Filter::labels) {
            None => Some(parameter.newest()),
            Some(labels) => labels.iter().find_map(|label| parameter.selected(label)),
        }
    }
}
