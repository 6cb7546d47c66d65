//! What roles may do: the one that prepares tasks pull their images, open their logs and read their
//! secrets, and those of the services' own code let commands in.

use super::{Lack, Scene, existing};
use crate::observed::Observed;
use crate::secrets::with_paths;
use crate::wish::Wish;
use manifest::{SecretReference, Service};

const RULE: &str = "aws-role-permission";

/// Calls that somebody makes on resources, to be asked of IAM's simulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The ARN of the role that makes them.
    pub role: String,
    /// The calls: `ecr:BatchGetImage`.
    pub actions: Vec<&'static str>,
    /// ARNs, or `*`.
    pub resource: String,
    /// What it is for, as the end of a sentence.
    pub purpose: String,
    /// What in the manifest asks for it.
    pub path: String,
}

/// What has to be asked about the role that prepares tasks.
#[must_use]
pub fn questions(wish: &Wish, observed: &Observed) -> Vec<Question> {
    let mut all = letting_in(wish, observed);
    let held = observed.roles.get(&wish.names().execution_role());
    let Some(role) = held.map(|held| held.arn.clone()) else { return all };
    for (name, service) in wish.services() {
        let of_service = pulling(wish, observed, (name, service)).into_iter();
        let of_service = of_service.chain([logging(observed, (name, service))]);
        let needs = of_service.chain(reading(observed, (name, service)));
        all.extend(needs.map(|need| Question { role: role.clone(), ..need }));
    }
    all
}

/// The agent of ECS Exec calls with the role of the service's own code.
fn letting_in(wish: &Wish, observed: &Observed) -> Vec<Question> {
    let services = wish.services().filter(|(_, service)| service.exec == Some(true));
    let questions = services.filter_map(|(name, _)| {
        let role = observed.roles.get(&wish.names().task_role(name))?.arn.clone();
        let path = format!("services.{name}.exec");
        let purpose = format!("let commands into service {name}");
        Some(Question { role, ..need(path, purpose, &crate::exec::ACTIONS, "*".to_owned()) })
    });
    questions.collect()
}

/// Passes on what IAM denies.
pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let denied = scene.account.denied.iter().filter(|(_, denied)| !denied.is_empty());
    let lacks = denied.map(|(question, denied)| {
        let Question { role, purpose, path, .. } = question;
        let role = role.split_once(":role/").map_or(role.as_str(), |(_, name)| name);
        let mut actions: Vec<&str> = denied.iter().map(|(action, _)| action.as_str()).collect();
        actions.dedup();
        let what = format!("{role} may not {purpose}: {} is denied", actions.join(", "));
        let hint = format!(
            "a policy of {role} that allows {} on {}",
            actions.join(", "),
            question.resource
        );
        Lack::error(RULE, path.clone(), what, hint)
    });
    lacks.collect()
}

fn need(path: String, purpose: String, actions: &[&'static str], resource: String) -> Question {
    Question { role: String::new(), actions: actions.to_vec(), resource, purpose, path }
}

/// Only images of the account's own registry are asked for with the role.
fn pulling(wish: &Wish, observed: &Observed, (name, service): (&str, &Service)) -> Vec<Question> {
    let existing = &wish.manifest.environment.foundation.existing.repositories;
    let repository = match (&service.image, existing.get(name)) {
        (None, None) => wish.names().repository(name),
        (None, Some(address)) => path(address).to_owned(),
        (Some(image), _) => {
            let text = image.to_string();
            let address = text.split('@').next().unwrap_or_default().to_owned();
            if !address.contains(".dkr.ecr.") {
                return Vec::new();
            }
            path(&address).split(':').next().unwrap_or_default().to_owned()
        }
    };
    let at = super::existing("execution_role");
    let arn = format!("{}repository/{repository}", arn(observed, "ecr"));
    let token = need(
        at.clone(),
        "log in to ECR".to_owned(),
        &["ecr:GetAuthorizationToken"],
        "*".to_owned(),
    );
    let layers =
        ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];
    let pull = need(at, format!("pull the image of service {name}"), &layers, arn);
    vec![token, pull]
}

fn logging(observed: &Observed, (name, service): (&str, &Service)) -> Question {
    let arn = format!("{}log-group:{}:*", arn(observed, "logs"), service.logs.group);
    let actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
    need(existing("execution_role"), format!("write the log of service {name}"), &actions, arn)
}

fn reading(observed: &Observed, (name, service): (&str, &Service)) -> Vec<Question> {
    let found = with_paths(service).into_iter().filter_map(|(path, (variable, reference))| {
        let (action, resource): (&'static str, String) = match reference {
            SecretReference::Parameter { name } => {
                let name = name.trim_start_matches('/');
                ("ssm:GetParameters", format!("{}parameter/{name}", arn(observed, "ssm")))
            }
            SecretReference::Secret { name, .. } => {
                ("secretsmanager:GetSecretValue", observed.secrets.get(name)?.clone())
            }
            SecretReference::Arn(arn) if arn.service == "ssm" => {
                ("ssm:GetParameters", arn.to_string())
            }
            SecretReference::Arn(arn) => ("secretsmanager:GetSecretValue", arn.to_string()),
        };
        let path = format!("services.{name}.{path}");
        Some(need(path, format!("read {variable} of service {name}"), &[action], resource))
    });
    found.collect()
}

/// The beginning of the ARNs of a service's resources.
fn arn(observed: &Observed, service: &str) -> String {
    format!("arn:aws:{service}:{}:{}:", observed.region, observed.account)
}

/// The path of a repository's address.
fn path(address: &str) -> &str {
    address.split_once('/').map_or(address, |(_, path)| path)
}
