//! `neargate region start`.

use crate::admin::Status;
use crate::args::DataArgs;
use crate::commands::block_on;
use crate::failure::{Failure, Kind};
use crate::local;
use crate::ui::say;
use driver::Choice;
use engine::{Config, Region, StartError};
use model::{AccountId, Pace, RegionName};
use std::path::PathBuf;
use tokio::signal::unix::{SignalKind, signal};

/// The account of the local region: no real one has twelve zeros.
const ACCOUNT: &str = "000000000000";

/// How many threads answer AWS's clients. More than two would only take from the tasks.
const THREADS: usize = 2;

/// Start the local region
///
/// Its state is kept in the data directory: $XDG_DATA_HOME/neargate/region, else
/// ~/.local/share/neargate/region, or ~/Library/Application Support/neargate/region on macOS.
#[derive(Debug, clap::Args)]
pub(crate) struct StartArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The port for AWS's clients; 0 takes a free one
    #[arg(long, default_value_t = local::PORT)]
    port: u16,
    /// What runs containers: a Docker engine, plain processes, or whichever there is
    #[arg(long, value_enum, default_value_t = DriverArg::Auto)]
    driver: DriverArg,
    /// How many times faster than AWS its waits pass; 1 is AWS's own pace [default: 20]
    #[arg(long, value_name = "SPEED")]
    speed: Option<f64>,
    /// The region's name, for a new data directory [default: $AWS_REGION, else us-east-1]
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    /// Start it in the background and return when it answers
    #[arg(short, long)]
    detach: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum DriverArg {
    Auto,
    Docker,
    Process,
}

impl DriverArg {
    fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Docker => "docker",
            Self::Process => "process",
        }
    }
}

pub(crate) fn run(args: StartArgs) -> Result<(), Failure> {
    let data = local::data(&args.data)?;
    if args.detach {
        return block_on(detach(args, data));
    }
    if std::env::var_os("NEARGATE_SESSION").is_some() {
        // The start in the background asked for it. It fails only for who leads a session already.
        let _led = rustix::process::setsid();
    }
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(level())
        .with_ansi(false)
        .init();
    let config = config(args, data)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .map_err(|e| Failure::because(Kind::Machine, "the system gives no threads", e))?;
    runtime.block_on(serve(config))
}

async fn detach(args: StartArgs, data: PathBuf) -> Result<(), Failure> {
    if let Some(status) = local::running(&data).await {
        return already(&args, &status);
    }
    let driver = args.driver.word();
    let mut options = vec![format!("--port={}", args.port), format!("--driver={driver}")];
    options.extend(args.speed.map(|speed| format!("--speed={speed}")));
    options.extend(args.region.map(|name| format!("--region={name}")));
    let status = local::start(&data, &options).await?;
    say::done(&format!("the region runs at {} (driver {})", status.endpoint, status.driver));
    Ok(())
}

/// A region that runs is what was asked for, unless it is another.
fn already(args: &StartArgs, status: &Status) -> Result<(), Failure> {
    let other = match (&args.driver, &args.region) {
        (DriverArg::Docker | DriverArg::Process, _) if args.driver.word() != status.driver => {
            format!("it has the driver `{}`, not `{}`", status.driver, args.driver.word())
        }
        (_, Some(name)) if *name != status.region => {
            format!("it is called `{}`, not `{name}`", status.region)
        }
        _ if args.speed.is_some_and(|speed| speed.total_cmp(&status.speed).is_ne()) => {
            format!("AWS's waits pass {} times faster there", status.speed)
        }
        _ => {
            say::note(&format!("the region runs already at {}", status.endpoint));
            return Ok(());
        }
    };
    let what = format!("the region runs already at {}, but {other}", status.endpoint);
    Err(Failure::new(Kind::Machine, what).hint("`neargate region stop` ends it first"))
}

fn config(args: StartArgs, data: PathBuf) -> Result<Config, Failure> {
    let usage = |what: String| Failure::new(Kind::Usage, what);
    let pace =
        Pace::new(args.speed.unwrap_or(local::SPEED)).map_err(|why| usage(why.to_string()))?;
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let named = args.region.or_else(|| variable("AWS_REGION"));
    let region = named.or_else(|| variable("AWS_DEFAULT_REGION"));
    let program = std::env::current_exe()
        .map_err(|e| Failure::because(Kind::Machine, "can't find this program", e))?;
    Ok(Config {
        port: args.port,
        data,
        driver: match args.driver {
            DriverArg::Auto => Choice::Auto,
            DriverArg::Docker => Choice::Docker,
            DriverArg::Process => Choice::Process,
        },
        docker: local::docker_hints(),
        pace,
        region: RegionName::from(region.unwrap_or_else(|| "us-east-1".to_owned())),
        account: AccountId::from(ACCOUNT),
        path: variable("PATH").unwrap_or_default(),
        program,
    })
}

async fn serve(config: Config) -> Result<(), Failure> {
    let data = config.data.clone();
    let region = Region::start(config).await.map_err(failed)?;
    let address = region.address();
    local::note(&data, address.port())
        .map_err(|e| Failure::because(Kind::Machine, "can't note where the region is", e))?;
    say::note(&format!(
        "neargate region {} at http://{address}, driver {}",
        region.name(),
        region.driver().as_str()
    ));
    until_told(&region).await?;
    say::note("stopping: tasks end");
    let stopped = region.stop();
    tokio::select! {
        () = stopped => {}
        again = until_signalled() => again?,
    }
    local::forget(&data);
    Ok(())
}

async fn until_told(region: &Region) -> Result<(), Failure> {
    tokio::select! {
        () = region.asked_to_stop() => Ok(()),
        signalled = until_signalled() => signalled,
    }
}

async fn until_signalled() -> Result<(), Failure> {
    let listen = |kind| {
        signal(kind).map_err(|e| Failure::because(Kind::Machine, "can't listen to signals", e))
    };
    let (mut interrupt, mut terminate) =
        (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

fn failed(why: StartError) -> Failure {
    let hint = match &why {
        StartError::Port { .. } => Some(
            "something else listens there: `neargate region status`, or choose another with --port",
        ),
        StartError::Driver(_) => Some("--driver process runs tasks without a container engine"),
        StartError::OtherRegion { .. } => Some(
            "use that name, another --data directory, or begin anew with `neargate region reset`",
        ),
        _ => None,
    };
    let failure = Failure::because(Kind::Machine, "the region can't start", why);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// `NEARGATE_LOG` chooses how much the region says.
fn level() -> tracing::Level {
    let asked = std::env::var("NEARGATE_LOG").ok();
    asked.and_then(|level| level.parse().ok()).unwrap_or(tracing::Level::WARN)
}
