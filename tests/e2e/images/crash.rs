//! The region is killed while images are pushed: what a client was told is there is there, whole;
//! nothing else is seen; and the push that is tried again succeeds.

use super::digest::digest;
use super::layout::IMAGE;
use crate::stage::web::Ask;
use crate::stage::{Driver, Region};
use api::Service::Ecr;
use bytes::Bytes;
use http::Method;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often the region is killed.
const TIMES: usize = 20;
/// How many requests a push makes: an upload is begun, sent in chunks, and ended, for each of two
/// blobs; then comes the manifest.
const CHUNKS: usize = 8;
const CHUNK: usize = 512 * 1024;

/// An image that no other push has.
struct Image {
    layer: Bytes,
    config: Bytes,
}

// === impl Image ===

impl Image {
    fn number(number: usize) -> Self {
        let word =
            |place: usize| (place.wrapping_mul(2_654_435_761) ^ number.wrapping_mul(40_503)) >> 7;
        let letter = |place: usize| b'a' + word(place).to_le_bytes()[0] % 26;
        let layer: Vec<u8> = (0..CHUNKS * CHUNK).map(letter).collect();
        Self { layer: layer.into(), config: format!("{{\"number\":{number}}}").into() }
    }

    fn manifest(&self) -> Json {
        let entry = |kind: &str, bytes: &Bytes| json!({ "mediaType": kind, "digest": digest(bytes), "size": bytes.len() });
        json!({
            "schemaVersion": 2, "mediaType": IMAGE,
            "config": entry("application/vnd.oci.image.config.v1+json", &self.config),
            "layers": [entry("application/vnd.oci.image.layer.v1.tar", &self.layer)],
        })
    }
}

/// A client that counts its requests before it makes them, and gives up when the region is away.
struct Client {
    endpoint: String,
    requests: Arc<AtomicUsize>,
}

// === impl Client ===

impl Client {
    fn of(region: &Region) -> Self {
        Self { endpoint: region.endpoint(), requests: Arc::default() }
    }

    /// Answers the value of the answer's `Location`; none when there was no answer.
    async fn send(&self, method: Method, path: &str, body: Bytes, status: u16) -> Option<String> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let url = format!("{}{path}", self.endpoint);
        let answer =
            Ask::new(method, &url).header("content-type", IMAGE).body(body).try_send().await;
        let answer = answer.ok()?;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        Some(answer.header("location").to_owned())
    }

    async fn push_blob(&self, bytes: &Bytes) -> Option<()> {
        let mut upload =
            self.send(Method::POST, "/v2/shop/blobs/uploads/", Bytes::new(), 202).await?;
        for first in (0..bytes.len()).step_by(CHUNK) {
            let chunk = bytes.slice(first..bytes.len().min(first + CHUNK));
            upload = self.send(Method::PATCH, &upload, chunk, 202).await?;
        }
        let end = format!("{upload}?digest={}", digest(bytes));
        self.send(Method::PUT, &end, Bytes::new(), 201).await.map(drop)
    }

    /// Pushes an image; none when the region went away meanwhile.
    async fn push(&self, image: &Image, tag: &str) -> Option<()> {
        self.push_blob(&image.layer).await?;
        self.push_blob(&image.config).await?;
        let manifest = Bytes::from(image.manifest().to_string());
        let path = format!("/v2/shop/manifests/{tag}");
        self.send(Method::PUT, &path, manifest, 201).await.map(drop)
    }
}

/// Reads a blob or manifest: nothing, or all of it.
async fn read(region: &Region, path: &str) -> Option<String> {
    let url = format!("{}/v2/shop/{path}", region.endpoint());
    let answer = Ask::get(&url).send().await;
    assert!([200, 404].contains(&answer.status), "{path}: {}", answer.status);
    (answer.status == 200).then_some(answer.body)
}

/// What is there of an image is whole, and an image that is there has all its blobs.
async fn check(region: &Region, image: &Image, tag: &str) {
    let mut blobs = 0;
    for bytes in [&image.layer, &image.config] {
        if let Some(found) = read(region, &format!("blobs/{}", digest(bytes))).await {
            assert!(found.as_bytes() == bytes, "a blob of {tag} is not what was sent");
            blobs += 1;
        }
    }
    let manifest = image.manifest().to_string();
    if let Some(found) = read(region, &format!("manifests/{tag}")).await {
        assert_eq!(found, manifest);
        assert_eq!(blobs, 2, "{tag} is there without its blobs");
    }
}

/// The requests after which the region is killed are spread over the whole push, and in each
/// request the moment is another one.
#[tokio::test]
async fn a_push_that_was_cut_off_by_a_crash_is_made_again() {
    let mut region = Region::start(Driver::Process).await;
    region.call(Ecr, "CreateRepository", json!({ "repositoryName": "shop" })).await;
    let mut cut = 0;
    for round in 0..TIMES {
        let (image, tag) = (Image::number(round), format!("v{round}"));
        let client = Client::of(&region);
        let requests = Arc::clone(&client.requests);
        // 8 chunks and 2 for the layer, 1 and 2 for the configuration, 1 for the manifest.
        let until = 1 + round * (CHUNKS + 6) / TIMES;
        let killed = async {
            while requests.load(Ordering::Relaxed) < until {
                tokio::task::yield_now().await;
            }
            // Some way into the request.
            for _ in 0..round % 5 * 40 {
                tokio::task::yield_now().await;
            }
            region.kill().await;
        };
        let (pushed, ()) = tokio::join!(client.push(&image, &tag), killed);
        cut += usize::from(pushed.is_none());
        region = region.start_again().await;
        if pushed.is_some() {
            assert!(read(&region, &format!("manifests/{tag}")).await.is_some(), "{tag} is lost");
        }
        check(&region, &image, &tag).await;
        Client::of(&region).push(&image, &tag).await.expect("the region stays");
        check(&region, &image, &tag).await;
    }
    assert!(cut * 2 > TIMES, "only {cut} of {TIMES} pushes were cut off");
    let listed = region.call(Ecr, "ListImages", json!({ "repositoryName": "shop" })).await;
    assert_eq!(listed["imageIds"].as_array().unwrap().len(), TIMES);
}
