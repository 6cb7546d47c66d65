//! Lists: repositories, tags, and the images that are about another one.

use super::{Answered, Ask, json_reply, repository, set, whole};
use http::{HeaderName, StatusCode, header};
use registry::{Digest, Refusal};
use serde_json::{Value, json};
use world::{Image, ImageKey};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const FILTERS: HeaderName = HeaderName::from_static("oci-filters-applied");

/// `_catalog`.
pub(super) fn catalog(ask: Ask<'_>) -> Answered {
    let world = ask.door.desk.published.load();
    let names = world.repositories.iter().map(|row| row.name.to_string()).collect();
    let (names, next) = page(ask, names)?;
    Ok(listed(&json!({ "repositories": names }), "_catalog", next.as_deref()))
}

/// `tags/list`.
pub(super) fn tags(ask: Ask<'_>, name: &str) -> Answered {
    let world = ask.door.desk.published.load();
    let repository = repository(&world, name)?;
    let tags = world.images_of(&repository).flat_map(|image| image.tags.iter().cloned()).collect();
    let (tags, next) = page(ask, tags)?;
    let path = format!("{name}/tags/list");
    Ok(listed(&json!({ "name": name, "tags": tags }), &path, next.as_deref()))
}

/// `referrers`: an index, also when nothing is about the image.
pub(super) fn referrers(ask: Ask<'_>, name: &str, digest: &str) -> Answered {
    let world = ask.door.desk.published.load();
    let repository = repository(&world, name)?;
    let wanted = ask.query.artifact_type.as_deref();
    digest.parse::<Digest>().map_err(|why| Refusal::bad_digest(format!("`{digest}`: {why}")))?;
    let subject = ImageKey { repository, digest: digest.into() };
    let is_wanted =
        |image: &&Image| wanted.is_none_or(|kind| image.artifact_type.as_deref() == Some(kind));
    let found = world.referrers_of(&subject).filter(is_wanted);
    let manifests: Vec<Value> = found.map(entry).collect();
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
    let mut reply = whole(StatusCode::OK, INDEX, index.to_string().into_bytes());
    if wanted.is_some() {
        set(&mut reply, FILTERS, "artifactType");
    }
    Ok(reply)
}

fn entry(image: &Image) -> Value {
    let mut entry = json!({
        "mediaType": image.media_type,
        "digest": image.key.digest.as_str(),
        "size": image.manifest.len(),
    });
    if let Some(kind) = &image.artifact_type {
        entry["artifactType"] = json!(kind);
    }
    let manifest: Value = serde_json::from_str(&image.manifest).unwrap_or_default();
    if manifest["annotations"].is_object() {
        entry["annotations"] = manifest["annotations"].clone();
    }
    entry
}

/// The names after the last one that the client has, as many as it wants; and if there are more,
/// what the next page is asked for with.
fn page(ask: Ask<'_>, mut names: Vec<String>) -> Result<(Vec<String>, Option<String>), Refusal> {
    names.sort();
    if let Some(last) = &ask.query.last {
        names.retain(|name| name > last);
    }
    let Some(count) = &ask.query.n else { return Ok((names, None)) };
    let wrong = |_| Refusal::new(400, "PAGINATION_NUMBER_INVALID", "`n` is a number");
    let count: usize = count.parse().map_err(wrong)?;
    let more = names.len() > count;
    names.truncate(count);
    let last = names.last().filter(|_| more);
    let next = last.map(|last| format!("n={count}&last={last}"));
    Ok((names, next))
}

/// A page, which says where the next one is.
fn listed(body: &Value, path: &str, next: Option<&str>) -> super::LongReply {
    let mut reply = json_reply(body);
    if let Some(next) = next {
        set(&mut reply, header::LINK, &format!("</v2/{path}?{next}>; rel=\"next\""));
    }
    reply
}
