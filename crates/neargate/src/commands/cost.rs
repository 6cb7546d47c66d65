//! `neargate cost`.

use crate::args::{Form, FormArgs, ManifestArgs};
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ui::say;
use plan::cost::{AS_OF, Dollars, Estimate, Line};
use serde_json::{Value, json};

/// Estimate what an environment costs a month
///
/// List prices of what is billed by the hour, whether anybody comes or not: no free tier, no
/// discount, no tax. What is billed by use is named below the sum. AWS is not asked.
#[derive(Debug, clap::Args)]
pub(crate) struct CostArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    /// The environment
    #[arg(short, long)]
    env: String,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) fn run(args: &CostArgs) -> Result<(), Failure> {
    let project = Project::read(&args.manifest.path)?;
    if args.env == manifest::LOCAL {
        let what = "the environment `local` costs nothing: it runs on this machine";
        return Err(Failure::new(Kind::Usage, what).hint("name another environment"));
    }
    let resolved = project.resolve(&args.env)?;
    let estimate = plan::cost(&resolved);
    if let Some(over) = plan::cost::over_budget(&resolved) {
        say::warn(&over);
    }
    if let Some(asked) = &estimate.instead_of {
        say::warn(&format!(
            "the prices of {asked} are not known here: those of {} are shown, which are the lowest",
            estimate.region
        ));
    }
    match args.form.form() {
        Form::Json => say::json(&as_json(&estimate)),
        Form::Text => as_text(&estimate),
    }
    Ok(())
}

fn as_text(estimate: &Estimate) {
    let widest = |text: fn(&Line) -> &String| {
        estimate.lines.iter().map(|line| text(line).chars().count()).max().unwrap_or(0)
    };
    let (of, what) = (widest(|line| &line.of), widest(|line| &line.what));
    for line in &estimate.lines {
        let least = line.least.rounded();
        say::data(
            format!("{:of$}  {:what$}  {least:>9}{}", line.of, line.what, up_to(line)).trim_end(),
        );
    }
    let sum = Line {
        of: "a month".to_owned(),
        what: format!("USD in {}, prices of {AS_OF}", estimate.region),
        least: estimate.least(),
        most: estimate.most(),
    };
    let least = sum.least.rounded();
    say::data(format!("{:of$}  {:what$}  {least:>9}{}", sum.of, sum.what, up_to(&sum)).trim_end());
    say::note("and by use, not in the sum:");
    for held in &estimate.by_use {
        say::note(&format!("  {held}"));
    }
}

/// The sum with the most tasks, where it is another one.
fn up_to(line: &Line) -> String {
    if line.least == line.most { String::new() } else { format!(" to {:>9}", line.most.rounded()) }
}

fn as_json(estimate: &Estimate) -> Value {
    let dollars =
        |least: Dollars, most: Dollars| json!({ "least": least.rounded(), "most": most.rounded() });
    let line = |line: &Line| json!({ "of": line.of, "what": line.what, "usd": dollars(line.least, line.most) });
    json!({
        "region": estimate.region,
        "pricesOf": AS_OF,
        "pricesAreOfTheRegion": estimate.instead_of.is_none(),
        "lines": estimate.lines.iter().map(line).collect::<Vec<_>>(),
        "usdPerMonth": dollars(estimate.least(), estimate.most()),
        "byUse": estimate.by_use,
    })
}
