//! What a distribution may read in a bucket, by the bucket's policy.
//!
//! A call of the API is never refused by a policy here; what the edge reads is, for whether it may
//! is what people get wrong before they deploy.

use crate::policy::{Context, Opinion, Wish, opinion};
use serde_json::Value as Json;
use world::{Bucket, World};

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader<'a> {
    /// A distribution, by its id, with an origin access control.
    Distribution(&'a str),
    /// Anybody: an origin without one.
    Anybody,
}

/// What CloudFront is called in policies.
const SERVICE: &str = "cloudfront.amazonaws.com";

/// Whether a bucket's policy lets a reader do something with the bucket or with one of its objects.
#[must_use]
pub fn may(
    world: &World,
    bucket: &Bucket,
    reader: Reader<'_>,
    (action, key): (&str, &str),
) -> bool {
    let Some(policy) = &bucket.policy else { return false };
    let slash = if key.is_empty() { "" } else { "/" };
    let resource = format!("arn:aws:s3:::{}{slash}{key}", bucket.name);
    let account = world.place.account.to_string();
    // CloudFront signs, and comes over TLS.
    let mut context = Context::from([("aws:securetransport".to_owned(), vec!["true".to_owned()])]);
    if let Reader::Distribution(id) = reader {
        let arn = format!("arn:aws:cloudfront::{account}:distribution/{id}");
        context.insert("aws:sourcearn".to_owned(), vec![arn]);
        context.insert("aws:sourceaccount".to_owned(), vec![account]);
    }
    let wish = Wish { action, resource: &resource, context: &context };
    let said = opinion(&about(policy, reader), &wish).unwrap_or_default();
    matches!(said, Opinion { allows: 1.., denies: 0, .. })
}

/// The statements of a policy that are about a reader, as a policy.
fn about(policy: &str, reader: Reader<'_>) -> String {
    let mut document: Json = serde_json::from_str(policy).unwrap_or_default();
    let statements = match document.get_mut("Statement").map(Json::take) {
        Some(Json::Array(several)) => several,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let about = statements.into_iter().filter(|statement| is_about(statement, reader));
    let about: Vec<Json> = about.collect();
    if let Json::Object(members) = &mut document {
        members.insert("Statement".to_owned(), about.into());
    }
    document.to_string()
}

fn is_about(statement: &Json, reader: Reader<'_>) -> bool {
    match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(named), _) => names(named, reader),
        (None, Some(named)) => !names(named, reader),
        (None, None) => false,
    }
}

fn names(principal: &Json, reader: Reader<'_>) -> bool {
    let has = |held: Option<&Json>, text: &str| match held {
        Some(Json::String(one)) => one == text,
        Some(Json::Array(several)) => several.iter().any(|one| one == text),
        _ => false,
    };
    let everybody = has(Some(principal), "*") || has(principal.get("AWS"), "*");
    let service = has(principal.get("Service"), SERVICE);
    everybody || (service && reader != Reader::Anybody)
}

#[cfg(test)]
mod tests;
