//! `RunTask`.

use super::overrides;
use super::show::show_tagged;
use crate::Cx;
use crate::ecs::{cluster, definition, digest, fault, launch, names, network, tags};
use api::Fault;
use api::ecs::{Failure, RunTaskRequest, RunTaskResponse, TaskOverride};
use model::{Ids, Span};
use std::collections::{BTreeMap, BTreeSet};
use world::cluster::StrategyItem;
use world::service::{ServiceLaunch, ServiceNetwork};
use world::task::{Launch, Origin};
use world::{
    ClientToken, Cluster, DefinitionStatus, Draft, NoAddress, Tags, Task, TaskDefinition,
    TaskOrder, World,
};

/// How long a client token is remembered (reference §3.1).
const REMEMBERED: Span = Span::minutes(24 * 60);

/// A request, checked.
struct Order {
    cluster: Cluster,
    definition: TaskDefinition,
    launch: ServiceLaunch,
    network: ServiceNetwork,
    overrides: TaskOverride,
    count: i32,
    group: Option<String>,
    started_by: Option<String>,
    exec: bool,
    tags: Tags,
}

/// Starts up to ten tasks. What can't be placed is in the answer's `failures`.
pub(in crate::ecs) fn run(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    input: RunTaskRequest,
) -> Result<RunTaskResponse, Fault> {
    let cluster = cluster::find(draft, input.cluster.as_deref())?.clone();
    let token = token(&cluster, &input)?;
    let request = digest::of(&input);
    let used = token.as_ref().and_then(|token| draft.tokens.get(token));
    if let Some(used) = used.filter(|used| cx.now.since(used.at) < REMEMBERED) {
        return repeat(draft, cx, used, &request);
    }
    let order = parse(draft, cluster, input)?;
    let (tasks, failures) = start(draft, cx, ids, &order);
    if let Some(token) = token {
        let tasks = tasks.iter().map(|task| task.key.clone()).collect();
        draft.put(ClientToken { token, request, tasks, at: cx.now });
    }
    let shown = tasks.iter().map(|task| show_tagged(draft, cx, task)).collect();
    Ok(RunTaskResponse { tasks: Some(shown), failures: Some(failures) })
}

/// The key that a client token is remembered under.
fn token(cluster: &Cluster, input: &RunTaskRequest) -> Result<Option<String>, Fault> {
    match input.client_token.as_deref() {
        Some(token) if token.len() > 64 => Err(fault::task::long_token()),
        Some(token) => Ok(Some(format!("{}/{token}", cluster.name))),
        None => Ok(None),
    }
}

/// The answer to a request that was answered before, with its tasks as they are now.
fn repeat(
    world: &World,
    cx: &Cx<'_>,
    used: &ClientToken,
    request: &str,
) -> Result<RunTaskResponse, Fault> {
    if used.request != request {
        let arn = |key: &world::TaskKey| world.place.task_arn(&key.cluster, &key.id);
        return Err(fault::task::token_reused(used.tasks.iter().map(arn).collect()));
    }
    let tasks = used.tasks.iter().filter_map(|key| world.tasks.get(key));
    let shown = tasks.map(|task| show_tagged(world, cx, task)).collect();
    Ok(RunTaskResponse { tasks: Some(shown), failures: Some(Vec::new()) })
}

fn parse(world: &World, cluster: Cluster, input: RunTaskRequest) -> Result<Order, Fault> {
    let definition = runnable(world, &input.task_definition)?;
    let count = input.count.unwrap_or(1);
    if !(1..=10).contains(&count) {
        return Err(fault::task::count());
    }
    let given = launch::Given {
        launch_type: input.launch_type.as_deref(),
        strategy: input.capacity_provider_strategy.as_deref(),
    };
    let launch::Asked::Fargate(launch) = launch::parse(&cluster, &given)? else {
        return Err(fault::task::no_instances());
    };
    launch::check_fit(definition)?;
    launch::parse_platform(input.platform_version.as_deref())?;
    check_absent(&input)?;
    let network = network::parse(world, input.network_configuration.as_ref())?;
    // The groups of services are ECS's own to give.
    if input.group.as_ref().is_some_and(|group| group.starts_with("service:")) {
        return Err(fault::task::group_of_service());
    }
    if input.started_by.as_ref().is_some_and(|by| by.chars().count() > 128) {
        return Err(fault::task::started_by());
    }
    let tags = task_tags(&cluster, definition, &input)?;
    Ok(Order {
        definition: definition.clone(),
        launch,
        network,
        overrides: overrides::parse(input.overrides, definition)?,
        count,
        group: input.group.filter(|group| !group.is_empty()),
        started_by: input.started_by,
        exec: input.enable_execute_command.unwrap_or(false),
        tags,
        cluster,
    })
}

/// The ACTIVE revision that a request means.
fn runnable<'w>(world: &'w World, given: &str) -> Result<&'w TaskDefinition, Fault> {
    let reference = names::definition(&world.place, given)?;
    let row = definition::find(world, &reference).ok_or_else(fault::definition::not_found)?;
    match row.status {
        DefinitionStatus::Active => Ok(row),
        DefinitionStatus::Inactive | DefinitionStatus::DeleteInProgress => {
            Err(fault::definition::inactive_to_run())
        }
    }
}

fn check_absent(input: &RunTaskRequest) -> Result<(), Fault> {
    if input.placement_constraints.as_ref().is_some_and(|list| !list.is_empty()) {
        return Err(fault::service::placement("constraints"));
    }
    if input.placement_strategy.as_ref().is_some_and(|list| !list.is_empty()) {
        return Err(fault::service::placement("strategies"));
    }
    if input.volume_configurations.as_ref().is_some_and(|list| !list.is_empty()) {
        return Err(fault::unsupported("volumeConfigurations", "it does not have Amazon EBS"));
    }
    Ok(())
}

/// The request's tags over the definition's, and the ones that ECS adds when asked.
fn task_tags(
    cluster: &Cluster,
    definition: &TaskDefinition,
    input: &RunTaskRequest,
) -> Result<Tags, Fault> {
    let mut all = match input.propagate_tags.as_deref() {
        None | Some("NONE") => Tags::new(),
        Some("TASK_DEFINITION") => definition.tags.clone(),
        Some("SERVICE") => return Err(fault::task::service_tags()),
        Some(_) => return Err(fault::not_one_of("propagateTags", &["TASK_DEFINITION", "NONE"])),
    };
    all.extend(tags::parse(input.tags.clone())?);
    if all.len() > crate::tags::MOST {
        let (count, most) = (all.len(), crate::tags::MOST);
        return Err(fault::tags(&crate::tags::TagMistake::TooMany { count, most }));
    }
    if input.enable_ecs_managed_tags.unwrap_or(false) {
        all.insert("aws:ecs:clusterName".to_owned(), cluster.name.to_string());
    }
    Ok(all)
}

/// Makes the tasks one after the other, so that each sees the addresses of those before.
fn start(
    draft: &mut Draft,
    cx: &Cx<'_>,
    ids: &mut Ids,
    order: &Order,
) -> (Vec<Task>, Vec<Failure>) {
    let (mut tasks, mut failures) = (Vec::new(), Vec::new());
    let mut placed = BTreeMap::new();
    for _ in 0..order.count {
        let launch = next_launch(&order.launch, &mut placed);
        match Task::new(draft, order.task(launch), ids, cx.now) {
            Ok(task) => {
                draft.put(task.clone());
                tasks.push(task);
            }
            Err(none) => failures.push(failure(draft, &none)),
        }
    }
    (tasks, failures)
}

fn next_launch(launch: &ServiceLaunch, placed: &mut BTreeMap<String, u32>) -> Launch {
    let ServiceLaunch::Strategy(items) = launch else { return Launch::Fargate };
    let next = StrategyItem::next(items, |name| placed.get(name).copied().unwrap_or(0));
    let provider = next.unwrap_or("FARGATE").to_owned();
    *placed.entry(provider.clone()).or_insert(0) += 1;
    Launch::Provider(provider)
}

fn failure(world: &World, none: &NoAddress) -> Failure {
    Failure {
        arn: Some(world.place.arn("ec2", &format!("subnet/{}", none.subnet))),
        reason: Some("RESOURCE:ENI".to_owned()),
        detail: Some(none.to_string()),
    }
}

// === impl Order ===

impl Order {
    fn task(&self, launch: Launch) -> TaskOrder<'_> {
        TaskOrder {
            cluster: self.cluster.name.clone(),
            definition: &self.definition,
            origin: Origin::Run,
            group: self.group.clone(),
            started_by: self.started_by.clone(),
            launch,
            subnets: self.network.subnets.clone(),
            security_groups: self.network.security_groups.clone(),
            taken: BTreeSet::new(),
            overrides: self.overrides.clone(),
            exec: self.exec,
            tags: self.tags.clone(),
        }
    }
}
