//! `neargate region status`.

use crate::args::{DataArgs, Form, FormArgs};
use crate::failure::Failure;
use crate::local;
use crate::ui::{say, table};

/// Say whether the local region runs, where, and with what
#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: StatusArgs) -> Result<(), Failure> {
    let data = local::data(&args.data)?;
    let status = local::expect(&data).await?;
    if args.form.form() == Form::Json {
        say::json(&status);
        return Ok(());
    }
    let pace = local::pace(&status);
    let rows = [
        ("endpoint", status.endpoint),
        ("region", format!("{} (account {})", status.region, status.account)),
        ("driver", status.driver),
        ("speed", pace),
        ("process", format!("{} (neargate {})", status.pid, status.version)),
        ("since", status.started_at),
        ("data", status.data),
        ("services", status.services.to_string()),
        ("tasks", format!("{} running", status.running_tasks)),
    ];
    let rows: Vec<Vec<String>> =
        rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    table::lines(&rows).iter().for_each(|line| say::data(line));
    Ok(())
}
