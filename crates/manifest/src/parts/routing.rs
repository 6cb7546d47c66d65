//! The routes of all services of an environment together: who takes which request.

use super::routes::Route;
use super::service::{Service, ServiceRead};
use crate::cx::{Cx, counted};
use crate::nearest::listed;
use crate::{Code, Diagnostic, TextSpan};
use std::collections::BTreeMap;

/// Rules of a load balancer, the default one not counted (reference §4.15).
const MOST_RULES: usize = 100;

/// Reports routes that no load balancer can tell apart, or take.
pub(super) fn check(services: &BTreeMap<String, Option<ServiceRead>>, cx: &mut Cx<'_>) {
    let read = services.iter().filter_map(|(name, read)| Some((name, read.as_ref()?)));
    let routed = read.filter_map(|(name, read)| Some((name, read.routes.as_ref()?.as_ref()?)));
    let claims: Vec<Claim<'_>> = routed
        .flat_map(|(service, routes)| {
            let routes = routes.iter().enumerate();
            routes.map(move |(index, route)| Claim { service, index, route })
        })
        .collect();
    check_equal(&claims, cx);
    check_priorities(&claims, cx);
    if let Some(first_over) = claims.get(MOST_RULES) {
        let has = counted(claims.len(), "route");
        let message = format!("the services have {has}: a load balancer takes {MOST_RULES}");
        let place = first_over.place("", cx);
        cx.report(Diagnostic::new(Code::RouteQuota, place, message));
    }
    check_default(services, cx);
}

/// Gives all requests to the one service that can take them, if no service says its routes.
pub(crate) fn give_default(services: &mut BTreeMap<String, Service>) {
    let standings = services.iter().map(|(name, service)| Standing {
        name,
        says: service.routes.is_some(),
        can: service.port.is_some() || service.static_site.is_some(),
    });
    let chosen = match candidates(standings.collect()).as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    };
    if let Some(service) = chosen.and_then(|name| services.get_mut(&name)) {
        service.routes = Some(vec![Route::everything()]);
    }
}

/// One route of one service, and where it stands.
struct Claim<'s> {
    service: &'s str,
    index: usize,
    route: &'s Route,
}

/// What a service says of its routes.
struct Standing<'s> {
    name: &'s str,
    /// Whether it says its routes, be it that it has none.
    says: bool,
    /// Whether requests can go to it at all.
    can: bool,
}

/// The services that could take all requests, if no service says its routes.
fn candidates(standings: Vec<Standing<'_>>) -> Vec<&str> {
    if standings.iter().any(|standing| standing.says) {
        return Vec::new();
    }
    standings.into_iter().filter(|standing| standing.can).map(|standing| standing.name).collect()
}

/// The same host and path twice.
fn check_equal(claims: &[Claim<'_>], cx: &mut Cx<'_>) {
    let mut first: BTreeMap<(Option<String>, &str), (&str, TextSpan)> = BTreeMap::new();
    for claim in claims {
        for (host, path, place) in claim.values(cx) {
            let Some((other, earlier)) = first.get(&(host.clone(), path)) else {
                first.insert((host, path), (claim.service, place));
                continue;
            };
            let of = host.map(|host| format!(" of `{host}`")).unwrap_or_default();
            let service = claim.service;
            let message = if *other == service {
                format!("`{path}`{of} is given twice for `{service}`")
            } else {
                format!("`{path}`{of} goes to `{other}` and to `{service}`")
            };
            let mistake = Diagnostic::new(Code::DuplicateRoute, place, message);
            cx.report(mistake.related(*earlier, format!("to `{other}` here")));
        }
    }
}

fn check_priorities(claims: &[Claim<'_>], cx: &mut Cx<'_>) {
    let mut first: BTreeMap<u16, TextSpan> = BTreeMap::new();
    for claim in claims {
        let Some(priority) = claim.route.priority else { continue };
        let place = claim.place(".priority", cx);
        if let Some(earlier) = first.get(&priority) {
            let message = format!("two routes have the priority {priority}");
            let mistake = Diagnostic::new(Code::DuplicatePriority, place, message);
            cx.report(mistake.related(*earlier, "the other one"));
        } else {
            first.insert(priority, place);
        }
    }
}

/// Nobody says who takes the requests and more than one service could; and keys for requests on
/// services that get none.
fn check_default(services: &BTreeMap<String, Option<ServiceRead>>, cx: &mut Cx<'_>) {
    let standings = services.iter().map(|(name, read)| Standing {
        name,
        // A service that could not be read may well have said it.
        says: read.as_ref().is_none_or(|read| !matches!(read.routes, Some(None))),
        can: cx.given(&format!("{name}.port")) || cx.given(&format!("{name}.static")),
    });
    let candidates = candidates(standings.collect());
    if let [first, _, ..] = candidates.as_slice() {
        let names: Vec<String> = candidates.iter().map(|name| format!("`{name}`")).collect();
        let message =
            format!("{} could take the requests, and none says its `routes`", listed(&names));
        let mistake = Diagnostic::new(Code::UnclearRoutes, cx.key_place(first), message)
            .hint("give one of them `routes: [/*]`; the others are then reached only from inside");
        cx.report(mistake);
    }
    for (name, read) in services {
        let routes = read.as_ref().and_then(|read| read.routes.as_ref());
        let routed = match routes {
            Some(Some(routes)) => !routes.is_empty(),
            Some(None) => candidates.contains(&name.as_str()),
            None => true,
        };
        if !routed {
            check_idle_keys(name, cx);
        }
    }
}

/// The keys that speak of requests, on a service that gets none.
fn check_idle_keys(name: &str, cx: &mut Cx<'_>) {
    if cx.given(&format!("{name}.static")) {
        return;
    }
    for key in ["health", "drain", "stickiness"] {
        let path = format!("{name}.{key}");
        if cx.given(&path) {
            let message =
                format!("`{key}` has no effect: the load balancer gives `{name}` no requests");
            let mistake = Diagnostic::new(Code::Excluded, cx.key_place(&path), message);
            cx.report(
                mistake.hint("requests need a `port`, and `routes` where other services have some"),
            );
        }
    }
}

// === impl Claim ===

impl<'s> Claim<'s> {
    fn place(&self, below: &str, cx: &Cx<'_>) -> TextSpan {
        cx.place(&format!("{}.routes.{}{below}", self.service, self.index))
    }

    /// Each pair of host and path, and the path's place.
    fn values(&self, cx: &Cx<'_>) -> Vec<(Option<String>, &'s str, TextSpan)> {
        let mut hosts: Vec<Option<String>> =
            self.route.hosts().map(|host| Some(host.to_ascii_lowercase())).collect();
        if hosts.is_empty() {
            hosts.push(None);
        }
        let mut values = Vec::new();
        for (index, path) in self.route.path.iter().enumerate() {
            let place = self.place(&format!(".path.{index}"), cx);
            values.extend(hosts.iter().map(|host| (host.clone(), path.as_str(), place)));
        }
        values
    }
}
