//! Behaviours with their policies and functions.

mod headers;

use api::cloudfront::{
    CacheBehavior, CachePolicyConfig, CookieNames, ForwardedValues, Headers, QueryStringNames,
};
use edge::{Behaviour, Cached, Forwarded, Function, Lifetimes, Names};
use http::Method;
use services::cloudfront as policies;
use std::sync::Arc;
use std::time::Duration;
use world::World;

/// CloudFront's defaults, in seconds.
const DAY: i64 = 86_400;
const YEAR: i64 = 31_536_000;

/// A behaviour.
pub(super) fn behaviour(world: &World, held: &CacheBehavior) -> Behaviour {
    let allowed = held.allowed_methods.as_ref();
    let methods = |names: Option<&Vec<String>>| -> Vec<Method> {
        let names = names.into_iter().flatten();
        names.filter_map(|name| name.parse().ok()).collect()
    };
    let cached_methods = allowed.and_then(|allowed| allowed.cached_methods.as_ref());
    let headers = held.response_headers_policy_id.as_deref();
    let headers = headers.and_then(|id| policies::headers_policy(world, id));
    Behaviour {
        pattern: held.path_pattern.clone(),
        origin: held.target_origin_id.clone(),
        methods: methods(allowed.map(|allowed| &allowed.items)),
        cached_methods: methods(cached_methods.map(|cached| &cached.items)),
        compress: held.compress == Some(true),
        cached: cached(world, held),
        forwarded: forwarded(world, held),
        headers: headers.map(headers::policy).unwrap_or_default(),
        on_request: function(world, held, "viewer-request"),
        on_response: function(world, held, "viewer-response"),
    }
}

fn cached(world: &World, held: &CacheBehavior) -> Cached {
    let policy = held.cache_policy_id.as_deref();
    match (policy.and_then(|id| policies::cache_policy(world, id)), &held.forwarded_values) {
        (Some(policy), _) => by_policy(policy),
        (None, Some(values)) => by_values(held, values),
        (None, None) => Cached::default(),
    }
}

fn by_policy(policy: &CachePolicyConfig) -> Cached {
    let lifetimes = lifetimes(policy.min_ttl, policy.default_ttl, policy.max_ttl);
    let Some(key) = &policy.parameters_in_cache_key_and_forwarded_to_origin else {
        return Cached { lifetimes, ..Cached::default() };
    };
    let (cookies, query) = (&key.cookies_config, &key.query_strings_config);
    let headers = &key.headers_config;
    Cached {
        headers: names(&headers.header_behavior, of_headers(headers.headers.as_ref())),
        cookies: names(&cookies.cookie_behavior, of_cookies(cookies.cookies.as_ref())),
        query: names(&query.query_string_behavior, of_query(query.query_strings.as_ref())),
        gzip: key.enable_accept_encoding_gzip,
        lifetimes,
    }
}

/// The older way, in which a behaviour says it itself.
fn by_values(held: &CacheBehavior, values: &ForwardedValues) -> Cached {
    let headers = of_headers(values.headers.as_ref());
    let all = headers.iter().any(|name| name == "*");
    let keys = values.query_string_cache_keys.as_ref().and_then(|keys| keys.items.clone());
    let keys = keys.unwrap_or_default();
    Cached {
        headers: if all { Names::All } else { Names::Only(headers) },
        cookies: names(
            &values.cookies.forward,
            of_cookies(values.cookies.whitelisted_names.as_ref()),
        ),
        query: match (values.query_string, keys.is_empty()) {
            (false, _) => Names::Nothing,
            (true, true) => Names::All,
            (true, false) => Names::Only(keys),
        },
        gzip: held.compress == Some(true),
        lifetimes: lifetimes(held.min_ttl.unwrap_or(0), held.default_ttl, held.max_ttl),
    }
}

fn lifetimes(least: i64, usual: Option<i64>, most: Option<i64>) -> Lifetimes {
    let seconds = |number: i64| Duration::from_secs(u64::try_from(number).unwrap_or_default());
    Lifetimes {
        least: seconds(least),
        usual: seconds(usual.unwrap_or(DAY)),
        most: seconds(most.unwrap_or(YEAR)),
    }
}

fn forwarded(world: &World, held: &CacheBehavior) -> Forwarded {
    let policy = held.origin_request_policy_id.as_deref();
    let Some(policy) = policy.and_then(|id| policies::request_policy(world, id)) else {
        return Forwarded::default();
    };
    let (headers, cookies) = (&policy.headers_config, &policy.cookies_config);
    let query = &policy.query_strings_config;
    Forwarded {
        headers: names(&headers.header_behavior, of_headers(headers.headers.as_ref())),
        cookies: names(&cookies.cookie_behavior, of_cookies(cookies.cookies.as_ref())),
        query: names(&query.query_string_behavior, of_query(query.query_strings.as_ref())),
    }
}

/// CloudFront's words for which names are meant.
fn names(behavior: &str, held: Vec<String>) -> Names {
    match behavior {
        "whitelist" => Names::Only(held),
        "allExcept" => Names::Except(held),
        "all" | "allViewer" | "allViewerAndWhitelistCloudFront" => Names::All,
        _ => Names::Nothing,
    }
}

fn of_headers(held: Option<&Headers>) -> Vec<String> {
    let items = held.and_then(|held| held.items.as_ref()).into_iter().flatten();
    items.map(|name| name.to_ascii_lowercase()).collect()
}

fn of_cookies(held: Option<&CookieNames>) -> Vec<String> {
    held.and_then(|held| held.items.clone()).unwrap_or_default()
}

fn of_query(held: Option<&QueryStringNames>) -> Vec<String> {
    held.and_then(|held| held.items.clone()).unwrap_or_default()
}

/// The function for an event, as it was published last.
fn function(world: &World, held: &CacheBehavior, event: &str) -> Option<Arc<Function>> {
    let functions = held.function_associations.iter().flat_map(|held| held.items.iter()).flatten();
    let mut functions = functions.filter(|function| function.event_type == event);
    let name = functions.next()?.function_arn.rsplit('/').next()?.to_owned();
    let live = world.edge_functions.get(name.as_str())?.live.as_ref()?;
    let code = String::from_utf8_lossy(live.code.reveal()).into_owned();
    Some(Arc::new(Function { name, code }))
}
