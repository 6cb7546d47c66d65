//! Runs services' images alone and notes what is seen: the hands of `neargate check --image`.
//!
//! What it means is decided in `check`.

mod ask;
mod backing;
mod spec;

use crate::artifacts;
use crate::failure::{Failure, Kind};
use crate::local;
use crate::project::Project;
use crate::ui::live::Progress;
use ::check::{Answer, Exit, HealthOwner, HealthRun, Observed, Stop};
use backing::Values;
use driver::ProbeCommand;
use driver::docker::trial::{Sight, Site, Trial};
use manifest::{HealthCommand, Resolved, Service};
use model::Span;
use source::Snapshot;
use spec::Spec;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Whose images are run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish<'a> {
    /// The image, instead of the one that would be built.
    pub(crate) image: Option<&'a str>,
    /// The one service; all if none is named.
    pub(crate) service: Option<&'a str>,
}

/// How often a container is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How long it has to stay as it is to be taken for settled. Frameworks open their ports one after the
/// other within a second.
const SETTLED: Duration = Duration::from_secs(3);
/// How long one is watched that has no port to wait for.
const WORKER: Duration = Duration::from_secs(5);
/// How long the image's own health check may take; Docker's default is 30 s.
const HEALTH: Duration = Duration::from_secs(10);
/// The largest script that is looked through: a bundle of everything comes to some MiB.
const LARGEST: u64 = 16 << 20;

/// Runs the images of an environment's services, one after the other.
pub(crate) async fn observe(
    project: &Project,
    resolved: &Resolved,
    wish: Wish<'_>,
) -> Result<Vec<Observed>, Failure> {
    let services = services(resolved, wish)?;
    let site = Site::open(&local::docker_hints()).await.map_err(|source| {
        Failure::because(Kind::Machine, "an image can't be run without a container engine", source)
            .hint("`neargate check` without --image needs none")
    })?;
    let work = async {
        let mut all = Vec::new();
        let values = backing::start(&site, resolved, &services).await?;
        for (name, service) in services {
            let image = image(project, resolved, (name, service), wish.image, &site).await?;
            let mut progress = Progress::begin(&format!("run {name} alone"));
            progress.line(&image);
            let seen = one(&site, resolved, (name, service), (image, &values)).await;
            progress.end(seen.is_ok());
            all.push(seen?);
        }
        Ok(all)
    };
    let done = tokio::select! {
        done = work => done,
        () = interrupted() => Err(Failure::new(Kind::Deployment, "the check was interrupted")),
    };
    let closed = site.close().await.map_err(machine);
    let done = done?;
    closed.map(|()| done)
}

/// Somebody wants an end.
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut first), Ok(mut second)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = first.recv() => {}
        _ = second.recv() => {}
    }
}

/// The services that run something, as far as they are asked for.
fn services<'r>(
    resolved: &'r Resolved,
    wish: Wish<'_>,
) -> Result<Vec<(&'r str, &'r Service)>, Failure> {
    let all = resolved.environment.services.iter().filter(|(_, it)| it.static_site.is_none());
    let all = all.filter(|(_, it)| it.build.is_some() || it.image.is_some());
    let all: Vec<_> = all.map(|(name, service)| (name.as_str(), service)).collect();
    let names = all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    if let Some(asked) = wish.service {
        let found = all.iter().find(|(name, _)| *name == asked).copied();
        let none =
            || Failure::new(Kind::Usage, format!("there is no service `{asked}` with an image"));
        return found.map(|it| vec![it]).ok_or_else(|| none().hint(format!("there are: {names}")));
    }
    match (wish.image, all.as_slice()) {
        (_, []) => Err(Failure::new(Kind::Usage, "no service has an image that could be run")),
        (Some(_), [_, _, ..]) => {
            let what = "it is not said which service the image is of";
            Err(Failure::new(Kind::Usage, what).hint(format!("--service: one of {names}")))
        }
        _ => Ok(all),
    }
}

/// The image of a service, which the engine has afterwards.
async fn image(
    project: &Project,
    resolved: &Resolved,
    (name, service): (&str, &Service),
    given: Option<&str>,
    site: &Site,
) -> Result<String, Failure> {
    let named =
        given.map(str::to_owned).or_else(|| service.image.as_ref().map(ToString::to_string));
    let Some(image) = named else {
        return Ok(artifacts::image(project, resolved, name, service).await?.image);
    };
    let fetched = site.fetch(&image).await;
    fetched.map(|()| image).map_err(|source| {
        Failure::because(
            Kind::Deployment,
            format!("the image of service {name} can't be had"),
            source,
        )
    })
}

/// Runs the image of one service, and looks at it from all sides.
async fn one(
    site: &Site,
    resolved: &Resolved,
    (name, service): (&str, &Service),
    (image, values): (String, &Values),
) -> Result<Observed, Failure> {
    let picture = site.picture(&image).await.map_err(machine)?;
    let Spec { spec: container, placeholders } = spec::container(name, service, &image, values);
    let mut seen = Observed {
        service: name.to_owned(),
        environment: resolved.name.clone(),
        image,
        platform: picture.platform.clone(),
        folder: service.working_dir.clone().unwrap_or_else(|| picture.folder.clone()),
        words: container.words(&picture.entry_point, &picture.command),
        placeholders,
        ..Observed::default()
    };
    let trial = match site.start(&container).await {
        Ok(trial) => trial,
        Err(refused @ driver::Error::Start(_)) => {
            return Ok(Observed { refused: Some(refused.to_string()), ..seen });
        }
        Err(error) => return Err(machine(error)),
    };
    watch(&trial, service, &mut seen).await?;
    if seen.exit.is_none() {
        seen.health = health(&trial, service, &picture.health).await?;
    }
    if service.build.is_some() {
        seen.files = files(&trial).await?;
    }
    if seen.exit.is_none() {
        let stop = trial.stop(Duration::from(service.stop_timeout)).await.map_err(machine)?;
        seen.stop = Some(Stop { took: span(stop.took), code: stop.code });
    }
    seen.log = trial.lines().await.map_err(machine)?;
    Ok(seen)
}

/// Watches a container until it answers as it should, has ended, or nothing more comes.
async fn watch(trial: &Trial, service: &Service, seen: &mut Observed) -> Result<(), Failure> {
    let begun = Instant::now();
    let patience =
        service.port.map_or(WORKER, |_| Duration::from(service.health.grace).max(WORKER));
    let mut settled: Option<(Vec<SocketAddr>, Option<Answer>, Instant)> = None;
    loop {
        let sight = trial.look().await.map_err(machine)?;
        take(seen, &sight);
        let answer = match service.port.filter(|port| may_answer(&sight, *port)) {
            Some(port) => ask::health(trial, port, &service.health).await?,
            None => None,
        };
        seen.answer = answer;
        seen.watched = span(begun.elapsed());
        let good =
            matches!(answer, Some(Answer::Status(status)) if service.health.codes.contains(status));
        if seen.exit.is_some() || good || begun.elapsed() > patience {
            return Ok(());
        }
        let listening = sight.listening.unwrap_or_default();
        let is_quiet = listening.is_empty() && answer.is_none();
        match &settled {
            Some((before, told, since)) if *before == listening && *told == answer => {
                if !is_quiet && since.elapsed() > SETTLED && service.port.is_some() {
                    return Ok(());
                }
            }
            _ => settled = Some((listening, answer, Instant::now())),
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn take(seen: &mut Observed, sight: &Sight) {
    seen.exit = sight.exit.map(|it| Exit { code: it.code, out_of_memory: it.out_of_memory });
    if sight.exit.is_none() {
        seen.listening.clone_from(&sight.listening);
        seen.user = sight.user;
    }
}

/// Whether it is worth asking at a port: somebody listens there for others, or nobody knows.
fn may_answer(sight: &Sight, port: u16) -> bool {
    let reached =
        |all: &Vec<SocketAddr>| all.iter().any(|it| it.port() == port && !it.ip().is_loopback());
    sight.exit.is_none() && sight.listening.as_ref().is_none_or(reached)
}

/// Runs the health check commands of manifest and image.
async fn health(
    trial: &Trial,
    service: &Service,
    image: &[String],
) -> Result<Vec<HealthRun>, Failure> {
    let own = service.healthcheck.as_ref().map(|check| {
        let command = match &check.command {
            HealthCommand::Shell(line) => ProbeCommand::Shell(line.clone()),
            HealthCommand::Exec(words) => ProbeCommand::Exec(words.clone()),
        };
        (HealthOwner::Manifest, command, Duration::from(check.timeout))
    });
    let of_image = match image.split_first() {
        Some((kind, rest)) if kind == "CMD-SHELL" => Some(ProbeCommand::Shell(rest.join(" "))),
        Some((_, rest)) => Some(ProbeCommand::Exec(rest.to_vec())),
        None => None,
    };
    let of_image = of_image.map(|command| (HealthOwner::Image, command, HEALTH));
    let mut runs = Vec::new();
    for (by, command, within) in own.into_iter().chain(of_image) {
        let shown = match &command {
            ProbeCommand::Shell(line) => line.clone(),
            ProbeCommand::Exec(words) => words.join(" "),
        };
        let told = trial.run(command, within).await.map_err(machine)?;
        runs.push(HealthRun { command: shown, by, code: told.code, output: told.output });
    }
    Ok(runs)
}

/// The files of a container: scripts outside of packages with their content.
async fn files(trial: &Trial) -> Result<Snapshot, Failure> {
    let wants = |path: &str, size: u64| {
        let is_script = [".js", ".mjs", ".cjs"].iter().any(|end| path.ends_with(end));
        let is_own = !path.contains("node_modules/");
        is_own && size <= LARGEST && (is_script || path.ends_with("package.json"))
    };
    let mut snapshot = Snapshot::default();
    for file in trial.files(wants).await.map_err(machine)? {
        match file.content {
            Some(content) => snapshot.add(&file.path, content),
            None => snapshot.mention(&file.path),
        }
    }
    Ok(snapshot)
}

fn machine(source: driver::Error) -> Failure {
    Failure::because(Kind::Machine, "the container can't be looked at", source)
}

fn span(duration: Duration) -> Span {
    Span::millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
