//! `neargate region env`.

use crate::args::{DataArgs, Form, FormArgs};
use crate::failure::Failure;
use crate::local;
use crate::ui::say;
use std::collections::BTreeMap;

/// Print what points the aws CLI, SDKs and Terraform at the region: eval "$(neargate region env)"
#[derive(Debug, clap::Args)]
pub(crate) struct EnvArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: EnvArgs) -> Result<(), Failure> {
    let status = local::expect(&local::data(&args.data)?).await?;
    let credentials = local::credentials();
    // 127.0.0.1, not localhost: SDKs then keep bucket names out of host names.
    let variables = BTreeMap::from([
        ("AWS_ENDPOINT_URL", status.endpoint),
        ("AWS_ACCESS_KEY_ID", credentials.access_key),
        ("AWS_SECRET_ACCESS_KEY", credentials.secret_key.reveal().to_owned()),
        ("AWS_REGION", status.region.clone()),
        ("AWS_DEFAULT_REGION", status.region),
    ]);
    if args.form.form() == Form::Json {
        say::json(&variables);
        return Ok(());
    }
    for (name, value) in variables {
        say::data(&format!("export {name}={value}"));
    }
    Ok(())
}
