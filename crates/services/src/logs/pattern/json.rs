//! Conditions on JSON objects: `{ $.level = "error" && ($.ms > 300 || $.user.id NOT EXISTS) }`.

use super::Invalid;
use super::lexer::{Token, Tokens};
use super::value::{Operator, Value};
use serde_json::Value as Json;

/// A condition on a JSON object.
#[derive(Debug)]
pub(super) enum Condition {
    /// All of them.
    All(Vec<Self>),
    /// At least one of them.
    Any(Vec<Self>),
    /// A property of the object is so.
    Property(Vec<Step>, Test),
}

/// A step of a selector.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// `.name` or `.['name']`.
    Name(String),
    /// `[number]`.
    Index(usize),
}

/// What a property must be.
#[derive(Debug)]
pub(super) enum Test {
    /// A text or a number that compares so.
    Compares(Operator, Value),
    /// `IS NULL`, `IS TRUE`, `IS FALSE`.
    Is(Json),
    /// `EXISTS`.
    Exists,
    /// `NOT EXISTS`.
    Lacks,
}

/// Conditions in parentheses may be nested this deep. AWS's limit is not known; this one keeps the
/// reading of a pattern, which is at most 1024 characters long, far from the end of the stack.
const DEEPEST: usize = 32;

// === impl Condition ===

impl Condition {
    /// The condition of the text between the braces.
    pub(super) fn parse(text: &str) -> Result<Self, Invalid> {
        let mut tokens = Tokens::of(text)?;
        let condition = any(&mut tokens, DEEPEST)?;
        if tokens.next().is_some() { Err(Invalid::plain()) } else { Ok(condition) }
    }

    /// Whether a message is a JSON object that is so.
    pub(super) fn holds(&self, message: &str) -> bool {
        // Most messages are no JSON at all; one look tells.
        message.trim_start().starts_with('{')
            && serde_json::from_str(message).is_ok_and(|object| self.holds_for(&object))
    }

    fn holds_for(&self, object: &Json) -> bool {
        match self {
            Self::All(all) => all.iter().all(|condition| condition.holds_for(object)),
            Self::Any(any) => any.iter().any(|condition| condition.holds_for(object)),
            Self::Property(path, test) => test.holds(select(object, path)),
        }
    }
}

// === impl Test ===

impl Test {
    fn holds(&self, property: Option<&Json>) -> bool {
        match self {
            Self::Exists => property.is_some(),
            Self::Lacks => property.is_none(),
            Self::Is(wanted) => property == Some(wanted),
            // What is not there, and what is a list or an object, compares with nothing, not even
            // with `!=`: the guide says that such a message does not fit the pattern.
            Self::Compares(operator, value) => match property {
                Some(Json::String(text)) => operator.holds(text, None, value),
                Some(Json::Number(number)) => {
                    operator.holds(&number.to_string(), number.as_f64(), value)
                }
                Some(Json::Bool(flag)) => {
                    operator.holds(if *flag { "true" } else { "false" }, None, value)
                }
                Some(Json::Null | Json::Array(_) | Json::Object(_)) | None => false,
            },
        }
    }
}

fn select<'a>(object: &'a Json, path: &[Step]) -> Option<&'a Json> {
    path.iter().try_fold(object, |found, step| match step {
        Step::Name(name) => found.as_object()?.get(name),
        Step::Index(index) => found.as_array()?.get(*index),
    })
}

/// Conditions with `||` between them: it binds less than `&&`.
fn any(tokens: &mut Tokens, depth: usize) -> Result<Condition, Invalid> {
    let mut conditions = vec![all(tokens, depth)?];
    while tokens.take(|token| matches!(token, Token::Or)) {
        conditions.push(all(tokens, depth)?);
    }
    Ok(Condition::Any(conditions))
}

fn all(tokens: &mut Tokens, depth: usize) -> Result<Condition, Invalid> {
    let mut conditions = vec![one(tokens, depth)?];
    while tokens.take(|token| matches!(token, Token::And)) {
        conditions.push(one(tokens, depth)?);
    }
    Ok(Condition::All(conditions))
}

fn one(tokens: &mut Tokens, depth: usize) -> Result<Condition, Invalid> {
    if tokens.take(|token| matches!(token, Token::Open)) {
        let inner = any(tokens, depth.checked_sub(1).ok_or_else(Invalid::plain)?)?;
        let closed = tokens.take(|token| matches!(token, Token::Close));
        return if closed { Ok(inner) } else { Err(Invalid::plain()) };
    }
    let Some(Token::Word(word)) = tokens.next() else { return Err(Invalid::plain()) };
    let path = path(&word).ok_or_else(|| Invalid::term(&word))?;
    Ok(Condition::Property(path, test(tokens)?))
}

fn test(tokens: &mut Tokens) -> Result<Test, Invalid> {
    let word = match tokens.next() {
        Some(Token::Operator(operator)) => {
            return Ok(Test::Compares(operator, tokens.value(operator)?));
        }
        Some(Token::Word(word)) => word,
        _ => return Err(Invalid::plain()),
    };
    let mut is_next = |wanted: &str| match tokens.next() {
        Some(Token::Word(word)) => word.eq_ignore_ascii_case(wanted),
        _ => false,
    };
    match word.to_ascii_uppercase().as_str() {
        "EXISTS" => Ok(Test::Exists),
        "NOT" if is_next("EXISTS") => Ok(Test::Lacks),
        "IS" => match tokens.next() {
            Some(Token::Word(word)) => constant(&word).map(Test::Is),
            _ => Err(Invalid::plain()),
        },
        _ => Err(Invalid::plain()),
    }
}

fn constant(word: &str) -> Result<Json, Invalid> {
    match word.to_ascii_uppercase().as_str() {
        "NULL" => Ok(Json::Null),
        "TRUE" => Ok(Json::Bool(true)),
        "FALSE" => Ok(Json::Bool(false)),
        _ => Err(Invalid::term(word)),
    }
}

/// The steps of a selector: `$.users[0].id`, `$.['cluster.name']`.
fn path(word: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = word.strip_prefix('$')?;
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix(".['").or_else(|| rest.strip_prefix("['")) {
            let (name, after) = name.split_once("']")?;
            steps.push(Step::Name(name.to_owned()));
            rest = after;
        } else if let Some(index) = rest.strip_prefix('[') {
            let (index, after) = index.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = after;
        } else {
            let name = rest.strip_prefix('.')?;
            let end = name.find(['.', '[']).unwrap_or(name.len());
            steps.push(Step::Name(property(&name[..end])?));
            rest = &name[end..];
        }
    }
    if steps.is_empty() { None } else { Some(steps) }
}

/// A property's name without brackets: letters, digits, `-` and `_`.
fn property(name: &str) -> Option<String> {
    let known = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    (!name.is_empty() && name.chars().all(known)).then(|| name.to_owned())
}
