//! Who is to be asked again, and when.

use control::Subject;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Wake-ups by time, at most one a subject.
#[derive(Debug, Default)]
pub(crate) struct Wakes {
    by_time: BTreeSet<(Timestamp, Subject)>,
    by_subject: BTreeMap<Subject, Timestamp>,
}

impl Wakes {
    /// Sets a subject's wake-up in the place of the one it had; `None` takes it away.
    pub(crate) fn set(&mut self, subject: &Subject, at: Option<Timestamp>) {
        if let Some(before) = self.by_subject.remove(subject) {
            self.by_time.remove(&(before, subject.clone()));
        }
        if let Some(at) = at {
            self.by_subject.insert(subject.clone(), at);
            self.by_time.insert((at, subject.clone()));
        }
    }

    /// Takes out the subjects whose time has come.
    pub(crate) fn due(&mut self, now: Timestamp) -> Vec<Subject> {
        let mut due = Vec::new();
        while let Some((at, subject)) = self.by_time.first().filter(|(at, _)| *at <= now).cloned() {
            self.by_time.remove(&(at, subject.clone()));
            self.by_subject.remove(&subject);
            due.push(subject);
        }
        due
    }

    /// When the next subject is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_subject_is_due_once_and_at_its_newest_time() {
        let mut wakes = Wakes::default();
        wakes.set(&Subject::Sweep, Some(at(5)));
        wakes.set(&Subject::Sweep, Some(at(9)));
        assert_eq!(wakes.due(at(8)), []);
        assert_eq!(wakes.next(), Some(at(9)));
        assert_eq!(wakes.due(at(9)), [Subject::Sweep]);
        assert_eq!(wakes.next(), None);
    }
}
