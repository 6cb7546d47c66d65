//! A connection to a database that is not encrypted, or that trusts anybody.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};
use source::{Database, Fact, System, Tls};

pub(super) const RULE: Rule = Rule {
    id: "unverified-tls",
    severity: Severity::Warning,
    title: "The connection to the database is not encrypted, or trusts any certificate.",
    why: "RDS demands TLS (`rds.force_ssl`, the default since PostgreSQL 15): a client without it is \
          refused with `no pg_hba.conf entry … no encryption`. Switching verification off lets it in, \
          and anybody between the two as well: it encrypts for whoever answers.",
    fix: "give the provider's bundle: `ssl: { ca: process.env.DATABASE_CA }`, verification left on.",
    limits: "what the address in a secret says (`sslmode=`).",
    look: &[Look::Part(find)],
};

fn find(part: &Part<'_>) -> Vec<Finding> {
    let databases = part.projects().flat_map(|project| &project.databases);
    databases.filter_map(judge).collect()
}

fn judge(database: &Fact<Database>) -> Option<Finding> {
    let is_sql = matches!(database.value.system, Some(System::Postgres | System::Mysql));
    let client = &database.value.client;
    match database.value.tls {
        Tls::Unverified => {
            let message = format!("{client} takes any certificate for the database's");
            let found = RULE.at(&database.place, message).label("verification is switched off");
            Some(
                found.help("give the provider's bundle (`ssl: { ca }`), and leave verification on"),
            )
        }
        Tls::Off if is_sql => {
            let message = format!("{client} connects without TLS, which RDS refuses");
            Some(RULE.at(&database.place, message).help("`ssl: { ca }` with the provider's bundle"))
        }
        Tls::Off | Tls::Unsaid | Tls::Verified => None,
    }
}
