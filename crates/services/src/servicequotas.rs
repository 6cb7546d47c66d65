//! Service Quotas: AWS's default values for what the region has.
//!
//! They are told and not kept to: the region takes as much as the machine does. Nobody can have them
//! raised here, so what applies is the default.

mod fault;
mod quotas;
#[cfg(test)]
mod tests;

use crate::page::{Ask, Page, limit, page};
use crate::{Cx, Table};
use api::Fault;
use api::servicequotas::*;
use quotas::{ALL, Quota};
use std::collections::BTreeMap;
use world::World;

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[];

/// How many rows AWS answers at once.
const PAGE: usize = 100;

/// The operations of Service Quotas.
pub(crate) fn table() -> Table {
    Table::default()
        .read::<GetServiceQuota>(get)
        .read::<GetAWSDefaultServiceQuota>(get_default)
        .read::<ListServiceQuotas>(list)
        .read::<ListAWSDefaultServiceQuotas>(list_defaults)
        .read::<ListServices>(services)
}

/// `GetServiceQuota`.
fn get(
    world: &World,
    _: &Cx<'_>,
    input: GetServiceQuotaRequest,
) -> Result<GetServiceQuotaResponse, Fault> {
    if input.context_id.is_some() {
        return Err(fault::not_implemented("ContextId"));
    }
    let quota = find(&input.service_code, &input.quota_code)?;
    Ok(GetServiceQuotaResponse { quota: Some(applied(world, quota)) })
}

/// `GetAWSDefaultServiceQuota`.
fn get_default(
    world: &World,
    _: &Cx<'_>,
    input: GetAWSDefaultServiceQuotaRequest,
) -> Result<GetAWSDefaultServiceQuotaResponse, Fault> {
    let quota = find(&input.service_code, &input.quota_code)?;
    Ok(GetAWSDefaultServiceQuotaResponse { quota: Some(default(world, quota)) })
}

/// `ListServiceQuotas`, of a service, or one of them.
fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListServiceQuotasRequest,
) -> Result<ListServiceQuotasResponse, Fault> {
    // No quota here is one of single resources.
    let level = input.quota_applied_at_level.as_deref() != Some("RESOURCE");
    let wanted =
        |quota: &&Quota| level && input.quota_code.as_deref().is_none_or(|code| code == quota.code);
    let rows = of(&input.service_code)?.into_iter().filter(wanted);
    let ask = (input.next_token.as_deref(), input.max_results);
    let page = pages(rows, "ListServiceQuotas", ask, |quota| quota.code.to_owned())?;
    let quotas = page.rows.into_iter().map(|quota| applied(world, quota)).collect();
    Ok(ListServiceQuotasResponse { quotas: Some(quotas), next_token: page.next })
}

/// `ListAWSDefaultServiceQuotas`.
fn list_defaults(
    world: &World,
    _: &Cx<'_>,
    input: ListAWSDefaultServiceQuotasRequest,
) -> Result<ListAWSDefaultServiceQuotasResponse, Fault> {
    let ask = (input.next_token.as_deref(), input.max_results);
    let rows = of(&input.service_code)?;
    let page = pages(rows, "ListAWSDefaultServiceQuotas", ask, |quota| quota.code.to_owned())?;
    let quotas = page.rows.into_iter().map(|quota| default(world, quota)).collect();
    Ok(ListAWSDefaultServiceQuotasResponse { quotas: Some(quotas), next_token: page.next })
}

/// `ListServices`: those whose quotas are here.
fn services(
    _: &World,
    _: &Cx<'_>,
    input: ListServicesRequest,
) -> Result<ListServicesResponse, Fault> {
    let names: BTreeMap<&str, &str> = ALL.iter().map(|it| (it.service, it.service_name)).collect();
    let ask = (input.next_token.as_deref(), input.max_results);
    let page = pages(names, "ListServices", ask, |(code, _)| (*code).to_owned())?;
    let info = |(code, name): (&str, &str)| ServiceInfo {
        service_code: Some(code.to_owned()),
        service_name: Some(name.to_owned()),
    };
    Ok(ListServicesResponse {
        services: Some(page.rows.into_iter().map(info).collect()),
        next_token: page.next,
    })
}

/// The quotas of a service, by their codes.
fn of(service: &str) -> Result<Vec<&'static Quota>, Fault> {
    let mut all: Vec<&Quota> = ALL.iter().filter(|it| it.service == service).collect();
    all.sort_by_key(|it| it.code);
    if all.is_empty() { Err(fault::no_service(service)) } else { Ok(all) }
}

fn find(service: &str, code: &str) -> Result<&'static Quota, Fault> {
    let mut all = of(service)?.into_iter();
    all.find(|it| it.code == code).ok_or_else(|| fault::no_quota(service, code))
}

/// A quota as it applies to the account.
fn applied(world: &World, quota: &Quota) -> ServiceQuota {
    let path = format!("{}/{}", quota.service, quota.code);
    ServiceQuota {
        quota_arn: Some(world.place.arn("servicequotas", &path)),
        quota_applied_at_level: Some("ACCOUNT".to_owned()),
        ..default(world, quota)
    }
}

/// A quota as every account begins with it; its ARN names no account.
fn default(world: &World, quota: &Quota) -> ServiceQuota {
    let (region, Quota { service, code, .. }) = (&world.place.region, quota);
    ServiceQuota {
        service_code: Some((*service).to_owned()),
        service_name: Some(quota.service_name.to_owned()),
        quota_arn: Some(format!("arn:aws:servicequotas:{region}::{service}/{code}")),
        quota_code: Some((*code).to_owned()),
        quota_name: Some(quota.name.to_owned()),
        value: Some(quota.value),
        unit: Some("None".to_owned()),
        adjustable: Some(true),
        global_quota: Some(false),
        ..Default::default()
    }
}

/// A page of one of the listings.
fn pages<T>(
    rows: impl IntoIterator<Item = T>,
    listing: &'static str,
    (token, most): (Option<&str>, Option<i32>),
    key: impl Fn(&T) -> String,
) -> Result<Page<T>, Fault> {
    let ask = Ask { listing, token, limit: limit(most, PAGE, PAGE) };
    page(rows, &ask, key).map_err(|_| fault::bad_token())
}
