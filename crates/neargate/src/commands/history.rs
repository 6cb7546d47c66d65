//! `neargate history`.

use crate::args::{FileArgs, Form, FormArgs};
use crate::failure::Failure;
use crate::project::Project;
use crate::ship::environment::Environment;
use crate::ui::{say, table};
use plan::{Record, Wish};
use serde_json::json;
use std::collections::BTreeMap;

/// Show the deployments of an environment on AWS: who, what, when, and how they ended
#[derive(Debug, clap::Args)]
pub(crate) struct HistoryArgs {
    /// Only this one, with what spoke for its verdict
    id: Option<String>,
    /// The environment
    #[arg(short, long)]
    env: String,
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: HistoryArgs) -> Result<(), Failure> {
    let project = Project::read(&args.file.file)?;
    let environment = Environment::open(&project, &args.env).await?;
    let wish = Wish { manifest: environment.resolved.clone(), artifacts: BTreeMap::new() };
    let mut records = apply::records::list(&environment.client, &wish.names().records()).await?;
    if let Some(id) = &args.id {
        records.retain(|record| record.id.starts_with(id));
    }
    if args.form.form() == Form::Json {
        let records: Vec<_> = records.iter().map(Record::value).collect();
        say::json(&json!({ "deployments": records }));
        return Ok(());
    }
    if records.is_empty() {
        say::note("no deployment is recorded");
    }
    let rows: Vec<Vec<String>> = records.iter().map(row).collect();
    table::lines(&rows).iter().for_each(|line| say::data(line));
    for record in records.iter().filter(|_| args.id.is_some()) {
        let words = [&record.words].into_iter().filter(|words| !words.is_empty());
        words.chain(&record.evidence).for_each(|line| say::data(&format!("    {line}")));
    }
    Ok(())
}

/// A deployment: its id, when it ended, how, of what, whose.
fn row(record: &Record) -> Vec<String> {
    let services = record.services.iter().map(|(name, held)| {
        let definition = held.definition.clone();
        definition.unwrap_or_else(|| format!("{name} {}", held.image))
    });
    vec![
        record.id.clone(),
        record.ended.map_or("-".to_owned(), |at| at.to_string()),
        record.verdict.clone(),
        services.collect::<Vec<_>>().join(" "),
        record.who.clone(),
    ]
}
