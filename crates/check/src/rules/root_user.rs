//! A container that runs as root.

use crate::finding::{Finding, Severity};
use crate::image::base::Base;
use crate::observed::Seen;
use crate::part::Part;
use crate::rule::{Look, Rule};

pub(super) const RULE: Rule = Rule {
    id: "root-user",
    severity: Severity::Note,
    title: "The container runs as root.",
    why: "Whoever gets to run code in the application may then change every file of the container and bind \
          every port; audits ask for it. On Fargate the container has a machine of its own, so it costs \
          depth, not the neighbours.",
    fix: "`USER node`, or a user of your own with a number: `USER 10001`.",
    limits: "the user of a base image that is not widely known.",
    look: &[
        Look::Part(find),
        Look::Image { find: seen, shows: "as whom the container's first process really runs." },
    ],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some(image) = &part.image else { return Vec::new() };
    if part.service.is_some_and(|service| service.user.is_some()) {
        return Vec::new();
    }
    let Some((base, stands)) = image.base() else { return Vec::new() };
    let is_known = matches!(base, Base::Alpine | Base::Slim | Base::Full);
    let is_root = |user: &str| matches!(user.split(':').next(), Some("root" | "0"));
    let place = match image.user() {
        Some((user, place)) if is_root(user) => place,
        Some(_) => return Vec::new(),
        // Images of others may have a user of their own.
        None if is_known => &stands.place,
        None => return Vec::new(),
    };
    let help = if stands.value.contains("node") { "`USER node`" } else { "`USER 10001`" };
    vec![RULE.at(place, "the container runs as root").help(format!("{help} before the command"))]
}

/// The user of the first process.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let is_root = seen.observed.user == Some(0);
    let found = is_root.then(|| {
        let found = seen.at(&RULE, &seen.start(), "the container runs as root");
        found.help("`USER 10001` before the command")
    });
    found.into_iter().collect()
}
