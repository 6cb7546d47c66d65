//! Which images expire or go to the archive: the rules of a lifecycle policy, and what they come to
//! (reference §6.4).
//!
//! All rules look at all images first; then they are applied by their priority. An image is taken
//! by one rule at most, and one whose tags a rule names is out of reach of every rule after it, also
//! when that rule lets it live.

use super::archive::StorageClass;
use super::{Image, fits};
use model::{ImageDigest, Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const DAY: Span = Span::minutes(24 * 60);

/// A repository's lifecycle policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// As the client wrote it.
    pub text: String,
    /// What that says, the lowest priority first.
    pub rules: Vec<Rule>,
    /// When it was put or last applied, whichever is later.
    pub looked_at: Timestamp,
    /// When it was last applied.
    pub applied_at: Option<Timestamp>,
}

/// What a lifecycle policy would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The policy, as the client wrote it.
    pub text: String,
    /// The images that it would take, as they were when it was asked for.
    pub taken: Vec<Taken>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its priority; a lower number goes first.
    pub priority: u32,
    /// In which class it looks.
    pub class: StorageClass,
    /// Whom it is about there.
    pub about: About,
    /// How many of those it takes.
    pub limit: Limit,
    /// What becomes of them.
    pub fate: Fate,
}

/// Whom a rule is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// Images without a tag.
    Untagged,
    /// Images that have, for each of these wildcards, a tag that fits it.
    Tagged(Vec<String>),
    /// Every image.
    Any,
}

/// How many images a rule takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// All but the newest so many.
    MoreThan(u32),
    /// Those that came this many days ago or earlier.
    OlderThan(u32),
    /// Those for which nobody had a use for this many days.
    UnusedFor(u32),
    /// Those that went to the archive this many days ago or earlier.
    ArchivedFor(u32),
}

/// What becomes of an image that a rule takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// It is deleted.
    Expire,
    /// It goes to the archive.
    Archive,
}

/// An image that a rule takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The image.
    pub digest: ImageDigest,
    /// Its tags.
    pub tags: BTreeSet<String>,
    /// When it came.
    pub pushed_at: Timestamp,
    /// The priority of the rule that takes it.
    pub priority: u32,
    /// Where it is.
    pub class: StorageClass,
    /// What becomes of it.
    pub fate: Fate,
}

/// The images that rules take, in the order of their priorities and the oldest first. An image that
/// an index leads to stays, as on AWS, until the index is gone; or may follow it into the archive.
#[must_use]
pub fn taken(rules: &[Rule], images: &[&Image], now: Timestamp) -> Vec<Taken> {
    let mut rules: Vec<&Rule> = rules.iter().collect();
    rules.sort_by_key(|rule| rule.priority);
    let mut claimed = BTreeSet::new();
    let mut taken = Vec::new();
    for rule in rules {
        let needed = rule.fate.needed(images, now);
        let mut meant: Vec<&Image> =
            images.iter().copied().filter(|image| rule.is_about(image, now)).collect();
        meant.sort_by(|a, b| b.pushed_at.cmp(&a.pushed_at).then(a.key.cmp(&b.key)));
        for image in rule.limit.of(&meant, now).into_iter().rev() {
            if !claimed.contains(&image.key.digest) && !needed.contains(&image.key.digest) {
                taken.push(rule.take(image));
            }
        }
        claimed.extend(meant.into_iter().map(|image| image.key.digest.clone()));
    }
    taken
}

/// The artifacts that follow the images they are about, which rules take, have taken or someone has
/// deleted. AWS does so within a day; an artifact that came before its image has as long.
#[must_use]
pub fn following<'a>(
    images: &[&'a Image],
    taken: &[Taken],
    now: Timestamp,
) -> Vec<(&'a ImageDigest, Fate)> {
    let present: BTreeMap<_, _> = images.iter().map(|image| (&image.key.digest, *image)).collect();
    let fates: BTreeMap<_, _> = taken.iter().map(|taken| (&taken.digest, taken.fate)).collect();
    let fate = |artifact: &Image| {
        let subject = artifact.subject.as_ref()?;
        let is_here = artifact.storage_class(now) == StorageClass::Standard;
        match (fates.get(subject), present.get(subject)) {
            (Some(fate), _) => Some(*fate),
            (None, Some(image)) if image.storage_class(now) == StorageClass::Archive => {
                is_here.then_some(Fate::Archive)
            }
            (None, Some(_)) => None,
            (None, None) => (artifact.pushed_at + DAY <= now).then_some(Fate::Expire),
        }
    };
    let free = images.iter().filter(|artifact| !fates.contains_key(&artifact.key.digest));
    free.filter_map(|artifact| Some((&artifact.key.digest, fate(artifact)?))).collect()
}

// === impl Rule ===

impl Rule {
    fn is_about(&self, image: &Image, now: Timestamp) -> bool {
        image.storage_class(now) == self.class && self.about.fits(image)
    }

    fn take(&self, image: &Image) -> Taken {
        Taken {
            digest: image.key.digest.clone(),
            tags: image.tags.clone(),
            pushed_at: image.pushed_at,
            priority: self.priority,
            class: self.class,
            fate: self.fate,
        }
    }
}

// === impl Fate ===

impl Fate {
    /// The images that an index keeps from this.
    fn needed<'a>(self, images: &[&'a Image], now: Timestamp) -> BTreeSet<&'a ImageDigest> {
        let keeps = |index: &&&Image| match self {
            Self::Expire => true,
            Self::Archive => index.storage_class(now) == StorageClass::Standard,
        };
        images.iter().filter(keeps).flat_map(|index| &index.children).collect()
    }
}

// === impl About ===

impl About {
    fn fits(&self, image: &Image) -> bool {
        match self {
            Self::Any => true,
            Self::Untagged => image.tags.is_empty(),
            Self::Tagged(patterns) => {
                let named = |pattern: &String| image.tags.iter().any(|tag| fits(pattern, tag));
                patterns.iter().all(named)
            }
        }
    }
}

// === impl Limit ===

impl Limit {
    /// Those of `images`, which come with the newest first, that are too many or too old.
    fn of<'a>(self, images: &[&'a Image], now: Timestamp) -> Vec<&'a Image> {
        match self {
            Self::MoreThan(count) => {
                images.iter().skip(usize::try_from(count).unwrap_or(usize::MAX)).copied().collect()
            }
            Self::OlderThan(days) => before(images, now, days, |image| Some(image.pushed_at)),
            Self::UnusedFor(days) => before(images, now, days, |image| Some(image.used_at())),
            Self::ArchivedFor(days) => {
                before(images, now, days, |image| image.archival.map(|archival| archival.since))
            }
        }
    }
}

/// The images for which something happened this many days ago or earlier.
fn before<'a>(
    images: &[&'a Image],
    now: Timestamp,
    days: u32,
    what: impl Fn(&Image) -> Option<Timestamp>,
) -> Vec<&'a Image> {
    let age = Span::minutes(u64::from(days) * 24 * 60);
    let old = |image: &&&Image| what(image).is_some_and(|at| at + age <= now);
    images.iter().filter(old).copied().collect()
}

#[cfg(test)]
mod tests;
