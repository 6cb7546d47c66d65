//! Secrets: whether they are there, and what tasks and policies call them.

use crate::observed::Observed;
use crate::planner::{Plan, Problem};
use crate::wish::Wish;
use manifest::{SecretPart, SecretReference, Service};
use std::collections::{BTreeMap, BTreeSet};

/// Says which secrets are missing: a task that starts without them fails, much later and with less
/// to say.
pub(crate) fn check(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (service_name, service) in wish.services() {
        for (path, reference) in with_paths(service) {
            let missing = match reference {
                SecretReference::Parameter { name } if !observed.parameters.contains(name) => {
                    Some(("parameter", name, PUT_PARAMETER))
                }
                SecretReference::Secret { name, .. } if !observed.secrets.contains_key(name) => {
                    Some(("secret", name, CREATE_SECRET))
                }
                _ => None,
            };
            if let Some((kind, name, how)) = missing {
                plan.problems.push(Problem {
                    path: format!("services.{service_name}.{path}"),
                    what: format!("there is no {kind} `{name}`"),
                    hint: how.replace("{}", name),
                });
            }
        }
    }
}

const PUT_PARAMETER: &str =
    "make it: aws ssm put-parameter --name {} --type SecureString --value …";
const CREATE_SECRET: &str = "make it: aws secretsmanager create-secret --name {} --secret-string …";

/// What a task definition puts in `valueFrom` (reference §2.4).
pub(crate) fn value_from(reference: &SecretReference, observed: &Observed) -> String {
    match reference {
        SecretReference::Parameter { name } => name.clone(),
        SecretReference::Arn(arn) => arn.to_string(),
        SecretReference::Secret { name, part } => {
            let arn = observed.secrets.get(name).cloned().unwrap_or_default();
            let SecretPart { json_key, stage, version } = part;
            if *part == SecretPart::default() {
                return arn;
            }
            let text = |part: &Option<String>| part.clone().unwrap_or_default();
            format!("{arn}:{}:{}:{}", text(json_key), text(stage), text(version))
        }
    }
}

/// ARNs of the parameters and of the secrets that are read, for a policy.
pub(crate) fn resources(wish: &Wish, observed: &Observed) -> (Vec<String>, Vec<String>) {
    let (mut parameters, mut secrets) = (BTreeSet::new(), BTreeSet::new());
    let Observed { account, region, .. } = observed;
    for reference in wish.services().flat_map(|(_, service)| references(service)) {
        match reference {
            SecretReference::Parameter { name } => {
                let name = name.trim_start_matches('/');
                parameters.insert(format!("arn:aws:ssm:{region}:{account}:parameter/{name}"));
            }
            SecretReference::Secret { name, .. } => {
                secrets.extend(observed.secrets.get(name).cloned())
            }
            SecretReference::Arn(arn) if arn.service == "ssm" => {
                parameters.insert(arn.to_string());
            }
            SecretReference::Arn(arn) => {
                secrets.insert(whole_secret(&arn.to_string()));
            }
        }
    }
    (parameters.into_iter().collect(), secrets.into_iter().collect())
}

/// A secret's ARN without the selectors that ECS lets follow it.
fn whole_secret(arn: &str) -> String {
    arn.splitn(8, ':').take(7).collect::<Vec<_>>().join(":")
}

pub(crate) fn references(service: &Service) -> impl Iterator<Item = &SecretReference> {
    let sidecars = service.sidecars.values().flat_map(|sidecar| sidecar.secrets.values());
    service.secrets.values().chain(sidecars)
}

/// References with their paths inside the service.
fn with_paths(service: &Service) -> BTreeMap<String, &SecretReference> {
    let own = service.secrets.iter().map(|(name, held)| (format!("secrets.{name}"), held));
    let sidecars = service.sidecars.iter().flat_map(|(sidecar, held)| {
        let path = move |name: &String| format!("sidecars.{sidecar}.secrets.{name}");
        held.secrets.iter().map(move |(name, held)| (path(name), held))
    });
    own.chain(sidecars).collect()
}
