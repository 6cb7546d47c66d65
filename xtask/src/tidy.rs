//! The house's rules that no compiler checks. `cargo xtask tidy` runs them, and so do the tests.

mod dependencies;
mod files;
mod graph;
mod purity;
mod rooms;
mod source;

use std::path::Path;

/// Checks everything and tells every fault at once.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let mut faults = Vec::new();
    faults.extend(graph::check(root)?);
    faults.extend(purity::check(root)?);
    faults.extend(files::check(root)?);
    faults.extend(dependencies::check(root)?);
    if faults.is_empty() { Ok(()) } else { Err(format!("not tidy:\n{}", faults.join("\n"))) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        assert_eq!(super::run(&crate::root()), Ok(()));
    }
}
