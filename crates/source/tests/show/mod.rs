//! A reading as lines for people: one a fact.

use source::{Certainty, Fact, Place, Project, Reading};
use std::fmt::Debug;

/// Everything that a reading says.
pub(crate) fn reading(reading: &Reading) -> String {
    let mut out = String::new();
    if let Some(workspace) = &reading.workspace {
        line(&mut out, "workspace", &format!("{workspace:?}"));
    }
    for project in &reading.projects {
        show(&mut out, project);
    }
    for file in &reading.dockerfiles {
        line(&mut out, "dockerfile", &file.file);
        fact(&mut out, "context", &file.context);
        file.missing.iter().for_each(|it| fact(&mut out, "missing", it));
        file.images.iter().for_each(|it| fact(&mut out, "image", it));
        file.command.iter().for_each(|it| fact(&mut out, "command", it));
    }
    for file in &reading.dotenv {
        line(&mut out, "dotenv", &format!("{} example={}", file.file, file.is_example));
        for entry in &file.entries {
            line(&mut out, "  entry", &format!("{:?} {}", entry.value, at(&entry.place)));
        }
    }
    for unread in &reading.unread {
        line(&mut out, "unread", &format!("{}: {}", unread.file, unread.why));
    }
    out
}

fn show(out: &mut String, project: &Project) {
    let kind = if project.is_application() { "application" } else { "library" };
    let what = format!("`{}` {} {:?} {kind}", project.folder, project.name, project.language);
    line(out, "project", &what);
    project.package_manager.iter().for_each(|it| fact(out, "package manager", it));
    project.frameworks.iter().for_each(|it| fact(out, "framework", it));
    project.entry.iter().for_each(|it| fact(out, "entry", it));
    project.build.iter().for_each(|it| fact(out, "build", it));
    project.start.iter().for_each(|it| fact(out, "start", it));
    project.output.iter().for_each(|it| fact(out, "output", it));
    project.assets.iter().for_each(|it| fact(out, "asset", it));
    project.runtimes.iter().for_each(|it| fact(out, "runtime", it));
    project.listens.iter().for_each(|it| fact(out, "listen", it));
    for route in &project.routes {
        let Fact { value, place, certainty } = route;
        let variable = value.variable.iter().map(|name| format!(" by {name}")).collect::<String>();
        let what = format!("{} {}{variable} {:?}", value.method, value.path, value.purpose);
        line(out, "  route", &format!("{what}{} {}", sure(*certainty), at(place)));
    }
    for it in &project.variables {
        let default = it.default.iter().map(|it| format!(" = {it}")).collect::<String>();
        let kind = format!("{:?} {:?} {:?} {:?}", it.need, it.sensitivity, it.moment, it.origin);
        let places: Vec<String> = it.places.iter().map(at).collect();
        let what =
            format!("{}{default} {kind}{} {}", it.name, sure(it.certainty), places.join(" "));
        line(out, "  variable", &what);
    }
    project.databases.iter().for_each(|it| fact(out, "database", it));
    project.migrations.iter().for_each(|it| fact(out, "migration", it));
    project.signals.iter().for_each(|it| fact(out, "signal", it));
    project.timeouts.iter().for_each(|it| fact(out, "timeout", it));
    project.imports.iter().for_each(|it| fact(out, "import", it));
    project.disagreements.iter().for_each(|it| fact(out, "disagreement", it));
    if !project.uses.is_empty() {
        line(out, "  uses", &project.uses.join(" "));
    }
}

fn fact<T: Debug>(out: &mut String, name: &str, fact: &Fact<T>) {
    let what = format!("{:?}{} {}", fact.value, sure(fact.certainty), at(&fact.place));
    line(out, &format!("  {name}"), &what);
}

fn line(out: &mut String, name: &str, what: &str) {
    *out += &format!("{name}: {what}\n");
}

fn sure(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "",
        Certainty::Likely => " (likely)",
        Certainty::Guess => " (guess)",
    }
}

fn at(place: &Place) -> String {
    format!("@{}:{}", place.file, place.line)
}
