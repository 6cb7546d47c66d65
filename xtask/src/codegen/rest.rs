//! What REST-XML needs of a model: where members go, and which requests name which operation.

use super::model::{Model, Operation, Shape, Target};
use std::fmt::Write as _;

/// The outermost elements of answers, which botocore's models leave out since its reader does not
/// look at them; from Amazon S3's API reference.
const ROOTS: [(&str, &str); 16] = [
    ("CompleteMultipartUpload", "CompleteMultipartUploadResult"),
    ("CreateMultipartUpload", "InitiateMultipartUploadResult"),
    ("DeleteObjects", "DeleteResult"),
    ("GetBucketCors", "CORSConfiguration"),
    ("GetBucketLifecycleConfiguration", "LifecycleConfiguration"),
    ("GetBucketLocation", "LocationConstraint"),
    ("GetBucketTagging", "Tagging"),
    ("GetBucketVersioning", "VersioningConfiguration"),
    ("GetBucketWebsite", "WebsiteConfiguration"),
    ("GetObjectTagging", "Tagging"),
    ("ListBuckets", "ListAllMyBucketsResult"),
    ("ListMultipartUploads", "ListMultipartUploadsResult"),
    ("ListObjectVersions", "ListVersionsResult"),
    ("ListObjects", "ListBucketResult"),
    ("ListObjectsV2", "ListBucketResult"),
    ("ListParts", "ListPartsResult"),
];

/// The output whose one member is the text of the document itself, which the models don't say.
const UNWRAPPED: &str = "GetBucketLocationOutput";

/// An operation of S3 Express, whose host is another one: nothing else tells it from `ListBuckets`.
const ELSEWHERE: &str = "ListDirectoryBuckets";

/// The one header that tells operations with the same method, path and query apart.
const TELLING_HEADER: &str = "x-amz-copy-source";

/// What a member's description says of its place.
pub(super) fn place(
    model: &Model,
    holder: &Shape,
    (member, target): (&str, &Target),
) -> Result<String, String> {
    if !is_rest(model) {
        return Ok(String::new());
    }
    if target.xml_attribute {
        return Err(format!("`{member}` is an XML attribute, which the codec does not write"));
    }
    let shape = model.shape(&target.shape)?;
    let iso = shape.timestamp_format.as_deref() == Some("iso8601");
    let unwrapped = model.shapes.get(UNWRAPPED).is_some_and(|it| std::ptr::eq(it, holder));
    let place = match target.location.as_deref() {
        Some("uri") => "Label",
        Some("querystring") => "Query",
        Some("header") if iso => "IsoHeader",
        Some("header") => "Header",
        Some("headers") => "Headers",
        _ if unwrapped => "Root",
        _ if holder.payload.as_deref() == Some(member) => "Payload",
        _ => "Body",
    };
    let mut text = String::new();
    if place != "Body" {
        let _ = write!(text, ".at(Place::{place})");
    }
    if shape.kind == "list" && (shape.flattened || target.flattened) {
        text.push_str(".flat()");
    }
    Ok(text)
}

/// The namespace of the service's documents.
pub(super) fn namespace(model: &Model) -> &str {
    let roots = model.operations.values().filter_map(|operation| operation.input.as_ref());
    let inputs = roots.clone().filter_map(|input| model.shapes.get(&input.shape));
    let members = inputs.flat_map(|shape| shape.members.0.iter().map(|(_, target)| target));
    let mut all = roots.chain(members).filter_map(|target| target.xml_namespace.as_ref());
    match all.next() {
        Some(namespace) if is_rest(model) => &namespace.uri,
        _ => &model.metadata.xml_namespace,
    }
}

/// The routes of all operations, by name.
pub(super) fn routes(model: &Model, allowed: &[String]) -> Result<String, String> {
    let mut text = String::new();
    if !is_rest(model) {
        return Ok(text);
    }
    // The deprecated ones have their successors' paths.
    let all = model.operations.iter().filter(|(_, operation)| !operation.deprecated);
    for (name, operation) in all.filter(|(name, _)| *name != ELSEWHERE) {
        let (path, literals) = split(&operation.http.request_uri);
        let mut query: Vec<&str> = literals.split('&').filter(|part| !part.is_empty()).collect();
        query.extend(demanded(model, operation, "querystring"));
        let header = demanded(model, operation, "header").find(|name| *name == TELLING_HEADER);
        let asked = operation.input.as_ref().and_then(|input| input.location_name.as_deref());
        let answered = ROOTS.iter().find(|(of, _)| of == name).map(|(_, root)| *root);
        if allowed.contains(name) && answered.is_none() && has_document(model, operation)? {
            return Err(format!("the root of `{name}`'s answer is not known"));
        }
        let _ = write!(
            text,
            "crate::Route {{ operation: {name:?}, method: {:?}, path: {path:?}, query: &{query:?}, \
             header: {header:?}, status: {}, asked: {:?}, answered: {:?} }},",
            operation.http.method,
            operation.http.response_code.unwrap_or(200),
            asked.unwrap_or_default(),
            answered.unwrap_or_default(),
        );
    }
    Ok(text)
}

fn is_rest(model: &Model) -> bool {
    model.metadata.protocols.iter().any(|name| name == "rest-xml")
}

fn split(uri: &str) -> (&str, &str) {
    uri.split_once('?').unwrap_or((uri, ""))
}

/// The wire names of the members that a request must have at a place.
fn demanded<'a>(
    model: &'a Model,
    operation: &'a Operation,
    place: &'a str,
) -> impl Iterator<Item = &'a str> {
    let input = operation.input.as_ref().and_then(|input| model.shapes.get(&input.shape));
    let members = input
        .into_iter()
        .flat_map(|shape| shape.members.0.iter().filter(|(name, _)| shape.required.contains(name)));
    members
        .filter(move |(_, target)| target.location.as_deref() == Some(place))
        .map(|(name, target)| target.location_name.as_deref().unwrap_or(name))
}

/// Whether an answer has a document whose outermost element is no member.
fn has_document(model: &Model, operation: &Operation) -> Result<bool, String> {
    let Some(output) = &operation.output else { return Ok(false) };
    let shape = model.shape(&output.shape)?;
    let in_body = shape.members.0.iter().any(|(_, target)| target.location.is_none());
    Ok(in_body && shape.payload.is_none())
}
