//! `neargate init`.

use crate::args::{Form, FormArgs};
use crate::failure::{Failure, Kind};
use crate::project::FILE;
use crate::tree;
use crate::ui::{say, table};
use console::Term;
use plan::Outlined;
use serde::Serialize;
use source::{DotenvValue, Moment, Origin, Reading, Sensitivity};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Read the source and write a neargate.yml
///
/// Finds the applications of a repository, their ports, health checks, variables and migrations, and
/// writes them down, with a remark wherever something was guessed. A neargate.yml that is there already
/// is never touched.
#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    /// The repository
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Write without asking
    #[arg(short, long)]
    yes: bool,
    /// Print the manifest instead of writing it
    #[arg(long, conflicts_with = "yes")]
    print: bool,
    #[command(flatten)]
    form: FormArgs,
}

pub(crate) fn run(args: &InitArgs) -> Result<(), Failure> {
    let folder = &args.folder;
    let reading = tree::read(folder)?;
    let outlined =
        plan::outline(&reading, &app(folder)?).ok_or_else(|| nothing(folder, &reading))?;
    let file = folder.join(FILE);
    let there = file.exists();
    let audit = audit(&reading);
    if args.form.form() == Form::Json {
        let written = !there && args.yes;
        if written {
            write(&file, &outlined)?;
        }
        let Outlined { text, services } = &outlined;
        let services: BTreeMap<_, _> = services.iter().cloned().collect();
        say::json(&serde_json::json!({
            "file": file, "written": written, "manifest": text, "services": services, "variables": audit,
        }));
        return Ok(());
    }
    if args.print {
        outlined.text.lines().for_each(say::data);
        return Ok(());
    }
    tell(&reading, &outlined, &audit);
    if there {
        say::note(&format!(
            "{} is there and was not touched; `--print` shows what would be written",
            file.display()
        ));
        return Ok(());
    }
    if !args.yes && !confirmed(&file)? {
        say::note("nothing was written");
        return Ok(());
    }
    write(&file, &outlined)?;
    say::done(&format!("wrote {}", file.display()));
    say::hint("read its remarks, then `neargate up`");
    Ok(())
}

/// The application is called as its folder is.
fn app(folder: &Path) -> Result<String, Failure> {
    let whole = folder.canonicalize().map_err(|source| {
        Failure::because(Kind::Usage, format!("can't read {}", folder.display()), source)
    })?;
    Ok(whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
}

fn nothing(folder: &Path, reading: &Reading) -> Failure {
    let what = format!("found nothing that runs in {}", folder.display());
    let failure = Failure::new(Kind::Usage, what);
    let unread = reading.unread.iter().take(3);
    unread.fold(failure, |failure, it| failure.hint(format!("could not read {}: {}", it.file, it.why))).hint(
        "it looks for package.json, pyproject.toml, requirements.txt, go.mod, Cargo.toml, pom.xml, build.gradle \
         and index.html; `docs/neargate.example.yml` shows how to write a manifest by hand",
    )
}

/// Writes a file that was not there a moment ago: what came in between is not overwritten.
fn write(file: &Path, outlined: &Outlined) -> Result<(), Failure> {
    let failed =
        |source| Failure::because(Kind::Machine, format!("can't write {}", file.display()), source);
    let mut new = std::fs::File::create_new(file).map_err(failed)?;
    new.write_all(outlined.text.as_bytes()).map_err(failed)
}

/// Asks whoever sits there; nobody there is no consent.
fn confirmed(file: &Path) -> Result<bool, Failure> {
    let term = Term::stderr();
    if !term.is_term() || !std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        let what = format!("nobody is there to be asked whether to write {}", file.display());
        return Err(Failure::new(Kind::Usage, what)
            .hint("`--yes` writes without asking, `--print` shows it"));
    }
    let failed = |source| Failure::because(Kind::Machine, "can't ask", source);
    term.write_str(&format!("write {}? [Y/n] ", file.display())).map_err(failed)?;
    let answer = term.read_line().map_err(failed)?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "" | "y" | "yes"))
}

// === the audit of variables ===

/// One variable: who may see it, and what was found.
#[derive(Debug, Serialize)]
struct Audited {
    name: String,
    sensitivity: Sensitivity,
    build_time: bool,
    read_at: Option<String>,
    listed_in: Option<String>,
    has_secret_value: bool,
}

/// Every variable that the code reads or a dotenv file lists.
fn audit(reading: &Reading) -> Vec<Audited> {
    let mut found: BTreeMap<String, Audited> = BTreeMap::new();
    let variables = reading.projects.iter().flat_map(|project| &project.variables);
    for variable in variables.filter(|it| it.origin == Origin::Deployment) {
        let read_at = variable.places.first().map(|place| format!("{}:{}", place.file, place.line));
        let build_time = variable.moment == Moment::Build;
        found.entry(variable.name.clone()).or_insert_with(|| Audited {
            name: variable.name.clone(),
            sensitivity: variable.sensitivity,
            build_time,
            read_at,
            listed_in: None,
            has_secret_value: false,
        });
    }
    for file in &reading.dotenv {
        for entry in &file.entries {
            let name = &entry.value.name;
            let audited = found.entry(name.clone()).or_insert_with(|| Audited {
                name: name.clone(),
                sensitivity: entry.value.sensitivity,
                build_time: entry.value.sensitivity == Sensitivity::Public,
                read_at: None,
                listed_in: None,
                has_secret_value: false,
            });
            let place = format!("{}:{}", file.file, entry.place.line);
            audited.listed_in.get_or_insert(place);
            audited.has_secret_value |= entry.value.value == DotenvValue::Withheld;
        }
    }
    found.into_values().collect()
}

/// Says what was found, before anything is written.
fn tell(reading: &Reading, outlined: &Outlined, audit: &[Audited]) {
    for (service, folder) in &outlined.services {
        let folder = if folder.is_empty() { "this folder" } else { folder };
        say::note(&format!("{service}: {folder}"));
    }
    if !audit.is_empty() {
        let head = ["VARIABLE", "IS", "READ AT", "LISTED IN"].map(str::to_owned).to_vec();
        let rows = audit.iter().map(|it| {
            let kind = match it.sensitivity {
                Sensitivity::Public => "public, in the bundle",
                Sensitivity::Parameter => "parameter",
                Sensitivity::Secret => "secret",
            };
            let or_dash = |place: &Option<String>| place.clone().unwrap_or_else(|| "-".to_owned());
            vec![it.name.clone(), kind.to_owned(), or_dash(&it.read_at), or_dash(&it.listed_in)]
        });
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
        table::lines(&rows).iter().for_each(|line| say::note(line));
    }
    for file in &reading.dotenv {
        let values = file.entries.iter().filter(|entry| entry.value.value == DotenvValue::Withheld);
        let names: Vec<&str> = values.map(|entry| entry.value.name.as_str()).collect();
        if !names.is_empty() {
            let what = format!("{} looks as if it held secrets: {}", file.file, names.join(", "));
            say::warn(&format!("{what}. A repository is no place for them."));
        }
    }
    for unread in &reading.unread {
        say::warn(&format!("could not read {}: {}", unread.file, unread.why));
    }
}
