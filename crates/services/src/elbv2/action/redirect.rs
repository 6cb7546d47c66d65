//! Sending the client elsewhere.

use super::super::listener::HTTPS;
use super::{Site, fault};
use api::Fault;
use api::elbv2::{Action, RedirectActionConfig};
use world::balancer::Redirect;

const PROTOCOL: &str = "#{protocol}";
const PORT: &str = "#{port}";
const HOST: &str = "#{host}";
const PATH: &str = "/#{path}";
const QUERY: &str = "#{query}";

/// Where an action redirects to. A part that is not given is the request's own.
pub(super) fn parse(
    config: Option<RedirectActionConfig>,
    site: &Site<'_>,
) -> Result<Redirect, Fault> {
    let config = config.ok_or_else(|| fault::action_needs("redirect", "RedirectConfig"))?;
    let own = |part: Option<String>, keyword: &str| part.unwrap_or_else(|| keyword.to_owned());
    let redirect = Redirect {
        protocol: own(config.protocol, PROTOCOL),
        port: own(config.port, PORT),
        host: own(config.host, HOST),
        path: own(config.path, PATH),
        query: own(config.query, QUERY),
        permanent: config.status_code == "HTTP_301",
    };
    if redirect.port != PORT && !redirect.port.parse().is_ok_and(|port: u16| port > 0) {
        return Err(fault::redirect_port());
    }
    if !is_path(&redirect.path) {
        return Err(fault::redirect_path());
    }
    // A new query alone would lead back here.
    let kept = [&redirect.protocol, &redirect.port, &redirect.host, &redirect.path];
    if kept == [PROTOCOL, PORT, HOST, PATH] {
        return Err(fault::redirect_loop());
    }
    check(&redirect, site)?;
    Ok(redirect)
}

/// Refuses to send a client from TLS to where there is none.
pub(super) fn check(redirect: &Redirect, site: &Site<'_>) -> Result<(), Fault> {
    match (site.protocol, redirect.protocol.as_str()) {
        (HTTPS, "HTTP") => Err(fault::redirect_downgrade()),
        _ => Ok(()),
    }
}

/// Whether a path is absolute and has each placeholder once at most, and no unknown one.
fn is_path(path: &str) -> bool {
    let placeholders = ["#{path}", "#{host}", "#{port}"];
    let known: usize = placeholders.iter().map(|keyword| path.matches(keyword).count()).sum();
    let once = placeholders.iter().all(|keyword| path.matches(keyword).count() <= 1);
    path.starts_with('/') && once && path.matches("#{").count() == known
}

/// The action as AWS answers it.
pub(super) fn show(redirect: &Redirect) -> Action {
    let status = if redirect.permanent { "HTTP_301" } else { "HTTP_302" };
    Action {
        r#type: "redirect".to_owned(),
        redirect_config: Some(RedirectActionConfig {
            protocol: Some(redirect.protocol.clone()),
            port: Some(redirect.port.clone()),
            host: Some(redirect.host.clone()),
            path: Some(redirect.path.clone()),
            query: Some(redirect.query.clone()),
            status_code: status.to_owned(),
        }),
        ..Action::default()
    }
}
