//! What can be typed. Each command's doc comment is its help.

use crate::commands;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

/// From source to a running service on AWS ECS Fargate, rehearsed on this machine first.
#[derive(Debug, Parser)]
#[command(name = "neargate", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done; 1 the deployment or a task failed; 2 wrong usage; \
    3 the manifest has errors; 4 the region or AWS can't be reached; 5 AWS refused; \
    6 something on this machine is in the way; 7 the check found errors.")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(commands::init::InitArgs),
    Build(commands::build::BuildArgs),
    Check(commands::check::CheckArgs),
    Up(commands::up::UpArgs),
    Down(commands::down::DownArgs),
    Plan(commands::plan::PlanArgs),
    Deploy(commands::deploy::DeployArgs),
    History(commands::history::HistoryArgs),
    Destroy(commands::destroy::DestroyArgs),
    Unlock(commands::unlock::UnlockArgs),
    Promote(commands::promote::PromoteArgs),
    Status(commands::status::StatusArgs),
    Logs(commands::logs::LogsArgs),
    Events(commands::events::EventsArgs),
    Run(commands::run::RunArgs),
    Exec(commands::exec::ExecArgs),
    Scale(commands::scale::ScaleArgs),
    Rollback(commands::rollback::RollbackArgs),
    Secrets(commands::secrets::SecretsArgs),
    Verify(commands::verify::VerifyArgs),
    Cost(commands::cost::CostArgs),
    Export(commands::export::ExportArgs),
    Region(commands::region::RegionArgs),
    Schema(commands::schema::SchemaArgs),
    Completions(commands::completions::CompletionsArgs),
}

/// Which manifest.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ManifestArgs {
    /// The manifest, or the folder that holds it as neargate.yml
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
}

/// Which manifest, where the plain argument is something else.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct FileArgs {
    /// The manifest, or the folder that holds it as neargate.yml
    #[arg(short, long, value_name = "PATH", default_value = ".")]
    pub(crate) file: PathBuf,
}

/// Which local region.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DataArgs {
    /// The region's data directory [default: the user's own, see `neargate region start --help`]
    #[arg(long, value_name = "DIR", env = "NEARGATE_DATA")]
    pub(crate) data: Option<PathBuf>,
}

/// How data is printed.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct FormArgs {
    /// Print data as JSON
    #[arg(long)]
    json: bool,
}

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl FormArgs {
    /// What was asked for.
    pub(crate) fn form(self) -> Form {
        if self.json { Form::Json } else { Form::Text }
    }
}

/// How a deployment is followed.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RolloutArgs {
    /// Return when everything is asked for, without watching
    #[arg(short, long)]
    pub(crate) detach: bool,
    /// Give up watching after this many seconds [default: 900, and longer where the manifest's own
    /// times ask for it]
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    #[command(flatten)]
    pub(crate) form: FormArgs,
}

impl RolloutArgs {
    /// How long is watched.
    pub(crate) fn patience(&self) -> Duration {
        self.timeout.map_or(PATIENCE, Duration::from_secs)
    }

    /// For how many seconds is watched, if that was said; nothing when nobody watches.
    pub(crate) fn watched(&self) -> Option<Option<u64>> {
        (!self.detach).then_some(self.timeout)
    }
}

/// How long is watched in the local region.
const PATIENCE: Duration = Duration::from_secs(900);
