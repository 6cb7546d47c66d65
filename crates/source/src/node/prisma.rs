//! Prisma's schema: the database, and the variable that holds its address.

use super::tree::Tree;
use crate::fact::variable::{Need, Read};
use crate::place::Lines;
use crate::snapshot::{Snapshot, name, within};
use crate::{Certainty, Database, Fact, Pool, System, Tls};

/// What the schemas say that lie in a project or in what it uses.
pub(crate) fn read(
    snapshot: &Snapshot,
    tree: &Tree<'_, '_>,
    uses: &[String],
) -> (Vec<Fact<Database>>, Vec<Read>) {
    let (mut databases, mut reads) = (Vec::new(), Vec::new());
    if !tree.uses(&["@prisma/client"]) && tree.package.knows("@prisma/client").is_none() {
        return (databases, reads);
    }
    for (path, text) in snapshot.texts() {
        let folders = uses.iter().map(String::as_str).chain([tree.folder]);
        let concerns = folders.into_iter().any(|folder| within(path, folder).is_some());
        if !path.ends_with(".prisma") || !(concerns || path.starts_with("prisma/")) {
            continue;
        }
        schema(path, text, &mut databases, &mut reads);
    }
    (databases, reads)
}

fn schema(path: &str, text: &str, databases: &mut Vec<Fact<Database>>, reads: &mut Vec<Read>) {
    let lines = Lines::of(path, text);
    let mut inside = false;
    let (mut system, mut variable, mut at) = (None, None, None);
    for (start, line) in lines.iter() {
        let bare = line.split("//").next().unwrap_or_default().trim();
        if bare.starts_with("datasource ") {
            inside = true;
            at = Some(lines.place(start, start + line.len()));
        } else if bare == "}" {
            inside = false;
        } else if let Some((key, value)) = bare.split_once('=').filter(|_| inside) {
            match key.trim() {
                "provider" => system = provider(value.trim().trim_matches('"')),
                "url" | "directUrl" => {
                    let Some(name) = environment(value) else { continue };
                    variable = variable.or_else(|| Some(name.to_owned()));
                    reads.push(Read {
                        name: name.to_owned(),
                        need: Need::Required,
                        default: None,
                        place: lines.place(start, start + line.len()),
                        certainty: Certainty::Certain,
                    });
                }
                _ => {}
            }
        }
    }
    let Some(place) = at.filter(|_| name(path).ends_with(".prisma")) else { return };
    let client = "@prisma/client".to_owned();
    // The limit follows from the processors, unless the address gives it.
    let database = Database { client, system, pool: Pool::Unknown, tls: Tls::Unsaid, variable };
    databases.push(Fact::certain(database, place));
}

/// `env("DATABASE_URL")`.
fn environment(value: &str) -> Option<&str> {
    let inner = value.trim().strip_prefix("env(")?.strip_suffix(')')?;
    Some(inner.trim().trim_matches('"'))
}

fn provider(word: &str) -> Option<System> {
    Some(match word {
        "postgresql" | "postgres" | "cockroachdb" => System::Postgres,
        "mysql" => System::Mysql,
        "mongodb" => System::Mongodb,
        "sqlite" => System::Sqlite,
        _ => return None,
    })
}
