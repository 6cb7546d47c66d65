//! Runs a program, and notes when it says what.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a program said and when.
#[derive(Debug, Default)]
pub(super) struct Timed {
    /// Its exit code.
    pub(super) code: Option<i32>,
    /// What it printed.
    pub(super) printed: String,
    /// What it told on the side, each line with its time in seconds since 1970.
    pub(super) told: Vec<(f64, String)>,
}

// === impl Timed ===

impl Timed {
    /// Runs a program to its end.
    pub(super) fn run(command: &mut Command) -> Result<Self, String> {
        let failed = |why: std::io::Error| why.to_string();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let printing = thread::spawn(move || {
            let mut text = String::new();
            // What is no text is told by its absence.
            stdout.map(|mut it| it.read_to_string(&mut text).ok());
            text
        });
        let lines = stderr.into_iter().flat_map(|it| BufReader::new(it).lines());
        let told = lines.map_while(Result::ok).map(|line| (now(), line)).collect();
        let status = child.wait().map_err(failed)?;
        let printed = printing.join().map_err(|_| "a reader panicked")?;
        Ok(Self { code: status.code(), printed, told })
    }

    /// When it first said this.
    pub(super) fn when(&self, words: &str) -> Option<f64> {
        self.told.iter().find(|(_, line)| line.contains(words)).map(|(at, _)| *at)
    }

    /// All that it told on the side.
    pub(super) fn side(&self) -> String {
        self.told.iter().map(|(_, line)| format!("{line}\n")).collect()
    }
}

/// Seconds since 1970.
pub(super) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_their_times() {
        let script = "echo first >&2; echo out; sleep 0.05; echo second >&2; exit 3";
        let timed = Timed::run(Command::new("sh").args(["-c", script])).unwrap();
        assert_eq!((timed.code, timed.printed.as_str()), (Some(3), "out\n"));
        let (first, second) = (timed.when("first").unwrap(), timed.when("second").unwrap());
        assert!(second > first && timed.when("third").is_none());
        assert_eq!(timed.side(), "first\nsecond\n");
    }
}
