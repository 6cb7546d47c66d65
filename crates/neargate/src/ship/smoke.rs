//! Asks what was deployed for its health, the way that its users come: through the load balancer.

use super::environment::Environment;
use crate::failure::{Failure, Kind};
use crate::front::Front;
use crate::ui::say;
use apply::EndError;
use apply::visit::{Question, Visitor};
use http::Method;
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
        let front = Front {
            client: &environment.client,
            region: environment.region.as_ref(),
            domain: environment.resolved.environment.domain.as_deref(),
        };
        let Some(base) = front.base(arn).await? else {
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

/// Asks until the answer is one that the service's health check takes.
async fn ask(
    url: &str,
    host: Option<&str>,
    (name, service): (&str, &Service),
) -> Result<(), Failure> {
    let begun = Instant::now();
    let visitor = Visitor::new().map_err(|source| {
        Failure::because(Kind::Machine, "nobody can be asked from here", source)
    })?;
    loop {
        let headers: Vec<(&str, &str)> = host.map(|host| ("host", host)).into_iter().collect();
        let question = Question { method: &Method::GET, url, headers: &headers };
        let answer = visitor.ask(question).await.map(|it| it.status);
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
