//! `process`: how a service runs on this machine without containers.

use super::build::PATH;
use crate::kind::{Command, any_text, command, formatted, list, part};

part! {
    /// How the local region runs the service as a plain process, on machines without a container
    /// engine. AWS never sees it.
    pub struct Process as ProcessRead, short "command" {
        /// What is run. It listens on the port that it is told in `PORT`.
        command: Command = command(), [required];
        /// A line for the shell, run once before each deployment, in `directory`.
        build: Option<String> = any_text(),
            [optional "nothing is built"];
        /// The files and folders, relative to `directory`, that the running process needs. Each
        /// deployment runs on a copy of its own, so that two versions can run beside each other.
        files: Vec<String> = list(formatted(&PATH), 1, 1000),
            [default "[.]", because "copying everything is slower, never wrong"];
        /// Where build and command run, relative to the manifest's folder.
        directory: String = formatted(&PATH),
            [default ".", because "most repositories hold one service"],
            elsewhere ["cwd", "working_dir"];
    }
}
