//! Databases that an application connects to.

use serde::Serialize;

/// A client of a database, where it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Database {
    /// The library: `pg`, `mongoose`, `@prisma/client`.
    pub client: String,
    /// The system that it talks to, if that is known.
    pub system: Option<System>,
    /// How many connections each process opens at most.
    pub pool: Pool,
    /// Whether the connection is encrypted, as far as the code says.
    pub tls: Tls,
    /// The environment variable that holds its address.
    pub variable: Option<String>,
}

/// A database system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum System {
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
    /// MongoDB.
    Mongodb,
    /// Redis or Valkey.
    Redis,
    /// A file.
    Sqlite,
}

/// A limit of connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pool {
    /// The code gives it.
    Given(u32),
    /// An environment variable gives it; `default` holds without it.
    Variable {
        /// Its name.
        name: String,
        /// The limit without it.
        default: Option<u32>,
    },
    /// The code says nothing: the library's own limit.
    Library(u32),
    /// One connection.
    Single,
    /// Neither code nor library say a number: the machine or the address does.
    Unknown,
}

impl Pool {
    /// The number of connections, if it is known.
    #[must_use]
    pub fn size(&self) -> Option<u32> {
        match self {
            Self::Given(size) | Self::Library(size) => Some(*size),
            Self::Variable { default, .. } => *default,
            Self::Single => Some(1),
            Self::Unknown => None,
        }
    }
}

/// Encryption of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// The code says nothing; the address may.
    Unsaid,
    /// Switched off.
    Off,
    /// On, and the server's certificate is not verified: encryption against onlookers only.
    Unverified,
    /// On; the certificate is verified.
    Verified,
}
