//! `Publish`: a message is taken, and nobody hears it.

use super::{fault, find};
use crate::Cx;
use api::Fault;
use api::sns::{PublishInput, PublishResponse};
use aws_lc_rs::digest::{SHA256, digest};
use std::fmt::Write as _;
use world::World;

/// The most bytes of a message.
const LARGEST: usize = 262_144;
/// The most characters of a subject.
const LONGEST: usize = 100;

/// Takes a message for a topic.
pub(super) fn publish(
    world: &World,
    cx: &Cx<'_>,
    input: PublishInput,
) -> Result<PublishResponse, Fault> {
    if input.phone_number.is_some() {
        return Err(fault::not_implemented("PhoneNumber"));
    }
    if input.message_group_id.is_some() || input.message_deduplication_id.is_some() {
        return Err(fault::not_implemented("A FIFO topic"));
    }
    let arn = input.topic_arn.or(input.target_arn).ok_or_else(fault::no_target)?;
    let topic = find(world, &arn)?;
    let message = &input.message;
    if message.is_empty() {
        return Err(fault::empty_message());
    }
    if message.len() > LARGEST {
        return Err(fault::long_message());
    }
    let subject = input.subject.as_deref().unwrap_or("x");
    if subject.is_empty() || subject.chars().count() > LONGEST || subject.contains('\n') {
        return Err(fault::invalid("Subject"));
    }
    if input.message_structure.as_deref() == Some("json") {
        let json = serde_json::from_str::<serde_json::Value>(message);
        if json.ok().and_then(|json| json.get("default")?.as_str().map(str::len)).is_none() {
            return Err(fault::no_default());
        }
    }
    let id = id(&format!("{}{}{message}", topic.arn, cx.now.millis()));
    Ok(PublishResponse { message_id: Some(id), sequence_number: None })
}

/// A message's id. Nothing is kept of a message, so that its id follows from what it is.
fn id(whole: &str) -> String {
    let digest = digest(&SHA256, whole.as_bytes());
    let hex = digest.as_ref().iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    parts.join("-")
}
