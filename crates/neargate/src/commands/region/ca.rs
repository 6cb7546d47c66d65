//! `neargate region ca`.

use crate::admin::{self, Authority};
use crate::args::{DataArgs, Form, FormArgs};
use crate::failure::Failure;
use crate::local;
use crate::ui::say;

/// Print the certificate of the region's own authority, which signs what Certificate Manager issues
/// here: curl --cacert <(neargate region ca) https://…
#[derive(Debug, clap::Args)]
pub(crate) struct CaArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: CaArgs) -> Result<(), Failure> {
    let status = local::expect(&local::data(&args.data)?).await?;
    let authority: Authority = admin::get(status.port, "authority").await?;
    match args.form.form() {
        Form::Json => say::json(&authority),
        Form::Text => say::data(authority.certificate.trim_end()),
    }
    Ok(())
}
