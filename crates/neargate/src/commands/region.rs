//! `neargate region`: the local region alone, for the aws CLI, SDKs, Terraform.

mod ca;
mod endpoints;
mod env;
mod operations;
mod reset;
mod start;
mod status;
mod stop;

use super::block_on;
use crate::failure::Failure;

/// The local region: start, stop, look at it, point AWS's tools at it
#[derive(Debug, clap::Args)]
pub(crate) struct RegionArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Start(start::StartArgs),
    Stop(stop::StopArgs),
    Status(status::StatusArgs),
    Reset(reset::ResetArgs),
    Env(env::EnvArgs),
    Endpoints(endpoints::EndpointsArgs),
    Ca(ca::CaArgs),
    Operations(operations::OperationsArgs),
}

pub(crate) fn run(args: RegionArgs) -> Result<(), Failure> {
    match args.verb {
        Verb::Start(args) => start::run(args),
        Verb::Stop(args) => block_on(stop::run(args)),
        Verb::Status(args) => block_on(status::run(args)),
        Verb::Reset(args) => block_on(reset::run(args)),
        Verb::Env(args) => block_on(env::run(args)),
        Verb::Endpoints(args) => block_on(endpoints::run(args)),
        Verb::Ca(args) => block_on(ca::run(args)),
        Verb::Operations(args) => block_on(operations::run(args)),
    }
}
