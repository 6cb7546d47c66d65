//! `neargate events`.

use crate::args::{Form, FormArgs};
use crate::failure::Failure;
use crate::reach::{ReachArgs, Reached};
use crate::trouble::Trouble;
use crate::ui::{finding, say};
use api::ecs::ServiceEvent;
use console::Style;
use model::Timestamp;
use plan::Finding;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

/// From one look to the next while following.
const PAUSE: Duration = Duration::from_millis(500);

/// Show what ECS did to the services, in its own words, and why it did
#[derive(Debug, clap::Args)]
pub(crate) struct EventsArgs {
    /// Only this service
    service: Option<String>,
    #[command(flatten)]
    reach: ReachArgs,
    /// Go on with new events
    #[arg(short = 'F', long)]
    follow: bool,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: EventsArgs) -> Result<(), Failure> {
    let Reached { client, wish, place, .. } = args.reach.reach().await?;
    let names = super::logs::chosen(&wish, args.service.as_deref())?;
    let cluster = wish.cluster();
    let (mut told, mut trouble) = (BTreeSet::new(), Trouble::new(&place));
    loop {
        let mut fresh: Vec<(String, News)> = Vec::new();
        let sights = apply::sights(&client, &cluster, &names).await?;
        trouble.look(&client, &sights).await;
        for (name, sight) in sights {
            let events = sight.service.events.into_iter().flatten();
            let new: Vec<_> = events.filter(|event| told.insert(event.id.clone())).collect();
            // AWS answers the newest first; within a millisecond only that order tells which was.
            fresh.extend(new.into_iter().rev().map(|event| (name.clone(), News::Event(event))));
        }
        let found = if args.follow { trouble.fresh() } else { trouble.all() };
        fresh.extend(found.into_iter().map(|(name, held)| (name, News::Finding(held))));
        fresh.sort_by_key(|(_, news)| news.at());
        for (name, news) in &fresh {
            match news {
                News::Event(event) => print(name, event, args.form.form()),
                News::Finding(found) => print_finding(name, found, args.form.form()),
            }
        }
        if !args.follow {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What is told, at its time.
enum News {
    /// What ECS says.
    Event(ServiceEvent),
    /// What follows from it, and from the tasks' logs.
    Finding(Finding),
}

impl News {
    fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Event(event) => event.created_at,
            Self::Finding(found) => found.at,
        }
    }
}

fn print_finding(name: &str, found: &Finding, form: Form) {
    if form == Form::Json {
        let mut line = finding::as_json(found);
        line["service"] = name.into();
        say::data(&line.to_string());
        return;
    }
    let at = found.at.map(|at| format!("{at}  ")).unwrap_or_default();
    let mut lines = finding::lines(name, found, Style::new().for_stdout()).into_iter();
    say::data(&format!("{at}{}", lines.next().unwrap_or_default()));
    lines.for_each(|line| say::data(&line));
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
