//! `routes`: which requests the load balancer gives to a service.

use crate::cx::{Cx, counted};
use crate::kind::{Format, formatted, one_or_many, part, whole};
use crate::{Code, Diagnostic};
use std::cmp::Reverse;

/// Condition values of a rule (reference §4.7).
const MOST_VALUES: usize = 5;

/// Wildcards of a rule (reference §4.7; newer pages say 6).
const MOST_WILDCARDS: usize = 5;

/// Where every path goes.
const EVERYTHING: &str = "/*";

/// A path pattern (reference §4.7).
static PATH: Format = Format::new(
    "a path pattern",
    "begin with `/` and have neither spaces nor a query; `*` and `?` are wildcards",
    r#"^/[A-Za-z0-9_.$/~"'@:+&*?-]*$"#,
    128,
    "/api/*",
);

/// A host pattern (reference §4.7).
static HOST: Format = Format::new(
    "a host",
    "be a host's name; `*` and `?` are wildcards",
    r"^[A-Za-z0-9*?-]+(\.[A-Za-z0-9*?-]+)+$",
    128,
    "api.example.com",
);

part! {
    /// Requests that the load balancer gives to the service. Of several routes that fit, the one
    /// with the lowest priority takes the request; without priorities, the more specific one.
    pub struct Route as RouteRead, short "path", check check_quota {
        /// Paths of the request, with `*` for any characters and `?` for one; case matters.
        path: Vec<String> = one_or_many(formatted(&PATH), 1, MOST_VALUES),
            [default "/*", because "a route that names only its host means all of it"];
        /// Hosts of the request, with `*` and `?`; case does not matter.
        host: Option<Vec<String>> = one_or_many(formatted(&HOST), 1, MOST_VALUES),
            [optional "any host"];
        /// Where among the others: the lowest comes first.
        priority: Option<u16> = whole::<u16>(1, 50_000),
            [optional "given by how specific the route is"];
    }
}

// === impl Route ===

impl Route {
    /// All paths of all hosts.
    pub(crate) fn everything() -> Self {
        Self { path: vec![EVERYTHING.to_owned()], host: None, priority: None }
    }

    /// Sorts routes without a priority as they are tried: those with a host first, then the longer
    /// path first, wildcards not counted, then the one without wildcards. Of several paths the
    /// shortest counts, so that no other route hides behind it.
    #[must_use]
    pub fn specificity(&self) -> impl Ord + use<> {
        let literal = |path: &String| path.chars().filter(|c| !matches!(c, '*' | '?')).count();
        let shortest = self.path.iter().map(literal).min().unwrap_or(0);
        let wild = self.path.iter().any(|path| path.contains(['*', '?']));
        (self.host.is_none(), Reverse(shortest), wild)
    }

    /// Its hosts; none for any.
    pub fn hosts(&self) -> impl Iterator<Item = &str> {
        self.host.iter().flatten().map(String::as_str)
    }
}

/// Values and wildcards of one rule.
fn check_quota(route: &RouteRead, cx: &mut Cx<'_>) {
    let (Some(paths), Some(hosts)) = (&route.path, &route.host) else { return };
    let values: Vec<&String> = paths.iter().chain(hosts.iter().flatten()).collect();
    let wildcards: usize = values.iter().map(|value| value.matches(['*', '?']).count()).sum();
    for (number, noun, most) in
        [(values.len(), "value", MOST_VALUES), (wildcards, "wildcard", MOST_WILDCARDS)]
    {
        if number > most {
            let has = counted(number, noun);
            let message = format!("the route has {has}: a rule of a load balancer takes {most}");
            let mistake = Diagnostic::new(Code::RouteQuota, cx.here(), message);
            cx.report(mistake.hint("make several routes of it"));
        }
    }
}
