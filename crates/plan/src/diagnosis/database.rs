//! Databases, caches and other services that the application can't reach or use.

use super::cause::Cause;
#[cfg(test)]
use super::pattern::Expressions;
use super::pattern::{Pattern, first};
use super::scene::{Diagnosis, Scene};

/// In the order in which they are tried: who is refused has reached it.
static PATTERNS: [Pattern; 3] = [
    Pattern::new(
        Cause::DatabaseTls,
        "application and database do not agree on TLS",
        &[
            r"no pg_hba\.conf entry for host .*(?:no encryption|SSL off)",
            r"(?i)(self[- ]signed certificate(?: in certificate chain)?)",
            r"(?i)(unable to (?:get local issuer certificate|verify the first certificate))",
            r"(The server does not support SSL connections)",
            r"(?i)server does not support SSL, but SSL was required",
            r"(?i)(connections using insecure transport are prohibited)",
        ],
        agree_on_tls,
    ),
    Pattern::new(
        Cause::DatabaseLogin,
        "the database refuses the login",
        &[
            r#"password authentication failed for user "([^"]+)""#,
            r"Access denied for user '([^']+)'",
            r"Authentication failed against (?:the )?database server",
            r"(?i)MongoServerError: (?:bad auth|authentication failed)",
            r"\b(WRONGPASS|NOAUTH)\b",
            r#"database "([^"]+)" does not exist"#,
            r"Unknown database '([^']+)'",
            r#"role "([^"]+)" does not exist"#,
        ],
        log_in,
    ),
    Pattern::new(
        Cause::DependencyUnreachable,
        "it can't reach what it needs",
        &[
            // Node.
            r"\b(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH) (\S+:\d+)",
            r"getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (\S+)",
            r"Can't reach database server at `([^`]+`:`?\d+)`?",
            // libpq and those on top of it.
            r#"connection to server at "([^"]+)".* failed"#,
            r#"could not translate host name "([^"]+)""#,
            r#"could not connect to server: .*"([^"]+)""#,
            // Python, MySQL, Redis.
            r"Can't connect to MySQL server on '([^']+)'",
            r"Error (?:-?\d+ )?(?:while )?connecting to (\S+:\d+)",
            r"Name or service not known: '?(\S+?)'?$",
            // Go.
            r"dial tcp:? (?:lookup )?(\S+?):? .*(?:refused|no such host|i/o timeout)",
            r"dial tcp (\S+): (?:connect: connection refused|i/o timeout)",
            // Java.
            r"Connection to (\S+) refused",
            r"Communications link failure",
            r"UnknownHostException: (\S+)",
            // Ruby, Rust and others.
            r#"(?i)connection refused.*? (?:to|for|at) "?([\w.-]+:\d+)"#,
            r"(?i)\bconnection refused\b",
        ],
        reach,
    ),
];

/// What it needs can't be reached, or refuses it.
pub(super) fn unusable(scene: &Scene<'_>) -> Option<Diagnosis> {
    first(&PATTERNS, scene)
}

fn agree_on_tls(_: &Scene<'_>, _: &[String]) -> Vec<String> {
    vec![
        "if the database demands TLS: `?sslmode=verify-full` and the certificate of its authority (RDS: global-bundle.pem)".to_owned(),
        "do not switch verification off: who is between can then read the password".to_owned(),
    ]
}

fn log_in(scene: &Scene<'_>, _: &[String]) -> Vec<String> {
    vec![
        format!("compare user, password and database with those there: `{}`", scene.key("secrets")),
        "a secret that was changed reaches only tasks that start after that".to_owned(),
    ]
}

fn reach(scene: &Scene<'_>, names: &[String]) -> Vec<String> {
    let here = |name: &String| {
        let host = name.rsplit_once(':').map_or(name.as_str(), |(host, _)| host);
        ["localhost", "127.0.0.1", "::1"].contains(&host)
    };
    if names.iter().any(here) && !scene.is_process() {
        return vec![
            "localhost is the task itself: name the host where it runs".to_owned(),
            format!("its address comes from `{}` or `{}`", scene.key("env"), scene.key("secrets")),
        ];
    }
    vec![
        format!(
            "is it running, and is its address right? `{}`, `{}`",
            scene.key("env"),
            scene.key("secrets")
        ),
        "on AWS also: its security group must let the tasks in".to_owned(),
        "wait for it, trying again, rather than end: it may be away for a moment at any time"
            .to_owned(),
    ]
}

#[cfg(test)]
pub(super) fn expressions() -> impl Iterator<Item = &'static Expressions> {
    PATTERNS.iter().flat_map(Pattern::expressions)
}
