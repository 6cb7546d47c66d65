//! What an application answers to.

use serde::Serialize;

/// One route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Route {
    /// The path with all prefixes, parameters as the framework writes them: `/api/notes/:id`.
    pub path: String,
    /// The HTTP method in capitals; `*` for all.
    pub method: String,
    /// The environment variable that a part of the path comes from; the path has its default.
    pub variable: Option<String>,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a route is for, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// It says whether the application is healthy.
    Health,
    /// Metrics for whoever collects them.
    Metrics,
    /// The application's own business.
    Business,
}

/// Last parts of paths by which applications say that they are healthy.
const HEALTH: [&str; 13] = [
    "health",
    "healthz",
    "healthcheck",
    "health-check",
    "live",
    "livez",
    "liveness",
    "ready",
    "readyz",
    "readiness",
    "ping",
    "up",
    "status",
];

impl Route {
    /// A route of a method and a path, which begins with one `/` and ends without.
    pub(crate) fn new(method: &str, path: &str) -> Self {
        let path = tidy(path);
        let purpose = Purpose::of(&path);
        Self { path, method: method.to_ascii_uppercase(), variable: None, purpose }
    }

    pub(crate) fn says_health(&self) -> bool {
        self.purpose == Purpose::Health && matches!(self.method.as_str(), "GET" | "*" | "HEAD")
    }
}

impl Purpose {
    fn of(path: &str) -> Self {
        let last = path.rsplit('/').next().unwrap_or_default();
        // `/actuator/health` and `/api/health/live` are both about health.
        let parts = || path.split('/');
        if last == "metrics" || last == "prometheus" {
            Self::Metrics
        } else if HEALTH.contains(&last)
            || parts().any(|part| part == "health" || part == "healthz")
        {
            Self::Health
        } else {
            Self::Business
        }
    }
}

/// One `/` at the beginning, none at the end, none doubled.
fn tidy(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_tidy_and_tell_what_they_are_for() {
        for (path, tidy, purpose) in [
            ("api//health/", "/api/health", Purpose::Health),
            ("/actuator/health/liveness", "/actuator/health/liveness", Purpose::Health),
            ("/metrics", "/metrics", Purpose::Metrics),
            ("", "/", Purpose::Business),
            ("/patients/:id/health-records", "/patients/:id/health-records", Purpose::Business),
        ] {
            let route = Route::new("get", path);
            assert_eq!((route.path.as_str(), route.purpose), (tidy, purpose));
            assert_eq!(route.method, "GET");
        }
    }
}
