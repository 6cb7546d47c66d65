//! Tags of git for what was deployed: `neargate/<environment>/<number>`.

use crate::failure::{Failure, Kind};
use std::path::{Path, PathBuf};
use std::process::Output;
use tokio::process::Command;

/// A commit that is about to be deployed.
#[derive(Debug)]
pub(crate) struct Commit {
    folder: PathBuf,
    id: String,
}

// === impl Commit ===

impl Commit {
    /// The commit of a folder, with nothing changed since: a tag has to lead to what was deployed.
    pub(crate) async fn of(folder: &Path) -> Result<Self, Failure> {
        let id = git(folder, &["rev-parse", "--verify", "HEAD"]).await?;
        let changed = git(folder, &["status", "--porcelain", "--", "."]).await?;
        if let Some(first) = changed.lines().next() {
            let what =
                format!("--tag marks a commit, and there is something that is in none: {first}");
            return Err(
                Failure::new(Kind::Usage, what).hint("commit it first, or deploy without --tag")
            );
        }
        Ok(Self { folder: folder.to_owned(), id })
    }

    /// Gives it the next tag of an environment; answers that.
    pub(crate) async fn tag(&self, environment: &str) -> Result<String, Failure> {
        let prefix = format!("neargate/{environment}/");
        let tags = git(&self.folder, &["tag", "--list", &format!("{prefix}*")]).await?;
        let tag = format!("{prefix}{}", next(&tags, &prefix));
        git(&self.folder, &["tag", &tag, &self.id]).await?;
        Ok(tag)
    }
}

/// The number after the highest one.
fn next(tags: &str, prefix: &str) -> u64 {
    let numbers = tags.lines().filter_map(|tag| tag.strip_prefix(prefix)?.parse::<u64>().ok());
    numbers.max().unwrap_or(0) + 1
}

async fn git(folder: &Path, words: &[&str]) -> Result<String, Failure> {
    let run = Command::new("git").arg("-C").arg(folder).args(words).output().await;
    let missing = |source| Failure::because(Kind::Machine, "--tag needs git", source);
    let Output { status, stdout, stderr } = run.map_err(missing)?;
    if status.success() {
        return Ok(String::from_utf8_lossy(&stdout).trim_end().to_owned());
    }
    let said = String::from_utf8_lossy(&stderr);
    let said = said.lines().next().unwrap_or_default().to_owned();
    Err(Failure::new(Kind::Machine, format!("git {} failed: {said}", words[0])))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn numbers_go_on_from_the_highest() {
        let prefix = "neargate/prod/";
        for (tags, expected) in [
            ("", 1),
            ("neargate/prod/1", 2),
            ("neargate/prod/9\nneargate/prod/10\nneargate/prod/x", 11),
        ] {
            assert_eq!(next(tags, prefix), expected, "{tags}");
        }
    }
}
