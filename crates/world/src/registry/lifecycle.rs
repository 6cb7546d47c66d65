//! Which images expire: the rules of a lifecycle policy, and what they come to (reference §6.4).
//!
//! All rules look at all images first; then they are applied by their priority. An image is taken
//! by one rule at most, and one whose tags a rule names is out of reach of every rule after it, also
//! when that rule lets it live.

use super::{Image, fits};
use model::{ImageDigest, Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    /// The images that would expire, as they were when it was asked for.
    pub expiring: Vec<Expiry>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its priority; a lower number goes first.
    pub priority: u32,
    /// Whom it is about.
    pub about: About,
    /// How many of those expire.
    pub limit: Limit,
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

/// How many images of a rule expire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// All but the newest so many.
    MoreThan(u32),
    /// Those that came this many days ago or earlier.
    OlderThan(u32),
}

/// An image that expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// The image.
    pub digest: ImageDigest,
    /// Its tags.
    pub tags: BTreeSet<String>,
    /// When it came.
    pub pushed_at: Timestamp,
    /// The priority of the rule that takes it.
    pub priority: u32,
}

/// The images that rules take, in the order of their priorities and the oldest first. An image that
/// an index leads to stays, as on AWS, until the index is gone.
#[must_use]
pub fn expiring(rules: &[Rule], images: &[&Image], now: Timestamp) -> Vec<Expiry> {
    let needed: BTreeSet<&ImageDigest> = images.iter().flat_map(|image| &image.children).collect();
    let mut rules: Vec<&Rule> = rules.iter().collect();
    rules.sort_by_key(|rule| rule.priority);
    let mut claimed = BTreeSet::new();
    let mut expiring = Vec::new();
    for rule in rules {
        let mut meant: Vec<&Image> =
            images.iter().copied().filter(|image| rule.about.fits(image)).collect();
        meant.sort_by(|a, b| b.pushed_at.cmp(&a.pushed_at).then(a.key.cmp(&b.key)));
        let taken = rule.limit.of(&meant, now);
        for image in taken.into_iter().rev() {
            if !claimed.contains(&image.key.digest) && !needed.contains(&image.key.digest) {
                expiring.push(expiry(image, rule.priority));
            }
        }
        claimed.extend(meant.into_iter().map(|image| image.key.digest.clone()));
    }
    expiring
}

fn expiry(image: &Image, priority: u32) -> Expiry {
    let Image { key, tags, pushed_at, .. } = image;
    Expiry { digest: key.digest.clone(), tags: tags.clone(), pushed_at: *pushed_at, priority }
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
            Self::OlderThan(days) => {
                let age = Span::minutes(u64::from(days) * 24 * 60);
                let old = |image: &&&Image| image.pushed_at + age <= now;
                images.iter().filter(old).copied().collect()
            }
        }
    }
}

#[cfg(test)]
mod tests;
