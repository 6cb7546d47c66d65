//! Taking an environment on AWS away: what `deploy` made of it, in an order in which nothing is taken
//! from under what still runs.
//!
//! The stack is not here: it goes as a whole, when all of this has gone.

use crate::planner::{Held, Plan, Until};
use crate::step::Step;
use api::ecr::{DeleteRepository, DeleteRepositoryRequest};
use api::ecs::{
    DeleteService, DeleteServiceRequest, DeregisterTaskDefinition, DeregisterTaskDefinitionRequest,
    Service, StopTask, StopTaskRequest, UpdateService, UpdateServiceRequest,
};
use api::elbv2::{
    LoadBalancerAttribute, ModifyLoadBalancerAttributes, ModifyLoadBalancerAttributesInput,
};
use api::logs::{DeleteLogGroup, DeleteLogGroupRequest};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What there is of an environment that `deploy` made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estate {
    /// Its cluster, or somebody else's that its services are in.
    pub cluster: String,
    /// Its services that are not gone, by name.
    pub services: BTreeMap<String, Service>,
    /// Those of its services whose counts are scaled. Nobody may raise a count that goes to 0.
    pub scaled: BTreeSet<String>,
    /// ARNs of tasks of its task definitions that run; those of services among them.
    pub tasks: Vec<String>,
    /// ARNs of tasks that are told to stop and have not. Their addresses are in its network.
    pub stopping: Vec<String>,
    /// ARNs of its task definitions that are active.
    pub definitions: Vec<String>,
    /// ARNs of its load balancers that can't be deleted in passing.
    pub protected: Vec<String>,
    /// What holds data. It stays in the account when its stack goes.
    pub data: BTreeSet<Datum>,
}

/// Something that holds what can't be made again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Datum {
    /// A repository, and how many images are in it.
    Repository(String, usize),
    /// A log group.
    LogGroup(String),
    /// A bucket.
    Bucket(String),
}

/// What becomes of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    /// It stays.
    Kept,
    /// It goes.
    Deleted,
}

impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repository(name, 1) => write!(f, "repository {name} with an image"),
            Self::Repository(name, images) => write!(f, "repository {name} with {images} images"),
            Self::LogGroup(name) => write!(f, "log group {name}"),
            Self::Bucket(name) => write!(f, "bucket {name}"),
        }
    }
}

// === impl Estate ===

impl Estate {
    /// What goes, a line each.
    #[must_use]
    pub fn outline(&self) -> Vec<String> {
        let services = self.services.keys().map(|name| format!("service {name}"));
        let mut revisions: BTreeMap<&str, usize> = BTreeMap::new();
        for arn in &self.definitions {
            let family = short(arn).split(':').next().unwrap_or_default();
            *revisions.entry(family).or_default() += 1;
        }
        let families = revisions.into_iter().map(|(family, count)| match count {
            1 => format!("task definition {family}"),
            count => format!("task definition {family}, {count} revisions"),
        });
        services.chain(families).collect()
    }

    /// What holds data and stays.
    pub fn kept(&self, data: Data) -> impl Iterator<Item = &Datum> {
        let stays = move |datum: &&Datum| data == Data::Kept || matches!(datum, Datum::Bucket(_));
        self.data.iter().filter(stays)
    }
}

/// The next steps to nothing. Each stage waits for the one before it: services, tasks beside them, then
/// what nothing needs any more.
#[must_use]
pub fn destroy(estate: &Estate, data: Data) -> Plan {
    let mut plan = Plan::default();
    let ends = |name: &String| crate::scaling::end(&estate.cluster, name);
    plan.steps.extend(estate.scaled.iter().map(ends));
    for (name, held) in &estate.services {
        service(&estate.cluster, name, held, &mut plan);
    }
    if !estate.services.is_empty() {
        return plan;
    }
    let stop = |task: &String| {
        let request = StopTaskRequest {
            cluster: Some(estate.cluster.clone()),
            task: task.clone(),
            reason: Some("its environment is destroyed".to_owned()),
        };
        Step::call::<StopTask>(format!("stop task {}", short(task)), request)
    };
    plan.steps.extend(estate.tasks.iter().map(stop));
    plan.held.extend(estate.stopping.iter().map(|task| waiting(format!("task {}", short(task)))));
    if !plan.is_done() {
        return plan;
    }
    plan.steps.extend(estate.definitions.iter().map(|arn| {
        let request = DeregisterTaskDefinitionRequest { task_definition: arn.clone() };
        let what = format!("deregister task definition {}", short(arn));
        Step::call::<DeregisterTaskDefinition>(what, request)
    }));
    plan.steps.extend(estate.protected.iter().map(|arn| unprotect(arn)));
    if data == Data::Deleted {
        plan.steps.extend(estate.data.iter().filter_map(delete));
    }
    plan
}

/// A service goes when its tasks have gone, so that they end as they would in a deployment.
fn service(cluster: &str, name: &str, held: &Service, plan: &mut Plan) {
    let cluster = Some(cluster.to_owned());
    let left = held.running_count.unwrap_or_default() + held.pending_count.unwrap_or_default();
    let is_going = held.status.as_deref() != Some("ACTIVE");
    if !is_going && held.desired_count != Some(0) {
        let request = UpdateServiceRequest {
            cluster,
            service: name.to_owned(),
            desired_count: Some(0),
            ..Default::default()
        };
        plan.steps.push(Step::call::<UpdateService>(format!("scale service {name} to 0"), request));
    } else if is_going || left > 0 {
        plan.held.push(waiting(format!("service {name}")));
    } else {
        let request = DeleteServiceRequest { cluster, service: name.to_owned(), force: None };
        plan.steps.push(Step::call::<DeleteService>(format!("remove service {name}"), request));
    }
}

/// What goes by itself, in a while.
fn waiting(what: String) -> Held {
    Held { what, for_what: "its containers to stop".to_owned(), until: Until::Time }
}

fn unprotect(arn: &str) -> Step {
    let attribute = LoadBalancerAttribute {
        key: Some("deletion_protection.enabled".to_owned()),
        value: Some("false".to_owned()),
    };
    let request = ModifyLoadBalancerAttributesInput {
        load_balancer_arn: arn.to_owned(),
        attributes: vec![attribute],
    };
    let name = arn.rsplit('/').nth(1).unwrap_or(arn);
    let what = format!("let the load balancer {name} be deleted");
    Step::call::<ModifyLoadBalancerAttributes>(what, request)
}

/// A bucket is emptied by nobody but its owner.
fn delete(datum: &Datum) -> Option<Step> {
    let what = format!("delete {datum}");
    match datum {
        Datum::Repository(name, _) => {
            let request = DeleteRepositoryRequest {
                repository_name: name.clone(),
                force: Some(true),
                ..Default::default()
            };
            Some(Step::call::<DeleteRepository>(what, request))
        }
        Datum::LogGroup(name) => {
            let request = DeleteLogGroupRequest { log_group_name: name.clone() };
            Some(Step::call::<DeleteLogGroup>(what, request))
        }
        Datum::Bucket(_) => None,
    }
}

/// What follows the last slash of an ARN.
fn short(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(desired: i32, running: i32, status: &str) -> Service {
        Service {
            status: Some(status.to_owned()),
            desired_count: Some(desired),
            running_count: Some(running),
            ..Default::default()
        }
    }

    fn estate() -> Estate {
        let definition = |at: usize| format!("arn:aws:ecs:r:1:task-definition/shop-prod-api:{at}");
        Estate {
            cluster: "shop-prod".to_owned(),
            tasks: vec!["arn:aws:ecs:r:1:task/shop-prod/1f".to_owned()],
            definitions: vec![definition(1), definition(2)],
            protected: vec!["arn:aws:elasticloadbalancing:r:1:loadbalancer/app/shop/9".to_owned()],
            data: BTreeSet::from([
                Datum::Repository("shop/prod/api".to_owned(), 3),
                Datum::LogGroup("/shop/api".to_owned()),
                Datum::Bucket("logs".to_owned()),
            ]),
            ..Estate::default()
        }
    }

    fn check(estate: &Estate, data: Data, steps: &[&str], held: usize) {
        let plan = destroy(estate, data);
        let told: Vec<&str> = plan.steps.iter().map(|step| step.what.as_str()).collect();
        assert_eq!((told.as_slice(), plan.held.len()), (steps, held), "{estate:?}");
    }

    #[test]
    fn nothing_goes_before_the_services_have_stopped() {
        for (desired, running, status, steps, held) in [
            (2, 2, "ACTIVE", ["scale service api to 0"].as_slice(), 0),
            (0, 2, "ACTIVE", &[], 1),
            (0, 0, "ACTIVE", &["remove service api"], 0),
            (0, 0, "DRAINING", &[], 1),
        ] {
            let api = ("api".to_owned(), service(desired, running, status));
            let estate = Estate { services: BTreeMap::from([api]), ..estate() };
            check(&estate, Data::Deleted, steps, held);
        }
    }

    #[test]
    fn scaling_ends_before_a_count_goes_to_nothing() {
        let api = ("api".to_owned(), service(2, 2, "ACTIVE"));
        let scaled = BTreeSet::from(["api".to_owned()]);
        let estate = Estate { services: BTreeMap::from([api]), scaled, ..estate() };
        let steps = ["end the scaling of service api", "scale service api to 0"];
        check(&estate, Data::Kept, &steps, 0);
    }

    #[test]
    fn data_goes_only_when_that_is_said_and_a_bucket_never() {
        check(&estate(), Data::Kept, &["stop task 1f"], 0);
        let stopping = vec!["arn:aws:ecs:r:1:task/shop-prod/2e".to_owned()];
        check(&Estate { tasks: Vec::new(), stopping, ..estate() }, Data::Deleted, &[], 1);
        let estate = Estate { tasks: Vec::new(), ..estate() };
        let most = [
            "deregister task definition shop-prod-api:1",
            "deregister task definition shop-prod-api:2",
            "let the load balancer shop be deleted",
        ];
        check(&estate, Data::Kept, &most, 0);
        let all = [
            most[0],
            most[1],
            most[2],
            "delete repository shop/prod/api with 3 images",
            "delete log group /shop/api",
        ];
        check(&estate, Data::Deleted, &all, 0);
        assert_eq!(estate.kept(Data::Kept).count(), 3);
        assert_eq!(estate.kept(Data::Deleted).count(), 1);
        assert_eq!(estate.outline(), ["task definition shop-prod-api, 2 revisions"]);
        assert!(destroy(&Estate::default(), Data::Deleted).is_done());
    }
}
