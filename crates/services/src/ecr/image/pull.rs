//! When images were last pulled.

use model::{Span, Timestamp};
use world::{Draft, Image, ImageKey};

/// How long a note of a pull stands for those that follow: AWS, too, does not write down every one.
const NOTED: Span = Span::minutes(1);

/// An image's manifest was given out. One that has gone meanwhile needs no note.
pub fn pulled(draft: &mut Draft, key: &ImageKey, now: Timestamp) {
    let found = draft.images.get(key).filter(|image| is_worth_a_note(image, now));
    if let Some(image) = found.cloned() {
        draft.put(Image { pulled_at: Some(now), ..image });
    }
}

/// Whether a pull would be noted now.
#[must_use]
pub fn is_worth_a_note(image: &Image, now: Timestamp) -> bool {
    image.pulled_at.is_none_or(|noted| noted + NOTED <= now)
}
