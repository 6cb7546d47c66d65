//! What an image is made of.

use super::engine::{Hints, find, text};
use crate::Error;

/// One layer of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// The instruction that made it: `COPY dir:… in /app`.
    pub made_by: String,
    /// Its size, in bytes, uncompressed.
    pub bytes: u64,
}

/// The layers of an image, the lowest first; instructions that only say something are left out.
///
/// # Errors
/// When there is no engine, or it has no such image.
pub async fn layers(hints: &Hints, image: &str) -> Result<Vec<Layer>, Error> {
    let engine = find(hints).await?;
    let history = engine.image_history(image).await;
    let history = history
        .map_err(|error| Error::refused(format!("looking at the image {image}"), text(&error)))?;
    let layers = history.into_iter().rev().filter_map(|item| {
        let bytes = u64::try_from(item.size).ok().filter(|bytes| *bytes > 0)?;
        Some(Layer { made_by: instruction(&item.created_by), bytes })
    });
    Ok(layers.collect())
}

/// The engine's own builder writes instructions as lines of a shell.
fn instruction(made_by: &str) -> String {
    let line = match made_by.strip_prefix("/bin/sh -c ") {
        None => made_by.to_owned(),
        Some(line) => match line.strip_prefix("#(nop) ") {
            Some(instruction) => instruction.trim().to_owned(),
            None => format!("RUN {line}"),
        },
    };
    line.trim_end_matches(" # buildkit").to_owned()
}

#[cfg(test)]
mod tests {
    use super::instruction;

    #[test]
    fn an_instruction_reads_as_in_the_dockerfile() {
        for (made_by, expected) in [
            ("/bin/sh -c #(nop) COPY dir:1 in /app ", "COPY dir:1 in /app"),
            ("/bin/sh -c npm ci", "RUN npm ci"),
            ("RUN /bin/sh -c npm ci # buildkit", "RUN /bin/sh -c npm ci"),
        ] {
            assert_eq!(instruction(made_by), expected);
        }
    }
}
