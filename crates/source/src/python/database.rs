//! Database clients of Python projects.

use crate::lexical::Lexed;
use crate::sources::Sources;
use crate::{Database, Fact, Pool, System, Tls};

pub(super) fn read(sources: &Sources<'_>) -> Vec<Fact<Database>> {
    // SQLAlchemy keeps 5 and opens 10 more when they are busy.
    let makers = [
        ("create_engine (", "sqlalchemy", None, Pool::Library(15), "pool_size"),
        ("create_async_engine (", "sqlalchemy", None, Pool::Library(15), "pool_size"),
        (
            "asyncpg . create_pool (",
            "asyncpg",
            Some(System::Postgres),
            Pool::Library(10),
            "max_size",
        ),
        ("psycopg . connect (", "psycopg", Some(System::Postgres), Pool::Single, ""),
        ("psycopg2 . connect (", "psycopg2", Some(System::Postgres), Pool::Single, ""),
        ("ConnectionPool (", "psycopg_pool", Some(System::Postgres), Pool::Library(4), "max_size"),
        ("MongoClient (", "pymongo", Some(System::Mongodb), Pool::Library(100), "maxPoolSize"),
        ("AsyncIOMotorClient (", "motor", Some(System::Mongodb), Pool::Library(100), "maxPoolSize"),
    ];
    let mut found = Vec::new();
    for (pattern, client, system, library, limit) in makers {
        let Some((file, fit)) = sources.find(pattern).next() else { continue };
        let size = file.named(fit.after, limit).and_then(|token| token.number());
        let overflow = file.named(fit.after, "max_overflow").and_then(|token| token.number());
        let extra = overflow.unwrap_or(if client == "sqlalchemy" { 10 } else { 0 });
        let pool = match (size, overflow) {
            (None, None) => library,
            (size, _) => Pool::Given(size.unwrap_or(5) + extra),
        };
        let (client, tls) = (client.to_owned(), tls(file, fit.after));
        let database = Database { client, system, pool, tls, variable: None };
        found.push(Fact::likely(database, file.place(&fit)));
    }
    found
}

/// What the arguments say of encryption.
fn tls(file: &Lexed<'_>, from: usize) -> Tls {
    let inside = file.rest_of_bracket(from);
    let says = |word: &str| {
        inside
            .iter()
            .any(|it| it.text().is_some_and(|it| it.contains(word)) || it.word() == Some(word))
    };
    if says("verify-full") || says("verify-ca") {
        Tls::Verified
    } else if says("CERT_NONE") || says("sslmode=require") || says("tlsAllowInvalidCertificates") {
        Tls::Unverified
    } else {
        Tls::Unsaid
    }
}
