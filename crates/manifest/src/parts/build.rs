//! `build`: an image out of source code.

use super::names;
use crate::kind::{Format, any_text, formatted, image_size, list, map, part};
use std::collections::BTreeMap;

/// A path in the repository. Absolute ones exist on one machine only.
pub(crate) static PATH: Format = Format::new(
    "a path in the repository",
    "be relative to the manifest's folder, with `/` between its parts",
    r"^[^/\\~\s]([^\\]*[^\\\s])?$",
    1024,
    "apps/server",
);

/// A stage of a Dockerfile.
static STAGE: Format = Format::new(
    "a stage of the Dockerfile",
    "be made of letters, digits and `_.-`",
    "^[A-Za-z0-9][A-Za-z0-9_.-]*$",
    128,
    "production",
);

part! {
    /// How the service's image is built from source.
    pub struct Build as BuildRead, short "context" {
        /// The folder that the build sees, relative to the manifest's.
        context: String = formatted(&PATH),
            [default ".", because "most repositories hold one service"];
        /// The Dockerfile, relative to the context.
        dockerfile: Option<String> = formatted(&PATH),
            [optional "`Dockerfile` in the context; if there is none, one is generated"];
        /// The stage of the Dockerfile that becomes the image.
        target: Option<String> = formatted(&STAGE),
            [optional "the last stage"];
        /// Build arguments. They end up in the image: what is secret belongs under `secrets`.
        args: BTreeMap<String, String> = map(&names::VARIABLE, any_text()),
            [default "{}", because "nothing is passed unasked"], elsewhere ["build_args"];
        /// Variables of the machine that builds, mounted as `/run/secrets/NAME` for the steps of
        /// the Dockerfile that ask for them. They do not end up in the image.
        secrets: Vec<String> = list(formatted(&names::VARIABLE), 0, 50),
            [default "[]", because "nothing is passed unasked"];
        /// The most that the image may have, as Docker counts it; `neargate build` fails above it.
        budget: Option<u32> = image_size(),
            [optional "images may have any size"], elsewhere ["max_size"];
    }
}
