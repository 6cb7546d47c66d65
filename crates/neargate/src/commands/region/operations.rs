//! `neargate region operations`.

use crate::admin::{self, Operations};
use crate::args::{DataArgs, Form, FormArgs};
use crate::failure::Failure;
use crate::local;
use crate::ui::say;

/// List the AWS operations that the region has
#[derive(Debug, clap::Args)]
pub(crate) struct OperationsArgs {
    #[command(flatten)]
    data: DataArgs,
    /// List those of the same services that it does not have
    #[arg(long)]
    missing: bool,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: OperationsArgs) -> Result<(), Failure> {
    let status = local::expect(&local::data(&args.data)?).await?;
    let operations: Operations = admin::get(status.port, "operations").await?;
    if args.form.form() == Form::Json {
        say::json(&operations);
        return Ok(());
    }
    for service in operations.services {
        let names = if args.missing { service.not_implemented } else { service.implemented };
        for name in names {
            say::data(&format!("{}: {name}", service.service));
        }
    }
    Ok(())
}
