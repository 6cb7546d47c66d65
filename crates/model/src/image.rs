//! Image references.

use std::fmt;
use std::str::FromStr;

/// A container image's name: a repository and which of its images.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageRef {
    /// Registry and path, as written: `node`, `000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop`.
    pub repository: String,
    /// Tag or digest.
    pub at: At,
}

/// Which image of a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// A name that can move; `latest` when nothing was written.
    Tag(String),
    /// `sha256:` and 64 hexadecimal digits: this image and no other.
    Digest(String),
}

/// Why a text is no image reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseImageRefError {
    /// Nothing before the tag or digest.
    NoRepository,
    /// A digest that is not `sha256:` and 64 hexadecimal digits.
    BadDigest,
    /// A tag outside `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`.
    BadTag,
    /// A character that no repository name has.
    BadCharacter(char),
}

// === impl ImageRef ===

impl ImageRef {
    /// The reference with its digest in place of a tag.
    #[must_use]
    pub fn pinned(&self, digest: &str) -> Self {
        Self { repository: self.repository.clone(), at: At::Digest(digest.to_owned()) }
    }
}

impl FromStr for ImageRef {
    type Err = ParseImageRefError;

    fn from_str(text: &str) -> Result<Self, ParseImageRefError> {
        let (repository, at) = match text.split_once('@') {
            // `name:tag@sha256:…` names the digest; the tag is decoration.
            Some((name, digest)) => (split_tag(name).0, At::Digest(parse_digest(digest)?)),
            None => match split_tag(text) {
                (name, Some(tag)) => (name, At::Tag(parse_tag(tag)?)),
                (name, None) => (name, At::Tag("latest".to_owned())),
            },
        };
        if repository.is_empty() {
            return Err(ParseImageRefError::NoRepository);
        }
        let known = |c: &char| c.is_ascii_alphanumeric() || "-_.:/#".contains(*c);
        match repository.chars().find(|c| !known(c)) {
            Some(other) => Err(ParseImageRefError::BadCharacter(other)),
            None => Ok(Self { repository: repository.to_owned(), at }),
        }
    }
}

/// A colon after the last slash starts a tag; one before it belongs to a registry's port.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    let path = text.rfind('/').map_or(0, |slash| slash + 1);
    match text[path..].rfind(':') {
        Some(colon) => (&text[..path + colon], Some(&text[path + colon + 1..])),
        None => (text, None),
    }
}

fn parse_digest(text: &str) -> Result<String, ParseImageRefError> {
    let hex = text.strip_prefix("sha256:").ok_or(ParseImageRefError::BadDigest)?;
    if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        Ok(text.to_owned())
    } else {
        Err(ParseImageRefError::BadDigest)
    }
}

fn parse_tag(tag: &str) -> Result<String, ParseImageRefError> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts = tag.chars().next().is_some_and(word);
    if starts && tag.len() <= 128 && tag.chars().all(|c| word(c) || c == '.' || c == '-') {
        Ok(tag.to_owned())
    } else {
        Err(ParseImageRefError::BadTag)
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            At::Tag(tag) => write!(f, "{}:{tag}", self.repository),
            At::Digest(digest) => write!(f, "{}@{digest}", self.repository),
        }
    }
}

impl fmt::Display for ParseImageRefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRepository => f.write_str("the image has no repository name"),
            Self::BadDigest => f.write_str("a digest is `sha256:` and 64 hexadecimal digits"),
            Self::BadTag => {
                f.write_str("a tag has up to 128 letters, digits, `_`, `.` and `-`, and starts with a letter, digit or `_`")
            }
            Self::BadCharacter(c) => write!(f, "an image name can't have the character `{c}`"),
        }
    }
}

impl std::error::Error for ParseImageRefError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, ParseImageRefError>) {
        let parsed = text.parse::<ImageRef>().map(|image| image.to_string());
        assert_eq!(parsed, expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn references_are_read_as_docker_reads_them() {
        let digest = format!("sha256:{}", "a".repeat(64));
        check("node", Ok("node:latest"));
        check("node:22-alpine", Ok("node:22-alpine"));
        check("localhost:5000/shop", Ok("localhost:5000/shop:latest"));
        check("localhost:5000/shop:1.2", Ok("localhost:5000/shop:1.2"));
        check(&format!("shop@{digest}"), Ok(&format!("shop@{digest}")));
        check(&format!("shop:1.2@{digest}"), Ok(&format!("shop@{digest}")));
    }

    #[test]
    fn what_is_no_reference_says_why() {
        check("", Err(ParseImageRefError::NoRepository));
        check(":tag", Err(ParseImageRefError::NoRepository));
        check("shop@sha256:12", Err(ParseImageRefError::BadDigest));
        check("shop:", Err(ParseImageRefError::BadTag));
        check("sh op", Err(ParseImageRefError::BadCharacter(' ')));
    }
}
