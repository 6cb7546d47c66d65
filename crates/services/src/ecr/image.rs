//! Images.

pub(super) mod delete;
pub(super) mod describe;
pub(super) mod get;
pub(super) mod list;
pub(super) mod pull;
pub(super) mod put;
pub(super) mod referrers;

use world::Image;

/// Whether an image is among those of a tag status: `TAGGED`, `UNTAGGED`, `ANY` or none given.
pub(super) fn has_status(image: &Image, status: Option<&str>) -> bool {
    match status {
        Some("TAGGED") => !image.tags.is_empty(),
        Some("UNTAGGED") => image.tags.is_empty(),
        Some(_) | None => true,
    }
}

/// Whether images of a storage status are here: all of them are active, none is archived.
fn is_here(status: Option<&str>) -> bool {
    status.is_none_or(|status| status == "ACTIVE" || status == "ANY")
}
