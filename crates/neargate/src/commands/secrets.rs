//! `neargate secrets`.

mod restart;
mod set;

use crate::args::{Form, FormArgs};
use crate::failure::{Failure, Kind};
use crate::reach::{ReachArgs, Reached};
use crate::ui::{say, table};
use manifest::SecretReference;
use model::Timestamp;
use plan::kept::{self, Row};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Compare, set and renew the values of the services' secrets
///
/// A task reads them when it starts, so one that changed is old in the tasks that run.
#[derive(Debug, clap::Args)]
pub(crate) struct SecretsArgs {
    #[command(subcommand)]
    command: SecretsCommand,
}

#[derive(Debug, clap::Subcommand)]
enum SecretsCommand {
    List(ListArgs),
    Set(set::SetArgs),
    Restart(restart::RestartArgs),
}

/// Show which values are there, which are missing, and which changed since tasks were started
///
/// Ends with 1 when a value is missing. Values are never shown.
#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Only this service
    service: Option<String>,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: SecretsArgs) -> Result<(), Failure> {
    match args.command {
        SecretsCommand::List(args) => list(args).await,
        SecretsCommand::Set(args) => set::run(args).await,
        SecretsCommand::Restart(args) => restart::run(args).await,
    }
}

async fn list(args: ListArgs) -> Result<(), Failure> {
    let reached = args.reach.reach().await?;
    let names = super::logs::chosen(&reached.wish, args.service.as_deref())?;
    let rows = rows(&reached, &names).await?;
    match args.form.form() {
        Form::Json => {
            let all = rows.iter().map(|row| {
                json!({
                    "service": row.service,
                    "variable": row.variable,
                    "source": row.source,
                    "state": row.state.words(),
                })
            });
            say::json(&json!({ "secrets": all.collect::<Vec<_>>() }));
        }
        Form::Text => {
            let cells = rows.iter().map(|row| {
                let Row { service, variable, source, state } = row;
                vec![service.clone(), variable.clone(), source.clone(), state.words()]
            });
            table::lines(&cells.collect::<Vec<_>>()).iter().for_each(|line| say::data(line));
        }
    }
    if rows.iter().any(|row| matches!(row.state, kept::State::Changed { .. })) {
        say::hint("`neargate secrets restart` gives tasks the values as they are now");
    }
    let fatal: Vec<&Row> = rows.iter().filter(|row| row.state.is_fatal()).collect();
    let Some(first) = fatal.first() else { return Ok(()) };
    let what =
        format!("{} of {} values can't be read: no task would start", fatal.len(), rows.len());
    Err(Failure::new(Kind::Deployment, what)
        .hint(format!("neargate secrets set {} {}", first.service, first.variable)))
}

/// How the values of services stand.
async fn rows(reached: &Reached, names: &BTreeSet<String>) -> Result<Vec<Row>, Failure> {
    let keyed: BTreeSet<&str> = keyed(reached).collect();
    let named = reached.wish.secrets();
    let known = apply::kept::known(&reached.client, &named, |name| keyed.contains(name)).await?;
    let sights = apply::sights(&reached.client, &reached.cluster(), names).await?;
    let started: BTreeMap<String, Timestamp> = sights
        .iter()
        .filter_map(|(name, sight)| {
            let live = sight.tasks.iter().filter(|it| it.last_status.as_deref() == Some("RUNNING"));
            Some((name.clone(), live.filter_map(|task| task.created_at).min()?))
        })
        .collect();
    let mut rows = kept::rows(&reached.wish, &known, &started);
    rows.retain(|row| names.contains(&row.service));
    Ok(rows)
}

/// The secrets of which services read single keys.
fn keyed(reached: &Reached) -> impl Iterator<Item = &str> {
    let references = reached.wish.services().flat_map(|(_, service)| service.secrets.values());
    references.filter_map(|reference| match reference {
        SecretReference::Secret { name, part } => part.json_key.as_ref().map(|_| name.as_str()),
        _ => None,
    })
}
