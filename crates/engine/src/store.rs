//! The World on disk: one transaction a commit, each row sealed.

use crate::seal::Key;
use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableError};
use std::collections::BTreeSet;
use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use world::{Row, RowKey, World, save};

/// Saved rows, each under its saved key.
const ROWS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("rows");
/// What the store says of itself: its format, the region's place.
const ABOUT: TableDefinition<'_, &str, &str> = TableDefinition::new("about");

/// The store's memory for pages. Rows live in the World; the store only writes them, so its cache
/// needs little more than the pages of one transaction.
const CACHE: usize = 2 << 20;

/// How many threads open the rows of a start at most.
const THREADS: usize = 4;
/// Fewer rows are not worth another thread.
const SHARE: usize = 256;

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
    /// Opens the store in `folder`, making it on first use, and says what it knows of itself under each
    /// of the names; what it does not know yet, it keeps as given.
    pub(crate) fn open<const N: usize>(
        folder: &Path,
        words: [(&str, &str); N],
    ) -> Result<(Self, [String; N]), StoreError> {
        let key = Arc::new(Key::at(&folder.join("key"))?);
        let path = folder.join("state.redb");
        let opened = Database::builder().set_cache_size(CACHE).create(path);
        let database = opened.map_err(|error| match error {
            redb::DatabaseError::DatabaseAlreadyOpen => StoreError::InUse,
            other => broken(other),
        })?;
        let store = Self { database, key };
        let words = store.introduce(words)?;
        Ok((store, words))
    }

    /// The region's key, for credentials.
    pub(crate) fn key(&self) -> Arc<Key> {
        Arc::clone(&self.key)
    }

    /// All saved rows. Many are opened by several threads: a start waits for it.
    pub(crate) fn rows(&self) -> Result<Vec<Row>, StoreError> {
        let sealed = self.sealed()?;
        let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
        let share = sealed.len().div_ceil(threads).max(SHARE);
        let open = |part: &[Vec<u8>]| part.iter().map(|row| self.opened(row)).collect();
        let parts: Vec<Result<Vec<Row>, StoreError>> = thread::scope(|scope| {
            let (mine, others) = sealed.split_at(share.min(sealed.len()));
            let others: Vec<_> =
                others.chunks(share).map(|part| scope.spawn(move || open(part))).collect();
            let mine = open(mine);
            let joined =
                others.into_iter().map(|it| it.join().unwrap_or_else(|it| resume_unwind(it)));
            std::iter::once(mine).chain(joined).collect()
        });
        let parts: Vec<Vec<Row>> = parts.into_iter().collect::<Result<_, _>>()?;
        Ok(parts.into_iter().flatten().collect())
    }

    fn sealed(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let transaction = self.database.begin_read().map_err(broken)?;
        let table = transaction.open_table(ROWS).map_err(broken)?;
        let rows = table.iter().map_err(broken)?;
        rows.map(|row| Ok(row.map_err(broken)?.1.value().to_vec())).collect()
    }

    fn opened(&self, sealed: &[u8]) -> Result<Row, StoreError> {
        Ok(save::load(&self.key.open(sealed)?)?)
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
    fn about(&self, name: &str) -> Result<Option<String>, StoreError> {
        let transaction = self.database.begin_read().map_err(broken)?;
        let table = match transaction.open_table(ABOUT) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(None),
            table => table.map_err(broken)?,
        };
        let value = table.get(name).map_err(broken)?;
        Ok(value.map(|value| value.value().to_owned()))
    }

    /// Makes the tables and keeps the words that are missing, in one transaction; a transaction waits
    /// for the disk, so there is none when nothing is missing. Refuses a format that this code does
    /// not read.
    fn introduce<const N: usize>(
        &self,
        words: [(&str, &str); N],
    ) -> Result<[String; N], StoreError> {
        let known = save::FORMAT.to_string();
        let format = self.about("format")?;
        if let Some(found) = format.clone().filter(|found| *found != known) {
            return Err(StoreError::Format { found, known: save::FORMAT });
        }
        let mut missing = Vec::from_iter(format.is_none().then_some(("format", known.as_str())));
        let mut held = words.map(|(_, word)| word.to_owned());
        for ((name, word), held) in words.into_iter().zip(&mut held) {
            match self.about(name)? {
                Some(found) => *held = found,
                None => missing.push((name, word)),
            }
        }
        if !missing.is_empty() {
            self.keep(&missing)?;
        }
        Ok(held)
    }

    fn keep(&self, words: &[(&str, &str)]) -> Result<(), StoreError> {
        let transaction = self.database.begin_write().map_err(broken)?;
        transaction.open_table(ROWS).map_err(broken)?;
        for (name, word) in words {
            transaction.open_table(ABOUT).map_err(broken)?.insert(*name, *word).map_err(broken)?;
        }
        transaction.commit().map_err(broken)
    }
}

fn broken(error: impl Into<redb::Error>) -> StoreError {
    StoreError::Database(Box::new(error.into()))
}
