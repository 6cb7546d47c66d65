//! What is told of a deployment to who is not there: for Slack, and for programs.

use crate::record::{DONE, Record, UNWATCHED};
use manifest::Moment;
use serde_json::{Value, json};

/// The version of what programs are told.
const FORMAT: u32 = 1;

/// The most characters of words that a chat is told.
const MOST: usize = 600;

/// Which end a deployment has come to; none where nobody watched.
#[must_use]
pub fn ended(record: &Record) -> Option<Moment> {
    match record.verdict.as_str() {
        DONE => Some(Moment::Success),
        UNWATCHED => None,
        _ => Some(Moment::Failure),
    }
}

/// A moment of a deployment.
#[derive(Debug, Clone, Copy)]
pub struct Notice<'a> {
    /// The application.
    pub app: &'a str,
    /// The environment.
    pub environment: &'a str,
    /// The moment.
    pub moment: Moment,
    /// The deployment as it is on record then.
    pub record: &'a Record,
}

// === impl Notice ===

impl Notice<'_> {
    /// For a Slack webhook.
    #[must_use]
    pub fn slack(&self) -> Value {
        let Self { app, environment, record, .. } = self;
        let head = match self.moment {
            Moment::Start => format!("{app}: a deployment to {environment} begins"),
            Moment::Success => format!("{app} runs in {environment}"),
            Moment::Failure => {
                format!("{app}: the deployment to {environment} failed: {}", record.verdict)
            }
        };
        let words = match self.moment {
            Moment::Failure => record.words.chars().take(MOST).collect(),
            Moment::Start | Moment::Success => String::new(),
        };
        let images = record.services.iter().filter(|(_, held)| !held.image.is_empty());
        let images = images.map(|(name, held)| format!("{name}: {}", held.image));
        let who = format!("{}, {}", record.id, record.who);
        let lines = [head, words].into_iter().chain(images).chain([who]);
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        json!({ "text": escaped(&lines.join("\n")) })
    }

    /// For programs.
    #[must_use]
    pub fn value(&self) -> Value {
        json!({
            "format": FORMAT,
            "event": self.moment.word(),
            "app": self.app,
            "environment": self.environment,
            "deployment": self.record.value(),
        })
    }
}

/// The three characters that Slack takes for marks.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Deployed;
    use std::collections::BTreeMap;

    fn record(verdict: &str) -> Record {
        let web = Deployed { image: "r/shop@sha256:1".to_owned(), definition: None };
        Record {
            id: "20260101000000-00000001".to_owned(),
            who: "arn:me, me@laptop".to_owned(),
            verdict: verdict.to_owned(),
            words: "500 is not <200>".to_owned(),
            services: BTreeMap::from([("web".to_owned(), web)]),
            ..Record::default()
        }
    }

    #[test]
    fn a_chat_is_told_what_happened_and_to_what() {
        let tail = "\nweb: r/shop@sha256:1\n20260101000000-00000001, arn:me, me@laptop";
        for (moment, verdict, head) in [
            (Moment::Start, "unfinished", "shop: a deployment to prod begins"),
            (Moment::Success, "done", "shop runs in prod"),
            (
                Moment::Failure,
                "rolled-back",
                "shop: the deployment to prod failed: rolled-back\n500 is not &lt;200&gt;",
            ),
        ] {
            let record = record(verdict);
            let notice = Notice { app: "shop", environment: "prod", moment, record: &record };
            assert_eq!(notice.slack(), json!({ "text": format!("{head}{tail}") }));
        }
    }

    #[test]
    fn programs_are_told_the_record() {
        let record = record("done");
        let moment = Moment::Success;
        let told = Notice { app: "shop", environment: "prod", moment, record: &record }.value();
        assert_eq!((&told["event"], &told["format"]), (&json!("success"), &json!(1)));
        assert_eq!(told["deployment"], record.value());
    }
}
