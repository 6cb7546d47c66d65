//! Roles: one that prepares tasks, one for each service's own code, and one with which ECS moves
//! requests. Each can do what the manifest needs and no more.

use super::ground::Ground;
use super::intrinsic::{attribute, reference, sub};
use super::template::{Resource, Template};
use super::{ids, logs};
use crate::secrets::references;
use manifest::{SecretReference, Service};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// AWS's own policy for moving a listener rule's weights; narrower ones AWS does not support.
const MOVES_REQUESTS: &str =
    "arn:${AWS::Partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers";

/// Adds the roles that are not there.
pub(super) fn add(ground: &Ground<'_>, template: &mut Template) {
    let existing = ground.existing();
    let execution = match &existing.execution_role {
        Some(arn) => json!(arn.to_string()),
        None => {
            template.resource(ids::EXECUTION_ROLE, execution(ground));
            attribute(ids::EXECUTION_ROLE, "Arn")
        }
    };
    template.output("ExecutionRole", "The role that prepares tasks", execution);
    for (name, service) in ground.services() {
        let arn = match &existing.task_role {
            Some(arn) => json!(arn.to_string()),
            None => task(ground, (name, service), template),
        };
        let description = format!("The role of the code of {name}");
        template.output(ids::of_service(name, "TaskRole"), &description, arn);
    }
    if ground.has_pairs() {
        let properties = json!({
            "RoleName": ground.names().infrastructure_role(),
            "AssumeRolePolicyDocument": trust("ecs.amazonaws.com"),
            "ManagedPolicyArns": [sub(MOVES_REQUESTS)],
        });
        let role = Resource::new("AWS::IAM::Role", properties);
        template.resource(ids::INFRASTRUCTURE_ROLE, role);
        let arn = attribute(ids::INFRASTRUCTURE_ROLE, "Arn");
        template.output("InfrastructureRole", "The role with which ECS moves requests", arn);
    }
}

fn execution(ground: &Ground<'_>) -> Resource {
    let statements: Vec<Value> = [pulling(ground), Some(writing(ground)), reading(ground)]
        .into_iter()
        .flatten()
        .flat_map(|statements| statements.as_array().cloned().unwrap_or_default())
        .collect();
    let policy = json!({ "Version": "2012-10-17", "Statement": statements });
    let properties = json!({
        "RoleName": ground.names().execution_role(),
        "AssumeRolePolicyDocument": trust("ecs-tasks.amazonaws.com"),
        "Policies": [{ "PolicyName": "prepare-tasks", "PolicyDocument": policy }],
    });
    Resource::new("AWS::IAM::Role", properties)
}

/// The role of a service's code. It can do nothing but let commands in, where they are wanted: what the
/// code may do is its owner's to say.
fn task(ground: &Ground<'_>, (name, service): (&str, &Service), template: &mut Template) -> Value {
    let id = ids::of_service(name, "TaskRole");
    let mut properties = json!({
        "RoleName": ground.names().task_role(name),
        "AssumeRolePolicyDocument": trust("ecs-tasks.amazonaws.com"),
        "Tags": ground.tags(name),
    });
    if service.exec == Some(true) {
        properties["Policies"] =
            json!([{ "PolicyName": "let-commands-in", "PolicyDocument": letting_in() }]);
    }
    template.resource(&id, Resource::new("AWS::IAM::Role", properties));
    attribute(&id, "Arn")
}

/// What the agent of ECS Exec calls. AWS knows no resources for it.
fn letting_in() -> Value {
    let actions = crate::exec::ACTIONS;
    let statement = json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

/// A service of AWS may assume the role, and only on behalf of this account.
fn trust(service: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": "sts:AssumeRole",
            "Condition": { "StringEquals": { "aws:SourceAccount": reference("AWS::AccountId") } },
        }],
    })
}

/// Images of the services' own repositories.
fn pulling(ground: &Ground<'_>) -> Option<Value> {
    let built = ground.services().filter(|(_, service)| service.build.is_some());
    let arns: Vec<Value> = built.map(|(name, _)| repository(ground, name)).collect();
    let some = !arns.is_empty();
    some.then(|| {
        json!([
            // The token is the account's: AWS knows no resource for it.
            { "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*" },
            {
                "Effect": "Allow",
                "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                "Resource": arns,
            },
        ])
    })
}

/// A repository's ARN; one that exists says account and region in its address (reference §6.4).
fn repository(ground: &Ground<'_>, name: &str) -> Value {
    let Some(address) = ground.existing().repositories.get(name) else {
        return attribute(&ids::of_service(name, "Repository"), "Arn");
    };
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    match host.split('.').collect::<Vec<_>>().as_slice() {
        [account, "dkr", "ecr", region, ..] => {
            sub(format!("arn:${{AWS::Partition}}:ecr:{region}:{account}:repository/{path}"))
        }
        _ => sub(format!(
            "arn:${{AWS::Partition}}:ecr:${{AWS::Region}}:${{AWS::AccountId}}:repository/{path}"
        )),
    }
}

/// The services' own log groups.
fn writing(ground: &Ground<'_>) -> Value {
    let arn = |name: &&str| attribute(&ids::of_service(name, "LogGroup"), "Arn");
    let arns: Vec<Value> = logs::groups(ground).values().map(arn).collect();
    json!([{ "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": arns }])
}

/// The secrets that the services name, each by its own ARN.
fn reading(ground: &Ground<'_>) -> Option<Value> {
    let (mut parameters, mut secrets) = (BTreeSet::new(), BTreeSet::new());
    let here = "${AWS::Region}:${AWS::AccountId}";
    for reference in ground.services().flat_map(|(_, service)| references(service)) {
        match reference {
            SecretReference::Parameter { name } => {
                let name = name.trim_start_matches('/');
                parameters.insert(format!("arn:${{AWS::Partition}}:ssm:{here}:parameter/{name}"));
            }
            // A secret's ARN ends with six characters that nobody knows beforehand.
            SecretReference::Secret { name, .. } => {
                let arn =
                    format!("arn:${{AWS::Partition}}:secretsmanager:{here}:secret:{name}-??????");
                secrets.insert(arn);
            }
            SecretReference::Arn(arn) if arn.service == "ssm" => {
                parameters.insert(arn.to_string());
            }
            SecretReference::Arn(arn) => {
                secrets.insert(crate::secrets::whole_secret(&arn.to_string()));
            }
        }
    }
    let both = [("ssm:GetParameters", parameters), ("secretsmanager:GetSecretValue", secrets)];
    let some = both.into_iter().filter(|(_, arns)| !arns.is_empty());
    let statements: Vec<Value> = some
        .map(|(action, arns)| {
            let arns: Vec<Value> = arns.into_iter().map(in_account).collect();
            json!({ "Effect": "Allow", "Action": action, "Resource": arns })
        })
        .collect();
    (!statements.is_empty()).then(|| json!(statements))
}

/// An ARN that leaves account and region to the stack, or says them itself.
fn in_account(arn: String) -> Value {
    if arn.contains("${") { sub(arn) } else { json!(arn) }
}
