//! Command lines, run to their end.

use super::PATIENCE;
use serde_json::Value;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// A command line about to be run. It gets `PATH` and what the test says, and nothing else of this
/// machine's environment.
pub(crate) struct Line {
    command: Command,
    shown: String,
    patience: Duration,
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Finished {
    shown: String,
    /// The exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

// === impl Line ===

impl Line {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.kill_on_drop(true);
        let shown = program.to_string_lossy().into_owned();
        Self { command, shown, patience: PATIENCE }
    }

    pub(crate) fn arg(mut self, word: impl AsRef<OsStr>) -> Self {
        let word = word.as_ref();
        self.shown.push(' ');
        self.shown.push_str(&word.to_string_lossy());
        self.command.arg(word);
        self
    }

    /// Words as a person would type them, cut at spaces.
    pub(crate) fn args(self, words: &str) -> Self {
        words.split_whitespace().fold(self, Self::arg)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    pub(crate) fn stdin(mut self, from: Stdio) -> Self {
        self.command.stdin(from);
        self
    }

    pub(crate) fn stdout(mut self, to: Stdio) -> Self {
        self.command.stdout(to);
        self
    }

    pub(crate) fn stderr(mut self, to: Stdio) -> Self {
        self.command.stderr(to);
        self
    }

    /// The same in a session of its own, whose terminal its standard input is: only so does it hear of
    /// the terminal's signs.
    pub(crate) fn in_session(self) -> Self {
        let given = self.command.as_std();
        let mut command = Command::new("setsid");
        command.args(["--ctty", "--wait"]).arg(given.get_program()).args(given.get_args());
        command.env_clear().kill_on_drop(true);
        command.envs(given.get_envs().filter_map(|(name, value)| Some((name, value?))));
        given.get_current_dir().map(|folder| command.current_dir(folder));
        Self { command, ..self }
    }

    /// Starts it, for who watches it run.
    pub(crate) fn spawn(mut self) -> tokio::process::Child {
        self.command.spawn().unwrap_or_else(|why| panic!("{}: {why}", self.shown))
    }

    /// Runs it to its end.
    pub(crate) async fn run(self) -> Finished {
        let Self { mut command, shown, patience } = self;
        let running = async { command.spawn()?.wait_with_output().await };
        let output = tokio::time::timeout(patience, running).await;
        let output = output.unwrap_or_else(|_| panic!("`{shown}` did not end in {patience:?}"));
        let output = output.unwrap_or_else(|why| panic!("`{shown}`: {why}"));
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let (out, err) = (text(output.stdout), text(output.stderr));
        Finished { shown, code: output.status.code(), out, err }
    }

    /// Runs it to its end, which must be a good one, and answers its output.
    pub(crate) async fn output(self) -> String {
        self.run().await.expect(0).out
    }

    /// Runs it to its end, which must be a good one, and reads its output as JSON.
    pub(crate) async fn json(self) -> Value {
        let finished = self.run().await.expect(0);
        finished.json()
    }
}

// === impl Finished ===

impl Finished {
    /// The same, when it ended with this exit code.
    pub(crate) fn expect(self, code: i32) -> Self {
        let Self { shown, out, err, .. } = &self;
        assert_eq!(self.code, Some(code), "`{shown}`\n--- out\n{out}\n--- err\n{err}");
        self
    }

    /// Its output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|why| panic!("`{}`: {why} in\n{}", self.shown, self.out))
    }

    /// Its output, one JSON value a line.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Whether it says a text, on either stream.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) {
        let Self { shown, out, err, .. } = self;
        let there = out.contains(text) || err.contains(text);
        assert!(there, "`{shown}` does not say `{text}`\n--- out\n{out}\n--- err\n{err}");
    }
}
