//! `neargate logs`.

use crate::args::{Form, FormArgs};
use crate::failure::{Failure, Kind};
use crate::reach::{ReachArgs, Reached};
use crate::ui::say;
use api::logs::FilteredLogEvent;
use apply::logs::Follower;
use model::Timestamp;
use plan::Wish;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// From one look to the next while following.
const PAUSE: Duration = Duration::from_millis(250);

/// Show what the services' containers wrote
#[derive(Debug, clap::Args)]
pub(crate) struct LogsArgs {
    /// Only this service
    service: Option<String>,
    #[command(flatten)]
    reach: ReachArgs,
    /// Go on with new lines
    #[arg(short = 'F', long)]
    follow: bool,
    /// Begin this long ago: 30s, 10m, 2h, 1d
    #[arg(long, value_name = "SPAN", default_value = "1h", value_parser = span)]
    since: Duration,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: LogsArgs) -> Result<(), Failure> {
    let Reached { client, wish, .. } = args.reach.reach().await?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let from = i64::try_from(now.saturating_sub(args.since).as_millis()).unwrap_or(0);
    let mut followers: BTreeMap<String, Follower> = BTreeMap::new();
    for name in chosen(&wish, args.service.as_deref())? {
        if let Some(service) = wish.manifest.environment.services.get(&name) {
            // Services may share a group; its streams tell them apart.
            let group = service.logs.group.clone();
            followers.insert(name, Follower::new(group, None, from));
        }
    }
    loop {
        for (name, follower) in &mut followers {
            for event in follower.next(&client).await? {
                print(name, &event, args.form.form());
            }
        }
        if !args.follow {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The services that a command is about: the one that was named, or all that run tasks.
pub(crate) fn chosen(wish: &Wish, named: Option<&str>) -> Result<BTreeSet<String>, Failure> {
    let all: BTreeSet<String> = wish.services().map(|(name, _)| name.clone()).collect();
    let Some(named) = named else { return Ok(all) };
    if all.contains(named) {
        return Ok(BTreeSet::from([named.to_owned()]));
    }
    let known = all.into_iter().collect::<Vec<_>>().join(", ");
    Err(Failure::new(Kind::Usage, format!("the manifest has no service `{named}` that runs tasks"))
        .hint(format!("it has: {known}")))
}

fn print(name: &str, event: &FilteredLogEvent, form: Form) {
    let at = event.timestamp.map(|at| Timestamp::from_millis(at).to_string()).unwrap_or_default();
    let stream = event.log_stream_name.as_deref().unwrap_or_default();
    let message = event.message.as_deref().unwrap_or_default();
    if form == Form::Json {
        let line = json!({ "service": name, "stream": stream, "at": at, "message": message });
        say::data(&line.to_string());
        return;
    }
    // `ecs/<container>/<task id>`: the container and the beginning of the id tell enough.
    let mut parts = stream.rsplit('/');
    let task: String = parts.next().unwrap_or_default().chars().take(8).collect();
    let container = parts.next().unwrap_or(name);
    say::data(&format!("{container}/{task} │ {message}"));
}

fn span(text: &str) -> Result<Duration, String> {
    let wrong = || "a span is a number and s, m, h or d: 10m".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: u64 = text[..text.len() - unit.len_utf8()].parse().map_err(|_| wrong())?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

#[cfg(test)]
mod tests {
    use super::span;
    use std::time::Duration;

    #[test]
    fn spans_are_numbers_with_a_unit() {
        assert_eq!(span("10m"), Ok(Duration::from_secs(600)));
        assert_eq!(span("2h"), Ok(Duration::from_secs(7200)));
        for wrong in ["", "m", "10", "10x", "-1s"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}
