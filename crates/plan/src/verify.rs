//! What an application answers to its users, held against what it should.
//!
//! The questions are plain requests; what is judged here are the answers to them.

use std::collections::BTreeMap;

/// What is asked of an application under load.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expected {
    /// The longest that 95 of 100 requests may take, in ms.
    pub p95: Option<u64>,
    /// How many of 1,000 requests may fail.
    pub failures: u32,
}

/// An answer; header names are in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers; of several with one name the last.
    pub headers: BTreeMap<String, String>,
}

/// What was found at one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was asked: `health`, `cors`, `without a token`, `headers`, `https`, `load`, `log`.
    pub about: &'static str,
    /// Whether it is as it should be.
    pub grade: Grade,
    /// What was seen, and what is wrong with it.
    pub words: String,
}

/// How good it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// As it should be.
    Good,
    /// Worth a look.
    Doubtful,
    /// Not as it should be.
    Bad,
}

/// How long requests took, and how many came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Load {
    /// Of requests that were answered, in µs.
    pub times: Vec<u64>,
    /// Requests without an answer, or with a status of 500 and more.
    pub failed: usize,
    /// How many at a time.
    pub users: u32,
}

/// Headers that tell strangers what there is to attack.
const TELLING: [&str; 2] = ["x-powered-by", "x-aspnet-version"];

// === impl Finding ===

impl Finding {
    fn new(about: &'static str, grade: Grade, words: impl Into<String>) -> Self {
        Self { about, grade, words: words.into() }
    }
}

/// A health check's answer.
#[must_use]
pub fn health(path: &str, status: Option<u16>, is_accepted: impl Fn(u16) -> bool) -> Finding {
    match status {
        Some(status) if is_accepted(status) => {
            Finding::new("health", Grade::Good, format!("{path} answers {status}"))
        }
        Some(status) => Finding::new(
            "health",
            Grade::Bad,
            format!("{path} answers {status}, which is no health"),
        ),
        None => Finding::new("health", Grade::Bad, format!("{path} does not answer")),
    }
}

/// The answer to a browser that asks whether a page of an origin may call, and to one of a stranger's.
#[must_use]
pub fn cors(origin: &str, own: &Answer, strangers: &Answer) -> Finding {
    const ALLOWS: &str = "access-control-allow-origin";
    let grade = |grade, words: String| Finding::new("cors", grade, words);
    let allowed = own.headers.get(ALLOWS).map(String::as_str);
    let with_cookies = |it: &Answer| {
        it.headers.get("access-control-allow-credentials").is_some_and(|it| it == "true")
    };
    match (allowed, strangers.headers.get(ALLOWS).map(String::as_str)) {
        (None, _) => grade(
            Grade::Bad,
            format!("pages of {origin} may not call it: no {ALLOWS} (status {})", own.status),
        ),
        (Some(allowed), _) if allowed != origin && allowed != "*" => {
            grade(Grade::Bad, format!("pages of {allowed} may call it, those of {origin} may not"))
        }
        (Some("*"), _) if with_cookies(own) => grade(
            Grade::Bad,
            "every page may call it, with cookies: browsers refuse that answer".to_owned(),
        ),
        (Some(_), Some(stranger)) if stranger != "*" && stranger != origin => {
            let cookies = if with_cookies(strangers) { ", with its user's cookies" } else { "" };
            grade(Grade::Bad, format!("it lets in whoever asks: {stranger} too{cookies}"))
        }
        (Some("*"), _) => grade(Grade::Doubtful, "pages of every origin may call it".to_owned()),
        (Some(_), _) => {
            grade(Grade::Good, format!("pages of {origin} may call it, strangers' not"))
        }
    }
}

/// The answer to a request without a token for what wants one.
#[must_use]
pub fn without_token(path: &str, status: Option<u16>) -> Finding {
    let (grade, words) = match status {
        Some(status @ (401 | 403)) => (Grade::Good, format!("{path} answers {status}")),
        Some(status @ 200..=299) => {
            (Grade::Bad, format!("{path} answers {status}: it is open to everybody"))
        }
        Some(status) => (Grade::Bad, format!("{path} answers {status}, neither 401 nor 403")),
        None => (Grade::Bad, format!("{path} does not answer")),
    };
    Finding::new("without a token", grade, words)
}

/// The headers of an answer.
#[must_use]
pub fn headers(answer: &Answer, wanted: &[String]) -> Vec<Finding> {
    let lacks = wanted.iter().filter(|name| !answer.headers.contains_key(*name));
    let lacks =
        lacks.map(|name| Finding::new("headers", Grade::Bad, format!("there is no {name}")));
    let tells = TELLING.iter().filter_map(|name| {
        let value = answer.headers.get(*name)?;
        let words = format!("{name}: {value} tells strangers what runs there");
        Some(Finding::new("headers", Grade::Doubtful, words))
    });
    let found: Vec<Finding> = lacks.chain(tells).collect();
    match (found.is_empty(), wanted.is_empty()) {
        (true, false) => vec![Finding::new("headers", Grade::Good, wanted.join(", "))],
        _ => found,
    }
}

/// What the plain address of an application with TLS answers.
#[must_use]
pub fn redirect(answer: Option<&Answer>) -> Finding {
    let location = |it: &Answer| it.headers.get("location").cloned().unwrap_or_default();
    let (grade, words) = match answer {
        Some(it) if (300..400).contains(&it.status) && location(it).starts_with("https://") => {
            (Grade::Good, format!("http answers {} to https", it.status))
        }
        Some(it) => (Grade::Bad, format!("http answers {} and does not lead to https", it.status)),
        None => {
            (Grade::Doubtful, "nothing answers http: users who type no scheme may fail".to_owned())
        }
    };
    Finding::new("https", grade, words)
}

/// How it stood a load.
#[must_use]
pub fn load(load: &Load, expected: &Expected) -> Finding {
    let Load { times, failed, users } = load;
    let all = times.len() + failed;
    let (half, most, nearly) = (part(times, 50), part(times, 95), part(times, 99));
    let seen = format!(
        "{all} requests of {users} users: p50 {}, p95 {}, p99 {}, {failed} failed",
        millis(half),
        millis(most),
        millis(nearly)
    );
    let too_many = failed * 1000 > all * usize::try_from(expected.failures).unwrap_or(usize::MAX);
    let grade = |grade, words: String| Finding::new("load", grade, words);
    match expected.p95.filter(|limit| most > limit * 1000) {
        _ if all == 0 => grade(Grade::Bad, "no request was made".to_owned()),
        _ if too_many => {
            grade(Grade::Bad, format!("{seen}: more than {} in 1000", expected.failures))
        }
        Some(limit) => grade(Grade::Bad, format!("{seen}: p95 is over {limit} ms")),
        None => grade(Grade::Good, seen),
    }
}

/// Lines that a service wrote: whether programs can read them.
#[must_use]
pub fn log<'l>(service: &str, lines: impl IntoIterator<Item = &'l str>) -> Option<Finding> {
    let (mut all, mut structured, mut other) = (0, 0, None);
    for line in lines.into_iter().filter(|line| !line.trim().is_empty()) {
        all += 1;
        match serde_json::from_str(line) {
            Ok(serde_json::Value::Object(_)) => structured += 1,
            _ => other = other.or(Some(line)),
        }
    }
    let seen = format!("{service}: {structured} of {all} lines are JSON objects");
    match (all, other) {
        (0, _) => None,
        (_, None) => Some(Finding::new("log", Grade::Good, seen)),
        (_, Some(line)) => {
            let begin: String = line.chars().take(60).collect();
            Some(Finding::new("log", Grade::Doubtful, format!("{seen}; this is not: {begin}")))
        }
    }
}

/// The time within which so many of 100 were answered (nearest rank), in µs.
fn part(times: &[u64], percent: usize) -> u64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

fn millis(micros: u64) -> String {
    format!("{}.{} ms", micros / 1000, micros / 100 % 10)
}

#[cfg(test)]
mod tests;
