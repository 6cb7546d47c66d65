//! Objects of S3's buckets: which there are. Their bytes lie outside the World, by digest.

use crate::{Held, World};
use model::{BucketName, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which version of which object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectKey {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub name: String,
    /// Rises with each version: the last one is the current one.
    pub number: u64,
}

/// A version of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// Which one.
    pub key: ObjectKey,
    /// Its version's id; none of one that was written while the bucket kept no versions.
    pub version: Option<String>,
    /// When it was written.
    pub at: Timestamp,
    /// What was written; nothing where the object was deleted.
    pub content: Option<Content>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The bytes, in order.
    pub pieces: Vec<Piece>,
    /// The entity tag, without quotes.
    pub etag: String,
    /// What is said of the bytes.
    pub about: About,
}

/// What a client says of an object's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// Headers of answers, by the API's names of their members.
    pub headers: BTreeMap<String, String>,
    /// Metadata of the client's own.
    pub metadata: BTreeMap<String, String>,
}

/// Bytes that lie together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Their digest, `sha256:` and 64 digits, under which they are found.
    pub digest: String,
    /// How many they are.
    pub size: u64,
}

/// An object that comes in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectUpload {
    /// Which one.
    pub key: ObjectUploadKey,
    /// When it began.
    pub at: Timestamp,
    /// What is said of the object.
    pub about: About,
    /// The parts that have come.
    pub parts: BTreeMap<u32, Part>,
}

/// Which upload.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectUploadKey {
    /// The bucket.
    pub bucket: BucketName,
    /// The key of the object that it becomes.
    pub name: String,
    /// Its id.
    pub id: String,
}

/// A part of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its bytes.
    pub piece: Piece,
    /// Their MD5, in hexadecimal digits.
    pub md5: String,
    /// When it came.
    pub at: Timestamp,
}

impl Held for Object {
    type Key = ObjectKey;

    fn key(&self) -> ObjectKey {
        self.key.clone()
    }
}

impl Held for ObjectUpload {
    type Key = ObjectUploadKey;

    fn key(&self) -> ObjectUploadKey {
        self.key.clone()
    }
}

// === impl Content ===

impl Content {
    /// How many bytes it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.size).sum()
    }
}

// === impl World ===

impl World {
    /// The versions of a bucket's objects from a key on, by key and rising.
    pub fn objects_from<'a>(
        &'a self,
        bucket: &'a BucketName,
        name: &str,
    ) -> impl Iterator<Item = &'a Object> {
        let first = ObjectKey { bucket: bucket.clone(), name: name.to_owned(), number: 0 };
        self.objects.range(first..).take_while(move |object| object.key.bucket == *bucket)
    }

    /// The versions of one object, rising.
    pub fn versions_of<'a>(
        &'a self,
        bucket: &BucketName,
        name: &str,
    ) -> impl DoubleEndedIterator<Item = &'a Object> {
        let key = |number| ObjectKey { bucket: bucket.clone(), name: name.to_owned(), number };
        self.objects.range(key(0)..=key(u64::MAX))
    }

    /// The uploads to a bucket.
    pub fn object_uploads_of<'a>(
        &'a self,
        bucket: &'a BucketName,
    ) -> impl Iterator<Item = &'a ObjectUpload> {
        let (name, id) = (String::new(), String::new());
        let first = ObjectUploadKey { bucket: bucket.clone(), name, id };
        self.object_uploads.range(first..).take_while(move |held| held.key.bucket == *bucket)
    }

    /// The digests of all bytes of objects, and of parts of such.
    pub fn object_digests(&self) -> impl Iterator<Item = &str> {
        let contents = self.objects.iter().filter_map(|object| object.content.as_ref());
        let whole = contents.flat_map(|content| &content.pieces);
        let parts = self.object_uploads.iter().flat_map(|upload| upload.parts.values());
        whole.chain(parts.map(|part| &part.piece)).map(|piece| piece.digest.as_str())
    }
}
