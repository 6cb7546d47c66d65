//! `neargate check`.

use crate::account;
use crate::failure::{Failure, Kind};
use crate::preflight::{self, Checked};
use crate::project::{FILE, Project};
use crate::trial::{self, Wish};
use crate::ui::say;
use ::check::{Edit, Finding, Observed, Severity};
use clap::ValueEnum;
use manifest::Resolved;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Find what would go wrong on ECS, before anything is built
///
/// Holds the source, the Dockerfiles, the manifest, workflows, scripts, task definitions and Terraform
/// against everything that is known to go wrong. Runs nothing and asks nobody; with --image it also runs
/// the services' images, alone, and looks at them. docs/check.md lists the rules; `checks` in the
/// manifest leaves a finding alone, with a reason. With --aws it also asks the account of an environment
/// whether what is named there is there and fits, and changes nothing; docs/deploy.md lists those rules.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// The repository, or its manifest
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
    /// Check this environment of the manifest [default: all of them]
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// How the findings are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Run the services' images too, each alone; IMAGE instead of the one that would be built
    #[arg(long, value_name = "IMAGE", num_args = 0..=1, require_equals = true, default_missing_value = "", conflicts_with = "fix")]
    image: Option<String>,
    /// Run the image of this service only
    #[arg(long, value_name = "NAME", requires = "image")]
    service: Option<String>,
    /// Ask AWS too, whether the environment's account has what a deployment needs
    #[arg(long, requires = "env", conflicts_with_all = ["image", "fix"])]
    aws: bool,
    /// Write the fixes that are certain
    #[arg(long)]
    fix: bool,
    /// Fail for these too
    #[arg(long, value_enum, value_name = "SEVERITY")]
    deny: Option<Deny>,
    /// Say what a rule is about, and check nothing; without a name, list the rules
    #[arg(long, value_name = "RULE", num_args = 0..=1, default_missing_value = "")]
    explain: Option<String>,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for GitHub and editors
    Sarif,
}

/// What fails besides errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Warnings
    Warnings,
    /// Warnings and notes
    Notes,
}

pub(crate) fn run(args: &CheckArgs) -> Result<(), Failure> {
    if let Some(rule) = &args.explain {
        return explain(rule);
    }
    let mut checked = check(args)?;
    if args.aws {
        let name = account::refuse_local(args.env.as_deref())?;
        let project = Project::read(&args.path)?;
        super::block_on(account::look(&project, name, &mut checked))?;
    }
    if args.fix && fix(&checked)? {
        checked = check(args)?;
    }
    print(&checked, args.format);
    verdict(&checked.found, args.deny)
}

fn explain(name: &str) -> Result<(), Failure> {
    if name.is_empty() {
        for rule in ::check::RULES {
            say::data(&format!("{:<24} {:<8} {}", rule.id, rule.severity.word(), rule.title));
        }
        return Ok(());
    }
    let rule = ::check::rule(name).map_err(|meant| {
        Failure::new(Kind::Usage, format!("there is no rule `{name}`")).hint(meant)
    })?;
    ::check::explain(rule).lines().for_each(say::data);
    Ok(())
}

fn check(args: &CheckArgs) -> Result<Checked, Failure> {
    let path = &args.path;
    let is_bare = path.is_dir() && !path.join(FILE).exists();
    if is_bare {
        if args.image.is_some() {
            let what = format!("there is no {FILE} in {}, which says what to run", path.display());
            return Err(Failure::new(Kind::Usage, what)
                .hint("`neargate init` writes one: what is built, on which port it listens, its health check"));
        }
        if let Some(name) = &args.env {
            let what =
                format!("there is no {FILE} in {}, so no environment `{name}`", path.display());
            return Err(Failure::new(Kind::Usage, what));
        }
        return preflight::check(path, None, &[]);
    }
    let project = Project::read(path)?;
    let environments = environments(&project, args.env.as_deref())?;
    let observed = observe(args, &project)?;
    preflight::check_with(&project.folder, Some(&project), &environments, &observed)
}

/// Runs the images, if that was asked for.
fn observe(args: &CheckArgs, project: &Project) -> Result<Vec<Observed>, Failure> {
    let Some(image) = args.image.as_deref() else { return Ok(Vec::new()) };
    let resolved = project.resolve(args.env.as_deref().unwrap_or(manifest::LOCAL))?;
    let image = Some(image).filter(|it| !it.is_empty());
    let wish = Wish { image, service: args.service.as_deref() };
    super::block_on(trial::observe(project, &resolved, wish))
}

/// The environment that was asked for, or all whose variables are there.
fn environments(project: &Project, asked: Option<&str>) -> Result<Vec<Resolved>, Failure> {
    if let Some(name) = asked {
        return Ok(vec![project.resolve(name)?]);
    }
    let mut found = Vec::new();
    for name in project.environments() {
        found.extend(project.resolve_here(name)?);
    }
    Ok(found)
}

/// Writes what is certain; answers whether there was anything.
fn fix(checked: &Checked) -> Result<bool, Failure> {
    let mut edits: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    for edit in checked.found.iter().filter_map(|finding| finding.edit.as_ref()) {
        edits.entry(&edit.file).or_default().push(edit.clone());
    }
    for (file, edits) in &edits {
        let text = checked.text(file).unwrap_or_default();
        write(&checked.path(file), &::check::apply(text, edits))?;
        say::done(&format!("changed {}", checked.shown(file)));
    }
    Ok(!edits.is_empty())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|source| {
        Failure::because(Kind::Machine, format!("can't write {}", path.display()), source)
    })
}

fn print(checked: &Checked, format: Format) {
    match format {
        Format::Text => {
            checked.found.iter().for_each(|it| say::data(&format!("{}\n", checked.draw(it))))
        }
        Format::Json => {
            let mut all = ::check::json(&checked.found);
            all["remarks"] = checked.remarks.clone().into();
            say::json(&all);
        }
        Format::Sarif => {
            say::json(&::check::sarif(&checked.found, env!("CARGO_PKG_VERSION")));
        }
    }
    checked.remarks.iter().for_each(|remark| say::note(remark));
    let counts = Severity::ALL.map(|severity| {
        (checked.found.iter().filter(|it| it.severity == severity).count(), severity.word())
    });
    let said: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    match said.as_slice() {
        [] => say::done("nothing found"),
        said => say::note(&said.join(", ")),
    }
    if checked.found.iter().any(|it| it.edit.is_some()) {
        say::hint("`neargate check --fix` writes the fixes that are certain");
    }
}

fn verdict(found: &[Finding], deny: Option<Deny>) -> Result<(), Failure> {
    let limit = match deny {
        None => Severity::Error,
        Some(Deny::Warnings) => Severity::Warning,
        Some(Deny::Notes) => Severity::Note,
    };
    let fails = found.iter().any(|finding| finding.severity >= limit);
    if fails { Err(Failure::new(Kind::Found, "")) } else { Ok(()) }
}
