//! Container images: repositories, the images in them, and the layers that repositories hold.
//!
//! An image's manifest is here; the bytes of layers are not. A layer can be asked for in a
//! repository that has a row for it, and there is a row only once the bytes are stored whole: so a
//! broken upload is never visible, and a layer that several repositories hold is stored once.

pub mod archive;
pub mod lifecycle;

use crate::{Held, Tags, World};
use archive::Archival;
use lifecycle::{Lifecycle, Preview};
use model::{ImageDigest, RepositoryName, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A repository of images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// Its name, unique in the registry.
    pub name: RepositoryName,
    /// When it was made.
    pub created_at: Timestamp,
    /// Which tags may move.
    pub mutability: Mutability,
    /// Whether images are to be scanned when they come. Nothing scans here.
    pub scan_on_push: bool,
    /// How it is encrypted, as the client said.
    pub encryption: Encryption,
    /// Who may use it, as the client said.
    pub policy: Option<String>,
    /// Which of its images expire.
    pub lifecycle: Option<Lifecycle>,
    /// What a lifecycle policy would do.
    pub preview: Option<Preview>,
    /// Tags of the repository itself.
    pub tags: Tags,
}

/// Which tags of a repository may move to another image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mutability {
    /// What holds for tags that no filter names.
    pub rule: TagRule,
    /// Wildcards of tags for which the opposite holds.
    pub except: Vec<String>,
}

/// Whether a tag may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TagRule {
    /// It may.
    Mutable,
    /// It stays with its image.
    Immutable,
}

/// How a repository is encrypted: kept and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// `AES256`, `KMS` or `KMS_DSSE`.
    pub kind: String,
    /// The key, for the latter two.
    pub key: Option<String>,
}

/// An image's manifest in a repository, or an index of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it is.
    pub key: ImageKey,
    /// The manifest's media type.
    pub media_type: String,
    /// What it says that it holds, or the kind of its configuration; an index may say nothing.
    pub artifact_type: Option<String>,
    /// The manifest, byte for byte: its digest is the image's.
    pub manifest: String,
    /// The blobs that it is made of, its configuration first.
    pub layers: Vec<ImageDigest>,
    /// How many bytes they have; of an index, its largest image's.
    pub size: u64,
    /// The images that an index leads to.
    pub children: Vec<ImageDigest>,
    /// The image that this one is about: a signature's, say.
    pub subject: Option<ImageDigest>,
    /// Its tags.
    pub tags: BTreeSet<String>,
    /// When it came.
    pub pushed_at: Timestamp,
    /// When it was last pulled, as far as that was noted.
    pub pulled_at: Option<Timestamp>,
    /// When a scan of it was last asked for.
    pub scanned_at: Option<Timestamp>,
    /// Whether it is in the archive, or was.
    pub archival: Option<Archival>,
}

/// An image's repository and digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImageKey {
    /// The repository.
    pub repository: RepositoryName,
    /// The digest of its manifest.
    pub digest: ImageDigest,
}

/// A blob that a repository holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Which one, where.
    pub key: LayerKey,
    /// Its length in bytes.
    pub size: u64,
    /// When it came.
    pub arrived_at: Timestamp,
}

/// A layer's repository and digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LayerKey {
    /// The repository.
    pub repository: RepositoryName,
    /// The digest of its bytes.
    pub digest: ImageDigest,
}

// === impl Mutability ===

impl Mutability {
    /// AWS's default: every tag may move.
    #[must_use]
    pub fn mutable() -> Self {
        Self { rule: TagRule::Mutable, except: Vec::new() }
    }

    /// Whether a tag stays with the image that it was first given to.
    #[must_use]
    pub fn locks(&self, tag: &str) -> bool {
        let excepted = self.except.iter().any(|pattern| fits(pattern, tag));
        (self.rule == TagRule::Immutable) != excepted
    }
}

/// Whether a text fits a pattern in which `*` stands for any characters, also for none.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

// === impl Held ===

impl Held for Repository {
    type Key = RepositoryName;

    fn key(&self) -> RepositoryName {
        self.name.clone()
    }
}

impl Held for Image {
    type Key = ImageKey;

    fn key(&self) -> ImageKey {
        self.key.clone()
    }
}

impl Held for Layer {
    type Key = LayerKey;

    fn key(&self) -> LayerKey {
        self.key.clone()
    }
}

// === impl World ===

impl World {
    /// The images of a repository, in no order that means anything.
    pub fn images_of<'a>(
        &'a self,
        repository: &'a RepositoryName,
    ) -> impl Iterator<Item = &'a Image> {
        let first = ImageKey { repository: repository.clone(), digest: "".into() };
        self.images.range(first..).take_while(move |image| image.key.repository == *repository)
    }

    /// The image that has a tag.
    #[must_use]
    pub fn image_tagged(&self, repository: &RepositoryName, tag: &str) -> Option<&Image> {
        let first = ImageKey { repository: repository.clone(), digest: "".into() };
        let rest = self.images.range(first..);
        let mut images = rest.take_while(|image| image.key.repository == *repository);
        images.find(|image| image.tags.contains(tag))
    }

    /// The blobs that a repository holds.
    pub fn layers_of<'a>(
        &'a self,
        repository: &'a RepositoryName,
    ) -> impl Iterator<Item = &'a Layer> {
        let first = LayerKey { repository: repository.clone(), digest: "".into() };
        self.layers.range(first..).take_while(move |layer| layer.key.repository == *repository)
    }

    /// The images of a repository that are about another one, which need not be there.
    pub fn referrers_of<'a>(&'a self, subject: &'a ImageKey) -> impl Iterator<Item = &'a Image> {
        self.images_of(&subject.repository)
            .filter(move |image| image.subject.as_ref() == Some(&subject.digest))
    }

    /// The indexes of a repository that lead to an image.
    pub fn indexes_with<'a>(&'a self, image: &'a ImageKey) -> impl Iterator<Item = &'a Image> {
        self.images_of(&image.repository)
            .filter(move |index| index.children.contains(&image.digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text, expected) in [
            ("v1", "v1", true),
            ("v1", "v10", false),
            ("v*", "v", true),
            ("*-dev", "a-dev", true),
            ("*-dev", "dev", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*ba", "aba", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_filter_turns_the_rule_around() {
        let except = vec!["dev-*".to_owned()];
        for (rule, tag, locked) in [
            (TagRule::Mutable, "v1", false),
            (TagRule::Mutable, "dev-1", true),
            (TagRule::Immutable, "v1", true),
            (TagRule::Immutable, "dev-1", false),
        ] {
            let mutability = Mutability { rule, except: except.clone() };
            assert_eq!(mutability.locks(tag), locked, "{rule:?} {tag}");
        }
    }
}
