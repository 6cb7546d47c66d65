//! What a manifest says: which blobs an image is made of, or which images an index leads to.

use super::{digest, fault};
use api::Fault;
use model::ImageDigest;
use serde_json::Value as Json;
use std::collections::BTreeMap;

const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const DOCKER_IMAGE: &str = "application/vnd.docker.distribution.manifest.v2+json";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const OCI_IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";

/// What the configuration of an image is that containers run from.
pub(super) const CONTAINERS: [&str; 2] =
    ["application/vnd.docker.container.image.v1+json", "application/vnd.oci.image.config.v1+json"];

/// The longest manifest: the OCI specification asks registries for no more than 4 MiB.
const LONGEST: usize = 4 * 1024 * 1024;

/// A manifest that was read.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) media_type: String,
    pub(super) artifact_type: Option<String>,
    /// The blobs that the repository must have, the configuration first.
    pub(super) layers: Vec<ImageDigest>,
    /// The images that the repository must have.
    pub(super) children: Vec<ImageDigest>,
    pub(super) subject: Option<ImageDigest>,
}

// === impl Manifest ===

impl Manifest {
    /// Reads a manifest of one of the four kinds that registries hold.
    pub(super) fn parse(text: &str, media_type: Option<&str>) -> Result<Self, Fault> {
        if text.len() > LONGEST {
            return Err(invalid(&format!("it is longer than {LONGEST} bytes")));
        }
        let json: Json = serde_json::from_str(text).map_err(|_| invalid("it is no JSON"))?;
        if json["schemaVersion"] != 2 {
            return Err(invalid("its schemaVersion is not 2"));
        }
        let media_type = kind(&json, media_type)?;
        let index = media_type == DOCKER_LIST || media_type == OCI_INDEX;
        let (layers, children) =
            if index { (Vec::new(), children(&json)?) } else { (blobs(&json)?, Vec::new()) };
        let subject = match &json["subject"] {
            Json::Null => None,
            subject => Some(digest_of(subject)?),
        };
        let artifact_type = json["artifactType"].as_str().map(str::to_owned);
        let configured = || json["config"]["mediaType"].as_str().map(str::to_owned);
        let artifact_type = artifact_type.or_else(configured);
        Ok(Self { media_type, artifact_type, layers, children, subject })
    }
}

/// The annotations of a manifest that was read before.
pub(super) fn annotations(text: &str) -> Option<BTreeMap<String, String>> {
    let json: Json = serde_json::from_str(text).ok()?;
    let pairs = json["annotations"].as_object()?.iter();
    let texts = pairs.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    Some(texts.collect())
}

/// The media type that a request names, or the manifest itself. They must not differ.
fn kind(json: &Json, named: Option<&str>) -> Result<String, Fault> {
    let own = json["mediaType"].as_str();
    let kind = match (named, own) {
        (Some(named), Some(own)) if named != own => {
            return Err(invalid(&format!("its media type is {own}, not {named}")));
        }
        (Some(kind), _) | (None, Some(kind)) => kind,
        (None, None) => return Err(invalid("it names no media type")),
    };
    if [DOCKER_LIST, DOCKER_IMAGE, OCI_INDEX, OCI_IMAGE].contains(&kind) {
        Ok(kind.to_owned())
    } else {
        Err(invalid(&format!("the media type {kind} is not supported")))
    }
}

fn blobs(json: &Json) -> Result<Vec<ImageDigest>, Fault> {
    let layers = json["layers"].as_array().ok_or_else(|| invalid("it has no layers"))?;
    // Layers with URLs are fetched from there; clients don't push them.
    let pushed = layers.iter().filter(|layer| layer["urls"].as_array().is_none_or(Vec::is_empty));
    let mut blobs = vec![digest_of(&json["config"])?];
    for layer in pushed {
        let digest = digest_of(layer)?;
        if !blobs.contains(&digest) {
            blobs.push(digest);
        }
    }
    Ok(blobs)
}

fn children(json: &Json) -> Result<Vec<ImageDigest>, Fault> {
    let manifests = json["manifests"].as_array();
    let manifests = manifests.ok_or_else(|| invalid("it has no manifests"))?;
    manifests.iter().map(digest_of).collect()
}

fn digest_of(descriptor: &Json) -> Result<ImageDigest, Fault> {
    let text = descriptor["digest"].as_str().filter(|text| digest::is_digest(text));
    text.map(ImageDigest::from).ok_or_else(|| invalid("a descriptor has no SHA-256 digest"))
}

fn invalid(why: &str) -> Fault {
    // The beginning of the text was seen of AWS.
    fault::parameter(format!(
        "Invalid parameter at 'ImageManifest' failed to satisfy constraint: '{why}'"
    ))
}
