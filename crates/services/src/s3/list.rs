//! Listings of a bucket's objects, and of all their versions.

use super::object::{id_of, quoted};
use super::{fault, find};
use crate::Cx;
use crate::page::{last_row, token};
use api::Fault;
use api::s3::*;
use world::object::{Content, Object as Row};
use world::{Bucket as Holder, World};

/// The most rows of a page.
const MOST: usize = 1000;
const LISTING: &str = "ListObjectsV2";

/// What is asked for.
struct Ask<'a> {
    prefix: &'a str,
    delimiter: Option<&'a str>,
    /// Rows up to this one were answered before.
    after: Option<&'a str>,
    limit: usize,
}

/// Some rows: objects, each with its versions, and what keys have in common up to a delimiter.
#[derive(Default)]
struct Rows<'a> {
    objects: Vec<Vec<&'a Row>>,
    prefixes: Vec<String>,
    /// The last row, where there are more.
    last: Option<String>,
}

/// `ListObjectsV2`.
pub(super) fn second(
    world: &World,
    _: &Cx<'_>,
    input: ListObjectsV2Request,
) -> Result<ListObjectsV2Output, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let wrong = |_| fault::invalid("The continuation token provided is incorrect");
    let token_of = input.continuation_token.as_deref();
    let after =
        token_of.map(|text| last_row::<String>(LISTING, text).map_err(wrong)).transpose()?;
    let ask = Ask {
        prefix: input.prefix.as_deref().unwrap_or_default(),
        delimiter: input.delimiter.as_deref(),
        after: after.as_deref().or(input.start_after.as_deref()),
        limit: limit(input.max_keys)?,
    };
    let rows = rows(world, bucket, &ask, Which::Current);
    let written = Written::of(input.encoding_type.as_deref());
    let count = rows.objects.len() + rows.prefixes.len();
    Ok(ListObjectsV2Output {
        is_truncated: Some(rows.last.is_some()),
        key_count: i32::try_from(count).ok(),
        max_keys: i32::try_from(ask.limit).ok(),
        contents: Some(contents(&rows, written)),
        common_prefixes: Some(prefixes(&rows, written)),
        next_continuation_token: rows.last.as_ref().map(|last| token(LISTING, last)),
        name: Some(input.bucket),
        prefix: Some(written.text(ask.prefix)),
        delimiter: input.delimiter.as_deref().map(|text| written.text(text)),
        start_after: input.start_after.as_deref().map(|text| written.text(text)),
        continuation_token: input.continuation_token,
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}

/// `ListObjects`.
pub(super) fn first(
    world: &World,
    _: &Cx<'_>,
    input: ListObjectsRequest,
) -> Result<ListObjectsOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let ask = Ask {
        prefix: input.prefix.as_deref().unwrap_or_default(),
        delimiter: input.delimiter.as_deref(),
        after: input.marker.as_deref(),
        limit: limit(input.max_keys)?,
    };
    let rows = rows(world, bucket, &ask, Which::Current);
    let written = Written::of(input.encoding_type.as_deref());
    // Without a delimiter the last key is the marker, which everybody can see.
    let next = rows.last.as_deref().filter(|_| ask.delimiter.is_some());
    Ok(ListObjectsOutput {
        is_truncated: Some(rows.last.is_some()),
        next_marker: next.map(|last| written.text(last)),
        max_keys: i32::try_from(ask.limit).ok(),
        contents: Some(contents(&rows, written)),
        common_prefixes: Some(prefixes(&rows, written)),
        name: Some(input.bucket),
        prefix: Some(written.text(ask.prefix)),
        marker: Some(written.text(ask.after.unwrap_or_default())),
        delimiter: input.delimiter.as_deref().map(|text| written.text(text)),
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}

/// `ListObjectVersions`. A page ends with all versions of a key.
pub(super) fn versions(
    world: &World,
    _: &Cx<'_>,
    input: ListObjectVersionsRequest,
) -> Result<ListObjectVersionsOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let ask = Ask {
        prefix: input.prefix.as_deref().unwrap_or_default(),
        delimiter: input.delimiter.as_deref(),
        after: input.key_marker.as_deref(),
        limit: limit(input.max_keys)?,
    };
    let rows = rows(world, bucket, &ask, Which::All);
    let written = Written::of(input.encoding_type.as_deref());
    let (mut kept, mut markers) = (Vec::new(), Vec::new());
    for versions in &rows.objects {
        for (at, row) in versions.iter().rev().enumerate() {
            let is_latest = Some(at == 0);
            match &row.content {
                Some(content) => {
                    kept.push(ObjectVersion { is_latest, ..version((row, content), written) });
                }
                None => markers.push(DeleteMarkerEntry { is_latest, ..marker(row, written) }),
            }
        }
    }
    Ok(ListObjectVersionsOutput {
        is_truncated: Some(rows.last.is_some()),
        versions: Some(kept),
        delete_markers: Some(markers),
        common_prefixes: Some(prefixes(&rows, written)),
        next_key_marker: rows.last.as_deref().map(|last| written.text(last)),
        max_keys: i32::try_from(ask.limit).ok(),
        name: Some(input.bucket),
        prefix: Some(written.text(ask.prefix)),
        key_marker: Some(written.text(ask.after.unwrap_or_default())),
        delimiter: input.delimiter.as_deref().map(|text| written.text(text)),
        encoding_type: input.encoding_type,
        ..Default::default()
    })
}

/// Which versions of an object are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// The current one, unless the object is deleted.
    Current,
    /// All.
    All,
}

fn rows<'a>(world: &'a World, bucket: &'a Holder, ask: &Ask<'_>, which: Which) -> Rows<'a> {
    let mut rows = Rows::default();
    let start = ask.after.unwrap_or_default().max(ask.prefix);
    let mut open = world.objects_from(&bucket.name, start).peekable();
    let mut last = None;
    while let Some(row) = open.next() {
        let mut versions = vec![row];
        let name = row.key.name.as_str();
        while let Some(next) = open.next_if(|next| next.key.name == name) {
            versions.push(next);
        }
        if !name.starts_with(ask.prefix) {
            break;
        }
        let deleted = versions.last().is_some_and(|row| row.content.is_none());
        let prefix = ask.delimiter.and_then(|delimiter| common(name, ask.prefix, delimiter));
        let shown = prefix.unwrap_or(name);
        let answered = ask.after.is_some_and(|after| shown <= after);
        if answered || last == Some(shown) || (deleted && which == Which::Current) {
            continue;
        }
        if rows.objects.len() + rows.prefixes.len() == ask.limit {
            rows.last = last.map(str::to_owned);
            break;
        }
        last = Some(shown);
        match prefix {
            Some(prefix) => rows.prefixes.push(prefix.to_owned()),
            None => rows.objects.push(versions),
        }
    }
    rows
}

/// A key up to the first delimiter after the prefix, if there is one.
fn common<'n>(name: &'n str, prefix: &str, delimiter: &str) -> Option<&'n str> {
    let at = name[prefix.len()..].find(delimiter).filter(|_| !delimiter.is_empty())?;
    Some(&name[..prefix.len() + at + delimiter.len()])
}

fn limit(asked: Option<i32>) -> Result<usize, Fault> {
    let asked = asked.map_or(Ok(MOST), usize::try_from);
    let asked = asked.map_err(|_| {
        fault::invalid("Argument maxKeys must be an integer between 0 and 2147483647")
    })?;
    Ok(asked.min(MOST))
}

/// How keys are written: as they are, or percent-encoded, since XML can't hold every character.
#[derive(Clone, Copy)]
enum Written {
    Plain,
    Encoded,
}

impl Written {
    fn of(encoding: Option<&str>) -> Self {
        if encoding == Some("url") { Self::Encoded } else { Self::Plain }
    }

    fn text(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Encoded => text.bytes().map(encoded).collect(),
        }
    }
}

fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._*/".contains(&byte) {
        return char::from(byte).to_string();
    }
    format!("%{byte:02X}")
}

fn contents(rows: &Rows<'_>, written: Written) -> Vec<Object> {
    let current = rows.objects.iter().filter_map(|versions| versions.last());
    let kept = current.filter_map(|row| Some((row, row.content.as_ref()?)));
    kept.map(|(row, content)| Object {
        key: Some(written.text(&row.key.name)),
        last_modified: Some(row.at),
        e_tag: Some(quoted(&content.etag)),
        size: i64::try_from(content.size()).ok(),
        storage_class: Some(class(content)),
        ..Default::default()
    })
    .collect()
}

fn prefixes(rows: &Rows<'_>, written: Written) -> Vec<CommonPrefix> {
    rows.prefixes.iter().map(|text| CommonPrefix { prefix: Some(written.text(text)) }).collect()
}

fn version((row, content): (&Row, &Content), written: Written) -> ObjectVersion {
    ObjectVersion {
        e_tag: Some(quoted(&content.etag)),
        size: i64::try_from(content.size()).ok(),
        storage_class: Some(class(content)),
        key: Some(written.text(&row.key.name)),
        version_id: Some(id_of(row).to_owned()),
        is_latest: Some(false),
        last_modified: Some(row.at),
        ..Default::default()
    }
}

fn marker(row: &Row, written: Written) -> DeleteMarkerEntry {
    DeleteMarkerEntry {
        key: Some(written.text(&row.key.name)),
        version_id: Some(id_of(row).to_owned()),
        is_latest: Some(false),
        last_modified: Some(row.at),
        owner: None,
    }
}

fn class(content: &Content) -> String {
    content.about.headers.get("StorageClass").cloned().unwrap_or_else(|| "STANDARD".to_owned())
}
