//! `ListCertificates`.

use super::describe::{EXTENDED, KEY_USAGES, kind, names, status};
use super::fault;
use crate::Cx;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::acm::{CertificateSummary, Filters, ListCertificatesRequest, ListCertificatesResponse};
use model::Timestamp;
use world::certificate::Origin;
use world::{Certificate, World};

/// The kinds of keys that are listed when a request names none.
const USUAL_KEYS: [&str; 2] = ["RSA_1024", "RSA_2048"];
/// The most that a page has.
const MOST: usize = 1000;

/// The certificates that are asked for, by ARN or by age.
pub(super) fn certificates(
    world: &World,
    cx: &Cx<'_>,
    input: ListCertificatesRequest,
) -> Result<ListCertificatesResponse, Fault> {
    if input.sort_by.is_some() != input.sort_order.is_some() {
        return Err(fault::invalid("SortBy and SortOrder must be given together"));
    }
    let filters = input.includes.clone().unwrap_or_default();
    let wanted = |row: &&Certificate| is_wanted(row, &input, cx.now) && is_included(row, &filters);
    let order = input.sort_order.as_deref();
    let mut rows: Vec<&Certificate> = world.certificates.iter().filter(wanted).collect();
    rows.sort_by_key(|row| place(row, order));
    let ask = Ask {
        listing: "ListCertificates",
        token: input.next_token.as_deref(),
        limit: limit(input.max_items, MOST, MOST),
    };
    let page = page(rows, &ask, |row| place(row, order)).map_err(fault::bad_token)?;
    Ok(ListCertificatesResponse {
        next_token: page.next,
        certificate_summary_list: Some(
            page.rows.into_iter().map(|row| summary(row, world, cx.now)).collect(),
        ),
    })
}

/// Where a certificate stands in the listing.
fn place(row: &Certificate, order: Option<&str>) -> String {
    let created = row.created_at.millis();
    match order {
        Some("DESCENDING") => format!("{:020} {}", i64::MAX - created, row.arn),
        Some(_) => format!("{created:020} {}", row.arn),
        None => row.arn.to_string(),
    }
}

fn is_wanted(row: &Certificate, input: &ListCertificatesRequest, now: Timestamp) -> bool {
    let asked = |list: &Option<Vec<String>>, value: &str| {
        list.as_ref().is_none_or(|list| list.is_empty() || list.iter().any(|one| one == value))
    };
    let origin = match row.origin {
        Origin::Requested { .. } => "AWS_MANAGED",
        Origin::Imported => "CUSTOMER_PROVIDED",
    };
    asked(&input.certificate_statuses, status(row, now))
        && asked(&input.certificate_key_pair_origins, origin)
}

fn is_included(row: &Certificate, filters: &Filters) -> bool {
    let among = |asked: &Option<Vec<String>>, has: &[&str]| match asked.as_deref() {
        None | Some([]) => true,
        Some(asked) => asked.iter().any(|one| one == "ANY" || has.contains(&one.as_str())),
    };
    let key = row.paper.facts.key_algorithm.as_str();
    let usual = filters.key_types.as_ref().is_none_or(Vec::is_empty);
    let key_fits =
        if usual { USUAL_KEYS.contains(&key) } else { among(&filters.key_types, &[key]) };
    key_fits
        && among(&filters.key_usage, &KEY_USAGES)
        && among(&filters.extended_key_usage, &EXTENDED.map(|(name, _)| name))
        && filters.export_option.as_deref().is_none_or(|option| option == "DISABLED")
        && filters.managed_by.is_none()
}

fn summary(row: &Certificate, world: &World, now: Timestamp) -> CertificateSummary {
    let facts = &row.paper.facts;
    let issued = row.is_issued(now);
    let imported = row.origin == Origin::Imported;
    let owned = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    CertificateSummary {
        certificate_arn: Some(row.arn.to_string()),
        domain_name: facts.names.first().cloned(),
        subject_alternative_name_summaries: Some(names(row).to_vec()),
        has_additional_subject_alternative_names: Some(false),
        status: Some(status(row, now).to_owned()),
        r#type: Some(kind(row).to_owned()),
        key_algorithm: Some(facts.key_algorithm.clone()),
        key_usages: owned(&KEY_USAGES),
        extended_key_usages: owned(&EXTENDED.map(|(name, _)| name)),
        in_use: Some(world.listeners_with(&row.arn).next().is_some()),
        exported: (!imported).then_some(false),
        renewal_eligibility: Some("INELIGIBLE".to_owned()),
        not_before: issued.then_some(facts.not_before),
        not_after: issued.then_some(facts.not_after),
        created_at: (!imported).then_some(row.created_at),
        issued_at: (issued && !imported).then_some(row.issued_at),
        imported_at: imported.then_some(row.issued_at),
        ..CertificateSummary::default()
    }
}
