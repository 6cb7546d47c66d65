//! The environment variables that an application reads.

use crate::{Certainty, Place};
use serde::Serialize;

/// An environment variable, with all the places that read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What happens without it.
    pub need: Need,
    /// The value that holds without it, if that stands in the text. Never a secret's.
    pub default: Option<String>,
    /// When it is read.
    pub moment: Moment,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// Who sets it.
    pub origin: Origin,
    /// Where it is read, in the order of files and lines.
    pub places: Vec<Place>,
    /// How sure the need is.
    pub certainty: Certainty,
}

/// What happens without a variable. Ordered by what counts where several places read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// It is used as it is, with no word about its absence: it is probably needed.
    Used,
    /// The code asks whether it is there.
    Optional,
    /// A default stands in.
    Defaulted,
    /// The application refuses to start.
    Required,
}

/// When a variable is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    /// While the application runs.
    Run,
    /// While it is built: the value is in the bundle, and everybody can read it.
    Build,
}

/// Who may see a value, judged by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Everybody: it is in the bundle that browsers load.
    Public,
    /// Those who may see the deployment.
    Parameter,
    /// Nobody.
    Secret,
}

/// Who sets a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The deployment has to.
    Deployment,
    /// The container, the shell or ECS does: `PATH`, `HOSTNAME`, `ECS_CONTAINER_METADATA_URI_V4`.
    Platform,
}

/// One place that reads a variable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Read {
    pub(crate) name: String,
    pub(crate) need: Need,
    pub(crate) default: Option<String>,
    pub(crate) place: Place,
    pub(crate) certainty: Certainty,
}

/// Prefixes by which build tools take variables into the bundle.
const BUNDLED: [&str; 8] = [
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "NUXT_PUBLIC_",
    "VUE_APP_",
    "GATSBY_",
    "EXPO_PUBLIC_",
    "PUBLIC_",
];

/// Set by the system, the shell, the runtime or ECS.
const PLATFORM: [&str; 22] = [
    "PATH",
    "HOME",
    "HOSTNAME",
    "USER",
    "SHELL",
    "PWD",
    "TMPDIR",
    "TEMP",
    "LANG",
    "TERM",
    "TZ",
    "CI",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "ECS_CONTAINER_METADATA_URI",
    "ECS_CONTAINER_METADATA_URI_V4",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "NODE_APP_INSTANCE",
    "DEV",
    "PROD",
    "NEXT_RUNTIME",
];

/// Parts of names that make a secret of it.
const SECRET: [&str; 15] = [
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "TOKEN",
    "API_KEY",
    "APIKEY",
    "PRIVATE_KEY",
    "ACCESS_KEY",
    "ENCRYPTION_KEY",
    "SIGNING_KEY",
    "CREDENTIAL",
    "SALT",
    "DSN",
    "CONNECTION_STRING",
];

/// Services whose addresses carry a password.
const WITH_PASSWORD: [&str; 12] = [
    "DATABASE",
    "DB",
    "POSTGRES",
    "POSTGRESQL",
    "PG",
    "MYSQL",
    "MARIADB",
    "MONGO",
    "MONGODB",
    "REDIS",
    "AMQP",
    "RABBITMQ",
];

/// Ends of names that are about a secret and none themselves.
const ABOUT: [&str; 27] = [
    "_SECONDS",
    "_MINUTES",
    "_HOURS",
    "_DAYS",
    "_MS",
    "_EXPIRATION",
    "_EXPIRY",
    "_EXPIRES",
    "_EXPIRES_IN",
    "_TTL",
    "_LIFETIME",
    "_MAX_AGE",
    "_ALGORITHM",
    "_ISSUER",
    "_AUDIENCE",
    "_LENGTH",
    "_ROUNDS",
    "_NAME",
    "_ENABLED",
    "_HEADER",
    "_PREFIX",
    "_TYPE",
    "_ARN",
    "_COUNT",
    "_LIMIT",
    "_ENDPOINT",
    "_FILE",
];

// === impl Variable ===

impl Variable {
    /// Puts together all places that read variables, by name.
    pub(crate) fn gather(mut reads: Vec<Read>) -> Vec<Self> {
        reads.sort_by(|a, b| (&a.name, &a.place).cmp(&(&b.name, &b.place)));
        reads.dedup_by(|a, b| (&a.name, &a.place, a.need) == (&b.name, &b.place, b.need));
        reads.chunk_by(|a, b| a.name == b.name).filter_map(Self::of).collect()
    }

    fn of(reads: &[Read]) -> Option<Self> {
        let strongest = reads.iter().max_by_key(|read| (read.need, read.certainty))?;
        let name = strongest.name.clone();
        let sensitivity = Sensitivity::of(&name);
        let default = reads.iter().find_map(|read| read.default.clone());
        let is_bundled = BUNDLED.iter().any(|prefix| name.starts_with(prefix));
        let mut places: Vec<Place> = reads.iter().map(|read| read.place.clone()).collect();
        places.dedup();
        Some(Self {
            need: strongest.need,
            default: default.filter(|_| sensitivity != Sensitivity::Secret),
            moment: if is_bundled { Moment::Build } else { Moment::Run },
            sensitivity,
            origin: Origin::of(&name),
            places,
            certainty: strongest.certainty,
            name,
        })
    }
}

// === impl Sensitivity ===

impl Sensitivity {
    /// What a variable's name says.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let name = name.to_ascii_uppercase();
        if BUNDLED.iter().any(|prefix| name.starts_with(prefix)) {
            return Self::Public;
        }
        if ABOUT.iter().any(|end| name.ends_with(end)) {
            return Self::Parameter;
        }
        let is_address = ["_URL", "_URI"].iter().any(|end| name.ends_with(end));
        if is_address {
            let carries = name.split('_').any(|part| WITH_PASSWORD.contains(&part));
            return if carries { Self::Secret } else { Self::Parameter };
        }
        let is_key = name.ends_with("_KEY") && !name.ends_with("PUBLIC_KEY");
        if is_key || SECRET.iter().any(|part| name.contains(part)) || name.ends_with("_PASS") {
            Self::Secret
        } else {
            Self::Parameter
        }
    }
}

// === impl Origin ===

impl Origin {
    fn of(name: &str) -> Self {
        let is_platform = PLATFORM.contains(&name) || name.starts_with("npm_");
        if is_platform { Self::Platform } else { Self::Deployment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_who_may_see_the_value() {
        for (names, expected) in [
            ("NEXT_PUBLIC_API_URL VITE_COGNITO_KEY REACT_APP_TOKEN", Sensitivity::Public),
            (
                "JWT_SECRET DATABASE_URL MONGODB_URI LLM_PROVIDER_API_KEY SMTP_PASS \
                 AWS_SECRET_ACCESS_KEY DB_PASSWORD REDIS_URL SENTRY_DSN GITHUB_TOKEN",
                Sensitivity::Secret,
            ),
            (
                "JWT_EXPIRATION REFRESH_TOKEN_EXPIRATION LLM_PROVIDER_URL PORT NODE_ENV LLM_MODEL \
                 JWT_PUBLIC_KEY SECRET_NAME DB_HOST RATE_LIMIT_MAX",
                Sensitivity::Parameter,
            ),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(Sensitivity::of(name), expected, "{name}");
            }
        }
    }

    #[test]
    fn the_strongest_need_counts_and_a_secret_has_no_default() {
        let read = |need, default: Option<&str>, line| Read {
            name: "JWT_SECRET".to_owned(),
            need,
            default: default.map(str::to_owned),
            place: Place { file: "a.js".to_owned(), line, column: 1, start: 0, end: 0 },
            certainty: Certainty::Certain,
        };
        let reads = vec![
            read(Need::Defaulted, Some("change me"), 1),
            read(Need::Required, None, 2),
            read(Need::Used, None, 3),
        ];
        let variables = Variable::gather(reads);
        assert_eq!(variables.len(), 1);
        assert_eq!((variables[0].need, &variables[0].default), (Need::Required, &None));
        assert_eq!(variables[0].places.len(), 3);
    }
}
