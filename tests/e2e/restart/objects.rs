//! Objects while their region is killed: what was acknowledged is there, byte for byte, and of what
//! was on its way there is all or nothing.

use crate::stage::{Driver, PATIENCE, Region, eventually};
use api::Service::S3;
use api::s3::{
    DeleteObject, DeleteObjectRequest, GetObject, GetObjectRequest, ListObjectsV2,
    ListObjectsV2Request, PutObject, PutObjectRequest,
};
use apply::Client;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// How often the region is killed.
const KILLS: usize = 5;

/// How many write at the same time.
const WRITERS: usize = 3;

/// How many calls are acknowledged before it is killed.
const ACKNOWLEDGED: usize = 40;

const BUCKET: &str = "crashes";

/// What is known of objects, by their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// It was acknowledged.
    Kept,
    /// Its removal was.
    Gone,
    /// The answer to the last call never came.
    Open,
}

type Notes = Arc<Mutex<BTreeMap<String, Known>>>;

#[tokio::test]
async fn no_acknowledged_object_is_lost_and_none_is_half_there() {
    let mut region = Region::start(Driver::Process).await;
    region.call(S3, "CreateBucket", json!({ "Bucket": BUCKET })).await;
    let notes = Notes::default();
    for round in 0..KILLS {
        let settled = settled(&notes);
        let writers = (0..WRITERS).map(|writer| {
            let client = region.client_of("us-east-1", "test", "test", None);
            tokio::spawn(write(client, Arc::clone(&notes), format!("{round}-{writer}")))
        });
        let writers: Vec<_> = writers.collect();
        eventually("the writers are at it", PATIENCE, async || {
            (self::settled(&notes) >= settled + ACKNOWLEDGED).then_some(())
        })
        .await;
        region.kill().await;
        for writer in writers {
            writer.await.unwrap();
        }
        region = region.start_again().await;
        holds(&region, &notes).await;
    }
}

/// How many calls were acknowledged.
fn settled(notes: &Notes) -> usize {
    notes.lock().unwrap().values().filter(|known| **known != Known::Open).count()
}

/// What an object has in it: its key says it. Sizes go from nothing to what takes many writes.
fn content(key: &str) -> Vec<u8> {
    let turn = key.bytes().fold(7_usize, |sum, byte| sum * 31 % 1_000_003 + usize::from(byte));
    key.bytes().cycle().take(turn % 150_000).collect()
}

/// Writes objects and removes some, until the region is away.
async fn write(client: Client, notes: Notes, name: String) {
    for at in 0_usize.. {
        let key = format!("{name}-{at}");
        let put = PutObjectRequest {
            bucket: BUCKET.to_owned(),
            key: key.clone(),
            body: Some(content(&key)),
            ..Default::default()
        };
        notes.lock().unwrap().insert(key.clone(), Known::Open);
        if client.call::<PutObject>(put).await.is_err() {
            return;
        }
        notes.lock().unwrap().insert(key.clone(), Known::Kept);
        if at % 4 == 3 {
            let (bucket, removed) = (BUCKET.to_owned(), key.clone());
            let delete = DeleteObjectRequest { bucket, key: removed, ..Default::default() };
            notes.lock().unwrap().insert(key.clone(), Known::Open);
            if client.call::<DeleteObject>(delete).await.is_err() {
                return;
            }
            notes.lock().unwrap().insert(key, Known::Gone);
        }
    }
}

/// Holds what a region has against what is known.
async fn holds(region: &Region, notes: &Notes) {
    let client = region.client_of("us-east-1", "test", "test", None);
    let there = keys(&client).await;
    let known = notes.lock().unwrap().clone();
    for (key, known) in &known {
        let expected = match known {
            Known::Kept => true,
            Known::Gone => false,
            Known::Open => there.contains(key),
        };
        assert_eq!(there.contains(key), expected, "{key} is {known:?}");
    }
    for key in &there {
        assert!(known.contains_key(key), "{key} was never written");
        let (bucket, wanted) = (BUCKET.to_owned(), key.clone());
        let get = GetObjectRequest { bucket, key: wanted, ..Default::default() };
        let found = client.call::<GetObject>(get).await.unwrap();
        assert!(found.body.unwrap_or_default() == content(key), "{key} has another content");
    }
}

async fn keys(client: &Client) -> Vec<String> {
    let (mut keys, mut continuation_token) = (Vec::new(), None);
    loop {
        let bucket = BUCKET.to_owned();
        let request = ListObjectsV2Request { bucket, continuation_token, ..Default::default() };
        let page = client.call::<ListObjectsV2>(request).await.unwrap();
        keys.extend(page.contents.into_iter().flatten().filter_map(|object| object.key));
        continuation_token = page.next_continuation_token;
        if continuation_token.is_none() {
            return keys;
        }
    }
}
