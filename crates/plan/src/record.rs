//! The record of a deployment: who, what, when, and how it ended, with what spoke for it.
//!
//! It is kept where the next deployment finds it, for AWS forgets stopped tasks after an hour. A
//! record is a text of 4 KB at most; what does not fit is left out from the end of the evidence.

use model::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most that a standard parameter holds, in bytes (AWS's limit).
const MOST: usize = 4096;

/// The longest line of evidence, in characters.
const LINE: usize = 300;

/// What is said of a deployment that has not ended, or whose program was killed.
pub const UNFINISHED: &str = "unfinished";

/// What is said of one that did what it was asked for.
pub const DONE: &str = "done";

/// What is said of one that was asked for, and nobody watched.
pub const UNWATCHED: &str = "not watched";

/// A deployment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// What it is called: when it began, and a part of chance.
    pub id: String,
    /// Whose it was: the caller as AWS knows it, and the user and machine.
    pub who: String,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What was deployed, by service.
    pub services: BTreeMap<String, Deployed>,
    /// How it ended, in one word: `done`, or the word of what went wrong.
    pub verdict: String,
    /// What was said of it.
    pub words: String,
    /// What spoke for it, a line each.
    pub evidence: Vec<String>,
}

/// What was deployed of a service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deployed {
    /// The image.
    pub image: String,
    /// The task definition, `shop-prod-api:7`, once it was registered.
    pub definition: Option<String>,
}

// === impl Record ===

impl Record {
    /// The name of a deployment that begins now: names sort as times do.
    #[must_use]
    pub fn name(now: Timestamp, chance: u32) -> String {
        let digits: String =
            now.to_string().chars().filter(char::is_ascii_digit).take(14).collect();
        format!("{digits}-{chance:08x}")
    }

    /// As it is kept: within what a parameter holds.
    #[must_use]
    pub fn text(&self) -> String {
        let mut held = self.clone();
        held.evidence = held.evidence.iter().map(|line| cut(line, LINE)).collect();
        loop {
            let text = held.value().to_string();
            if text.len() <= MOST {
                return text;
            }
            // Words are never longer than evidence may be, so this ends.
            if held.evidence.pop().is_none() {
                let shorter = held.words.chars().count() / 2;
                held.words = cut(&held.words, shorter);
                held.services.values_mut().for_each(|it| it.image = cut(&it.image, 80));
                if shorter == 0 {
                    held.services.clear();
                }
            }
        }
    }

    /// As data.
    #[must_use]
    pub fn value(&self) -> Value {
        let services = self.services.iter().map(|(name, held)| {
            (name.clone(), json!({ "image": held.image, "taskDefinition": held.definition }))
        });
        json!({
            "id": self.id,
            "who": self.who,
            "began": self.began.to_string(),
            "beganMillis": self.began.millis(),
            "ended": self.ended.map(|it| it.to_string()),
            "endedMillis": self.ended.map(Timestamp::millis),
            "services": services.collect::<Map<_, _>>(),
            "verdict": self.verdict,
            "words": self.words,
            "evidence": self.evidence,
        })
    }

    /// Reads what is kept; `None` when it is no record.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let held: Value = serde_json::from_str(text).ok()?;
        let word = |key: &str| held.get(key)?.as_str().map(str::to_owned);
        let moment = |key: &str| Some(Timestamp::from_millis(held.get(key)?.as_i64()?));
        let services = held.get("services")?.as_object()?.iter();
        let service = |(name, held): (&String, &Value)| {
            let text = |key: &str| held.get(key)?.as_str().map(str::to_owned);
            let image = text("image").unwrap_or_default();
            (name.clone(), Deployed { image, definition: text("taskDefinition") })
        };
        let evidence = held.get("evidence").and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            id: word("id")?,
            who: word("who")?,
            began: moment("beganMillis")?,
            ended: moment("endedMillis"),
            services: services.map(service).collect(),
            verdict: word("verdict")?,
            words: word("words").unwrap_or_default(),
            evidence: evidence.filter_map(|it| it.as_str().map(str::to_owned)).collect(),
        })
    }
}

/// A text of at most so many characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    if most == 0 { kept } else { kept + "…" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let api = Deployed {
            image: "shop@sha256:1".to_owned(),
            definition: Some("shop-prod-api:7".to_owned()),
        };
        let began = Timestamp::from_seconds(1_700_000_000);
        Record {
            id: Record::name(began, 0xBEEF),
            who: "arn:aws:iam::000000000000:user/me, me@laptop".to_owned(),
            began,
            ended: Some(began),
            services: BTreeMap::from([("api".to_owned(), api)]),
            verdict: "rolled-back".to_owned(),
            words: "ECS rolled the deployment back".to_owned(),
            evidence: vec!["module not found: express".to_owned()],
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let record = record();
        assert_eq!(record.id, "20231114221320-0000beef");
        assert_eq!(Record::read(&record.text()), Some(record.clone()));
        let unfinished = Record { ended: None, verdict: UNFINISHED.to_owned(), ..record };
        assert_eq!(Record::read(&unfinished.text()), Some(unfinished));
        assert_eq!(Record::read("{}"), None);
    }

    #[test]
    fn it_fits_into_a_parameter_whatever_was_said() {
        let long = |count: usize| "ü\"".repeat(count);
        let much = Record { evidence: vec![long(4_000); 50], ..record() };
        let kept = Record::read(&much.text()).expect("it is one");
        assert!(much.text().len() <= MOST);
        assert!(!kept.evidence.is_empty() && kept.words == much.words);
        let wordy = Record { words: long(9_000), ..much };
        assert!(wordy.text().len() <= MOST);
        let services = (0..400).map(|at| (format!("s{at}"), Deployed::default())).collect();
        assert!(Record { services, ..record() }.text().len() <= MOST);
    }
}
