//! What is known to go wrong, found in the source and the manifest before it does.
//!
//! [`check`] holds a source tree, and a manifest if there is one, against every [`Rule`]. A rule is
//! a file of `rules`: its name, why it matters on ECS, how it is put right, and one function from
//! what was read to [`Finding`]s. Facts come from `source`; what is in an image is judged in
//! `image`; files of pipelines and infrastructure are read in `text`, `definition`,
//! `cloudformation` and `terraform`.
//!
//! This room must not know disks, terminals or AWS's APIs, and it changes nothing: where the right
//! text is certain, a finding has an [`Edit`]. A finding that rests on a guess is a note, never an
//! error.
//!
//! What was seen of an image that was run is in `observed`; rules look at it as at files.
//!
//! Start reading at `rule.rs`, then at any file of `rules`.

mod address;
mod build;
mod cloudformation;
mod definition;
mod dockerignore;
mod edit;
mod finding;
mod image;
mod merge;
mod observed;
mod page;
mod part;
mod report;
mod rule;
mod rules;
mod setting;
mod size;
mod subject;
mod suppression;
mod terraform;
mod text;
mod workflow;

pub use edit::apply;
pub use finding::{Edit, Finding, Related, Severity};
pub use observed::{Answer, Exit, HealthOwner, HealthRun, Observed, Stop};
pub use page::{explain, page};
pub use report::json::json;
pub use report::sarif::sarif;
pub use rule::Rule;
pub use rules::RULES;
pub use subject::{Subject, Written};

use observed::Seen;

/// Holds a tree against every rule. What the manifest says to leave alone is left out.
#[must_use]
pub fn check(subject: &Subject<'_>) -> Vec<Finding> {
    check_with(subject, &[]).found
}

/// What was found with the help of running images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong, or may be.
    pub found: Vec<Finding>,
    /// What could not be seen, and what is no fault of an image's; one sentence each.
    pub remarks: Vec<String>,
}

/// The same with what was seen of images that were run: it adds findings, makes guesses certain, and
/// takes away what it refutes.
#[must_use]
pub fn check_with(subject: &Subject<'_>, observed: &[Observed]) -> Checked {
    let tree = subject::Tree::of(subject);
    let read = finding::gather(RULES.iter().flat_map(|rule| rule.find(&tree)).collect());
    let seen: Vec<Seen<'_>> =
        observed.iter().filter_map(|it| Some(Seen::of(tree.part(it)?, it))).collect();
    let of_images = seen.iter().flat_map(|seen| RULES.iter().flat_map(|rule| rule.find_in(seen)));
    let found = merge::together(read, of_images.collect(), &seen);
    let found = suppression::apply(subject, finding::gather(found), observed);
    Checked { found, remarks: seen.iter().filter_map(observed::remark).collect() }
}

/// The rule of a name, or what may have been meant.
///
/// # Errors
/// If there is no such rule: words that name the nearest one, or all.
pub fn rule(id: &str) -> Result<&'static Rule, String> {
    let names = RULES.iter().map(|rule| rule.id);
    RULES.iter().find(|rule| rule.id == id).copied().ok_or_else(|| {
        manifest::suggest(id, names.collect::<Vec<_>>()).unwrap_or_else(|| "there is none".into())
    })
}

/// Whether a check looks into a file of this name. Of all others it is enough to know that they are
/// there.
#[must_use]
pub fn wants(path: &str) -> bool {
    const ENDINGS: [&str; 9] =
        [".yml", ".yaml", ".tf", ".tfvars", ".sh", ".toml", ".dockerignore", "Makefile", ".bash"];
    source::wants(path) || ENDINGS.iter().any(|ending| path.ends_with(ending))
}
