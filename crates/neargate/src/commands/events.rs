//! `neargate events`.

use crate::args::{DataArgs, FileArgs, Form, FormArgs};
use crate::failure::Failure;
use crate::local;
use crate::project::Project;
use crate::ui::say;
use api::ecs::ServiceEvent;
use plan::Wish;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// From one look to the next while following.
const PAUSE: Duration = Duration::from_millis(500);

/// Show what ECS did to the services, in its own words
#[derive(Debug, clap::Args)]
pub(crate) struct EventsArgs {
    /// Only this service
    service: Option<String>,
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    data: DataArgs,
    /// Go on with new events
    #[arg(short = 'F', long)]
    follow: bool,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: EventsArgs) -> Result<(), Failure> {
    let project = Project::read(&args.file.file)?;
    let manifest = project.resolve(manifest::LOCAL)?;
    let region = local::expect(&local::data(&args.data)?).await?;
    let client = local::client(&region)?;
    let wish = Wish { manifest, artifacts: BTreeMap::new() };
    let names = super::logs::chosen(&wish, args.service.as_deref())?;
    let cluster = wish.names().cluster();
    let mut told = BTreeSet::new();
    loop {
        let mut fresh: Vec<(String, ServiceEvent)> = Vec::new();
        for name in &names {
            let sight = apply::sight(&client, &cluster, name).await?;
            let events = sight.and_then(|sight| sight.service.events).into_iter().flatten();
            let new: Vec<_> = events.filter(|event| told.insert(event.id.clone())).collect();
            // AWS answers the newest first; within a millisecond only that order tells which was.
            fresh.extend(new.into_iter().rev().map(|event| (name.clone(), event)));
        }
        fresh.sort_by_key(|(_, event)| event.created_at);
        fresh.iter().for_each(|(name, event)| print(name, event, args.form.form()));
        if !args.follow {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn print(name: &str, event: &ServiceEvent, form: Form) {
    let at = event.created_at.map(|at| at.to_string()).unwrap_or_default();
    let message = event.message.as_deref().unwrap_or_default();
    if form == Form::Json {
        let line = json!({ "service": name, "at": at, "id": event.id, "message": message });
        say::data(&line.to_string());
    } else {
        say::data(&format!("{at}  {message}"));
    }
}
