//! What a configuration must be. What AWS would refuse is refused in its words where they are
//! known; what the region does not do is refused by name.

mod absent;
mod origin;

pub use origin::bucket;

use super::super::behaviour::behaviours;
use super::super::{fault, function, part, quantity};
use api::Fault;
use api::cloudfront::*;
use model::DistributionId;
use world::World;

/// The sets of methods that CloudFront allows; the order does not matter.
const METHODS: [&[&str]; 3] = [
    &["GET", "HEAD"],
    &["GET", "HEAD", "OPTIONS"],
    &["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
];
/// The statuses that an error page can be for.
const ERRORS: [i32; 12] = [400, 403, 404, 405, 414, 416, 429, 500, 501, 502, 503, 504];

/// Checks a configuration; `own` is the distribution that has it.
pub(super) fn check(
    world: &World,
    config: &DistributionConfig,
    own: Option<&DistributionId>,
) -> Result<(), Fault> {
    quantity::check(config)?;
    absent::refuse(config)?;
    check_root(config.default_root_object.as_deref().unwrap_or_default())?;
    check_aliases(world, config, own)?;
    for held in &config.origins.items {
        origin::check(world, held)?;
    }
    for behaviour in behaviours(config) {
        check_behaviour(world, config, &behaviour)?;
    }
    let pages = config.custom_error_responses.iter().flat_map(|held| held.items.iter()).flatten();
    pages.into_iter().try_for_each(check_page)
}

/// Whether a distribution runs a function.
pub(in crate::cloudfront) fn runs(config: &DistributionConfig, arn: &str) -> bool {
    let all = behaviours(config);
    let mut functions = all.iter().flat_map(functions);
    functions.any(|held| held.function_arn == arn)
}

fn functions(behaviour: &CacheBehavior) -> impl Iterator<Item = &FunctionAssociation> {
    behaviour.function_associations.iter().flat_map(|held| held.items.iter()).flatten()
}

fn check_root(root: &str) -> Result<(), Fault> {
    if root.starts_with('/') || root.len() > 255 {
        let text = "The parameter DefaultRootObject is invalid: it does not begin with a slash.";
        return Err(fault::of(&errors::INVALID_DEFAULT_ROOT_OBJECT, text));
    }
    Ok(())
}

/// An alias needs a certificate, and is one distribution's alone.
fn check_aliases(
    world: &World,
    config: &DistributionConfig,
    own: Option<&DistributionId>,
) -> Result<(), Fault> {
    let certificate = config.viewer_certificate.as_ref();
    let arn = certificate.and_then(|held| held.acm_certificate_arn.as_deref());
    if arn.is_some_and(|arn| !world.certificates.contains(arn)) {
        return Err(fault::bad_certificate());
    }
    let aliases = |config: &DistributionConfig| {
        config.aliases.as_ref().and_then(|held| held.items.clone()).unwrap_or_default()
    };
    let wanted = aliases(config);
    if !wanted.is_empty() && arn.is_none() {
        return Err(fault::no_certificate());
    }
    let others = world.distributions.iter().filter(|held| Some(&held.id) != own);
    let taken: Vec<String> = others.flat_map(|held| aliases(&held.config)).collect();
    let lower = |name: &String| name.to_ascii_lowercase();
    match wanted.iter().find(|name| taken.iter().any(|held| lower(held) == lower(name))) {
        Some(name) => Err(fault::alias_taken(name)),
        None => Ok(()),
    }
}

fn check_behaviour(
    world: &World,
    config: &DistributionConfig,
    behaviour: &CacheBehavior,
) -> Result<(), Fault> {
    let origins = &config.origins.items;
    if !origins.iter().any(|origin| origin.id == behaviour.target_origin_id) {
        return Err(fault::no_origin());
    }
    match (&behaviour.cache_policy_id, &behaviour.forwarded_values) {
        (Some(_), Some(_)) => {
            let text = "The parameter ForwardedValues cannot be used when a cache policy is associated to the cache behavior.";
            return Err(fault::invalid(text));
        }
        (None, None) => return Err(fault::invalid("The parameter ForwardedValues is required.")),
        (Some(id), None) => drop(part::find::<CachePolicyConfig>(world, id)?),
        (None, Some(_)) if behaviour.min_ttl.is_none() => {
            return Err(fault::invalid("The parameter MinTTL is required."));
        }
        (None, Some(_)) => {}
    }
    if let Some(id) = &behaviour.origin_request_policy_id {
        part::find::<OriginRequestPolicyConfig>(world, id)?;
    }
    if let Some(id) = &behaviour.response_headers_policy_id {
        part::find::<ResponseHeadersPolicyConfig>(world, id)?;
    }
    check_methods(behaviour)?;
    check_functions(world, behaviour)
}

fn check_methods(behaviour: &CacheBehavior) -> Result<(), Fault> {
    let Some(methods) = &behaviour.allowed_methods else { return Ok(()) };
    let is_set = |given: &[String], sets: &[&[&str]]| {
        sets.iter().any(|set| {
            set.len() == given.len() && set.iter().all(|name| given.iter().any(|it| it == name))
        })
    };
    if !is_set(&methods.items, &METHODS) {
        return Err(fault::invalid("The parameter AllowedMethods is invalid."));
    }
    let cached = methods.cached_methods.as_ref();
    if cached.is_some_and(|cached| !is_set(&cached.items, &METHODS[..2])) {
        return Err(fault::invalid("The parameter CachedMethods is invalid."));
    }
    Ok(())
}

/// One function for each event, and only what is published.
fn check_functions(world: &World, behaviour: &CacheBehavior) -> Result<(), Fault> {
    let mut seen = Vec::new();
    for held in functions(behaviour) {
        if !["viewer-request", "viewer-response"].contains(&held.event_type.as_str()) {
            let text = format!("A CloudFront function can't be for the event {}.", held.event_type);
            return Err(fault::bad_function(text));
        }
        if seen.contains(&&held.event_type) {
            let text = "A cache behavior can have one function for each event type.";
            return Err(fault::bad_function(text));
        }
        seen.push(&held.event_type);
        let mut rows = world.edge_functions.iter();
        match rows.find(|row| function::arn(world, &row.name) == held.function_arn) {
            Some(row) if row.live.is_some() => {}
            Some(_) => {
                return Err(fault::bad_function(
                    "The function is not published to the LIVE stage.",
                ));
            }
            None => return Err(fault::bad_function("The specified function does not exist.")),
        }
    }
    Ok(())
}

fn check_page(page: &CustomErrorResponse) -> Result<(), Fault> {
    if !ERRORS.contains(&page.error_code) {
        let text = format!("The error code {} is invalid.", page.error_code);
        return Err(fault::of(&errors::INVALID_ERROR_CODE, text));
    }
    let path = page.response_page_path.as_deref().unwrap_or_default();
    let code = page.response_code.as_deref().unwrap_or_default();
    if path.is_empty() != code.is_empty() {
        let text =
            "The parameters ResponsePagePath and ResponseCode are both there or both absent.";
        return Err(fault::invalid(text));
    }
    if !path.is_empty() && !path.starts_with('/') {
        return Err(fault::invalid("The parameter ResponsePagePath does not begin with a slash."));
    }
    match code.parse::<u16>() {
        _ if code.is_empty() => Ok(()),
        Ok(200..=599) => Ok(()),
        _ => Err(fault::of(
            &errors::INVALID_RESPONSE_CODE,
            format!("The response code {code} is invalid."),
        )),
    }
}
