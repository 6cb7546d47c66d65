//! Roles: one that prepares tasks, and one for each service's own code. Both can do what they must
//! and no more.

use crate::observed::{Observed, Role};
use crate::planner::Plan;
use crate::step::Step;
use crate::wish::Wish;
use crate::{secrets, tags};
use api::iam::{
    AttachRolePolicy, AttachRolePolicyRequest, CreateRole, CreateRoleRequest, DeleteRole,
    DeleteRolePolicy, DeleteRolePolicyRequest, DeleteRoleRequest, DetachRolePolicy,
    DetachRolePolicyRequest, PutRolePolicy, PutRolePolicyRequest,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// AWS's own policy for pulling images and writing logs.
const EXECUTION: &str = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy";

/// The inline policy for reading secrets.
const SECRETS: &str = "read-secrets";

/// Makes the roles that are not there, and gives them what they need.
pub(crate) fn plan(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    let names = wish.names();
    let name = names.execution_role();
    match observed.roles.get(&name) {
        Some(role) => execution(wish, observed, &name, role, plan),
        None => {
            plan.steps.push(create(&name, tags::shared(wish)));
            plan.hold(format!("policies of role {name}"), "the role");
        }
    }
    for (service, _) in wish.services() {
        let name = names.task_role(service);
        if !observed.roles.contains_key(&name) {
            plan.steps.push(create(&name, tags::of_service(wish, service)));
        }
    }
}

/// Removes the roles of services that the manifest no longer has.
pub(crate) fn leftovers(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    let names = wish.names();
    let wanted = |name: &String| {
        let mut services = wish.services();
        *name == names.execution_role() || services.any(|(held, _)| names.task_role(held) == *name)
    };
    for (name, role) in observed.roles.iter().filter(|(name, _)| !wanted(name)) {
        plan.remove_role(name, role);
    }
}

impl Plan {
    /// Removes a role, its policies first. Tasks that still run keep the credentials that they
    /// have; AWS lets a role go at any time.
    pub(crate) fn remove_role(&mut self, name: &str, role: &Role) {
        let role_name = name.to_owned();
        for policy_arn in role.attached.iter().cloned() {
            let what = format!("detach {policy_arn} from role {name}");
            let request = DetachRolePolicyRequest { role_name: role_name.clone(), policy_arn };
            self.steps.push(Step::call::<DetachRolePolicy>(what, request));
        }
        for policy_name in role.inline.keys().cloned() {
            let what = format!("remove policy {policy_name} of role {name}");
            let request = DeleteRolePolicyRequest { role_name: role_name.clone(), policy_name };
            self.steps.push(Step::call::<DeleteRolePolicy>(what, request));
        }
        if role.attached.is_empty() && role.inline.is_empty() {
            let request = DeleteRoleRequest { role_name };
            self.steps.push(Step::call::<DeleteRole>(format!("remove role {name}"), request));
        } else {
            self.hold(format!("role {name}"), "its policies to go");
        }
    }
}

fn create(name: &str, tags: BTreeMap<String, String>) -> Step {
    let request = CreateRoleRequest {
        role_name: name.to_owned(),
        assume_role_policy_document: trust().to_string(),
        tags: tags::iam(tags),
        ..Default::default()
    };
    Step::call::<CreateRole>(format!("create role {name}"), request)
}

/// Tasks, and nobody else, may assume it.
fn trust() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "ecs-tasks.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }],
    })
}

fn execution(wish: &Wish, observed: &Observed, name: &str, role: &Role, plan: &mut Plan) {
    if !role.attached.contains(EXECUTION) {
        let request = AttachRolePolicyRequest {
            role_name: name.to_owned(),
            policy_arn: EXECUTION.to_owned(),
        };
        let what = format!("let role {name} pull images and write logs");
        plan.steps.push(Step::call::<AttachRolePolicy>(what, request));
    }
    let Some(policy) = secrets_policy(wish, observed) else { return };
    let held = role.inline.get(SECRETS).and_then(|text| serde_json::from_str(text).ok());
    if held.as_ref() != Some(&policy) {
        let request = PutRolePolicyRequest {
            role_name: name.to_owned(),
            policy_name: SECRETS.to_owned(),
            policy_document: policy.to_string(),
        };
        let what = format!("let role {name} read the services' secrets");
        plan.steps.push(Step::call::<PutRolePolicy>(what, request));
    }
}

/// The secrets that the services name, each by its own ARN.
fn secrets_policy(wish: &Wish, observed: &Observed) -> Option<Value> {
    let (parameters, secrets) = secrets::resources(wish, observed);
    let allow = |action: &str, resources: Vec<String>| json!({ "Effect": "Allow", "Action": action, "Resource": resources });
    let statements: Vec<Value> =
        [("ssm:GetParameters", parameters), ("secretsmanager:GetSecretValue", secrets)]
            .into_iter()
            .filter(|(_, resources)| !resources.is_empty())
            .map(|(action, resources)| allow(action, resources))
            .collect();
    let some = !statements.is_empty();
    some.then(|| json!({ "Version": "2012-10-17", "Statement": statements }))
}
