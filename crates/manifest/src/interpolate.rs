//! `${...}` in the manifest's texts.
//!
//! Words in lower case are the manifest's own: `${app}`, `${env}` and `${service}`. Words in upper
//! case are variables from outside, which the caller passes in; `${NAME:-default}` has a value in
//! any case. `$${` stands for `${` itself. A `$` without a brace means nothing here, so a shell's
//! `$HOME` passes untouched.
//!
//! What a backing service gives also has words that only its running task fills: see
//! [`Template`](crate::Template).

use crate::Code;
use crate::nearest::nearest;
use crate::template;
use std::collections::BTreeMap;

/// What somebody may write who means one of the manifest's own words.
const MEANT: [(&str, &str); 6] = [
    ("app", "app"),
    ("application", "app"),
    ("env", "env"),
    ("environment", "env"),
    ("stage", "env"),
    ("service", "service"),
];

/// What `${...}` can stand for at one place. `None` means: not known yet, so a value that needs it
/// can't be judged.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scope<'a> {
    pub(crate) app: Option<&'a str>,
    pub(crate) environment: Option<&'a str>,
    /// Variables from outside.
    pub(crate) variables: Option<&'a BTreeMap<String, String>>,
    /// Whether words of a running task are kept for later.
    pub(crate) keeping: Keeping,
}

/// What happens to the words that only a running task fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Keeping {
    /// They stand for nothing.
    #[default]
    Nothing,
    /// They are marked, and filled later.
    TaskWords,
}

/// What became of a text.
#[derive(Debug, PartialEq)]
pub(crate) enum Filled {
    /// It has no `${...}`.
    AsWritten,
    /// The text with its values.
    Text(String),
    /// A value is not known yet.
    Later,
    /// Something is wrong with it, as the mistakes say.
    Wrong,
}

/// A `${...}` that gets no value.
#[derive(Debug, PartialEq)]
pub(crate) struct Mistake {
    /// Which `${` of the text, from 0; escaped ones count.
    pub(crate) which: usize,
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

/// Puts values in place of every `${...}`. `service` is the service that the text belongs to.
pub(crate) fn fill(
    text: &str,
    scope: Scope<'_>,
    service: Option<&str>,
    mistakes: &mut Vec<Mistake>,
) -> Filled {
    if !text.contains("${") {
        return Filled::AsWritten;
    }
    let before = mistakes.len();
    let (mut filled, mut rest, mut which, mut later) = (String::new(), text, 0, false);
    while let Some(dollar) = rest.find('$') {
        filled.push_str(&rest[..dollar]);
        rest = &rest[dollar..];
        if let Some(after) = rest.strip_prefix("$${") {
            filled.push_str("${");
            rest = after;
            which += 1;
        } else if let Some(after) = rest.strip_prefix("${") {
            let (inner, next) = match after.split_once('}') {
                Some((inner, next)) => (Some(inner), next),
                None => (None, ""),
            };
            match value(inner, scope, service) {
                Ok(Some(value)) => filled.push_str(&value),
                Ok(None) => later = true,
                Err(refusal) => mistakes.push(refusal.at(which)),
            }
            rest = next;
            which += 1;
        } else {
            filled.push('$');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    match (mistakes.len() > before, later) {
        (true, _) => Filled::Wrong,
        (false, true) => Filled::Later,
        (false, false) => Filled::Text(filled),
    }
}

/// Why a `${...}` gets no value.
struct Refusal(Code, String, Option<String>);

impl Refusal {
    fn at(self, which: usize) -> Mistake {
        Mistake { which, code: self.0, message: self.1, hint: self.2 }
    }
}

/// The value of what stands between the braces; `None` when it is not known yet.
fn value(
    inner: Option<&str>,
    scope: Scope<'_>,
    service: Option<&str>,
) -> Result<Option<String>, Refusal> {
    let Some(inner) = inner else {
        let message = "a `${` is never closed";
        let hint = "write `$${` where `${` itself is meant";
        return Err(Refusal(Code::BadInterpolation, message.to_owned(), Some(hint.to_owned())));
    };
    if scope.keeping == Keeping::TaskWords
        && let Some(kept) = template::mark(inner)
    {
        return Ok(Some(kept));
    }
    let (name, default) = split(inner)?;
    let known = |value: Option<&str>| Ok(value.map(str::to_owned));
    match name {
        "app" => known(scope.app),
        "env" => known(scope.environment),
        "service" if service.is_some() => known(service),
        "service" => Err(Refusal(
            Code::UnresolvedVariable,
            "`${service}` has no value here: it stands for the service around it".to_owned(),
            None,
        )),
        _ if name.chars().any(|c| c.is_ascii_lowercase()) => Err(unknown_word(name, scope.keeping)),
        _ => outside(name, default, scope.variables),
    }
}

/// A variable from outside. As in a shell, an empty one takes the default.
fn outside(
    name: &str,
    default: Option<&str>,
    variables: Option<&BTreeMap<String, String>>,
) -> Result<Option<String>, Refusal> {
    let given = variables.and_then(|variables| variables.get(name));
    match (given.filter(|value| !value.is_empty()), default) {
        (Some(value), _) => Ok(Some(value.clone())),
        (None, Some(default)) => Ok(Some(default.to_owned())),
        (None, None) if variables.is_none() => Ok(None),
        (None, None) => Err(Refusal(
            Code::UnresolvedVariable,
            format!("`${{{name}}}` has no value: the variable `{name}` is not set, or empty"),
            Some(format!("set it, or give it a default: `${{{name}:-value}}`")),
        )),
    }
}

/// Name and default of `NAME` or `NAME:-default`.
fn split(inner: &str) -> Result<(&str, Option<&str>), Refusal> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = inner.find(|c| !is_part(c)).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let default = match rest {
        "" => Some(None),
        _ => rest.strip_prefix(":-").filter(|default| !default.contains("${")).map(Some),
    };
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    default.filter(|_| starts).map(|default| (name, default)).ok_or_else(|| {
        Refusal(
            Code::BadInterpolation,
            format!("`${{{inner}}}` is no `${{name}}` and no `${{NAME:-default}}`"),
            Some("write `$${` where `${` itself is meant".to_owned()),
        )
    })
}

fn unknown_word(name: &str, keeping: Keeping) -> Refusal {
    let kept: &[&str] = match keeping {
        Keeping::Nothing => &[],
        Keeping::TaskWords => &template::WORDS,
    };
    let words = MEANT.map(|(word, _)| word);
    let near = nearest(name, words.into_iter().chain(kept.iter().copied()));
    let meant = MEANT.iter().find(|(word, _)| Some(*word) == near).map(|(_, meant)| *meant);
    let hint = match meant.or(near) {
        Some(meant) => format!("did you mean `${{{meant}}}`?"),
        None => format!("a variable from outside is in upper case: `${{{}}}`", name.to_uppercase()),
    };
    let own = ["app", "env", "service"].into_iter().chain(kept.iter().copied());
    let own: Vec<String> = own.map(|word| format!("`${{{word}}}`")).collect();
    let (last, others) = own.split_last().expect("there are three at least");
    let message =
        format!("`${{{name}}}` stands for nothing: there are {} and {last}", others.join(", "));
    Refusal(Code::UnresolvedVariable, message, Some(hint))
}

#[cfg(test)]
mod tests;
