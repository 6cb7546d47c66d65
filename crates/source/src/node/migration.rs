//! How a Node project's database gets its tables.

use super::package::Package;
use super::tree::Tree;
use crate::snapshot::{Snapshot, join};
use crate::{Command, Fact, Migration};

/// A tool, known by its package, and what it runs.
struct Tool {
    name: &'static str,
    packages: &'static [&'static str],
    /// Words of the tool's own command in a script.
    words: &'static str,
    command: Option<&'static str>,
    folders: &'static [&'static str],
}

const TOOLS: [Tool; 8] = [
    Tool {
        name: "prisma",
        packages: &["prisma", "@prisma/client"],
        words: "prisma migrate deploy",
        command: Some("npx prisma migrate deploy"),
        folders: &["prisma/migrations"],
    },
    Tool {
        name: "typeorm",
        packages: &["typeorm"],
        words: "migration:run",
        command: None,
        folders: &["src/migrations", "migrations", "src/database/migrations", "src/migration"],
    },
    Tool {
        name: "knex",
        packages: &["knex"],
        words: "migrate:latest",
        command: Some("npx knex migrate:latest"),
        folders: &["migrations", "db/migrations", "src/migrations"],
    },
    Tool {
        name: "sequelize",
        packages: &["sequelize-cli", "sequelize"],
        words: "db:migrate",
        command: Some("npx sequelize-cli db:migrate"),
        folders: &["migrations", "db/migrations", "src/migrations"],
    },
    Tool {
        name: "drizzle",
        packages: &["drizzle-kit", "drizzle-orm"],
        words: "drizzle-kit migrate",
        command: Some("npx drizzle-kit migrate"),
        folders: &["drizzle", "migrations", "src/db/migrations"],
    },
    Tool {
        name: "node-pg-migrate",
        packages: &["node-pg-migrate"],
        words: "node-pg-migrate",
        command: Some("npx node-pg-migrate up"),
        folders: &["migrations"],
    },
    Tool {
        name: "migrate-mongo",
        packages: &["migrate-mongo"],
        words: "migrate-mongo up",
        command: Some("npx migrate-mongo up"),
        folders: &["migrations"],
    },
    Tool {
        name: "mikro-orm",
        packages: &["@mikro-orm/migrations"],
        words: "migration:up",
        command: Some("npx mikro-orm migration:up"),
        folders: &["migrations", "src/migrations"],
    },
];

/// Names of scripts that bring a database up to date in production, the surest first.
const SCRIPTS: [&str; 11] = [
    "migrate:deploy",
    "db:migrate:deploy",
    "migrate:prod",
    "migration:run:prod",
    "db:deploy",
    "db:migrate",
    "migration:run",
    "migrations:run",
    "migrate:up",
    "migrate:latest",
    "migrate",
];

/// The way a project migrates: a script of its own, or else its tool's command where migrations lie.
pub(crate) fn read(
    snapshot: &Snapshot,
    tree: &Tree<'_, '_>,
    root: Option<&Package<'_>>,
    manager: &str,
) -> Vec<Fact<Migration>> {
    let packages = || [Some(tree.package), root].into_iter().flatten();
    let script = SCRIPTS.iter().find_map(|name| {
        let (script, place) = tree.package.script(name)?;
        Some((*name, script.to_owned(), place))
    });
    let known = TOOLS.iter().find_map(|tool| {
        let place = tool.packages.iter().find_map(|it| packages().find_map(|p| p.knows(it)));
        let folder = tool.folders.iter().find_map(|it| lies(snapshot, tree, it));
        // Without migrations and without a script, the package is only a client.
        let runs = script.as_ref().is_some_and(|(_, script, _)| script.contains(tool.words));
        (folder.is_some() || runs).then_some((tool, place?, folder))
    });
    let fact = match (script, known) {
        (Some((name, script, place)), known) => Fact::certain(
            Migration {
                tool: known.as_ref().map_or("script", |it| it.0.name).to_owned(),
                command: Some(Command {
                    line: format!("{manager} run {name}"),
                    script: Some(script),
                }),
                folder: known.and_then(|it| it.2),
            },
            place,
        ),
        (None, Some((tool, place, folder))) => {
            let command = tool.command.map(Command::plain);
            Fact::likely(Migration { tool: tool.name.to_owned(), command, folder }, place)
        }
        (None, None) => return Vec::new(),
    };
    vec![fact]
}

/// A folder that holds files: below the project, or below what the project uses.
fn lies(snapshot: &Snapshot, tree: &Tree<'_, '_>, folder: &str) -> Option<String> {
    let below = |base: &str| {
        let path = join(base, folder);
        let inside = format!("{path}/");
        snapshot.paths().any(|file| file.starts_with(&inside)).then_some(path)
    };
    below(tree.folder).or_else(|| below("")).or_else(|| {
        let used = tree.scenes.iter().map(|scene| crate::snapshot::folder(tree.path(*scene)));
        let parents = used.filter_map(|path| path.split("/src").next());
        let mut parents: Vec<&str> = parents.collect();
        parents.dedup();
        parents.into_iter().find_map(below)
    })
}
