//! `neargate export`.

use crate::args::ManifestArgs;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ui::say;

/// Print the manifest in another tool's words
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Format {
    Cloudformation(CloudformationArgs),
}

/// Print what an environment on AWS stands on, as a CloudFormation template
///
/// Network, registry, cluster, roles, log groups, load balancer, alarms, dashboard, and bucket and
/// distribution of static sites. Services are not in it: a stack that waits for a service can hang
/// for hours.
#[derive(Debug, clap::Args)]
struct CloudformationArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    /// The environment
    #[arg(short, long)]
    env: String,
}

pub(crate) fn run(args: &ExportArgs) -> Result<(), Failure> {
    match &args.format {
        Format::Cloudformation(args) => cloudformation(args),
    }
}

fn cloudformation(args: &CloudformationArgs) -> Result<(), Failure> {
    let project = Project::read(&args.manifest.path)?;
    if args.env == manifest::LOCAL {
        let what =
            "the environment `local` stands on nothing: the local region makes what it needs";
        let known: Vec<&str> = project.environments().iter().map(String::as_str).collect();
        let others = known.into_iter().filter(|name| *name != manifest::LOCAL);
        let others = others.collect::<Vec<_>>().join(", ");
        let hint = match others.as_str() {
            "" => "add one below `environments` in the manifest".to_owned(),
            others => format!("name one of the others: {others}"),
        };
        return Err(Failure::new(Kind::Usage, what).hint(hint));
    }
    let resolved = project.resolve(&args.env)?;
    say::data(plan::foundation(&resolved, &plan::Stand::default()).to_string().trim_end());
    Ok(())
}
