//! Secrets: whether they are there, and what tasks and policies call them.

use crate::observed::Observed;
use crate::planner::{Plan, Problem};
use crate::wish::Wish;
use manifest::{LOCAL, SecretPart, SecretReference, Service};
use std::collections::{BTreeMap, BTreeSet};

/// Says which secrets are missing: a task that starts without them fails, much later and with less
/// to say.
pub(crate) fn check(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    let missing = missing(wish, observed).into_iter().map(|held| held.problem(wish));
    plan.problems.extend(missing);
}

/// A variable of a service whose parameter or secret is not there, and is nobody's to give.
#[derive(Debug)]
pub(crate) struct Missing<'w> {
    /// Where it stands in the manifest.
    pub(crate) path: String,
    /// The variable.
    pub(crate) variable: &'w str,
    /// What it is read from.
    pub(crate) reference: &'w SecretReference,
}

/// What is missing.
pub(crate) fn missing<'w>(wish: &'w Wish, observed: &Observed) -> Vec<Missing<'w>> {
    let given = wish.given();
    let is_missing = |reference: &SecretReference| match reference {
        SecretReference::Parameter { name } => {
            !observed.parameters.contains(name) && !given.parameters.contains(name)
        }
        SecretReference::Secret { name, .. } => {
            !observed.secrets.contains_key(name) && !given.secrets.contains(name)
        }
        SecretReference::Arn(_) => false,
    };
    let all = wish.services().flat_map(|(name, service)| {
        let paths = with_paths(service).into_iter();
        paths.map(move |(path, (variable, reference))| Missing {
            path: format!("services.{name}.{path}"),
            variable,
            reference,
        })
    });
    all.filter(|held| is_missing(held.reference)).collect()
}

impl Missing<'_> {
    fn problem(self, wish: &Wish) -> Problem {
        let (kind, name, how) = match self.reference {
            SecretReference::Parameter { name } => ("parameter", name.as_str(), PUT_PARAMETER),
            SecretReference::Secret { name, .. } => ("secret", name.as_str(), CREATE_SECRET),
            SecretReference::Arn(_) => ("secret", "", CREATE_SECRET),
        };
        let how = how.replace("{}", name);
        let hint = if wish.manifest.name == LOCAL {
            let variable = self.variable;
            format!(
                "put {variable}=… into .env, or make it: eval \"$(neargate region env)\" && {how}"
            )
        } else {
            format!("make it: {how}")
        };
        Problem { path: self.path, what: format!("there is no {kind} `{name}`"), hint }
    }
}

const PUT_PARAMETER: &str = "aws ssm put-parameter --name {} --type SecureString --value …";
const CREATE_SECRET: &str = "aws secretsmanager create-secret --name {} --secret-string …";

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
pub(crate) fn whole_secret(arn: &str) -> String {
    arn.splitn(8, ':').take(7).collect::<Vec<_>>().join(":")
}

pub(crate) fn references(service: &Service) -> impl Iterator<Item = &SecretReference> {
    let sidecars = service.sidecars.values().flat_map(|sidecar| sidecar.secrets.values());
    service.secrets.values().chain(sidecars)
}

/// References with the variables that they are, sidecars' too.
pub(crate) fn references_by_variable(
    service: &Service,
) -> impl Iterator<Item = (&String, &SecretReference)> {
    let sidecars = service.sidecars.values().flat_map(|sidecar| sidecar.secrets.iter());
    service.secrets.iter().chain(sidecars)
}

/// References with their paths inside the service, and the variables that they are.
pub(crate) fn with_paths(service: &Service) -> BTreeMap<String, (&str, &SecretReference)> {
    let own = service.secrets.iter();
    let own = own.map(|(name, held)| (format!("secrets.{name}"), (name.as_str(), held)));
    let sidecars = service.sidecars.iter().flat_map(|(sidecar, held)| {
        let path = move |name: &String| format!("sidecars.{sidecar}.secrets.{name}");
        held.secrets.iter().map(move |(name, held)| (path(name), (name.as_str(), held)))
    });
    own.chain(sidecars).collect()
}
