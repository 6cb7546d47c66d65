//! Which requests go to which service, where there are several.

use super::is_static;
use super::service::All;
use manifest::Outline;
use source::{Certainty, Project};

/// The routes of a service. A service that stands alone gets all requests without being asked.
pub(super) fn routes(all: &All<'_>, project: &Project) -> Vec<Outline> {
    match share(all, project) {
        Share::All => Vec::new(),
        Share::Prefix(prefix) => vec![Outline::list("routes", [format!("{prefix}/*")])],
        Share::Rest => vec![Outline::list("routes", ["/*"])],
        Share::Open => vec![Outline::Remark(
            "Its routes have no prefix in common. Say which requests are its own: `routes: [/…/*]`."
                .into(),
        )],
    }
}

/// Whether it is left open which requests a service gets.
pub(super) fn is_left_open(all: &All<'_>, project: &Project) -> bool {
    matches!(share(all, project), Share::Open)
}

/// Which requests a service gets.
enum Share {
    /// All, or it answers none.
    All,
    /// Those below a path.
    Prefix(String),
    /// What the others leave.
    Rest,
    /// Nobody can say.
    Open,
}

fn share(all: &All<'_>, project: &Project) -> Share {
    let answering = all.applications.iter().filter(|it| answers(it)).count();
    if answering < 2 || !answers(project) {
        return Share::All;
    }
    if let Some(prefix) = prefix(project) {
        return Share::Prefix(prefix);
    }
    // The one without a prefix of its own takes the rest; a page before an API.
    let rest = all.applications.iter().filter(|it| answers(it) && prefix(it).is_none());
    let first = rest.min_by_key(|it| (!has_pages(it), it.folder.clone()));
    let is_it =
        |first: &&Project| first.folder == project.folder && first.language == project.language;
    if first.is_some_and(is_it) { Share::Rest } else { Share::Open }
}

fn answers(project: &Project) -> bool {
    is_static(project) || !project.listens.is_empty() || !project.routes.is_empty()
}

fn has_pages(project: &Project) -> bool {
    is_static(project) || project.frameworks.iter().any(|it| it.value == source::Framework::Next)
}

/// The first part of the path that all routes have in common. Health and metrics, which the load
/// balancer and collectors ask tasks for themselves, need not have it.
fn prefix(project: &Project) -> Option<String> {
    let business = project.routes.iter().filter(|route| {
        route.certainty > Certainty::Guess && route.value.purpose == source::Purpose::Business
    });
    let all = project.routes.iter();
    let firsts: Vec<&str> = business.map(|route| first(&route.value.path)).collect();
    let firsts =
        if firsts.is_empty() { all.map(|it| first(&it.value.path)).collect() } else { firsts };
    let (first, rest) = firsts.split_first()?;
    let is_fixed = !first.is_empty() && !first.starts_with([':', '{', '*', '<']);
    (is_fixed && rest.iter().all(|other| other == first)).then(|| format!("/{first}"))
}

fn first(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}
