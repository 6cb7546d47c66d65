//! `GetParameterHistory`.

use super::fault;
use super::name::Reference;
use super::show::{self, Decryption};
use crate::Cx;
use crate::page::{self, Ask, Page};
use api::Fault;
use api::ssm::{GetParameterHistoryRequest, GetParameterHistoryResult};
use world::World;

/// `GetParameterHistory`: all versions that are kept, oldest first.
pub(super) fn get(
    world: &World,
    cx: &Cx<'_>,
    input: GetParameterHistoryRequest,
) -> Result<GetParameterHistoryResult, Fault> {
    let reference = Reference::parse(world, &input.name)?;
    let (parameter, _) = Reference { selector: None, ..reference }.find(world, cx.now)?;
    let ask = Ask {
        listing: "GetParameterHistory",
        token: input.next_token.as_deref(),
        limit: page::limit(input.max_results, 50, 50),
    };
    let page = page::page(&parameter.versions, &ask, |version| version.version);
    let Page { rows, next } = page.map_err(fault::token)?;
    let decryption = Decryption::of(input.with_decryption);
    let versions = rows.into_iter().map(|version| show::history(parameter, version, decryption));
    Ok(GetParameterHistoryResult { parameters: Some(versions.collect()), next_token: next })
}
