//! Requests from the internet without TLS.

use crate::finding::{Finding, Severity};
use crate::rule::{Look, Rule};
use crate::setting::Setting;
use crate::subject::Tree;
use crate::terraform::Module;

pub(super) const RULE: Rule = Rule {
    id: "plain-http",
    severity: Severity::Warning,
    title: "Requests travel without TLS: there is no certificate and no redirect.",
    why: "Passwords and tokens can be read by everybody on the way, browsers call the site insecure, and \
          cookies with `Secure` never come back.",
    fix: "`domain: api.example.com` in the environment: the certificate, the HTTPS listener and the \
          redirect follow from it.",
    limits: "a distribution or proxy in front that somebody else keeps.",
    look: &[Look::Setting(of_setting), Look::Tree(of_files)],
};

fn of_files(tree: &Tree<'_>) -> Vec<Finding> {
    tree.modules.iter().filter_map(of_module).collect()
}

fn of_setting(setting: &Setting<'_>) -> Vec<Finding> {
    let environment = &setting.resolved.environment;
    let existing = &environment.foundation.existing;
    let routed: Vec<&String> = environment
        .services
        .iter()
        .filter(|(name, it)| !it.routes().is_empty() && !existing.target_groups.contains_key(*name))
        .map(|(name, _)| name)
        .collect();
    let has_tls = environment.domain.is_some() || existing.certificate.is_some();
    if setting.is_local() || has_tls || routed.is_empty() {
        return Vec::new();
    }
    let name = &setting.resolved.name;
    let place = setting.key(if setting.gives("domain") { "domain" } else { "region" });
    let message = format!("`{name}` has no domain: requests travel without TLS");
    let mut found =
        RULE.at(&place, message).help(format!("`domain: {name}.example.com`, a name of yours"));
    found.service = routed.first().filter(|_| routed.len() == 1).map(|name| (*name).clone());
    vec![found]
}

/// A listener that forwards plain requests, in a module without one that speaks TLS.
fn of_module(module: &Module<'_>) -> Option<Finding> {
    let listeners =
        || module.resources("aws_lb_listener").chain(module.resources("aws_alb_listener"));
    let has_tls = listeners().any(|it| it.get("certificate_arn").is_some());
    let plain = listeners().find(|listener| {
        let is_plain = listener.get("protocol").is_some_and(|it| it.text() == "HTTP");
        let forwards = listener.get("type").is_some_and(|it| it.text() == "forward");
        is_plain && forwards
    });
    let plain = plain.filter(|_| !has_tls)?;
    let message = format!("`{}` forwards plain HTTP, and no listener speaks TLS", plain.name());
    Some(
        RULE.at(&plain.place, message)
            .help("an HTTPS listener with a certificate, and a redirect here"),
    )
}
