//! Names of application and services, such that AWS's names fit.

use super::is_static;
use source::{Framework, Project};
use std::collections::BTreeSet;

/// What application, environment and service may have together with two hyphens, less the longest
/// usual environment's name, `staging`.
const ROOM: usize = 30 - 2 - "staging".len();
/// What of that a service may take.
const SERVICE: usize = 12;

/// The application's name, beside services of at most `longest` characters.
pub(super) fn app(name: &str, longest: usize) -> String {
    let name = plain(name, ROOM - longest.min(SERVICE));
    // AWS keeps `internal-` for itself.
    let name = name.strip_prefix("internal-").map(str::to_owned).unwrap_or(name);
    // Parameters, whose names begin with the application's, must not begin with these.
    let parts = ["aws-", "ssm-"].iter().find_map(|own| name.strip_prefix(own)).map(str::to_owned);
    let name = parts.unwrap_or(name);
    let is_reserved = name.is_empty() || name.starts_with("aws") || name.starts_with("ssm");
    if is_reserved { "app".to_owned() } else { name }
}

/// A name for each application: what it is if there is one of the kind, else its own.
pub(super) fn of(applications: &[&Project]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let kinds: Vec<&str> = applications.iter().map(|project| kind(project)).collect();
    let mut names = Vec::new();
    for (project, kind) in applications.iter().zip(&kinds) {
        let alone = kinds.iter().filter(|other| *other == kind).count() == 1;
        let folder = project.folder.rsplit('/').next().unwrap_or_default();
        let own = [folder, &project.name].into_iter().map(|name| plain(name, SERVICE));
        let own = own.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let is_member = !project.folder.is_empty() && applications.len() > 1;
        let base = if own.is_empty() || alone && !is_member { (*kind).to_owned() } else { own };
        let mut name = base.clone();
        for number in 2.. {
            if taken.insert(name.clone()) {
                break;
            }
            name = format!("{base}{number}");
        }
        names.push(name);
    }
    names
}

fn kind(project: &Project) -> &'static str {
    if is_static(project) {
        "site"
    } else if project.frameworks.iter().any(|it| it.value == Framework::Next) {
        "web"
    } else if project.listens.is_empty()
        && project.routes.is_empty()
        && project.frameworks.is_empty()
    {
        "worker"
    } else {
        "api"
    }
}

/// A name of lower case letters, digits and hyphens, from a letter to a letter or digit.
fn plain(name: &str, longest: usize) -> String {
    let lower = name.to_ascii_lowercase();
    let hyphened = lower.replace(|it: char| !it.is_ascii_alphanumeric(), "-");
    let parts: Vec<&str> = hyphened.split('-').filter(|part| !part.is_empty()).collect();
    let joined = parts.join("-");
    let begun = joined.trim_start_matches(|it: char| !it.is_ascii_lowercase());
    let cut: String = begun.chars().take(longest).collect();
    cut.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_such_that_aws_takes_them() {
        for (name, expected) in [
            ("My Shop", "my-shop"),
            ("@acme/api_server", "acme-api-server"),
            ("2048", "app"),
            ("internal-tools", "tools"),
            ("aws-containers", "containers"),
            ("awsome", "app"),
            ("a-very-long-name-of-a-repository", "a-very-long-name-o"),
        ] {
            assert_eq!(app(name, 3), expected);
        }
    }
}
