//! The container that is run in the place of a service's task.

use super::backing::Values;
use driver::docker::trial::NOWHERE;
use driver::{Capabilities, Container, ContainerKey, Port, Reserved, TaskKey};
use manifest::Service;
use model::Secret;
use std::collections::BTreeMap;

/// What a key, a token or a password can be: long enough for every library, and hexadecimal.
const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// What a bundle of certificates can be: one that signs itself, to which nobody has the key.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBlDCCATmgAwIBAgIUA2Bkez9z9N86d+WbwXHXGW1b7cgwCgYIKoZIzj0EAwIw
HjEcMBoGA1UEAwwTcGxhY2Vob2xkZXIuaW52YWxpZDAgFw0yNjExMjAyMDM5MjFa
GA8yMTI2MTAyNzIwMzkyMVowHjEcMBoGA1UEAwwTcGxhY2Vob2xkZXIuaW52YWxp
ZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPBIRRy8kY4kFHaHmT57TLs+b6TT
mNlBSeLz2TJZs+23tpG9U3R6ZAPoKiXx1a7yuCsnKIJwJ8ZrfzqMlXzKL5SjUzBR
MB0GA1UdDgQWBBR8QGNohiFoR+zuaKts1QQIXEfdKTAfBgNVHSMEGDAWgBR8QGNo
hiFoR+zuaKts1QQIXEfdKTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kA
MEYCIQC/m0nPt70zqCZIElYhyTPnt9cU2VlscP8ZQjFfeiJe+wIhANWimdnqy/VA
WQtGHBElrJn+b57iHnWXg+BOX+30/qcg
-----END CERTIFICATE-----
";

/// The region that stands in the container's environment, as on Fargate; nothing there is reached.
const REGION: &str = "us-east-1";

/// A container, and which of its values are placeholders.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) spec: Container,
    /// Names of variables.
    pub(super) placeholders: Vec<String>,
}

/// The container of a service: as its task definition would have it, with placeholders for secrets
/// that nothing here gives.
pub(super) fn container(name: &str, service: &Service, image: &str, values: &Values) -> Spec {
    let size = service.size();
    let mut environment = BTreeMap::from([
        ("AWS_REGION".to_owned(), REGION.to_owned()),
        ("AWS_DEFAULT_REGION".to_owned(), REGION.to_owned()),
        ("AWS_EXECUTION_ENV".to_owned(), "AWS_ECS_FARGATE".to_owned()),
    ]);
    environment.extend(service.env.clone());
    let mut placeholders = Vec::new();
    let secrets = service.secrets.iter().map(|(name, reference)| {
        let value = values.of(reference).unwrap_or_else(|| {
            placeholders.push(name.clone());
            Secret::from(placeholder(name).as_str())
        });
        (name.clone(), value)
    });
    let spec = Container {
        key: ContainerKey { task: TaskKey::default(), name: name.into() },
        image: image.to_owned(),
        entry_point: service.entrypoint.as_ref().map(|it| it.words().to_vec()),
        command: service.command.as_ref().map(|it| it.words().to_vec()),
        working_directory: service.working_dir.clone(),
        user: service.user.clone(),
        environment,
        secrets: secrets.collect(),
        ports: service.port.map(Port::tcp).into_iter().collect(),
        reserved: Reserved {
            task_cpu: size.cpu(),
            task_memory: size.memory(),
            ..Reserved::default()
        },
        read_only_root: service.read_only,
        capabilities: Capabilities::default(),
        ..Container::default()
    };
    Spec { spec, placeholders }
}

/// A value that a secret of this name may have, as far as its name says; it leads nowhere.
fn placeholder(name: &str) -> String {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    let address = |scheme: &str, port: u16| {
        format!("{scheme}://placeholder:placeholder@{NOWHERE}:{port}/placeholder")
    };
    if ends(&["PORT"]) {
        "5432".to_owned()
    } else if ends(&["HOST", "HOSTNAME", "SERVER"]) {
        NOWHERE.to_owned()
    } else if ends(&["_CA", "_CERT", "_CERTIFICATE", "CA_BUNDLE", "_PEM"]) {
        CERTIFICATE.to_owned()
    } else if !ends(&["URL", "URI", "DSN", "ENDPOINT", "CONNECTION", "CONNECTION_STRING"]) {
        KEY.to_owned()
    } else if has(&["REDIS", "VALKEY"]) {
        format!("redis://{NOWHERE}:6379")
    } else if has(&["MONGO"]) {
        address("mongodb", 27_017)
    } else if has(&["MYSQL", "MARIADB"]) {
        address("mysql", 3306)
    } else if has(&["AMQP", "RABBIT"]) {
        address("amqp", 5672)
    } else if has(&["DATABASE", "POSTGRES", "PG", "DB", "SQL"]) {
        address("postgres", 5432)
    } else {
        format!("https://{NOWHERE}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_what_its_name_says() {
        for (name, expected) in [
            (
                "DATABASE_URL",
                "postgres://placeholder:placeholder@placeholder.invalid:5432/placeholder",
            ),
            ("REDIS_URL", "redis://placeholder.invalid:6379"),
            (
                "MONGODB_URI",
                "mongodb://placeholder:placeholder@placeholder.invalid:27017/placeholder",
            ),
            ("SENTRY_DSN", "https://placeholder.invalid"),
            ("DB_HOST", "placeholder.invalid"),
            ("DB_PORT", "5432"),
            ("JWT_SECRET", KEY),
            ("DATABASE_CA", CERTIFICATE),
        ] {
            assert_eq!(placeholder(name), expected, "{name}");
        }
    }
}
