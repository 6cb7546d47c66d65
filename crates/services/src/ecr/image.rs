//! Images.

pub(super) mod delete;
pub(super) mod describe;
pub(super) mod get;
pub(super) mod list;
pub(super) mod pull;
pub(super) mod put;
pub(super) mod referrers;

use model::Timestamp;
use world::Image;

/// Whether an image is among those of a tag status: `TAGGED`, `UNTAGGED`, `ANY` or none given.
pub(super) fn has_status(image: &Image, status: Option<&str>) -> bool {
    match status {
        Some("TAGGED") => !image.tags.is_empty(),
        Some("UNTAGGED") => image.tags.is_empty(),
        Some(_) | None => true,
    }
}

/// Whether an image is among those of an image status; where none is given, only active ones are
/// (the model's documentation).
fn has_standing(image: &Image, status: Option<&str>, now: Timestamp) -> bool {
    let status = status.unwrap_or("ACTIVE");
    status == "ANY" || image.standing(now).as_str() == status
}
