//! `neargate completions`.

use crate::args::Args;
use crate::failure::Failure;
use clap::CommandFactory as _;
use clap_complete::Shell;

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    clap_complete::generate(args.shell, &mut Args::command(), "neargate", &mut out);
    Ok(())
}
