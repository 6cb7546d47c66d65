//! `services`: the parts of the application, each with tasks of its own.

use super::build::Build;
use super::container::{check_task, check_variables, folder, image, user};
use super::database::Database;
use super::depends::{CONDITIONS, Condition};
use super::deploy::{Before, Deploy, Strategy, is_stuck};
use super::health::Health;
use super::health_check::HealthCheck;
use super::limits::Ulimits;
use super::logs::Logs;
use super::process::Process;
use super::routes::Route;
use super::scale::{MOST_TASKS, Scale};
use super::secrets::{SecretReference, secret_reference};
use super::sidecar::Sidecar;
use super::static_site::StaticSite;
use super::{names, source};
use crate::cx::{Cx, counted};
use crate::kind::{
    Choice, Command, Part as _, any_text, command, cpu, flag, formatted, list, map, memory, one_of,
    one_or_many, part, record, seconds, whole,
};
use crate::{Code, Diagnostic};
use model::{FargateSize, ImageRef, Span};
use std::collections::BTreeMap;

static PLATFORMS: [Choice<Platform>; 2] = [
    Choice::new("linux/amd64", Platform::Amd64, "64-bit Intel and AMD"),
    Choice::new("linux/arm64", Platform::Arm64, "Graviton, a fifth cheaper"),
];

/// AWS's limit, less what neargate adds of its own (reference §8.2: 50).
const MOST_TAGS: usize = 40;

part! {
    /// A part of the application with tasks of its own. It has `build` or `image`, or is `static`.
    pub struct Service as ServiceRead, check check {
        /// Builds the image from source.
        build: Option<Build> = record::<Build>(),
            [optional "`image` or `static` is given"];
        /// Takes a finished image.
        image: Option<ImageRef> = image(),
            [optional "`build` or `static` is given"];
        /// Serves files instead of running tasks.
        static_site as "static": Option<StaticSite> = record::<StaticSite>(),
            [optional "the service runs tasks"];
        /// Runs the service on this machine without containers.
        process: Option<Process> = record::<Process>(),
            [optional "the local region needs a container engine"];
        /// The port on which the service listens, on all interfaces.
        port: Option<u16> = whole::<u16>(1, 65_535),
            [optional "nothing reaches the service, as with a worker"],
            elsewhere ["ports", "expose", "containerPort", "container_port", "target_port"];
        /// The requests that the load balancer gives to the service. `[]` means none.
        routes: Option<Vec<Route>> = one_or_many(record::<Route>(), 0, 100),
            [optional "all (`/*`) if none says its routes and one alone can take them, else none"],
            elsewhere ["route", "http", "paths"];
        /// How the load balancer decides that a task can take requests.
        health: Health = record::<Health>(),
            [default "{}", because "see there"], elsewhere ["health_path", "health_check_path"];
        /// How the container says of itself that it works.
        healthcheck: Option<HealthCheck> = record::<HealthCheck>(),
            [optional "only the load balancer looks"], elsewhere ["health_check", "healthCheck"];
        /// The CPU of a task.
        cpu: Option<u32> = cpu(),
            [optional "the least that goes with `memory`: 256, a quarter of a vCPU"];
        /// The memory of a task. Fargate has fixed pairs of CPU and memory.
        memory: Option<u32> = memory(),
            [optional "the least that goes with `cpu`: 512 MiB for 256"];
        /// How many tasks there are, always.
        count: Option<u32> = whole::<u32>(0, MOST_TASKS),
            [optional "the least of `scale`, or 1"],
            elsewhere ["desired_count", "desiredCount", "replicas", "instances"];
        /// How many tasks there are, by load and by the clock.
        scale: Option<Scale> = record::<Scale>(),
            [optional "`count` tasks, always"], elsewhere ["autoscaling", "scaling"];
        /// Variables that everybody may see. Numbers and words are taken as they are written.
        env: BTreeMap<String, String> = map(&names::VARIABLE, any_text()),
            [default "{}", because "nothing is set unasked"],
            elsewhere ["environment", "variables"];
        /// Variables whose values are secrets: a reference each, read when a task starts.
        secrets: BTreeMap<String, SecretReference> = map(&names::VARIABLE, secret_reference()),
            [default "{}", because "no secret is given unasked"];
        /// A task that runs once before each deployment, such as a migration.
        before: Option<Before> = record::<Before>(),
            [optional "nothing runs before"],
            elsewhere ["release_command", "migrate", "pre_deploy"];
        /// How a new version takes the place of the old one.
        deploy: Deploy = record::<Deploy>(),
            [default "{}", because "see there"], elsewhere ["deployment", "rollout"];
        /// The limits of the database that the service uses, for the checks.
        database: Option<Database> = record::<Database>(),
            [optional "connections are not counted"];
        /// What is run, in place of the image's `CMD`.
        command: Option<Command> = command(),
            [optional "the image's own"], elsewhere ["cmd"];
        /// What is put before `command`, in place of the image's `ENTRYPOINT`.
        entrypoint: Option<Command> = command(),
            [optional "the image's own"];
        /// The folder in which it is run.
        working_dir: Option<String> = folder(),
            [optional "the image's own"], elsewhere ["workdir", "workingDirectory"];
        /// The user as whom it is run, by name or number.
        user: Option<String> = user(),
            [optional "the image's own"];
        /// Whether the container's file system can't be written.
        read_only: bool = flag(),
            [default "false", because "many images write temporary files"],
            elsewhere ["readonly", "readonlyRootFilesystem"];
        /// Whether people get into running containers: with `neargate exec`, or with ECS Exec by any client.
        exec: Option<bool> = flag(),
            [optional "yes in the local region, no on AWS: there it takes permissions"],
            elsewhere ["enable_execute_command", "enableExecuteCommand", "execute_command"];
        /// Limits of the operating system.
        ulimits: Ulimits = record::<Ulimits>(),
            [default "{}", because "see there"];
        /// How long the service has between the stop signal and the end, to finish its requests.
        stop_timeout: Span = seconds(2, 120),
            [default "30s", because "AWS's default; longer than any request should last"],
            elsewhere ["stopTimeout", "stop_grace_period", "kill_timeout"];
        /// How long the load balancer lets requests finish before a task is stopped.
        drain: Span = seconds(0, 3600),
            [default "30s", because
                "AWS's 300s makes each rollout five minutes longer for requests long done"],
            elsewhere ["deregistration_delay", "drain_timeout"];
        /// How long the load balancer keeps a client with the same task.
        stickiness: Option<Span> = seconds(1, 604_800),
            [optional "each request goes to any task"], elsewhere ["sticky"];
        /// What happens to the output.
        logs: Logs = record::<Logs>(),
            [default "{}", because "see there"], elsewhere ["logging"];
        /// Services that have to be there before this one is deployed.
        depends_on: Vec<String> = list(formatted(&names::SERVICE), 0, 50),
            [default "[]", because "services are deployed side by side"], elsewhere ["dependsOn"];
        /// Further containers in the same task, by name.
        sidecars: BTreeMap<String, Sidecar> = map(&names::CONTAINER, record::<Sidecar>()),
            [default "{}", because "most tasks have one container"], elsewhere ["containers"];
        /// Sidecars that must have come so far before the service's own container starts.
        wait_for: BTreeMap<String, Condition> = map(&names::CONTAINER, one_of(&CONDITIONS)),
            [default "{}", because "containers start together"];
        /// Tags on everything that AWS keeps for the service.
        tags: BTreeMap<String, String> = map(&names::TAG, any_text()),
            [default "{}", because "application, environment and service are tags in any case"],
            elsewhere ["labels"];
        /// The processor that the image is built for and that tasks run on.
        platform: Platform = one_of(&PLATFORMS),
            [default "linux/amd64", because "what most images and build machines are"],
            elsewhere ["architecture", "arch", "cpuArchitecture"];
    }
}

/// A processor and operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// `linux/amd64`, ECS's `X86_64`.
    Amd64,
    /// `linux/arm64`, ECS's `ARM64`.
    Arm64,
}

// === impl Service ===

impl Service {
    /// CPU and memory of a task.
    #[must_use]
    pub fn size(&self) -> FargateSize {
        Self::size_of(self.cpu, self.memory)
            .expect("a service is only read with a size that exists")
    }

    /// The smallest size with at least this CPU (units) and memory (MiB): the pair itself where
    /// both are given and Fargate has it, and the usual partner where one is given.
    pub(crate) fn size_of(cpu: Option<u32>, memory: Option<u32>) -> Option<FargateSize> {
        let (cpu, memory) = (cpu.unwrap_or(0), memory.unwrap_or(0));
        FargateSize::all().find(|size| size.cpu() >= cpu && size.memory() >= memory)
    }

    /// How many tasks a first deployment starts.
    #[must_use]
    pub fn desired_count(&self) -> u32 {
        self.count.or(self.scale.as_ref().map(|scale| scale.min)).unwrap_or(1)
    }

    /// The requests that the load balancer gives to the service; none for one out of its reach.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        self.routes.as_deref().unwrap_or_default()
    }

    /// The keys that a service can have.
    pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
        Self::record().fields.iter().map(|field| field.name)
    }
}

// === impl ServiceRead ===

impl ServiceRead {
    /// Whether a load balancer, or what stands in front of files, can reach it.
    pub(crate) fn can_be_routed(&self) -> bool {
        matches!(self.port, Some(Some(_))) || matches!(self.static_site, Some(Some(_)))
    }
}

fn check(service: &ServiceRead, cx: &mut Cx<'_>) {
    source::check_keys(cx);
    check_port(cx);
    check_size(service, cx);
    check_count(cx);
    check_room(service, cx);
    check_tags(service, cx);
    check_variables(service.env.as_ref(), service.secrets.as_ref(), cx);
    check_task(service, cx);
}

/// Requests need a port to go to.
fn check_port(cx: &mut Cx<'_>) {
    if cx.given("routes.0") && !cx.given("port") && !cx.given("static") {
        let message = "there are routes to the service, and no `port` for them to go to";
        let mistake = Diagnostic::new(Code::RouteToNothing, cx.key_place("routes"), message);
        cx.report(mistake.hint("`port` is what the application listens on"));
    }
}

/// Fargate has fixed pairs (reference §2.2).
fn check_size(service: &ServiceRead, cx: &mut Cx<'_>) {
    let (Some(cpu), Some(memory)) = (service.cpu, service.memory) else { return };
    let holding = Service::size_of(cpu, memory);
    let fits = |size: FargateSize| {
        cpu.is_none_or(|cpu| cpu == size.cpu())
            && memory.is_none_or(|memory| memory == size.memory())
    };
    if holding.is_some_and(fits) {
        return;
    }
    let message = match (cpu, memory) {
        (Some(cpu), Some(memory)) => {
            format!("Fargate has no size with {cpu} CPU units and {memory} MiB")
        }
        (Some(cpu), None) => format!("Fargate has no size with {cpu} CPU units"),
        (None, memory) => format!("Fargate has no size with {} MiB", memory.unwrap_or_default()),
    };
    let field = if memory.is_some() { "memory" } else { "cpu" };
    let mistake = Diagnostic::new(Code::NoSuchSize, cx.place(field), message)
        .maybe_hint(nearest_sizes(cpu, memory, holding));
    cx.report(mistake);
}

/// The sizes next to a pair that does not exist: the smallest that holds it, and the largest of the
/// same CPU below it.
fn nearest_sizes(
    cpu: Option<u32>,
    memory: Option<u32>,
    holding: Option<FargateSize>,
) -> Option<String> {
    let nearness = |size: &FargateSize| match memory {
        Some(_) => (size.cpu(), i64::from(size.memory())),
        None => (size.cpu(), -i64::from(size.memory())),
    };
    let below = FargateSize::all()
        .filter(|size| {
            cpu.is_none_or(|cpu| size.cpu() <= cpu)
                && memory.is_none_or(|memory| size.memory() <= memory)
        })
        .max_by_key(nearness);
    let mut sizes: Vec<FargateSize> = below.into_iter().chain(holding).collect();
    sizes.dedup();
    let say =
        |size: &FargateSize| format!("`cpu: {}` with `memory: {}`", size.cpu(), size.memory());
    let said: Vec<String> = sizes.iter().map(say).collect();
    (!said.is_empty()).then(|| format!("the nearest sizes: {}", said.join(", or ")))
}

fn check_count(cx: &mut Cx<'_>) {
    if cx.given("count") && cx.given("scale") {
        let message = "`count` and `scale` exclude each other: the count is fixed or it moves";
        let mistake = Diagnostic::new(Code::Excluded, cx.key_place("count"), message);
        cx.report(mistake.related(cx.key_place("scale"), "it moves here"));
    }
}

/// A rolling deployment must be able to stop or start a task at every count it can meet.
fn check_room(service: &ServiceRead, cx: &mut Cx<'_>) {
    let (Some(deploy), Some(count), Some(scale)) = (&service.deploy, service.count, &service.scale)
    else {
        return;
    };
    let counts = match (count, scale) {
        (Some(count), _) => count..=count,
        (None, Some(scale)) => scale.min..=scale.max,
        (None, None) => 1..=1,
    };
    let (min, max) = (deploy.min, deploy.max);
    let rolling = deploy.strategy == Strategy::Rolling;
    let Some(stuck) = counts.into_iter().find(|count| rolling && is_stuck(min, max, *count)) else {
        return;
    };
    let message = format!(
        "a deployment of {} can't move: `min` {min} lets none stop and `max` {max} none start",
        counted(stuck as usize, "task")
    );
    let field = if cx.given("deploy.max") { "deploy.max" } else { "deploy.min" };
    let mistake = Diagnostic::new(Code::NoRoomToMove, cx.place(field), message);
    cx.report(
        mistake
            .hint("`max: 200` starts the new tasks beside the old; `min: 0` stops the old first"),
    );
}

/// AWS's own prefix and the number of tags.
fn check_tags(service: &ServiceRead, cx: &mut Cx<'_>) {
    let Some(tags) = &service.tags else { return };
    if tags.len() > MOST_TAGS {
        let message = format!(
            "{} tags are too many: with neargate's own there is room for {MOST_TAGS}",
            tags.len()
        );
        cx.report(Diagnostic::new(Code::OutOfRange, cx.key_place("tags"), message));
    }
    for key in tags.keys().filter(|key| key.to_ascii_lowercase().starts_with("aws:")) {
        let message = format!("`{key}` can't be a tag's key: AWS keeps `aws:` for itself");
        cx.report(Diagnostic::new(Code::BadFormat, cx.key_place(&format!("tags.{key}")), message));
    }
}
