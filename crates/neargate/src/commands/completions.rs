//! `neargate completions`.

use crate::args::Args;
use crate::failure::Failure;
use crate::ui::say;
use clap::CommandFactory as _;
use clap_complete::Shell;

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "neargate", &mut script);
    say::data(String::from_utf8_lossy(&script).trim_end());
    Ok(())
}
