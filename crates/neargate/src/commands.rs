//! The verbs.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod cost;
pub(crate) mod deploy;
pub(crate) mod destroy;
pub(crate) mod down;
pub(crate) mod events;
pub(crate) mod exec;
pub(crate) mod export;
pub(crate) mod history;
pub(crate) mod init;
pub(crate) mod logs;
pub(crate) mod plan;
pub(crate) mod promote;
pub(crate) mod region;
pub(crate) mod rollback;
pub(crate) mod run;
pub(crate) mod scale;
pub(crate) mod schema;
pub(crate) mod secrets;
pub(crate) mod status;
pub(crate) mod unlock;
pub(crate) mod up;
pub(crate) mod verify;

use crate::args::{Args, Command};
use crate::failure::{Failure, Kind};

/// Does what was typed.
pub(crate) fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Init(args) => init::run(&args),
        Command::Build(args) => block_on(build::run(args)),
        Command::Check(args) => check::run(&args),
        Command::Up(args) => block_on(up::run(args)),
        Command::Down(args) => block_on(down::run(args)),
        Command::Plan(args) => block_on(plan::run(args)),
        Command::Deploy(args) => block_on(deploy::run(args)),
        Command::History(args) => block_on(history::run(args)),
        Command::Destroy(args) => block_on(destroy::run(args)),
        Command::Unlock(args) => block_on(unlock::run(args)),
        Command::Promote(args) => block_on(promote::run(args)),
        Command::Status(args) => block_on(status::run(args)),
        Command::Logs(args) => block_on(logs::run(args)),
        Command::Events(args) => block_on(events::run(args)),
        Command::Run(args) => block_on(run::run(args)),
        Command::Exec(args) => block_on(exec::run(args)),
        Command::Scale(args) => block_on(scale::run(args)),
        Command::Rollback(args) => block_on(rollback::run(args)),
        Command::Secrets(args) => block_on(secrets::run(args)),
        Command::Verify(args) => block_on(verify::run(args)),
        Command::Cost(args) => cost::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Region(args) => region::run(args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
    }
}

/// Runs a command's work on this thread: a command waits far more than it computes.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime
        .map_err(|source| Failure::because(Kind::Machine, "the system gives no threads", source))?;
    runtime.block_on(work)
}
