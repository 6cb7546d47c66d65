//! Objects: written, found, copied and deleted, with the versions that their bucket keeps.

pub(super) mod copy;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod put;

use super::fault;
use api::{Fault, Record, Value};
use model::{BucketName, Ids, Timestamp};
use world::bucket::Versioning;
use world::object::{About, Content, Object, ObjectKey};
use world::{Bucket, Draft, RowKey, World};

/// S3's word for the version of what was written while none were kept.
pub(super) const NULL: &str = "null";
/// The most bytes of a key.
const LONGEST: usize = 1024;
/// Members that are headers of answers, which S3 gives back as they came.
const HEADERS: [&str; 7] = [
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Expires",
    "StorageClass",
];

/// Refuses what a request has besides members that the region knows.
pub(super) fn only<R: Record + Clone>(input: &R, known: &[&str]) -> Result<(), Fault> {
    let Value::Structure(fields) = input.clone().into_value() else { return Ok(()) };
    let named = R::SHAPE.members.iter().zip(fields).filter(|(_, value)| *value != Value::Absent);
    let mut others = named.filter(|(member, _)| {
        // Nobody pays.
        let taken = HEADERS.contains(&member.name) || member.name == "RequestPayer";
        !taken && !known.contains(&member.name)
    });
    match others.next() {
        Some((member, _)) => Err(fault::not_implemented(member.name)),
        None => Ok(()),
    }
}

/// What a request says of an object's bytes.
pub(super) fn about<R: Record + Clone>(input: &R) -> About {
    let mut about = About::default();
    let Value::Structure(fields) = input.clone().into_value() else { return about };
    for (member, value) in R::SHAPE.members.iter().zip(fields) {
        match value {
            Value::String(text) if HEADERS.contains(&member.name) => {
                about.headers.insert(member.name.to_owned(), text);
            }
            Value::Map(entries) if member.name == "Metadata" => {
                let text = |(key, value)| match value {
                    Value::String(text) => Some((key, text)),
                    _ => None,
                };
                about.metadata = entries.into_iter().filter_map(text).collect();
            }
            _ => {}
        }
    }
    // The way in which the bytes came, which is nothing about them.
    let coding = about.headers.remove("ContentEncoding").unwrap_or_default();
    let codings = coding.split(',').map(str::trim).filter(|it| !["", "aws-chunked"].contains(it));
    let left = codings.collect::<Vec<_>>().join(",");
    if !left.is_empty() {
        about.headers.insert("ContentEncoding".to_owned(), left);
    }
    about
}

/// The current version of an object, a deletion too.
pub(super) fn current<'a>(world: &'a World, bucket: &BucketName, name: &str) -> Option<&'a Object> {
    world.versions_of(bucket, name).next_back()
}

/// A version of an object: the one with an id, else the current one.
pub(super) fn version<'a>(
    world: &'a World,
    bucket: &BucketName,
    (name, id): (&str, Option<&str>),
) -> Result<(&'a Object, &'a Content), Fault> {
    let Some(id) = id else {
        let found = current(world, bucket, name);
        let content = found.and_then(|object| Some((object, object.content.as_ref()?)));
        return content.ok_or_else(|| fault::no_key(name));
    };
    let found = world.versions_of(bucket, name).find(|object| id_of(object) == id);
    let object = found.ok_or_else(|| fault::no_version(name, id))?;
    let content = object.content.as_ref().ok_or_else(fault::is_marker)?;
    Ok((object, content))
}

/// A version's id as S3 shows it.
pub(super) fn id_of(object: &Object) -> &str {
    object.version.as_deref().unwrap_or(NULL)
}

/// The id that answers carry: none where the bucket never kept versions.
pub(super) fn shown_id(bucket: &Bucket, object: &Object) -> Option<String> {
    (bucket.versioning != Versioning::Never).then(|| id_of(object).to_owned())
}

/// Writes a version, or that the object is deleted, as the bucket keeps versions.
pub(super) fn write(
    draft: &mut Draft,
    (bucket, name): (&Bucket, &str),
    (content, at): (Option<Content>, Timestamp),
    ids: &mut Ids,
) -> Object {
    let last = current(draft, &bucket.name, name).map_or(0, |object| object.key.number);
    let version = match bucket.versioning {
        Versioning::Enabled => Some(ids.word(32)),
        Versioning::Never | Versioning::Suspended => {
            // There is one such version at most.
            forget(draft, &bucket.name, (name, NULL));
            None
        }
    };
    let key = ObjectKey { bucket: bucket.name.clone(), name: name.to_owned(), number: last + 1 };
    let object = Object { key, version, at, content };
    draft.put(object.clone());
    object
}

/// Removes a version for good; answers it.
pub(super) fn forget(
    draft: &mut Draft,
    bucket: &BucketName,
    (name, id): (&str, &str),
) -> Option<Object> {
    let found = draft.versions_of(bucket, name).find(|object| id_of(object) == id).cloned()?;
    draft.remove(RowKey::Object(found.key.clone()));
    Some(found)
}

/// Refuses what can't be a key.
pub(super) fn check_key(name: &str) -> Result<(), Fault> {
    if name.len() > LONGEST { Err(fault::long_key(LONGEST, name.len())) } else { Ok(()) }
}

/// Refuses a write whose conditions do not hold.
pub(super) fn check_write(
    held: Option<&Object>,
    if_match: Option<&str>,
    if_none_match: Option<&str>,
    name: &str,
) -> Result<(), Fault> {
    let content = held.and_then(|object| object.content.as_ref());
    match (if_none_match, content) {
        (Some("*"), Some(_)) => return Err(fault::precondition("If-None-Match")),
        (Some(other), _) if other != "*" => {
            return Err(fault::not_implemented("If-None-Match with an entity tag"));
        }
        _ => {}
    }
    match (if_match, content) {
        (Some(_), None) => Err(fault::no_key(name)),
        (Some(tag), Some(content)) if !is_tag(tag, &content.etag) => {
            Err(fault::precondition("If-Match"))
        }
        _ => Ok(()),
    }
}

/// Whether a header's tags, with quotes or without, have this one.
pub(super) fn is_tag(header: &str, etag: &str) -> bool {
    let own = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"') == etag;
    header.trim() == "*" || header.split(',').any(own)
}

/// A tag as headers and documents have it.
pub(super) fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}
