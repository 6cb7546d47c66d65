//! Starts what stands behind services beside their containers, and notes the values that it gives.

use super::{LOOK, machine, spec};
use crate::failure::Failure;
use crate::ui::say;
use driver::ProbeCommand;
use driver::docker::trial::{Site, Trial};
use manifest::{HealthCheck, HealthCommand, Resolved, SecretReference, Service, backing_name};
use model::Secret;
use plan::observed::Ready;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Values by where services read them: `ssm:/shop/database-url`.
#[derive(Debug, Default)]
pub(super) struct Values(BTreeMap<String, Secret>);

/// How long a backing service may take until it is ready. Databases make themselves first.
const PATIENCE: Duration = Duration::from_secs(120);

// === impl Values ===

impl Values {
    /// The value of a reference, if something here gives it.
    pub(super) fn of(&self, reference: &SecretReference) -> Option<Secret> {
        let whole = self.0.get(&reference.source()?)?;
        match reference {
            SecretReference::Secret { part, .. } => match &part.json_key {
                Some(key) => member(whole, key),
                None => Some(whole.clone()),
            },
            _ => Some(whole.clone()),
        }
    }
}

/// A member of a secret that is a JSON object.
fn member(whole: &Secret, key: &str) -> Option<Secret> {
    let object: serde_json::Value = serde_json::from_str(whole.reveal()).ok()?;
    Some(Secret::from(object.get(key)?.as_str()?))
}

/// Starts the backing services whose values services read. Of one that does not become ready it is
/// said, and placeholders stand for what it would give.
pub(super) async fn start(
    site: &Site,
    resolved: &Resolved,
    services: &[(&str, &Service)],
) -> Result<Values, Failure> {
    let mut values = Values::default();
    let unfolded = resolved.clone().with_backing();
    for (name, held) in &resolved.environment.backing {
        let sources: Vec<_> =
            held.given().filter_map(|(reference, _)| reference.source()).collect();
        let mut read = services.iter().flat_map(|(_, service)| service.secrets.values());
        if !read.any(|it| it.source().is_some_and(|source| sources.contains(&source))) {
            continue;
        }
        let Some(service) = unfolded.environment.services.get(&backing_name(name)) else {
            continue;
        };
        match ready(site, name, service, held.port).await? {
            Ok(ready) => {
                let given = held.given().filter_map(|(reference, value)| {
                    Some((reference.source()?, plan::backing::fill(value, &ready)?))
                });
                values.0.extend(given);
            }
            Err(why) => say::warn(&format!("without {name}, which stands behind it: {why}")),
        }
    }
    Ok(values)
}

/// Starts one and waits until its health check succeeds; else the reason why it did not.
async fn ready(
    site: &Site,
    name: &str,
    service: &Service,
    port: u16,
) -> Result<Result<Ready, String>, Failure> {
    let Some(image) = service.image.as_ref().map(ToString::to_string) else {
        return Ok(Err("it has no image".to_owned()));
    };
    if let Err(error) = site.fetch(&image).await {
        return Ok(Err(error.to_string()));
    }
    let container = spec::container(&backing_name(name), service, &image, &Values::default());
    let trial = match site.start(&container.spec).await {
        Ok(trial) => trial,
        Err(refused @ driver::Error::Start(_)) => return Ok(Err(refused.to_string())),
        Err(error) => return Err(machine(error)),
    };
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(exit) = trial.look().await.map_err(machine)?.exit {
            return Ok(Err(format!("{image} ended with exit code {}", exit.code)));
        }
        if is_healthy(&trial, service.healthcheck.as_ref()).await? {
            let host = trial.address().await.map_err(machine)?.map(|it| it.to_string());
            let Some(host) = host else { return Ok(Err(format!("{image} has no address"))) };
            let output = trial.lines().await.map_err(machine)?.join("\n");
            return Ok(Ok(Ready { task: name.to_owned(), host, port, output: output.into() }));
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(Err(format!("{image} did not become ready within {} s", PATIENCE.as_secs())))
}

async fn is_healthy(trial: &Trial, check: Option<&HealthCheck>) -> Result<bool, Failure> {
    let Some(check) = check else { return Ok(true) };
    let command = match &check.command {
        HealthCommand::Shell(line) => ProbeCommand::Shell(line.clone()),
        HealthCommand::Exec(words) => ProbeCommand::Exec(words.clone()),
    };
    let told = trial.run(command, Duration::from(check.timeout)).await.map_err(machine)?;
    Ok(told.code == Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_secret_is_a_member_of_its_object() {
        let whole = Secret::from(r#"{"host": "10.0.0.1", "port": 5}"#);
        let read = |key| member(&whole, key).map(|it| it.reveal().to_owned());
        assert_eq!(read("host").as_deref(), Some("10.0.0.1"));
        assert_eq!((read("port"), read("user")), (None, None));
    }
}
