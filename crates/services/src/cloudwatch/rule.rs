//! A composite alarm's rule: which states of other alarms put it in ALARM.
//!
//! `ALARM("errors") AND NOT (OK(latency) OR TRUE)`. AND binds closer than OR. An alarm is named by its
//! name, with or without quotation marks, or by its ARN.
//!
//! This file must not know: where alarms are kept.

use std::collections::BTreeSet;
use std::fmt;
use world::AlarmState;

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    /// An alarm, by its name, is in a state.
    Is(AlarmState, String),
    /// It does not hold.
    Not(Box<Self>),
    /// All of them hold.
    All(Vec<Self>),
    /// One of them holds.
    Any(Vec<Self>),
    /// `TRUE` or `FALSE`.
    Constant(bool),
}

/// Why a text is no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RuleMistake {
    /// Something else stands where this is expected.
    Expected(&'static str, String),
    /// It ends where this is expected.
    Ends(&'static str),
    /// A function that the region does not have.
    Function(String),
    /// Parentheses lie too deep in each other.
    Deep,
}

/// How deep parentheses may lie in each other; people's rules have two or three.
const MAX_DEPTH: usize = 50;

/// Reads a rule.
pub(super) fn parse(text: &str) -> Result<Rule, RuleMistake> {
    let mut parser = Parser { tokens: tokens(text), depth: 0 };
    let rule = parser.any()?;
    match parser.tokens.pop() {
        None => Ok(rule),
        Some(more) => Err(RuleMistake::Expected("AND, OR or the end", more)),
    }
}

impl Rule {
    /// Whether it holds. The state of an alarm that is not there is no state.
    pub(super) fn holds(&self, state: &impl Fn(&str) -> Option<AlarmState>) -> bool {
        match self {
            Self::Is(expected, alarm) => state(alarm) == Some(*expected),
            Self::Not(rule) => !rule.holds(state),
            Self::All(rules) => rules.iter().all(|rule| rule.holds(state)),
            Self::Any(rules) => rules.iter().any(|rule| rule.holds(state)),
            Self::Constant(holds) => *holds,
        }
    }

    /// The alarms that it asks.
    pub(super) fn alarms(&self) -> BTreeSet<&str> {
        match self {
            Self::Is(_, alarm) => BTreeSet::from([alarm.as_str()]),
            Self::Not(rule) => rule.alarms(),
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::alarms).collect(),
            Self::Constant(_) => BTreeSet::new(),
        }
    }
}

/// The tokens that are left, the next one last.
struct Parser {
    tokens: Vec<String>,
    depth: usize,
}

impl Parser {
    fn any(&mut self) -> Result<Rule, RuleMistake> {
        let mut rules = vec![self.all()?];
        while self.takes("OR") {
            rules.push(self.all()?);
        }
        Ok(one_or(rules, Rule::Any))
    }

    fn all(&mut self) -> Result<Rule, RuleMistake> {
        let mut rules = vec![self.single()?];
        while self.takes("AND") {
            rules.push(self.single()?);
        }
        Ok(one_or(rules, Rule::All))
    }

    fn single(&mut self) -> Result<Rule, RuleMistake> {
        let word = self.next("a condition")?;
        match word.as_str() {
            "NOT" => self.inside(|parser| Ok(Rule::Not(Box::new(parser.single()?)))),
            "TRUE" => Ok(Rule::Constant(true)),
            "FALSE" => Ok(Rule::Constant(false)),
            "(" => {
                let rule = self.inside(Self::any)?;
                self.expect(")")?;
                Ok(rule)
            }
            "AT_LEAST" => Err(RuleMistake::Function(word)),
            _ => match AlarmState::ALL.into_iter().find(|state| state.as_str() == word) {
                Some(state) => self.alarm(state),
                None => Err(RuleMistake::Expected("a condition", word)),
            },
        }
    }

    fn alarm(&mut self, state: AlarmState) -> Result<Rule, RuleMistake> {
        self.expect("(")?;
        let word = self.next("an alarm")?;
        let bare = word.trim_matches('"');
        // An ARN ends with the name, which may have colons of its own.
        let name = match bare.strip_prefix("arn:").and_then(|rest| rest.split_once(":alarm:")) {
            Some((_, name)) => name,
            None => bare,
        };
        self.expect(")")?;
        Ok(Rule::Is(state, name.to_owned()))
    }

    fn inside(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Rule, RuleMistake>,
    ) -> Result<Rule, RuleMistake> {
        if self.depth == MAX_DEPTH {
            return Err(RuleMistake::Deep);
        }
        self.depth += 1;
        let rule = read(self)?;
        self.depth -= 1;
        Ok(rule)
    }

    fn takes(&mut self, word: &str) -> bool {
        let there = self.tokens.last().is_some_and(|next| next == word);
        if there {
            self.tokens.pop();
        }
        there
    }

    fn next(&mut self, what: &'static str) -> Result<String, RuleMistake> {
        self.tokens.pop().ok_or(RuleMistake::Ends(what))
    }

    fn expect(&mut self, what: &'static str) -> Result<(), RuleMistake> {
        match self.next(what)? {
            found if found == what => Ok(()),
            found => Err(RuleMistake::Expected(what, found)),
        }
    }
}

/// Several rules in one, or the only one as it is.
fn one_or(mut rules: Vec<Rule>, several: fn(Vec<Rule>) -> Rule) -> Rule {
    match rules.len() {
        1 => rules.remove(0),
        _ => several(rules),
    }
}

/// Parentheses, names in quotation marks, and words between them; the last one first.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let (mut word, mut quoted) = (String::new(), false);
    for letter in text.chars() {
        match letter {
            '"' => {
                word.push(letter);
                quoted = !quoted;
            }
            _ if quoted => word.push(letter),
            '(' | ')' => {
                tokens.push(std::mem::take(&mut word));
                tokens.push(letter.to_string());
            }
            _ if letter.is_whitespace() => tokens.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    tokens.push(word);
    tokens.retain(|token| !token.is_empty());
    tokens.reverse();
    tokens
}

impl fmt::Display for RuleMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what, found) => write!(f, "expected {what}, found {found}"),
            Self::Ends(what) => write!(f, "expected {what}, found the end"),
            Self::Function(name) => write!(f, "the local region does not implement {name}"),
            Self::Deep => write!(f, "parentheses lie deeper than {MAX_DEPTH}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(alarm: &str) -> Option<AlarmState> {
        match alarm {
            "rings" => Some(AlarmState::Alarm),
            "is fine" => Some(AlarmState::Ok),
            "new:1" => Some(AlarmState::InsufficientData),
            _ => None,
        }
    }

    #[test]
    fn rules_hold_as_they_are_written() {
        for (rule, expected) in [
            ("ALARM(rings)", true),
            ("ALARM(\"rings\")", true),
            ("OK(rings)", false),
            ("OK(\"is fine\")", true),
            ("INSUFFICIENT_DATA(arn:aws:cloudwatch:eu-west-1:000000000000:alarm:new:1)", true),
            ("ALARM(other)", false),
            ("NOT ALARM(other)", true),
            ("NOT NOT TRUE", true),
            ("TRUE OR FALSE AND FALSE", true),
            ("(TRUE OR FALSE) AND FALSE", false),
            ("TRUE AND NOT (FALSE OR OK(rings)) AND\n ALARM( rings )", true),
            ("FALSE OR FALSE OR ALARM(rings)", true),
        ] {
            let read = parse(rule).unwrap_or_else(|why| panic!("{rule}: {why}"));
            assert_eq!(read.holds(&states), expected, "{rule}");
        }
    }

    #[test]
    fn the_alarms_of_a_rule_are_known() {
        let rule = parse("ALARM(b) OR NOT (OK(a) AND ALARM(b) AND TRUE)").unwrap();
        assert_eq!(rule.alarms(), BTreeSet::from(["a", "b"]));
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for (rule, expected) in [
            ("", "expected a condition, found the end"),
            ("ALARM", "expected (, found the end"),
            ("ALARM(a", "expected ), found the end"),
            ("ALARM(a b)", "expected ), found b"),
            ("ALARM(a) ALARM(b)", "expected AND, OR or the end, found ALARM"),
            ("alarm(a)", "expected a condition, found alarm"),
            ("TRUE AND", "expected a condition, found the end"),
            ("AT_LEAST(2, ALARM, (a, b))", "the local region does not implement AT_LEAST"),
        ] {
            assert_eq!(
                parse(rule).map_err(|why| why.to_string()),
                Err(expected.to_owned()),
                "{rule}"
            );
        }
        for deep in [format!("{}TRUE", "(".repeat(9999)), format!("{}TRUE", "NOT ".repeat(9999))] {
            assert_eq!(parse(&deep), Err(RuleMistake::Deep));
        }
    }
}
