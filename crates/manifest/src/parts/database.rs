//! `database`: how many connections there are, and how many a task takes.

use crate::kind::{part, whole};

part! {
    /// The limits of the database that the service uses. Nothing is created from it: it lets the
    /// checks add up what all tasks of a rollout take together.
    pub struct Database as DatabaseRead {
        /// How many connections the database admits (`max_connections`).
        max_connections: u32 = whole::<u32>(1, 1_000_000), [required], elsewhere ["maxConnections"];
        /// How many connections a task opens at most.
        pool: u32 = whole::<u32>(1, 100_000),
            [default "10", because
                "what node-postgres, TypeORM and HikariCP open unless told otherwise"],
            elsewhere ["pool_size", "connections"];
    }
}
