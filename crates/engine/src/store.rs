//! The World on disk: one transaction a commit, each row sealed.

use crate::seal::Key;
use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableDefinition};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use world::{Row, RowKey, World, save};

/// Saved rows, each under its saved key.
const ROWS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("rows");
/// What the store says of itself: its format, the region's place.
const ABOUT: TableDefinition<'_, &str, &str> = TableDefinition::new("about");

/// The store's memory for pages. Rows live in the World; the store only writes them, so its cache
/// needs little more than the pages of one transaction.
const CACHE: usize = 2 << 20;

/// Why a store can't be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The files beside the database.
    #[error("the region's data directory can't be used")]
    Files(#[from] io::Error),
    /// Another region has it open.
    #[error("another region is running on this data directory")]
    InUse,
    /// The database itself.
    #[error("the region's state can't be read or written")]
    Database(#[source] Box<redb::Error>),
    /// A row that can't be read.
    #[error("a saved row can't be read")]
    Row(#[from] save::LoadError),
    /// A row sealed with another key.
    #[error(transparent)]
    Sealed(#[from] crate::seal::OpenError),
    /// A row that can't be sealed.
    #[error("the system's cryptography failed to seal a row")]
    Seal,
    /// A format that a newer or older neargate wrote.
    #[error(
        "the region's state was written in format {found}, and this neargate reads format {known}: `neargate region reset` begins anew"
    )]
    Format {
        /// What the store says.
        found: String,
        /// What this code reads.
        known: u32,
    },
}

/// The region's state on disk.
#[derive(Debug)]
pub(crate) struct Store {
    database: Database,
    key: Arc<Key>,
}

impl Store {
    /// Opens the store in `folder`, making it on first use.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let key = Arc::new(Key::at(&folder.join("key"))?);
        let path = folder.join("state.redb");
        let opened = Database::builder().set_cache_size(CACHE).create(path);
        let database = opened.map_err(|error| match error {
            redb::DatabaseError::DatabaseAlreadyOpen => StoreError::InUse,
            other => broken(other),
        })?;
        let store = Self { database, key };
        store.check_format()?;
        Ok(store)
    }

    /// The region's key, for credentials.
    pub(crate) fn key(&self) -> Arc<Key> {
        Arc::clone(&self.key)
    }

    /// All saved rows.
    pub(crate) fn rows(&self) -> Result<Vec<Row>, StoreError> {
        let transaction = self.database.begin_read().map_err(broken)?;
        let table = transaction.open_table(ROWS).map_err(broken)?;
        let mut rows = Vec::new();
        for entry in table.iter().map_err(broken)? {
            let (_, sealed) = entry.map_err(broken)?;
            rows.push(save::load(&self.key.open(sealed.value())?)?);
        }
        Ok(rows)
    }

    /// Saves the touched rows of `world`: those that are there as they are, the others as gone.
    /// When this returns, they are on disk.
    pub(crate) fn save(&self, world: &World, touched: &BTreeSet<RowKey>) -> Result<(), StoreError> {
        if touched.is_empty() {
            return Ok(());
        }
        let transaction = self.database.begin_write().map_err(broken)?;
        {
            let mut table = transaction.open_table(ROWS).map_err(broken)?;
            for key in touched {
                let name = save::key(key);
                match world.saved(key) {
                    Some(row) => {
                        let sealed = self.key.seal(&row).ok_or(StoreError::Seal)?;
                        table.insert(name.as_slice(), sealed.as_slice()).map_err(broken)?;
                    }
                    None => {
                        table.remove(name.as_slice()).map_err(broken)?;
                    }
                }
            }
        }
        transaction.commit().map_err(broken)
    }

    /// A word that the store keeps about itself.
    pub(crate) fn about(&self, name: &str) -> Result<Option<String>, StoreError> {
        let transaction = self.database.begin_read().map_err(broken)?;
        let table = transaction.open_table(ABOUT).map_err(broken)?;
        let value = table.get(name).map_err(broken)?;
        Ok(value.map(|value| value.value().to_owned()))
    }

    /// Keeps a word about itself.
    pub(crate) fn note(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let transaction = self.database.begin_write().map_err(broken)?;
        transaction.open_table(ABOUT).map_err(broken)?.insert(name, value).map_err(broken)?;
        transaction.commit().map_err(broken)
    }

    /// Makes the tables on first use, and refuses a format that this code does not read.
    fn check_format(&self) -> Result<(), StoreError> {
        let transaction = self.database.begin_write().map_err(broken)?;
        let found = {
            transaction.open_table(ROWS).map_err(broken)?;
            let mut about = transaction.open_table(ABOUT).map_err(broken)?;
            let found = about.get("format").map_err(broken)?.map(|value| value.value().to_owned());
            if found.is_none() {
                about.insert("format", save::FORMAT.to_string().as_str()).map_err(broken)?;
            }
            found
        };
        transaction.commit().map_err(broken)?;
        match found {
            Some(found) if found != save::FORMAT.to_string() => {
                Err(StoreError::Format { found, known: save::FORMAT })
            }
            _ => Ok(()),
        }
    }
}

fn broken(error: impl Into<redb::Error>) -> StoreError {
    StoreError::Database(Box::new(error.into()))
}
