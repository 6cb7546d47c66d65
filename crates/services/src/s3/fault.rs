//! S3's refusals. Codes, statuses and texts are those of Amazon S3's list of error responses, or as
//! seen in public reports, unless a comment says otherwise.

use crate::tags::TagMistake;
use api::Fault;

fn refuse(code: &'static str, status: u16, message: impl Into<String>) -> Fault {
    Fault::refuse(code, message).with_status(status)
}

fn of_bucket(fault: Fault, name: &str) -> Fault {
    fault.with_detail("BucketName", vec![name.to_owned()])
}

pub(super) fn access_denied() -> Fault {
    refuse("AccessDenied", 403, "Access Denied")
}

pub(super) fn no_bucket(name: &str) -> Fault {
    of_bucket(refuse("NoSuchBucket", 404, "The specified bucket does not exist"), name)
}

pub(super) fn bad_name(name: &str) -> Fault {
    of_bucket(refuse("InvalidBucketName", 400, "The specified bucket is not valid."), name)
}

pub(super) fn owned_by_you(name: &str) -> Fault {
    let text = "Your previous request to create the named bucket succeeded and you already own it.";
    of_bucket(refuse("BucketAlreadyOwnedByYou", 409, text), name)
}

pub(super) fn elsewhere(location: &str) -> Fault {
    let text = format!(
        "The {location} location constraint is incompatible for the region specific endpoint this \
         request was sent to."
    );
    refuse("IllegalLocationConstraintException", 400, text)
}

pub(super) fn no_acls() -> Fault {
    let text = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
    refuse("InvalidBucketAclWithObjectOwnership", 400, text)
}

pub(super) fn no_policy(name: &str) -> Fault {
    of_bucket(refuse("NoSuchBucketPolicy", 404, "The bucket policy does not exist"), name)
}

pub(super) fn bad_policy(message: impl Into<String>) -> Fault {
    refuse("MalformedPolicy", 400, message)
}

/// The text is likely.
pub(super) fn public_policy() -> Fault {
    let text = "Access Denied: public policies are blocked by the BlockPublicPolicy block public \
                access setting";
    refuse("AccessDenied", 403, text)
}

pub(super) fn no_block(name: &str) -> Fault {
    let text = "The public access block configuration was not found";
    of_bucket(refuse("NoSuchPublicAccessBlockConfiguration", 404, text), name)
}

pub(super) fn no_ownership(name: &str) -> Fault {
    let text = "The bucket ownership controls were not found";
    of_bucket(refuse("OwnershipControlsNotFoundError", 404, text), name)
}

pub(super) fn no_lifecycle(name: &str) -> Fault {
    let text = "The lifecycle configuration does not exist";
    of_bucket(refuse("NoSuchLifecycleConfiguration", 404, text), name)
}

pub(super) fn no_tags(name: &str) -> Fault {
    of_bucket(refuse("NoSuchTagSet", 404, "The TagSet does not exist"), name)
}

pub(super) fn bad_tags(mistake: &TagMistake) -> Fault {
    let text = match mistake {
        TagMistake::Duplicate(_) => "Cannot provide multiple Tags with the same key",
        TagMistake::Reserved(_) => "System tags cannot be added/updated by requester",
        TagMistake::TooMany { .. } => "Bucket tag count cannot be greater than 50",
    };
    refuse("InvalidTag", 400, text)
}

pub(super) fn malformed() -> Fault {
    let text =
        "The XML you provided was not well-formed or did not validate against our published schema";
    refuse("MalformedXML", 400, text)
}

pub(super) fn invalid(message: impl Into<String>) -> Fault {
    refuse("InvalidArgument", 400, message)
}

pub(super) fn not_empty(name: &str) -> Fault {
    of_bucket(refuse("BucketNotEmpty", 409, "The bucket you tried to delete is not empty"), name)
}

pub(super) fn no_key(name: &str) -> Fault {
    let fault = refuse("NoSuchKey", 404, "The specified key does not exist.");
    fault.with_detail("Key", vec![name.to_owned()])
}

pub(super) fn no_version(name: &str, id: &str) -> Fault {
    let fault = refuse("NoSuchVersion", 404, "The specified version does not exist.");
    fault.with_detail("Key", vec![name.to_owned()]).with_detail("VersionId", vec![id.to_owned()])
}

pub(super) fn is_marker() -> Fault {
    let text = "The specified method is not allowed against this resource.";
    refuse("MethodNotAllowed", 405, text)
}

pub(super) fn long_key(most: usize, length: usize) -> Fault {
    let fault = refuse("KeyTooLongError", 400, "Your key is too long");
    let fault = fault.with_detail("Size", vec![length.to_string()]);
    fault.with_detail("MaxSizeAllowed", vec![most.to_string()])
}

pub(super) fn precondition(condition: &str) -> Fault {
    let text = "At least one of the pre-conditions you specified did not hold";
    refuse("PreconditionFailed", 412, text).with_detail("Condition", vec![condition.to_owned()])
}

/// It has no body, so nobody reads the text.
pub(super) fn not_modified() -> Fault {
    refuse("NotModified", 304, "Not Modified")
}

pub(super) fn range(asked: &str, size: u64) -> Fault {
    let fault = refuse("InvalidRange", 416, "The requested range is not satisfiable");
    let fault = fault.with_detail("RangeRequested", vec![asked.to_owned()]);
    fault.with_detail("ActualObjectSize", vec![size.to_string()])
}

pub(super) fn acl_not_supported() -> Fault {
    refuse("AccessControlListNotSupported", 400, "The bucket does not allow ACLs")
}

pub(super) fn bad_source() -> Fault {
    invalid("Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
}

pub(super) fn copied_onto_itself() -> Fault {
    let text = "This copy request is illegal because it is trying to copy an object to itself \
                without changing the object's metadata, storage class, website redirect location \
                or encryption attributes.";
    refuse("InvalidRequest", 400, text)
}

pub(super) fn no_upload() -> Fault {
    let text = "The specified upload does not exist. The upload ID may be invalid, or the upload \
                may have been aborted or completed.";
    refuse("NoSuchUpload", 404, text)
}

pub(super) fn bad_part_number() -> Fault {
    invalid("Part number must be an integer between 1 and 10000, inclusive")
}

pub(super) fn bad_part() -> Fault {
    let text = "One or more of the specified parts could not be found.  The part may not have \
                been uploaded, or the specified entity tag may not match the part's entity tag.";
    refuse("InvalidPart", 400, text)
}

pub(super) fn bad_part_order() -> Fault {
    let text =
        "The list of parts was not in ascending order. Parts must be ordered by part number.";
    refuse("InvalidPartOrder", 400, text)
}

pub(super) fn small_part() -> Fault {
    let text = "Your proposed upload is smaller than the minimum allowed size";
    refuse("EntityTooSmall", 400, text)
}

/// Our own words: S3 takes it.
pub(super) fn not_implemented(what: &str) -> Fault {
    refuse("NotImplemented", 501, format!("{what} is not implemented by the local region"))
}
