//! A look at the source and the manifest before anything is built or deployed.

use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::tree;
use crate::ui::{checked, say};
use check::{Finding, Observed, Severity, Subject, Written};
use manifest::Resolved;
use source::Snapshot;
use std::path::{Path, PathBuf};

/// A checked folder.
#[derive(Debug)]
pub(crate) struct Checked {
    folder: PathBuf,
    snapshot: Snapshot,
    /// The manifest's name in the folder, and its text.
    manifest: Option<(String, String)>,
    /// What was found.
    pub(crate) found: Vec<Finding>,
    /// What of running images could not be seen, and why.
    pub(crate) remarks: Vec<String>,
}

/// Checks a folder, with its manifest if there is one.
pub(crate) fn check(
    folder: &Path,
    project: Option<&Project>,
    environments: &[Resolved],
) -> Result<Checked, Failure> {
    check_with(folder, project, environments, &[])
}

/// The same, with what was seen of images that were run.
pub(crate) fn check_with(
    folder: &Path,
    project: Option<&Project>,
    environments: &[Resolved],
    observed: &[Observed],
) -> Result<Checked, Failure> {
    let (snapshot, reading) = tree::read_all(folder, check::wants)?;
    let manifest = project.map(|project| {
        let file = Path::new(&project.file).file_name();
        let file = file.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        (file, project.source().to_owned())
    });
    let written = manifest.as_ref().map(|(file, text)| Written { file, text, environments });
    let subject = Subject { snapshot: &snapshot, reading: &reading, manifest: written };
    let told = tree::with_room(|| check::check_with(&subject, observed))?;
    let check::Checked { found, remarks } = told;
    Ok(Checked { folder: folder.to_owned(), snapshot, manifest, found, remarks })
}

/// Tells of errors that a check of this environment finds, and goes on: a rehearsal shows how they
/// break.
pub(crate) fn tell(project: &Project, resolved: &Resolved) {
    // What can't be read is no reason not to go on: the build says what it lacks.
    let environments = std::slice::from_ref(resolved);
    let Ok(checked) = check(&project.folder, Some(project), environments) else { return };
    let errors = checked.found.iter().filter(|it| it.severity == Severity::Error);
    let mut count = 0;
    for finding in errors {
        say::warn(&checked::line(finding, |file| checked.shown(file)));
        count += 1;
    }
    if count > 0 {
        say::hint("`neargate check` shows where and how it is put right");
    }
}

/// Refuses an environment on AWS in which a check finds errors: they are known to break there.
/// What the rules in `untrue` find is not minded.
pub(crate) fn refuse(
    project: &Project,
    resolved: &Resolved,
    untrue: &[&str],
) -> Result<(), Failure> {
    let environments = std::slice::from_ref(resolved);
    let checked = check(&project.folder, Some(project), environments)?;
    let errors = checked.found.iter().filter(|it| it.severity == Severity::Error);
    let errors = errors.filter(|it| !untrue.contains(&it.rule));
    let lines: Vec<String> =
        errors.map(|finding| checked::line(finding, |file| checked.shown(file))).collect();
    lines.iter().for_each(|line| say::error(line));
    if lines.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Kind::Found, "")
        .hint("`neargate check` shows where and how it is put right, and `checks` leaves alone what is meant so"))
}

// === impl Checked ===

impl Checked {
    /// A file as the user knows it.
    pub(crate) fn shown(&self, file: &str) -> String {
        let path = self.folder.join(file).display().to_string();
        path.strip_prefix("./").map(str::to_owned).unwrap_or(path)
    }

    /// The text of a file.
    pub(crate) fn text(&self, file: &str) -> Option<&str> {
        match &self.manifest {
            Some((name, text)) if name == file => Some(text),
            _ => self.snapshot.text(file),
        }
    }

    /// A finding as people see it.
    pub(crate) fn draw(&self, finding: &Finding) -> String {
        checked::draw(finding, |file| self.text(file), |file| self.shown(file))
    }

    /// Where a file is.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }
}
