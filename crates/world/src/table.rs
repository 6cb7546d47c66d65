//! A table: rows of one kind, in the order of their keys.

use imbl::OrdMap;
use std::borrow::Borrow;
use std::fmt;
use std::ops::RangeBounds;
use std::sync::Arc;

/// A kind of row that a World holds.
pub trait Held: Clone + fmt::Debug {
    /// What identifies a row; its order is the order of listings.
    type Key: Clone + Ord + fmt::Debug;

    /// The row's key.
    fn key(&self) -> Self::Key;
}

/// Rows of one kind. Cloning shares all rows; changing a clone copies only the path to the change.
pub struct Table<T: Held> {
    rows: OrdMap<T::Key, Arc<T>>,
}

// === impl Table ===

impl<T: Held> Table<T> {
    /// The row with this key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&T>
    where
        T::Key: Borrow<Q>,
    {
        self.rows.get(key).map(AsRef::as_ref)
    }

    /// Whether there is a row with this key.
    pub fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        T::Key: Borrow<Q>,
    {
        self.rows.contains_key(key)
    }

    /// All rows, in the order of their keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.values().map(AsRef::as_ref)
    }

    /// The rows whose keys lie in a range, in order.
    pub fn range(&self, range: impl RangeBounds<T::Key>) -> impl DoubleEndedIterator<Item = &T> {
        self.rows.range(range).map(|(_, row)| row.as_ref())
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Puts a row in the place of the one with its key.
    pub(crate) fn put(&mut self, row: T) {
        self.rows.insert(row.key(), Arc::new(row));
    }

    /// Takes the row with this key out.
    pub(crate) fn remove(&mut self, key: &T::Key) -> Option<Arc<T>> {
        self.rows.remove(key)
    }
}

impl<T: Held> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone() }
    }
}

impl<T: Held> Default for Table<T> {
    fn default() -> Self {
        Self { rows: OrdMap::new() }
    }
}

impl<T: Held> fmt::Debug for Table<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.rows.iter()).finish()
    }
}
