//! The systems, and what an environment of theirs needs beside the manifest.

/// All of them.
pub(super) const EVERY: &str = "all";

/// A system.
#[derive(Debug)]
pub(super) struct System {
    /// Its folder below `examples`, and the application's name.
    pub(super) name: &'static str,
    /// The service that is changed and broken.
    pub(super) service: &'static str,
    /// More of that service, below `services.<service>`: what stands in for services of AWS that the
    /// region does not have.
    more: &'static str,
    /// Its variables there.
    variables: &'static str,
    /// Parameters that `local` has no need of.
    pub(super) parameters: &'static [&'static str],
    /// Secrets likewise.
    pub(super) secrets: &'static [&'static str],
    /// Its front end there, as a service; empty when it has none of its own.
    pub(super) site: &'static str,
}

/// What has nothing of its own.
const PLAIN: System = System {
    name: "",
    service: "api",
    more: "",
    variables: "",
    parameters: &[],
    secrets: &[],
    site: "",
};

/// The five.
pub(super) const ALL: [System; 5] = [
    System { name: "rms", ..PLAIN },
    System {
        name: "scalemap",
        more: "secrets: {COGNITO_CONFIG: }",
        variables: "S3_BUCKET_NAME: none, COGNITO_CONFIG: none, ",
        site: "
      web:
        static:
          directory: client/dist
          build: npm ci --no-audit --no-fund && npm run build:client
          fallback: index.html
        routes: [/*]",
        ..PLAIN
    },
    System {
        name: "slugger",
        service: "backend",
        secrets: &["slugger/local/token-secret"],
        ..PLAIN
    },
    System {
        name: "health-advisor",
        variables: "CORS_ORIGIN: 'http://localhost:5173', ",
        parameters: &[
            "/health-advisor/local/jwt-secret",
            "/health-advisor/local/llm-provider-api-key",
        ],
        ..PLAIN
    },
    System { name: "portfolio", ..PLAIN },
];

/// Which version of a system is shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    First,
    Second,
    /// It ends at once.
    Broken,
}

// === impl System ===

impl System {
    /// The manifest with an environment `ship` that reads the values of `local`.
    pub(super) fn manifest(&self, base: &str, version: Version) -> String {
        let Self { name, service, more, variables, site, .. } = self;
        let mut text = base.to_owned();
        for store in ["ssm:/", "secretsmanager:"] {
            let (old, new) = (format!("{store}{name}/${{env}}/"), format!("{store}{name}/local/"));
            text = text.replace(&old, &new);
        }
        let (number, broken) = match version {
            Version::First => (1, ""),
            Version::Second => (2, ""),
            Version::Broken => (3, "\n        command: [node, -e, process.exit(3)]"),
        };
        let more = if more.is_empty() { String::new() } else { format!("\n        {more}") };
        format!(
            "{text}
  ship:
    region: us-east-1
    services:
      {service}:
        env: {{{variables}DRILL: '{number}'}}{more}{broken}{site}
"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_reads_the_values_of_local() {
        let base = "    secrets:\n      A: ssm:/rms/${env}/a\nenvironments:\n  local: {}\n";
        let text = ALL[0].manifest(base, Version::Broken);
        assert!(text.contains("A: ssm:/rms/local/a\n"), "{text}");
        assert!(text.contains("      api:\n        env: {DRILL: '3'}\n        command:"), "{text}");
    }
}
