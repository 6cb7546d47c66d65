//! An image whose layers are files, pushed and pulled as Docker does it.

use super::client::{Body, Exchange};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many layers it has: 200 MB altogether.
const LAYERS: u64 = 4;
/// How many bytes each of them has.
const LAYER: u64 = 50_000_000;
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// The image.
pub(super) struct Image {
    blobs: Vec<Blob>,
    manifest: String,
}

/// A layer, or the configuration.
struct Blob {
    file: PathBuf,
    digest: String,
    length: u64,
}

// === impl Image ===

impl Image {
    /// Makes one of bytes that don't repeat, so that nobody can take a short cut.
    pub(super) fn make(folder: &Path) -> Result<Self, String> {
        let config = folder.join("config");
        let written = fs::write(&config, "{}");
        written.map_err(|why| format!("{}: {why}", config.display()))?;
        let mut blobs = vec![Blob::of(config)?];
        for number in 1..=LAYERS {
            let file = folder.join(format!("layer{number}"));
            noise(&file, number).map_err(|why| format!("{}: {why}", file.display()))?;
            blobs.push(Blob::of(file)?);
        }
        let entry = |kind: &str, blob: &Blob| json!({ "mediaType": kind, "digest": blob.digest, "size": blob.length });
        let layer = |blob| entry("application/vnd.oci.image.layer.v1.tar+gzip", blob);
        let layers: Vec<Value> = blobs[1..].iter().map(layer).collect();
        let config = entry("application/vnd.oci.image.config.v1+json", &blobs[0]);
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers,
        });
        Ok(Self { blobs, manifest: manifest.to_string() })
    }

    /// Sends its blobs one after the other, then its manifest.
    pub(super) fn push(&self, port: u16, repository: &str) -> Result<(), String> {
        for blob in &self.blobs {
            let target = format!("/v2/{repository}/blobs/uploads/");
            let begun = Exchange::new(port, "POST", &target).run(Body::Empty)?.expect(202)?;
            let file = Body::File(&blob.file, blob.length);
            let sent = Exchange::new(port, "PATCH", &begun.location).run(file)?.expect(202)?;
            let joint = if sent.location.contains('?') { '&' } else { '?' };
            let end = format!("{}{joint}digest={}", sent.location, blob.digest);
            Exchange::new(port, "PUT", &end).run(Body::Empty)?.expect(201)?;
        }
        let target = format!("/v2/{repository}/manifests/v1");
        let manifest = Exchange::new(port, "PUT", &target).kind(MANIFEST);
        manifest.run(Body::Text(&self.manifest))?.expect(201)?;
        Ok(())
    }

    /// Fetches its manifest and its blobs, which are counted and thrown away.
    pub(super) fn pull(&self, port: u16, repository: &str) -> Result<(), String> {
        let target = format!("/v2/{repository}/manifests/v1");
        Exchange::new(port, "GET", &target).kind(MANIFEST).run(Body::Empty)?.expect(200)?;
        for blob in &self.blobs {
            let target = format!("/v2/{repository}/blobs/{}", blob.digest);
            let answer = Exchange::new(port, "GET", &target).run(Body::Empty)?.expect(200)?;
            if answer.received != blob.length {
                return Err(format!("{}: {} bytes came", blob.digest, answer.received));
            }
        }
        Ok(())
    }
}

// === impl Blob ===

impl Blob {
    fn of(file: PathBuf) -> Result<Self, String> {
        let output = Command::new("sha256sum").arg(&file).output();
        let output = output.map_err(|why| format!("sha256sum: {why}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let digest = text.split_whitespace().next().ok_or("sha256sum says nothing")?;
        let length = fs::metadata(&file).map_err(|why| why.to_string())?.len();
        Ok(Self { digest: format!("sha256:{digest}"), length, file })
    }
}

/// Writes bytes of a generator (xorshift64), another sequence for each seed.
fn noise(file: &Path, seed: u64) -> std::io::Result<()> {
    let mut writer = BufWriter::new(File::create(file)?);
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for _ in 0..LAYER / 8 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        writer.write_all(&state.to_le_bytes())?;
    }
    writer.flush()
}
