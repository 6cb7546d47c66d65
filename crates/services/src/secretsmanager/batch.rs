//! `BatchGetSecretValue`.

use super::filter::Filter;
use super::{fault, get};
use crate::Cx;
use crate::page::{self, Ask, Page};
use api::Fault;
use api::secretsmanager::{
    APIErrorType, BatchGetSecretValueRequest, BatchGetSecretValueResponse, GetSecretValueRequest,
    GetSecretValueResponse, SecretValueEntry,
};
use model::Ids;
use world::{Draft, SecretItem};

/// The most secrets of an answer.
const MOST: usize = 20;

/// `BatchGetSecretValue`: the current values of some secrets. What can't be read is told, and is no
/// fault.
pub(super) fn values(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: BatchGetSecretValueRequest,
) -> Result<BatchGetSecretValueResponse, Fault> {
    let filters = input.filters.unwrap_or_default();
    let listed = input.secret_id_list.unwrap_or_default();
    check(&listed, &filters, input.max_results)?;
    let ask = Ask {
        listing: "BatchGetSecretValue",
        token: input.next_token.as_deref(),
        limit: page::limit(input.max_results, MOST, MOST),
    };
    let (names, next) = match filters.is_empty() {
        true => (listed, None),
        false => named(draft, cx, filters, &ask)?,
    };
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for name in names {
        let one = GetSecretValueRequest { secret_id: name.clone(), ..Default::default() };
        match get::value(draft, cx, ids, one) {
            Ok(value) => values.push(entry(value)),
            Err(fault) => errors.push(APIErrorType {
                secret_id: Some(name),
                error_code: Some(fault.code.to_owned()),
                message: Some(fault.message),
            }),
        }
    }
    Ok(BatchGetSecretValueResponse {
        secret_values: Some(values),
        next_token: next,
        errors: Some(errors),
    })
}

/// The secrets are listed or filtered, and only a filter's result comes in pages. Both texts are
/// moto's.
fn check(
    listed: &[String],
    filters: &[api::secretsmanager::Filter],
    max_results: Option<i32>,
) -> Result<(), Fault> {
    if listed.is_empty() == filters.is_empty() {
        return Err(fault::parameter(
            "Either 'SecretIdList' or 'Filters' must be provided, but not both.",
        ));
    }
    if max_results.is_some() && filters.is_empty() {
        return Err(fault::parameter(
            "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is \
             provided.",
        ));
    }
    Ok(())
}

/// A page of the names of the secrets that pass some filters.
fn named(
    draft: &Draft,
    cx: &Cx<'_>,
    filters: Vec<api::secretsmanager::Filter>,
    ask: &Ask<'_>,
) -> Result<(Vec<String>, Option<String>), Fault> {
    let filters = Filter::read(filters)?;
    let found = draft.secrets.iter().filter(|secret: &&SecretItem| {
        secret.is_there(cx.now)
            && secret.deleted_at.is_none()
            && filters.iter().all(|filter| filter.admits(secret))
    });
    let names = found.map(|secret| secret.name.as_str().to_owned());
    let Page { rows, next } = page::page(names, ask, Clone::clone).map_err(fault::token)?;
    Ok((rows, next))
}

fn entry(value: GetSecretValueResponse) -> SecretValueEntry {
    SecretValueEntry {
        arn: value.arn,
        name: value.name,
        version_id: value.version_id,
        secret_binary: value.secret_binary,
        secret_string: value.secret_string,
        version_stages: value.version_stages,
        created_date: value.created_date,
    }
}
