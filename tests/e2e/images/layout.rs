//! An image on disk, in the OCI image layout, which skopeo and crane read.

use super::digest::digest;
use crate::stage::Scratch;
use serde_json::{Value as Json, json};
use std::fs;

pub(super) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";

/// An image of one layer. Its bytes are no archive, for nobody here unpacks them.
pub(super) struct Layout {
    folder: Scratch,
    /// The digest of its manifest.
    pub(super) digest: String,
}

// === impl Layout ===

impl Layout {
    /// Makes the image of a layer's bytes, tagged `latest`.
    pub(super) fn of(layer: &[u8]) -> Self {
        let mut made = Self { folder: Scratch::new(), digest: String::new() };
        let layer = made.blob("application/vnd.oci.image.layer.v1.tar", layer);
        let config = json!({
            "architecture": "amd64", "os": "linux",
            "rootfs": { "type": "layers", "diff_ids": [layer["digest"]] },
        });
        let config =
            made.blob("application/vnd.oci.image.config.v1+json", text(&config).as_bytes());
        let manifest = json!({
            "schemaVersion": 2, "mediaType": IMAGE, "config": config, "layers": [layer],
        });
        let mut entry = made.blob(IMAGE, text(&manifest).as_bytes());
        made.digest = entry["digest"].as_str().unwrap().to_owned();
        entry["annotations"] = json!({ "org.opencontainers.image.ref.name": "latest" });
        let index = json!({ "schemaVersion": 2, "manifests": [entry] });
        made.folder.write("index.json", &text(&index));
        made.folder.write("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#);
        made
    }

    /// Where it is.
    pub(super) fn path(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    /// Writes a blob and answers how a manifest names it.
    fn blob(&self, kind: &str, bytes: &[u8]) -> Json {
        let digest = digest(bytes);
        let folder = self.folder.path().join("blobs/sha256");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(digest.trim_start_matches("sha256:")), bytes).unwrap();
        json!({ "mediaType": kind, "digest": digest, "size": bytes.len() })
    }
}

fn text(json: &Json) -> String {
    json.to_string()
}
