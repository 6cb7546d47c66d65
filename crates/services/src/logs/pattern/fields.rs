//! Conditions on fields that are set apart by spaces: `[ip, user, ..., status = 4*, bytes > 1000]`.

use super::Invalid;
use super::lexer::{Token, Tokens};
use super::value::{Operator, Value, number};

/// The fields that a message must have, and no others.
#[derive(Debug)]
pub(super) struct Fields {
    /// The fields from the first on.
    head: Vec<Field>,
    /// After `...`, which stands for any number of fields: the fields up to the last.
    tail: Option<Vec<Field>>,
}

/// A field: any of these, each of which must hold as a whole. Without a condition, anything.
type Field = Vec<Vec<(Operator, Value)>>;

// === impl Fields ===

impl Fields {
    /// The fields of the text between the brackets.
    pub(super) fn parse(text: &str) -> Result<Self, Invalid> {
        let mut tokens = Tokens::of(text)?;
        let mut fields = Self { head: Vec::new(), tail: None };
        loop {
            if tokens.take(|token| matches!(token, Token::Word(word) if word == "...")) {
                if fields.tail.replace(Vec::new()).is_some() {
                    return Err(Invalid::plain());
                }
            } else {
                let field = field(&mut tokens)?;
                fields.tail.as_mut().unwrap_or(&mut fields.head).push(field);
            }
            match tokens.next() {
                None => return Ok(fields),
                Some(Token::Comma) => {}
                Some(_) => return Err(Invalid::plain()),
            }
        }
    }

    /// Whether a message has these fields.
    pub(super) fn hold(&self, message: &str) -> bool {
        let found = split(message);
        let Some(tail) = &self.tail else {
            return found.len() == self.head.len() && hold(&self.head, &found);
        };
        found.len() >= self.head.len() + tail.len()
            && hold(&self.head, &found)
            && hold(tail, &found[found.len() - tail.len()..])
    }
}

fn hold(fields: &[Field], found: &[&str]) -> bool {
    fields.iter().zip(found).all(|(field, text)| {
        let number = number(text);
        let one = |(operator, value): &(Operator, Value)| operator.holds(text, number, value);
        field.is_empty() || field.iter().any(|all| all.iter().all(one))
    })
}

/// A field's name and conditions; neither need be there.
fn field(tokens: &mut Tokens) -> Result<Field, Invalid> {
    if matches!(tokens.peek(), None | Some(Token::Comma)) {
        return Ok(Field::new());
    }
    let Some(Token::Word(name)) = tokens.next() else { return Err(Invalid::plain()) };
    if !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
        return Err(Invalid::term(&name));
    }
    if matches!(tokens.peek(), None | Some(Token::Comma)) {
        return Ok(Field::new());
    }
    let mut any = vec![vec![comparison(tokens)?]];
    loop {
        if tokens.take(|token| matches!(token, Token::And)) {
            same_name(tokens, &name)?;
            let condition = comparison(tokens)?;
            if let Some(all) = any.last_mut() {
                all.push(condition);
            }
        } else if tokens.take(|token| matches!(token, Token::Or)) {
            same_name(tokens, &name)?;
            any.push(vec![comparison(tokens)?]);
        } else {
            return Ok(any);
        }
    }
}

/// A field's conditions are about that field: AWS refuses `status = 4* && bytes > 1000`, though its
/// user guide once had it as an example.
fn same_name(tokens: &mut Tokens, name: &str) -> Result<(), Invalid> {
    match tokens.next() {
        Some(Token::Word(word)) if word == name => Ok(()),
        _ => Err(Invalid::plain()),
    }
}

fn comparison(tokens: &mut Tokens) -> Result<(Operator, Value), Invalid> {
    let Some(Token::Operator(operator)) = tokens.next() else { return Err(Invalid::plain()) };
    Ok((operator, tokens.value(operator)?))
}

/// A message's fields: what is between spaces, or between double quotes, or between brackets.
fn split(message: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = message.trim_start();
    while let Some(first) = rest.chars().next() {
        let close = match first {
            '"' => Some('"'),
            '[' => Some(']'),
            _ => None,
        };
        let enclosed = close.and_then(|close| rest[1..].split_once(close));
        let (field, after) = enclosed.unwrap_or_else(|| {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest.split_at(end)
        });
        fields.push(field);
        rest = after.trim_start();
    }
    fields
}
