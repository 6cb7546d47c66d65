//! Answers that are kept. They are in memory, and no more of them than [`MOST`]: what was not asked
//! for the longest goes first. An answer longer than [`LARGEST`] is not kept.

use crate::path::is_meant;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The most bytes of bodies of all distributions together.
const MOST: usize = 64 * 1024 * 1024;
/// The most bytes of a body.
pub(crate) const LARGEST: usize = 8 * 1024 * 1024;

/// An answer that is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) since: Instant,
    pub(crate) lasting: Duration,
    /// The path with its parameters as they were asked for, by which invalidations mean it.
    pub(crate) path: String,
}

/// The answers of all distributions.
#[derive(Debug, Default)]
pub(crate) struct Store {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// By distribution and key; with when each was asked for last.
    answers: BTreeMap<(String, String), (u64, Kept)>,
    bytes: usize,
    asked: u64,
}

// === impl Store ===

impl Store {
    /// The answer that is kept and still good.
    pub(crate) fn find(&self, site: &str, key: &str) -> Option<Kept> {
        let mut held = self.lock();
        held.asked += 1;
        let asked = held.asked;
        let (last, kept) = held.answers.get_mut(&(site.to_owned(), key.to_owned()))?;
        *last = asked;
        (kept.since.elapsed() < kept.lasting).then(|| kept.clone())
    }

    /// Keeps an answer.
    pub(crate) fn keep(&self, site: &str, key: String, kept: Kept) {
        let mut held = self.lock();
        held.asked += 1;
        let asked = held.asked;
        held.bytes += kept.body.len();
        if let Some((_, old)) = held.answers.insert((site.to_owned(), key), (asked, kept)) {
            held.bytes -= old.body.len();
        }
        while held.bytes > MOST {
            let oldest = held.answers.iter().min_by_key(|(_, (asked, _))| *asked);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else { break };
            held.remove(&key);
        }
    }

    /// Forgets the answers of a distribution that the paths of an invalidation mean.
    pub(crate) fn forget(&self, site: &str, paths: &[String]) {
        let mut held = self.lock();
        let meant = |kept: &Kept| paths.iter().any(|path| is_meant(path, &kept.path));
        let gone = held.answers.iter().filter(|((of, _), (_, kept))| of == site && meant(kept));
        let gone: Vec<_> = gone.map(|(key, _)| key.clone()).collect();
        gone.iter().for_each(|key| held.remove(key));
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Held ===

impl Held {
    fn remove(&mut self, key: &(String, String)) {
        if let Some((_, kept)) = self.answers.remove(key) {
            self.bytes -= kept.body.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(path: &str, size: usize) -> Kept {
        Kept {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: vec![0; size].into(),
            since: Instant::now(),
            lasting: Duration::from_secs(60),
            path: path.to_owned(),
        }
    }

    #[test]
    fn what_was_not_asked_for_the_longest_goes_first() {
        let store = Store::default();
        for at in 0..9 {
            store.keep("site", at.to_string(), kept("/", LARGEST));
            assert!(store.find("site", "0").is_some());
        }
        assert!(store.find("site", "1").is_none());
        assert!(store.find("site", "8").is_some());
    }

    #[test]
    fn an_invalidation_reaches_its_distribution_alone() {
        let store = Store::default();
        store.keep("one", "a".to_owned(), kept("/a?b=1", 1));
        store.keep("other", "a".to_owned(), kept("/a?b=1", 1));
        store.forget("one", &["/a*".to_owned()]);
        assert!(store.find("one", "a").is_none());
        assert!(store.find("other", "a").is_some());
    }
}
