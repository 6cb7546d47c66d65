//! Asks what was deployed for its health, the way that its users come: through the load balancer.

use super::environment::Environment;
use crate::admin::{self, Endpoints};
use crate::failure::{Failure, Kind};
use crate::ui::say;
use api::elbv2::{
    DescribeListeners, DescribeListenersInput, DescribeLoadBalancers, DescribeLoadBalancersInput,
    Listener, LoadBalancer,
};
use apply::EndError;
use manifest::{Route, Service};
use plan::Wish;
use std::time::{Duration, Instant};

/// How long an answer is waited for: a new name of a load balancer takes a moment to be known.
const PATIENCE: Duration = Duration::from_secs(30);

/// From one question to the next.
const PAUSE: Duration = Duration::from_millis(500);

/// Asks every service that requests reach; answers where the application is.
pub(super) async fn try_all(
    environment: &Environment,
    wish: &Wish,
) -> Result<Vec<String>, Failure> {
    let observed = environment.look(wish).await.map_err(EndError::Look)?;
    let mut urls = Vec::new();
    for (name, service) in wish.services().filter(|(_, service)| !service.routes().is_empty()) {
        let group = observed.groups.get(&wish.names().group(name));
        let balancers = group.and_then(|held| held.group.load_balancer_arns.as_ref());
        let Some(arn) = balancers.and_then(|held| held.first()) else { continue };
        let Some(base) = base(environment, arn).await? else {
            say::note(&format!(
                "service {name} is not asked from here: its load balancer is internal"
            ));
            continue;
        };
        let path = &service.health.path;
        match service.routes().iter().find(|route| leads(route, path)) {
            Some(route) => ask(&format!("{base}{path}"), host(route), (name, service)).await?,
            None => say::note(&format!(
                "service {name} is not asked from here: no route leads to {path}"
            )),
        }
        if !urls.contains(&base) {
            urls.push(base);
        }
    }
    Ok(urls)
}

/// Where a load balancer is reached from here, without a slash at its end.
async fn base(environment: &Environment, arn: &str) -> Result<Option<String>, Failure> {
    if let Some(domain) = environment.resolved.environment.domain.as_ref()
        && environment.region.is_none()
    {
        return Ok(Some(format!("https://{domain}")));
    }
    let request = DescribeLoadBalancersInput {
        load_balancer_arns: Some(vec![arn.to_owned()]),
        ..Default::default()
    };
    let found = environment.client.call::<DescribeLoadBalancers>(request).await?;
    let Some(balancer) = found.load_balancers.into_iter().flatten().next() else { return Ok(None) };
    if let Some(region) = &environment.region {
        return near(region.port, &balancer).await;
    }
    if balancer.scheme.as_deref() == Some("internal") {
        return Ok(None);
    }
    let load_balancer_arn = Some(arn.to_owned());
    let request = DescribeListenersInput { load_balancer_arn, ..Default::default() };
    let found = environment.client.call::<DescribeListeners>(request).await?;
    let mut listeners = found.listeners.unwrap_or_default();
    // The certificate of a listener with TLS is for a name that is not known here.
    listeners.retain(|listener| listener.protocol.as_deref() == Some("HTTP"));
    listeners.sort_by_key(|listener| listener.port);
    let name = balancer.dns_name.unwrap_or_default();
    let port = |listener: &Listener| listener.port.unwrap_or(80);
    Ok(listeners.first().map(|listener| format!("http://{name}:{}", port(listener))))
}

/// Where the local region's own load balancer is.
async fn near(port: u16, balancer: &LoadBalancer) -> Result<Option<String>, Failure> {
    let endpoints: Endpoints = admin::get(port, "endpoints").await?;
    let own = endpoints.listeners.into_iter();
    let mut own = own.filter(|it| Some(&it.dns_name) == balancer.dns_name.as_ref());
    let url = own.find_map(|listener| listener.url);
    Ok(url.map(|url| url.trim_end_matches('/').to_owned()))
}

/// Asks until the answer is one that the service's health check takes.
async fn ask(
    url: &str,
    host: Option<&str>,
    (name, service): (&str, &Service),
) -> Result<(), Failure> {
    let begun = Instant::now();
    loop {
        let answer = apply::ask::status(url, host).await;
        let why = match &answer {
            Ok(status) if service.health.codes.contains(*status) => {
                say::done(&format!("{url} answers {status}"));
                return Ok(());
            }
            Ok(status) => format!("answers {status}, not {}", service.health.codes),
            Err(why) => format!("can't be asked: {why}"),
        };
        if begun.elapsed() > PATIENCE {
            let what = format!("service {name} runs, healthy for AWS, but {url} {why}");
            return Err(Failure::new(Kind::Deployment, what)
                .hint("does the load balancer's rule lead to the service, and may you reach it?"));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether a route leads to a path. One whose host is a pattern can't be asked for.
fn leads(route: &Route, path: &str) -> bool {
    let named = route.host.as_ref().is_none_or(|_| host(route).is_some());
    named && route.path.iter().any(|pattern| fits(pattern.as_bytes(), path.as_bytes()))
}

/// The host that a route asks for, where it is a plain name.
fn host(route: &Route) -> Option<&str> {
    let hosts = route.host.as_ref()?;
    hosts.iter().map(String::as_str).find(|host| !host.contains(['*', '?']))
}

/// Whether a text fits a pattern with `*` for any characters and `?` for one.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|at| fits(rest, &text[at..])),
        ([b'?', pattern @ ..], [_, text @ ..]) => fits(pattern, text),
        ([one, pattern @ ..], [other, text @ ..]) => one == other && fits(pattern, text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_are_those_of_a_load_balancer() {
        for (pattern, path, expected) in [
            ("/*", "/health", true),
            ("/api/*", "/health", false),
            ("/api/*", "/api/health", true),
            ("/?ealth", "/health", true),
            ("/health", "/healthy", false),
        ] {
            assert_eq!(fits(pattern.as_bytes(), path.as_bytes()), expected, "{pattern} {path}");
        }
    }
}
