//! `neargate schema`.

use crate::failure::Failure;
use crate::ui::say;

/// Print the JSON Schema of neargate.yml, for editors
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {}

pub(crate) fn run(_: &SchemaArgs) -> Result<(), Failure> {
    say::json(&manifest::schema());
    Ok(())
}
