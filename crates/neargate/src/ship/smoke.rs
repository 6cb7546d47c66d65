//! Asks what was deployed the way that its users come: services for their health through the load
//! balancer, sites for their first page through CloudFront.

use super::environment::Environment;
use super::site::Sites;
use crate::failure::{Failure, Kind};
use crate::front::{self, Front};
use crate::ui::say;
use apply::EndError;
use apply::visit::{Question, Visitor};
use http::Method;
use manifest::Route;
use plan::Wish;
use plan::verify::Answer;
use std::time::{Duration, Instant};

/// How long an answer is waited for: a new name of a load balancer takes a moment to be known.
const PATIENCE: Duration = Duration::from_secs(30);

/// From one question to the next.
const PAUSE: Duration = Duration::from_millis(500);

/// Asks every site, and every service that requests reach; answers where the application is.
pub(super) async fn try_all(
    environment: &Environment,
    wish: &Wish,
    sites: &Sites,
) -> Result<Vec<String>, Failure> {
    let mut urls = try_sites(environment, sites).await?;
    for url in try_services(environment, wish).await? {
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    Ok(urls)
}

/// Asks sites for the page that was uploaded.
async fn try_sites(environment: &Environment, sites: &Sites) -> Result<Vec<String>, Failure> {
    let mut urls = Vec::new();
    for (name, page) in sites.pages() {
        let Some(site) = environment.stand.sites.get(name) else { continue };
        let region = environment.region.as_ref();
        let Some(base) = front::of_site(region, &site.name).await? else {
            say::note(&format!("the pages of {name} are not asked for: nothing serves them here"));
            continue;
        };
        let url = format!("{base}/");
        let so = format!("the files of {name} are uploaded");
        let visit = Visit { url: &url, host: None, so };
        let is_new = |answer: &Answer| match answer.headers.get("etag") {
            _ if answer.status != 200 => Err(format!("answers {}", answer.status)),
            // What was compressed on the way has a weak tag.
            Some(tag) if tag.trim_start_matches("W/").trim_matches('"') == page => Ok(()),
            _ => Err("answers another page than was uploaded".to_owned()),
        };
        visit.until(is_new).await.map_err(|why| why.hint(LAG))?;
        // In the region the address is another one than on AWS.
        urls.push(if region.is_some() { base } else { site.url.clone() });
    }
    Ok(urls)
}

/// Why a distribution may answer late.
const LAG: &str =
    "a distribution that was just changed takes some minutes; `neargate verify` asks again";

/// Asks every service that requests reach.
async fn try_services(environment: &Environment, wish: &Wish) -> Result<Vec<String>, Failure> {
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
            Some(route) => {
                let url = format!("{base}{path}");
                let so = format!("service {name} runs, healthy for AWS");
                let visit = Visit { url: &url, host: host(route), so };
                let fits = |answer: &Answer| match service.health.codes.contains(answer.status) {
                    true => Ok(()),
                    false => {
                        Err(format!("answers {}, not {}", answer.status, service.health.codes))
                    }
                };
                visit.until(fits).await.map_err(|why| why.hint(RULE))?;
            }
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

/// Why a service that AWS finds healthy may not answer.
const RULE: &str = "does the load balancer's rule lead to the service, and may you reach it?";

/// A question that is asked until the answer is right.
struct Visit<'a> {
    url: &'a str,
    host: Option<&'a str>,
    /// What is so already, whatever it answers.
    so: String,
}

impl Visit<'_> {
    /// Asks until an answer fits, or says why it does not.
    async fn until(&self, fits: impl Fn(&Answer) -> Result<(), String>) -> Result<(), Failure> {
        let Self { url, host, so } = self;
        let begun = Instant::now();
        let visitor = Visitor::new().map_err(|source| {
            Failure::because(Kind::Machine, "nobody can be asked from here", source)
        })?;
        loop {
            let headers: Vec<(&str, &str)> = host.map(|host| ("host", host)).into_iter().collect();
            let question = Question { method: &Method::GET, url, headers: &headers };
            let why = match visitor.ask(question).await {
                Ok(answer) => match fits(&answer) {
                    Ok(()) => {
                        say::done(&format!("{url} answers {}", answer.status));
                        return Ok(());
                    }
                    Err(why) => why,
                },
                Err(why) => format!("can't be asked: {why}"),
            };
            if begun.elapsed() > PATIENCE {
                let what = format!("{so}, but {url} {why}");
                return Err(Failure::new(Kind::Deployment, what));
            }
            tokio::time::sleep(PAUSE).await;
        }
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
