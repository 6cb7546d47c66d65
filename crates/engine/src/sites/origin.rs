//! Where answers come from: a bucket, or a load balancer that stands for a name.

use api::cloudfront::Origin as Held;
use edge::{Origin, Server, ServerPolicy};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use world::{Listener, LoadBalancer, World};

/// An origin.
pub(super) fn origin(world: &World, held: &Held) -> Origin {
    let path = held.origin_path.clone().unwrap_or_default();
    let Some(custom) = &held.custom_origin_config else {
        return match services::cloudfront::bucket(&held.domain_name) {
            Some(bucket) => Origin::Files { bucket: bucket.to_owned(), path },
            None => Origin::Elsewhere(format!("{} is no bucket", held.domain_name)),
        };
    };
    let Some(balancer) = balancer(world, &held.domain_name) else {
        return Origin::Elsewhere(format!(
            "no load balancer of the region is called {} or has a certificate for it: the region does not call the internet",
            held.domain_name
        ));
    };
    let seconds = |given: Option<i32>, usual: u64| {
        Duration::from_secs(given.and_then(|given| u64::try_from(given).ok()).unwrap_or(usual))
    };
    let headers = held.custom_headers.iter().flat_map(|held| held.items.iter()).flatten();
    let headers = headers.map(|it| (it.header_name.clone(), it.header_value.reveal().to_owned()));
    Origin::Server(Server {
        name: held.domain_name.clone(),
        path,
        policy: match custom.origin_protocol_policy.as_str() {
            "https-only" => ServerPolicy::Https,
            "match-viewer" => ServerPolicy::Match,
            _ => ServerPolicy::Http,
        },
        http: address(world, balancer, ("HTTP", custom.http_port)),
        https: address(world, balancer, ("HTTPS", custom.https_port)),
        headers: headers.collect(),
        connecting: seconds(held.connection_timeout, 10),
        attempts: held.connection_attempts.and_then(|given| given.try_into().ok()).unwrap_or(3),
        reading: seconds(custom.origin_read_timeout, 30),
    })
}

/// The load balancer with this name, or with a certificate for it: that stands for the record of
/// the name that would lead there.
fn balancer<'a>(world: &'a World, name: &str) -> Option<&'a LoadBalancer> {
    let mut balancers = world.load_balancers.iter();
    let called = balancers.find(|held| held.dns_name.eq_ignore_ascii_case(name));
    called.or_else(|| {
        let mut listeners = world.listeners.iter();
        let certified = listeners.find(|listener| has_certificate(world, listener, name))?;
        world.load_balancers.get(&certified.load_balancer)
    })
}

fn has_certificate(world: &World, listener: &Listener, name: &str) -> bool {
    let papers = listener.certificates.iter().filter_map(|arn| {
        world.certificates.get(arn.as_str()).map(|certificate| &certificate.paper)
    });
    let mut names = papers.flat_map(|paper| &paper.facts.names);
    names.any(|held| covers(held, name))
}

/// A star stands for one part of a name.
fn covers(held: &str, name: &str) -> bool {
    let below = |held: &str| {
        let rest = name.split_once('.').map(|(_, rest)| rest);
        rest.is_some_and(|rest| rest.eq_ignore_ascii_case(held))
    };
    held.eq_ignore_ascii_case(name) || held.strip_prefix("*.").is_some_and(below)
}

fn address(
    world: &World,
    balancer: &LoadBalancer,
    (protocol, port): (&str, i32),
) -> Option<SocketAddr> {
    let mut listeners = world.listeners_of(&balancer.arn);
    let held = listeners
        .find(|listener| listener.protocol == protocol && i32::from(listener.port) == port)?;
    Some(SocketAddr::from((Ipv4Addr::LOCALHOST, held.local_port?)))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_stands_for_one_part() {
        for (held, name, expected) in [
            ("shop.example", "Shop.example", true),
            ("*.shop.example", "api.shop.example", true),
            ("*.shop.example", "a.api.shop.example", false),
            ("*.shop.example", "shop.example", false),
        ] {
            assert_eq!(covers(held, name), expected, "{held} {name}");
        }
    }
}
