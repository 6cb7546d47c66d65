//! The files of a static site in their bucket.

use crate::client::{CallError, Client};
use api::s3::{
    DeleteObject, DeleteObjectRequest, GetObject, GetObjectRequest, ListObjectsV2,
    ListObjectsV2Request, Object, PutObject, PutObjectRequest,
};
use futures_util::{StreamExt as _, TryStreamExt as _};
use plan::site::{Delivery, Held, Upload};
use std::collections::BTreeMap;

/// How many files travel at once. More of them are not faster: a home's line is the limit.
const AT_ONCE: usize = 8;

/// Why a site's files did not get where they should.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// A file of this machine can't be read.
    #[error("can't read {path}")]
    File {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// What a bucket holds.
///
/// # Errors
/// When a call fails.
pub async fn held(client: &Client, bucket: &str) -> Result<BTreeMap<String, Held>, CallError> {
    let mut held = BTreeMap::new();
    let mut continuation_token = None;
    loop {
        let bucket = bucket.to_owned();
        let request = ListObjectsV2Request { bucket, continuation_token, ..Default::default() };
        let page = client.call::<ListObjectsV2>(request).await?;
        held.extend(page.contents.into_iter().flatten().filter_map(entry));
        continuation_token = page.next_continuation_token;
        if continuation_token.is_none() {
            return Ok(held);
        }
    }
}

fn entry(object: Object) -> Option<(String, Held)> {
    let tag = object.e_tag.unwrap_or_default().trim_matches('"').to_owned();
    let size = object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
    let modified = object.last_modified.unwrap_or_default();
    Some((object.key?, Held { tag, size, modified }))
}

/// What is in a file of a bucket.
///
/// # Errors
/// When the call fails.
pub async fn content(client: &Client, bucket: &str, path: &str) -> Result<Vec<u8>, CallError> {
    let (bucket, key) = (bucket.to_owned(), path.to_owned());
    let request = GetObjectRequest { bucket, key, ..Default::default() };
    Ok(client.call::<GetObject>(request).await?.body.unwrap_or_default())
}

/// Carries a delivery out. `read` gives the content of a path; `tell` hears of each file that
/// arrived. What is named by others arrives before what names it.
///
/// # Errors
/// When a file can't be read, or a call fails. What arrived stays: the next time it is not sent again.
pub async fn deliver(
    client: &Client,
    bucket: &str,
    delivery: &Delivery,
    read: impl AsyncFn(&str) -> Result<Vec<u8>, SiteError>,
    mut tell: impl FnMut(&Upload),
) -> Result<(), SiteError> {
    for turn in delivery.turns() {
        let sent = turn.iter().map(|upload| put(client, bucket, upload, &read));
        let mut sent = futures_util::stream::iter(sent).buffer_unordered(AT_ONCE);
        while let Some(upload) = sent.try_next().await? {
            tell(upload);
        }
    }
    for path in &delivery.removals {
        let (bucket, key) = (bucket.to_owned(), path.clone());
        let request = DeleteObjectRequest { bucket, key, ..Default::default() };
        client.call::<DeleteObject>(request).await?;
    }
    Ok(())
}

async fn put<'a>(
    client: &Client,
    bucket: &str,
    upload: &'a Upload,
    read: &impl AsyncFn(&str) -> Result<Vec<u8>, SiteError>,
) -> Result<&'a Upload, SiteError> {
    let body = read(&upload.path).await?;
    let request = PutObjectRequest {
        bucket: bucket.to_owned(),
        key: upload.path.clone(),
        body: Some(body),
        content_type: Some(upload.content_type.clone()),
        cache_control: Some(upload.cache_control.to_owned()),
        ..Default::default()
    };
    client.call::<PutObject>(request).await?;
    Ok(upload)
}
