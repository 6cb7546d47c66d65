//! A lease: who works on an environment, and until when nobody else may.
//!
//! It is a text in a parameter. Its holder renews it while working, so that a lease which nobody renews
//! ends by itself.

use model::{Span, Timestamp};
use serde_json::{Value, json};

/// How long a lease holds unless it is renewed. A holder that is cut off from AWS for longer has
/// lost it.
pub const TERM: Span = Span::seconds(120);

/// A lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What tells it from all others.
    pub id: String,
    /// Who holds it, for people: `me@laptop`.
    pub owner: String,
    /// The machine and its space of processes, so that a process can be looked for there.
    pub place: String,
    /// The process that holds it.
    pub process: u32,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

// === impl Lease ===

impl Lease {
    /// The same lease, from now on for its whole term.
    #[must_use]
    pub fn renewed(self, now: Timestamp) -> Self {
        Self { until: now + TERM, ..self }
    }

    /// Whether its term is over.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until <= now
    }

    /// As it is kept.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { id, owner, place, process, since, until } = self;
        json!({
            "id": id,
            "owner": owner,
            "place": place,
            "process": process,
            "since": since.to_string(),
            "sinceMillis": since.millis(),
            "until": until.to_string(),
            "untilMillis": until.millis(),
        })
        .to_string()
    }

    /// Reads what is kept; `None` when it is no lease.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let held: Value = serde_json::from_str(text).ok()?;
        let word = |key: &str| held.get(key)?.as_str().map(str::to_owned);
        let moment = |key: &str| Some(Timestamp::from_millis(held.get(key)?.as_i64()?));
        Some(Self {
            id: word("id")?,
            owner: word("owner")?,
            place: word("place")?,
            process: held.get("process")?.as_u64().and_then(|it| u32::try_from(it).ok())?,
            since: moment("sinceMillis")?,
            until: moment("untilMillis")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_read_as_it_was_written_and_ends_when_nobody_renews_it() {
        let begun = Timestamp::from_seconds(1_000);
        let lease = Lease {
            id: "a1".to_owned(),
            owner: "me@laptop".to_owned(),
            place: "laptop".to_owned(),
            process: 7,
            since: begun,
            until: begun,
        };
        let lease = lease.renewed(begun);
        assert_eq!(Lease::read(&lease.text()), Some(lease.clone()));
        assert!(!lease.is_over(begun));
        let over = begun + TERM;
        assert!(lease.is_over(over));
        assert!(!lease.renewed(over).is_over(over));
        assert_eq!(Lease::read("{}"), None);
        assert_eq!(Lease::read("locked"), None);
    }
}
