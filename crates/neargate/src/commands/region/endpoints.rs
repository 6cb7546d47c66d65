//! `neargate region endpoints`.

use crate::admin::{self, Endpoints};
use crate::args::{DataArgs, Form, FormArgs};
use crate::failure::Failure;
use crate::local;
use crate::ui::{say, table};

/// List each listener of load balancers and each distribution with its URL from here
#[derive(Debug, clap::Args)]
pub(crate) struct EndpointsArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: EndpointsArgs) -> Result<(), Failure> {
    let status = local::expect(&local::data(&args.data)?).await?;
    let endpoints: Endpoints = admin::get(status.port, "endpoints").await?;
    if args.form.form() == Form::Json {
        say::json(&endpoints);
        return Ok(());
    }
    let rows = endpoints.listeners.into_iter().map(|listener| {
        let url = listener.url.unwrap_or_else(|| "can't listen: its ports are taken".to_owned());
        vec![listener.load_balancer, format!("{} {}", listener.protocol, listener.port), url]
    });
    let distributions = endpoints.distributions.into_iter().map(|distribution| {
        let url = distribution.url.unwrap_or_else(|| "can't listen".to_owned());
        vec![distribution.id, distribution.domain_name, url]
    });
    let rows: Vec<Vec<String>> = rows.chain(distributions).collect();
    table::lines(&rows).iter().for_each(|line| say::data(line));
    Ok(())
}
