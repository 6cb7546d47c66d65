//! Manifests: through ECR's handlers, so that both APIs show the same images.

use super::{Answered, Ask, DIGEST, empty, of_fault, repository, set, whole};
use crate::clock;
use crate::door::identity;
use crate::heart::{Call, Event};
use api::ecr::{
    BatchDeleteImage, BatchDeleteImageRequest, BatchDeleteImageResponse, ImageIdentifier, PutImage,
    PutImageRequest,
};
use api::{Fault, Field as _};
use http::{HeaderName, Method, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use model::RepositoryName;
use registry::Refusal;
use tokio::sync::oneshot;
use world::registry::archive::Standing;
use world::{Image, ImageKey, World};

/// The longest manifest that is read; the handler refuses one of more than 4 MiB in AWS's words.
const LONGEST: usize = 5 * 1024 * 1024;

const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");

/// `GET` and `HEAD`.
pub(super) fn get(ask: Ask<'_>, name: &str, reference: &str) -> Answered {
    let world = ask.door.desk.published.load();
    let repository = repository(&world, name)?;
    let image = find(&world, &repository, reference).ok_or_else(|| unknown(reference))?;
    let now = clock::now();
    if image.standing(now) != Standing::Active {
        return Err(archived(reference));
    }
    let digest = image.key.digest.as_str();
    if *ask.method == Method::HEAD {
        let length = (header::CONTENT_LENGTH, image.manifest.len().to_string());
        let kind = (header::CONTENT_TYPE, image.media_type.clone());
        return Ok(empty(StatusCode::OK, &[length, kind, (DIGEST, digest.to_owned())]));
    }
    let manifest = image.manifest.clone().into_bytes();
    if services::ecr::is_worth_a_note(image, now) {
        // The heart ends only with the region.
        let _gone = ask.door.heart.send(Event::Pulled(image.key.clone()));
    }
    let mut reply = whole(StatusCode::OK, &image.media_type, manifest);
    set(&mut reply, DIGEST, digest);
    Ok(reply)
}

/// `PUT`: puts an image in, by its digest or with a tag. One that is there already is there.
pub(super) async fn put(ask: Ask<'_>, (name, reference): (&str, &str), body: Incoming) -> Answered {
    let repository = repository(&ask.door.desk.published.load(), name)?;
    let invalid = |why: &str| Refusal::new(400, "MANIFEST_INVALID", why);
    let read = Limited::new(body, LONGEST).collect().await;
    let read = read.map_err(|_| invalid("the manifest is too long or did not arrive"))?;
    let image_manifest = String::from_utf8(read.to_bytes().to_vec());
    let image_manifest = image_manifest.map_err(|_| invalid("the manifest is no text"))?;
    let kind = ask.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let ImageIdentifier { image_digest, image_tag } = identifier(reference);
    let input = PutImageRequest {
        registry_id: None,
        repository_name: name.to_owned(),
        image_manifest,
        image_manifest_media_type: kind.map(str::to_owned),
        image_tag,
        image_digest,
    };
    match call::<PutImage>(ask, input).await {
        Ok(_) => {}
        Err(fault) if fault.code == "ImageAlreadyExistsException" => {}
        Err(fault) => return Err(of_fault(fault)),
    }
    let world = ask.door.desk.published.load();
    let image = find(&world, &repository, reference).ok_or_else(|| unknown(reference))?;
    let digest = image.key.digest.to_string();
    let location = format!("/v2/{name}/manifests/{digest}");
    let mut headers = vec![(header::LOCATION, location), (DIGEST, digest)];
    headers.extend(image.subject.as_ref().map(|subject| (SUBJECT, subject.to_string())));
    Ok(empty(StatusCode::CREATED, &headers))
}

/// `DELETE`: an image by its digest, or a tag of one.
pub(super) async fn delete(ask: Ask<'_>, name: &str, reference: &str) -> Answered {
    repository(&ask.door.desk.published.load(), name)?;
    let input = BatchDeleteImageRequest {
        registry_id: None,
        repository_name: name.to_owned(),
        image_ids: vec![identifier(reference)],
    };
    let answer: BatchDeleteImageResponse =
        call::<BatchDeleteImage>(ask, input).await.map_err(of_fault)?;
    match answer.failures.unwrap_or_default().pop() {
        None => Ok(empty(StatusCode::ACCEPTED, &[])),
        Some(failure) if failure.failure_code.as_deref() == Some("ImageNotFound") => {
            Err(unknown(reference))
        }
        Some(failure) => {
            Err(Refusal::new(400, "DENIED", failure.failure_reason.unwrap_or_default()))
        }
    }
}

/// Runs a writing operation as the account's own user.
async fn call<C: api::Call>(ask: Ask<'_>, input: C::Input) -> Result<C::Output, Fault> {
    let (reply, answer) = oneshot::channel();
    let (input, caller) = (input.into_value(), identity::owner(ask.door));
    let call = Call { operation: C::OPERATION, input, caller, beside: Box::default(), reply };
    ask.door.heart.send(Event::Call(call)).map_err(|_| Fault::internal())?;
    let output = answer.await.map_err(|_| Fault::internal())??;
    C::Output::from_value(output).map_err(|_| Fault::internal())
}

fn find<'w>(world: &'w World, repository: &RepositoryName, reference: &str) -> Option<&'w Image> {
    if !reference.contains(':') {
        return world.image_tagged(repository, reference);
    }
    world.images.get(&ImageKey { repository: repository.clone(), digest: reference.into() })
}

/// No tag has a colon, every digest has one.
fn identifier(reference: &str) -> ImageIdentifier {
    let given = Some(reference.to_owned());
    if reference.contains(':') {
        ImageIdentifier { image_digest: given, image_tag: None }
    } else {
        ImageIdentifier { image_digest: None, image_tag: given }
    }
}

/// What is in the archive is not found, as on AWS.
fn archived(reference: &str) -> Refusal {
    Refusal::new(404, "MANIFEST_UNKNOWN", format!("Requested image is archived: {reference}"))
}

fn unknown(reference: &str) -> Refusal {
    Refusal::new(404, "MANIFEST_UNKNOWN", format!("Requested image not found: {reference}"))
}
