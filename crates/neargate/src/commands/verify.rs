//! `neargate verify`.

use crate::args::{Form, FormArgs};
use crate::failure::{Failure, Kind};
use crate::reach::{ReachArgs, Reached};
use crate::ui::{say, table};
use api::logs::{FilterLogEvents, FilterLogEventsRequest};
use apply::visit::{Question, VisitError, Visitor};
use http::Method;
use manifest::Service;
use plan::verify::{self, Answer, Expected, Finding, Grade};
use serde_json::json;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A page of somebody else's.
const STRANGER: &str = "https://stranger.invalid";

/// How many lines of a service are looked at, and how far back, in ms: a group may hold years.
const LINES: i32 = 100;
const BACK: i64 = 3_600_000;

/// Ask an environment what its users ask, and hold the answers against what they should be
///
/// Health in any case; the rest as far as it is asked for. Ends with 1 when an answer is not as it
/// should be.
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// Where the application is reached [default: its domain, or the local region's load balancer]
    #[arg(value_name = "URL")]
    url: Option<String>,
    /// The origin whose pages may call it, and strangers' may not
    #[arg(long, value_name = "ORIGIN")]
    cors: Option<String>,
    /// A path that answers 401 or 403 without a token
    #[arg(long, value_name = "PATH")]
    protected: Vec<String>,
    /// A header that answers have to have
    #[arg(long, value_name = "NAME")]
    header: Vec<String>,
    /// The path that is asked for CORS, headers and load [default: the health path]
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// So many users at a time, each asking again as soon as it is answered
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    users: u32,
    /// For so many seconds
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 5)]
    seconds: u64,
    /// The longest that 95 of 100 requests may take, in ms
    #[arg(long, value_name = "MS")]
    p95: Option<u64>,
    #[command(flatten)]
    reach: ReachArgs,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) async fn run(args: VerifyArgs) -> Result<(), Failure> {
    let reached = args.reach.reach().await?;
    let url = match &args.url {
        Some(url) => url.clone(),
        None => reached.urls().await?.into_iter().next().ok_or_else(|| {
            Failure::new(Kind::Deployment, "the application is reached nowhere from here")
                .hint("say where: neargate verify https://…")
        })?,
    };
    let base = url.trim_end_matches('/').to_owned();
    let visitor = Visitor::new().map_err(|source| {
        Failure::because(Kind::Machine, "nobody can be asked from here", source)
    })?;
    let mut found = Vec::new();
    for (name, service) in reached.wish.services().filter(|(_, it)| !it.routes().is_empty()) {
        found.push(health(&visitor, &base, service).await?);
        found.extend(log(&reached, name, service).await?);
    }
    let path = args.path.clone().unwrap_or_else(|| usual_path(&reached));
    found.extend(answers(&visitor, &base, &path, &args).await?);
    show(&url, &found, args.form.form());
    match found.iter().filter(|it| it.grade == Grade::Bad).count() {
        0 => Ok(()),
        bad => {
            let what =
                format!("{bad} of {} answers of {url} are not as they should be", found.len());
            Err(Failure::new(Kind::Deployment, what))
        }
    }
}

/// The health path of the first service that requests reach.
fn usual_path(reached: &Reached) -> String {
    let mut services = reached.wish.services().filter(|(_, it)| !it.routes().is_empty());
    services.next().map_or_else(|| "/".to_owned(), |(_, service)| service.health.path.clone())
}

async fn health(visitor: &Visitor, base: &str, service: &Service) -> Result<Finding, Failure> {
    let path = &service.health.path;
    let answer = get(visitor, &format!("{base}{path}")).await?;
    let codes = &service.health.codes;
    Ok(verify::health(path, answer.map(|it| it.status), |status| codes.contains(status)))
}

/// What was asked for beyond health.
async fn answers(
    visitor: &Visitor,
    base: &str,
    path: &str,
    args: &VerifyArgs,
) -> Result<Vec<Finding>, Failure> {
    let mut found = Vec::new();
    let url = format!("{base}{path}");
    if let Some(rest) = base.strip_prefix("https://") {
        let plain = get(visitor, &format!("http://{rest}{path}")).await?;
        found.push(verify::redirect(plain.as_ref()));
    }
    if let Some(origin) = &args.cors {
        let own = preflight(visitor, &url, origin).await?;
        let strangers = preflight(visitor, &url, STRANGER).await?;
        found.push(verify::cors(origin, &own, &strangers));
    }
    for path in &args.protected {
        let answer = get(visitor, &format!("{base}{path}")).await?;
        found.push(verify::without_token(path, answer.map(|it| it.status)));
    }
    if let Some(answer) = get(visitor, &url).await? {
        let wanted: Vec<String> = args.header.iter().map(|it| it.to_ascii_lowercase()).collect();
        found.extend(verify::headers(&answer, &wanted));
    }
    if args.users > 0 {
        let within = Duration::from_secs(args.seconds);
        say::note(&format!("{} users ask {url} for {} s", args.users, args.seconds));
        let load = visitor.load(&url, args.users, within).await;
        let expected = Expected { p95: args.p95, ..Expected::default() };
        found.push(verify::load(&load, &expected));
    }
    Ok(found)
}

/// A page's answer; `None` where nothing answers.
async fn get(visitor: &Visitor, url: &str) -> Result<Option<Answer>, Failure> {
    let asked = visitor.ask(Question { method: &Method::GET, url, headers: &[] });
    match asked.await {
        Ok(answer) => Ok(Some(answer)),
        Err(VisitError::Silent(why)) => {
            say::note(&format!("{url}: {why}"));
            Ok(None)
        }
        Err(error) => Err(wrong(error)),
    }
}

/// What a browser asks before a page of another origin may send JSON.
async fn preflight(visitor: &Visitor, url: &str, origin: &str) -> Result<Answer, Failure> {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    let asked = visitor.ask(Question { method: &Method::OPTIONS, url, headers: &headers });
    match asked.await {
        Err(VisitError::Silent(_)) => Ok(Answer::default()),
        outcome => outcome.map_err(wrong),
    }
}

fn wrong(source: VisitError) -> Failure {
    let kind = match source {
        VisitError::Address(_) => Kind::Usage,
        VisitError::Authorities(_) | VisitError::Silent(_) => Kind::Machine,
    };
    Failure::because(kind, "a question can't be asked", source)
}

/// Lines that a service wrote within the last hour.
async fn log(reached: &Reached, name: &str, service: &Service) -> Result<Option<Finding>, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let request = FilterLogEventsRequest {
        log_group_name: Some(service.logs.group.clone()),
        start_time: Some(i64::try_from(now).unwrap_or(i64::MAX) - BACK),
        limit: Some(LINES),
        ..Default::default()
    };
    let found = match reached.client.call::<FilterLogEvents>(request).await {
        Err(error) if error.code() == Some("ResourceNotFoundException") => return Ok(None),
        found => found?,
    };
    let lines = found.events.iter().flatten().filter_map(|event| event.message.as_deref());
    Ok(verify::log(name, lines))
}

fn show(url: &str, found: &[Finding], form: Form) {
    if form == Form::Json {
        let all = found
            .iter()
            .map(|it| json!({ "about": it.about, "grade": word(it.grade), "words": it.words }));
        say::json(&json!({ "url": url, "findings": all.collect::<Vec<_>>() }));
        return;
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|it| vec![mark(it.grade).to_owned(), it.about.to_owned(), it.words.clone()])
        .collect();
    table::lines(&rows).iter().for_each(|line| say::data(line));
}

fn mark(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "✓",
        Grade::Doubtful => "?",
        Grade::Bad => "✗",
    }
}

fn word(grade: Grade) -> &'static str {
    match grade {
        Grade::Good => "good",
        Grade::Doubtful => "doubtful",
        Grade::Bad => "bad",
    }
}
