//! What the local region does not do yet.
//!
//! Nothing is accepted and passed over in silence: whoever brings an environment up locally is told
//! which of the given fields have no effect there. A field that gets its effect leaves the table.

use crate::resolve::{LOCAL, Resolved};
use crate::{Code, Diagnostic};

/// A field without effect in the local region.
pub(crate) struct NotYet {
    /// Its path; `*` stands for any name.
    pub(crate) path: &'static str,
    /// What happens instead.
    pub(crate) instead: &'static str,
}

pub(crate) const NOT_YET: [NotYet; 8] = [
    never("account", "the local region has an account of its own"),
    never("role", "the local region takes any credentials"),
    never("domain", "the local load balancer is reached on 127.0.0.1"),
    never("foundation", "the local region makes everything itself"),
    never("budget", "nothing is spent there"),
    never("notify", "nobody is told of deployments to it"),
    never("services.*.static", "no files are served"),
    never("services.*.scale", "the service keeps its least count of tasks"),
];

const fn never(path: &'static str, instead: &'static str) -> NotYet {
    NotYet { path, instead }
}

/// Warnings for the given fields that have no effect in the local region; none for environments on
/// AWS.
#[must_use]
pub fn not_yet(resolved: &Resolved) -> Vec<Diagnostic> {
    if resolved.name != LOCAL {
        return Vec::new();
    }
    let mut warnings: Vec<Diagnostic> = Vec::new();
    for (path, position) in resolved.positions.iter() {
        let Some(field) = NOT_YET.iter().find(|field| matches(field.path, path)) else { continue };
        let name = path.rsplit('.').next().unwrap_or(path);
        let message = format!("`{name}` has no effect in the local region yet: {}", field.instead);
        warnings.push(Diagnostic::new(Code::NoEffectLocally, position.key, message));
    }
    warnings.sort_by_key(|warning| warning.span);
    warnings
}

/// Whether a path fits a pattern, segment by segment.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('.'), path.split('.'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(expected), Some(found)) if expected == "*" || expected == found => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_name() {
        assert!(matches("services.*.scale", "services.api.scale"));
        assert!(!matches("services.*.scale", "services.api.scale.min"));
        assert!(!matches("services.*.scale", "services.scale"));
        assert!(!matches("domain", "services"));
    }
}
