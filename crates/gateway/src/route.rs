//! Which rule a request meets (reference §4.7).
//!
//! Pure: values in, a decision out. It must not know connections, targets, or what an action does;
//! a [`Table`] carries actions of any type and gives back the one that applies.

mod pattern;

use crate::http1::Field;
use crate::routes::{Cidr, Condition, QueryPair, Rule};
use pattern::Pattern;
use std::net::IpAddr;

/// A listener's rules, ready to be matched.
#[derive(Debug)]
pub(crate) struct Table<T> {
    /// In the order in which they are tried.
    rules: Vec<Entry<T>>,
    default: T,
}

/// What rules look at in a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The method.
    pub(crate) method: &'a str,
    /// The host without its port; empty when the request names none.
    pub(crate) host: &'a str,
    /// The path without its query.
    pub(crate) path: &'a str,
    /// The query without its question mark; empty when there is none.
    pub(crate) query: &'a str,
    /// The headers.
    pub(crate) fields: &'a [Field<'a>],
    /// Where the connection comes from.
    pub(crate) source: IpAddr,
}

#[derive(Debug)]
struct Entry<T> {
    priority: u32,
    tests: Vec<Test>,
    action: T,
}

/// A condition, compiled.
#[derive(Debug)]
enum Test {
    Host(Vec<Pattern>),
    Path(Vec<Pattern>),
    Header { name: String, values: Vec<Pattern> },
    Method(Vec<String>),
    Query(Vec<(Option<Pattern>, Pattern)>),
    SourceIp(Vec<Cidr>),
}

// === impl Table ===

impl<T> Table<T> {
    /// Compiles `rules` with their actions, whatever their order, and the action of the default rule.
    pub(crate) fn new<'a>(rules: impl IntoIterator<Item = (&'a Rule, T)>, default: T) -> Self {
        let compile = |(rule, action): (&Rule, T)| Entry {
            priority: rule.priority,
            tests: rule.conditions.iter().map(Test::new).collect(),
            action,
        };
        let mut rules: Vec<Entry<T>> = rules.into_iter().map(compile).collect();
        rules.sort_by_key(|rule| rule.priority);
        Self { rules, default }
    }

    /// The priority and the action of the first rule whose conditions all hold; else 0, as AWS counts
    /// it, and the default action.
    pub(crate) fn find(&self, asked: &Asked<'_>) -> (u32, &T) {
        let holds = |rule: &&Entry<T>| rule.tests.iter().all(|test| test.holds(asked));
        let met = self.rules.iter().find(holds);
        met.map_or((0, &self.default), |rule| (rule.priority, &rule.action))
    }
}

// === impl Test ===

impl Test {
    fn new(condition: &Condition) -> Self {
        match condition {
            Condition::Host(values) => Self::Host(ignoring_case(values)),
            Condition::Path(values) => {
                Self::Path(values.iter().map(|value| Pattern::path(value)).collect())
            }
            Condition::Header { name, values } => {
                Self::Header { name: name.clone(), values: ignoring_case(values) }
            }
            Condition::Method(values) => Self::Method(values.clone()),
            Condition::Query(pairs) => Self::Query(pairs.iter().map(query_patterns).collect()),
            Condition::SourceIp(blocks) => Self::SourceIp(blocks.clone()),
        }
    }

    fn holds(&self, asked: &Asked<'_>) -> bool {
        match self {
            Self::Host(values) => any(values, asked.host.as_bytes()),
            Self::Path(values) => any(values, asked.path.as_bytes()),
            Self::Header { name, values } => asked
                .fields
                .iter()
                .any(|field| field.name.eq_ignore_ascii_case(name) && any(values, field.value)),
            Self::Method(values) => values.iter().any(|value| value == asked.method),
            Self::Query(pairs) => parameters(asked.query).any(|(key, value)| {
                pairs.iter().any(|(wanted_key, wanted_value)| {
                    wanted_key.as_ref().is_none_or(|wanted| wanted.matches(key.as_bytes()))
                        && wanted_value.matches(value.as_bytes())
                })
            }),
            Self::SourceIp(blocks) => blocks.iter().any(|block| block.contains(asked.source)),
        }
    }
}

fn ignoring_case(values: &[String]) -> Vec<Pattern> {
    values.iter().map(|value| Pattern::ignoring_case(value)).collect()
}

fn query_patterns(pair: &QueryPair) -> (Option<Pattern>, Pattern) {
    (pair.key.as_deref().map(Pattern::query), Pattern::query(&pair.value))
}

fn any(patterns: &[Pattern], text: &[u8]) -> bool {
    patterns.iter().any(|pattern| pattern.matches(text))
}

/// The parameters of a query as they were sent: ALB compares them without decoding.
fn parameters(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, "")))
}

#[cfg(test)]
mod tests;
