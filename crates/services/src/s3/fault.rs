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

/// Our own words: S3 takes it.
pub(super) fn not_implemented(what: &str) -> Fault {
    refuse("NotImplemented", 501, format!("{what} is not implemented by the local region"))
}
