//! What an image's manifest names: all that has to be in a registry before the manifest is.
//!
//! Manifests are those of the OCI image format and of Docker's second schema, which agree in what is
//! read here.

use serde_json::Value;

/// What a manifest names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layers {
    /// Digests of manifests: those of an index, one a platform.
    pub manifests: Vec<String>,
    /// Blobs: configuration and layers.
    pub blobs: Vec<Blob>,
}

/// Bytes by their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The digest.
    pub digest: String,
    /// How many bytes they are.
    pub size: u64,
}

/// What a manifest's text names; `None` when it is none.
#[must_use]
pub fn layers(text: &[u8]) -> Option<Layers> {
    let held: Value = serde_json::from_slice(text).ok()?;
    if let Some(manifests) = held.get("manifests") {
        let manifests = manifests.as_array()?.iter();
        let digests: Option<_> =
            manifests.map(|it| it.get("digest")?.as_str().map(str::to_owned)).collect();
        return Some(Layers { manifests: digests?, blobs: Vec::new() });
    }
    let layers = held.get("layers")?.as_array()?.iter().filter(|it| !is_elsewhere(it));
    let blobs: Option<_> = [held.get("config")?].into_iter().chain(layers).map(blob).collect();
    Some(Layers { manifests: Vec::new(), blobs: blobs? })
}

/// The platforms of an index: `linux/amd64`. What is for none, such as a signature, is left out; `None`
/// for what is no index.
#[must_use]
pub fn platforms(index: &[u8]) -> Option<Vec<String>> {
    let held: Value = serde_json::from_slice(index).ok()?;
    let manifests = held.get("manifests")?.as_array()?.iter();
    let named = manifests.filter_map(|it| platform_of(it.get("platform")?));
    Some(named.filter(|it| !it.contains("unknown")).collect())
}

/// The platform of an image, by its configuration.
#[must_use]
pub fn platform(configuration: &[u8]) -> Option<String> {
    platform_of(&serde_json::from_slice(configuration).ok()?)
}

fn platform_of(held: &Value) -> Option<String> {
    Some(format!("{}/{}", held.get("os")?.as_str()?, held.get("architecture")?.as_str()?))
}

fn blob(held: &Value) -> Option<Blob> {
    let digest = held.get("digest")?.as_str()?.to_owned();
    Some(Blob { digest, size: held.get("size")?.as_u64()? })
}

/// Layers that no registry may hand on: Windows' own. Engines fetch them from where they are.
fn is_elsewhere(layer: &&Value) -> bool {
    let kind = layer.get("mediaType").and_then(Value::as_str).unwrap_or_default();
    kind.contains(".foreign.") || kind.contains(".nondistributable.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_names_blobs_and_an_index_names_manifests() {
        let blob = |digest: &str, size| Blob { digest: digest.to_owned(), size };
        let image = br#"{"config": {"digest": "sha256:c", "size": 7}, "layers": [
            {"digest": "sha256:1", "size": 1, "mediaType": "application/vnd.oci.image.layer.v1.tar"},
            {"digest": "sha256:2", "size": 2,
             "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"}]}"#;
        let blobs = vec![blob("sha256:c", 7), blob("sha256:1", 1)];
        assert_eq!(layers(image), Some(Layers { manifests: vec![], blobs }));
        let index = br#"{"manifests": [{"digest": "sha256:a"}, {"digest": "sha256:b"}]}"#;
        let manifests = vec!["sha256:a".to_owned(), "sha256:b".to_owned()];
        assert_eq!(layers(index), Some(Layers { manifests, blobs: vec![] }));
    }

    #[test]
    fn an_image_is_for_the_platforms_that_it_names() {
        let index = br#"{"manifests": [
            {"platform": {"os": "linux", "architecture": "arm64"}},
            {"platform": {"os": "unknown", "architecture": "unknown"}}]}"#;
        assert_eq!(platforms(index), Some(vec!["linux/arm64".to_owned()]));
        assert_eq!(platforms(br#"{"layers": []}"#), None);
        let configuration = br#"{"os": "linux", "architecture": "amd64", "config": {}}"#;
        assert_eq!(platform(configuration).as_deref(), Some("linux/amd64"));
        assert_eq!(platform(b"{}"), None);
    }

    #[test]
    fn what_is_no_manifest_names_nothing() {
        for text in ["", "[]", "{}", r#"{"layers": []}"#, r#"{"manifests": [{}]}"#] {
            assert_eq!(layers(text.as_bytes()), None, "{text}");
        }
    }
}
