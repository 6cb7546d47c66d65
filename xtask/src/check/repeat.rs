//! The tests, and a second look at end-to-end tests that fail beside others.
//!
//! End-to-end tests share one machine with hundreds of processes and containers of each other. One that
//! fails there is repeated alone: failing again it ends the run, passing it is called FLAKY, for someone
//! to mend, and does not hold up a change that has nothing to do with it. No other test is repeated.

use super::line;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Every test of the workspace; all of them run, whatever fails.
const ALL: [&str; 5] = ["cargo", "test", "--workspace", "--locked", "--no-fail-fast"];

/// The end-to-end tests, compiled as [`ALL`] compiles them.
const AGAIN: [&str; 8] =
    ["cargo", "test", "--workspace", "--locked", "--test", "e2e", "--", "--exact"];

/// What cargo calls the target that may be repeated.
const REPEATED: &str = "`-p tests --test e2e`";

/// The variable by which Rust's tests are told how many of them run at once.
const THREADS: &str = "RUST_TEST_THREADS";

/// More than these at once are no accident.
const MOST: usize = 3;

/// What a run printed, which was shown as it came.
struct Printed {
    good: bool,
    out: String,
    err: String,
}

/// Runs all tests.
pub(super) fn run(root: &Path) -> Result<(), String> {
    let first = shown(root, &ALL, &[])?;
    if first.good {
        return Ok(());
    }
    let failed = repeatable(&first.out, &first.err)?;
    super::say(&format!("again, alone: {}", failed.join(", ")));
    for name in &failed {
        let second = shown(root, &AGAIN, &[name])?;
        let ran = second.out.contains("test result: ok. 1 passed");
        if !(second.good && ran) {
            return Err(format!("{name} failed twice"));
        }
    }
    super::say(&format!("FLAKY, failed beside others and passed alone: {}", failed.join(", ")));
    Ok(())
}

/// The tests that failed, if they are few and all of the end-to-end tests.
fn repeatable(out: &str, err: &str) -> Result<Vec<String>, String> {
    let targets: Vec<&str> =
        err.lines().map(str::trim).filter(|line| line.starts_with("`-p ")).collect();
    if targets != [REPEATED] {
        return Err(format!("failed: {}", targets.join(", ")));
    }
    let failed: BTreeSet<String> = out
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"))
        .map(str::to_owned)
        .collect();
    match failed.len() {
        0 => Err("the end-to-end tests ended before their time".to_owned()),
        1..=MOST => Ok(failed.into_iter().collect()),
        many => Err(format!("{many} end-to-end tests failed")),
    }
}

/// How many tests run at once: most of them wait for containers and processes, so one more than there
/// are cores keeps those busy.
fn threads() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::env::var(THREADS).unwrap_or_else(|_| (cores + 1).to_string())
}

/// Runs a command line, showing what it prints.
fn shown(root: &Path, words: &[&str], more: &[&str]) -> Result<Printed, String> {
    let mut command: Command = line(root, words)?;
    command.args(more).env(THREADS, threads()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|e| format!("{}: {e}", words.join(" ")))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let (out, err) = std::thread::scope(|scope| {
        let out = scope.spawn(|| out.map(|pipe| through(pipe, std::io::stdout())));
        let err = err.map(|pipe| through(pipe, std::io::stderr()));
        (out.join().ok().flatten(), err)
    });
    let status = child.wait().map_err(|e| e.to_string())?;
    Ok(Printed {
        good: status.success(),
        out: out.unwrap_or_default(),
        err: err.unwrap_or_default(),
    })
}

/// Passes lines on as they come, and keeps them.
fn through(from: impl Read, mut to: impl Write) -> String {
    let mut kept = String::new();
    let mut lines = BufReader::new(from);
    let mut bytes = Vec::new();
    while lines.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
        // Nobody may be there to read it; what it says counts all the same.
        let _unread = to.write_all(&bytes).and_then(|()| to.flush());
        kept.push_str(&String::from_utf8_lossy(&bytes));
        bytes.clear();
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "error: 1 target failed:\n    `-p tests --test e2e`\n";

    #[track_caller]
    fn check(out: &str, err: &str, expected: Result<&[&str], &str>) {
        let expected = expected
            .map(|names| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
            .map_err(str::to_owned);
        assert_eq!(repeatable(out, err), expected);
    }

    #[test]
    fn an_end_to_end_test_that_fails_is_repeated() {
        let out =
            "test a::b ... ok\ntest a::c ... FAILED\ntest result: FAILED. 1 passed; 1 failed\n";
        check(out, ONE, Ok(&["a::c"]));
    }

    #[test]
    fn other_tests_are_not() {
        let out = "test laws ... FAILED\n";
        let err = "error: 1 target failed:\n    `-p control --test laws`\n";
        check(out, err, Err("failed: `-p control --test laws`"));
        let both = format!("{ONE}    `-p control --test laws`\n");
        check(out, &both, Err("failed: `-p tests --test e2e`, `-p control --test laws`"));
        check("", "error: could not compile", Err("failed: "));
    }

    #[test]
    fn nor_many_of_them_nor_a_crash() {
        let out: String = (0..=MOST).map(|at| format!("test a{at} ... FAILED\n")).collect();
        check(&out, ONE, Err("4 end-to-end tests failed"));
        check("test a ... ok\n", ONE, Err("the end-to-end tests ended before their time"));
    }
}
