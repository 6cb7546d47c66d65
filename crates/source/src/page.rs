//! Plain files: a tree without a language's manifest that has a page to begin with.

use crate::snapshot::{Snapshot, folder, name};
use crate::{Fact, Framework, Language, Place, Project};

/// The one project of such a tree: the folder of the page that stands highest.
pub(crate) fn read(snapshot: &Snapshot) -> Option<Project> {
    let pages = snapshot.paths().filter(|path| name(path) == "index.html");
    let page = pages.min_by_key(|path| (path.matches('/').count(), path.len()))?;
    let place = Place { file: page.to_owned(), line: 1, column: 1, start: 0, end: 0 };
    let mut project = Project::new(folder(page), page, Language::Static);
    project.frameworks.push(Fact::guess(Framework::Static, place.clone()));
    project.output = Some(Fact::guess(".".to_owned(), place));
    Some(project)
}
