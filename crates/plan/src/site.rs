//! The files of a static site: which are uploaded, which are removed, and how long browsers may keep
//! each.
//!
//! Files whose names have a hash of their content never change, so they come first and stay when a
//! new version has them no more: who opened the old page before still asks for them. All others are
//! asked for anew each time.

mod caching;
mod contents;

use crate::digest;
use model::{Span, Timestamp};
use std::collections::BTreeMap;

/// How long a file with a hash in its name stays after it was uploaded, once no version has it. That
/// is how long browsers may keep it.
const KEPT: Span = Span::seconds(31_536_000);

/// How many files are shown of a delivery.
const SHOWN: usize = 20;

/// The files of a site, by their paths with `/` between the parts.
pub type Files = BTreeMap<String, File>;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// Its size in bytes.
    pub size: u64,
    /// The MD5 digest of its content in lower-case hexadecimal digits: what S3 calls its entity tag.
    pub digest: String,
}

/// A file as a bucket holds it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// Its entity tag, without quotes.
    pub tag: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was uploaded.
    pub modified: Timestamp,
}

/// What there is to do about the files of a site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// What is uploaded, in this order: a page comes after what it names.
    pub uploads: Vec<Upload>,
    /// What is removed after that.
    pub removals: Vec<String>,
    /// How many files there are.
    pub files: usize,
    /// Their digest.
    pub digest: String,
}

/// A file that is uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its path.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is, as `Content-Type` says it.
    pub content_type: String,
    /// How long it may be kept, as `Cache-Control` says it.
    pub cache_control: &'static str,
}

// === impl Delivery ===

impl Delivery {
    /// From what a bucket holds to the files of a version.
    #[must_use]
    pub fn of(files: &Files, held: &BTreeMap<String, Held>, now: Timestamp) -> Self {
        let same =
            |path: &String, file: &File| held.get(path).is_some_and(|it| it.tag == file.digest);
        let changed = files.iter().filter(|(path, file)| !same(path, file));
        let mut uploads: Vec<Upload> = changed.map(|(path, file)| upload(path, file)).collect();
        uploads.sort_by_key(|it| caching::turn(&it.path));
        let gone = held.iter().filter(|(path, _)| !files.contains_key(*path));
        let outlived =
            |path: &str, held: &Held| !caching::is_immutable(path) || held.modified + KEPT < now;
        let removals = gone.filter(|(path, held)| outlived(path, held));
        Self {
            uploads,
            removals: removals.map(|(path, _)| path.clone()).collect(),
            files: files.len(),
            digest: digest_of(files),
        }
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.uploads.is_empty() && self.removals.is_empty()
    }

    /// What is uploaded, a list for each turn: all of one arrives before anything of the next begins.
    pub fn turns(&self) -> impl Iterator<Item = &[Upload]> {
        self.uploads.chunk_by(|one, next| caching::turn(&one.path) == caching::turn(&next.path))
    }

    /// How many bytes are uploaded.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.uploads.iter().map(|it| it.size).sum()
    }

    /// It in words, under the name of its service. The files' digest is among them: a plan that is
    /// kept is for these and no others.
    #[must_use]
    pub fn line(&self, service: &str) -> Option<String> {
        if self.is_nothing() {
            return None;
        }
        let (uploads, files) = (self.uploads.len(), self.files);
        let removed = match self.removals.len() {
            0 => String::new(),
            count => format!(", remove {count}"),
        };
        let version = self.digest.get(..12).unwrap_or_default();
        Some(format!(
            "upload {uploads} of {files} files of {service}, {}{removed} (version {version})",
            size(self.bytes())
        ))
    }

    /// Which files, with what browsers are told of them: the first ones, where there are many.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        let uploads = self
            .uploads
            .iter()
            .map(|it| format!("{}: {}, {}", it.path, it.content_type, it.cache_control));
        let removals = self.removals.iter().map(|path| format!("{path}: removed"));
        let mut lines: Vec<String> = removals.chain(uploads).collect();
        let more = lines.len().saturating_sub(SHOWN);
        if more > 0 {
            lines.truncate(SHOWN);
            lines.push(format!("and {more} more"));
        }
        lines
    }
}

fn upload(path: &str, file: &File) -> Upload {
    Upload {
        path: path.to_owned(),
        size: file.size,
        content_type: contents::content_type(path),
        cache_control: caching::cache_control(path),
    }
}

/// A number of bytes in words. As S3's prices count: 1 KB is 1,000 bytes.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

fn digest_of(files: &Files) -> String {
    let texts = files.iter().flat_map(|(path, file)| [path.as_str(), file.digest.as_str()]);
    digest::of_texts(&texts.collect::<Vec<_>>())
}

/// Why a folder is no finished site; `None` when it is one. Sources and secrets are not for everybody
/// to read.
#[must_use]
pub fn flaw(site: &manifest::StaticSite, files: &Files) -> Option<String> {
    let private = |path: &&String| path.split('/').any(is_private);
    if let Some(path) = files.keys().find(private) {
        return Some(format!("`{path}` is in it, which is not for everybody to read"));
    }
    let pages = [Some(&site.index), site.fallback.as_ref()].into_iter().flatten();
    // An index is one of each folder; the first one is the site's.
    let missing = pages.into_iter().find(|page| !files.contains_key(*page))?;
    Some(format!("there is no `{missing}` in it"))
}

/// Whether a file or folder of this name is source or secret.
fn is_private(part: &str) -> bool {
    [".git", ".npmrc", ".aws", ".ssh", "node_modules"].contains(&part)
        || part == ".env"
        || part.starts_with(".env.")
}

#[cfg(test)]
mod tests;
