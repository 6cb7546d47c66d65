//! What a term comes to, as far as it stands in the text.

use super::module::Wanted;
use super::program::{Found, Program, Spot};
use super::scene::Origin;
use super::term::{Call, Kind, Term};
use super::trail::{Trail, Ways};
use crate::Certainty;

/// How many terms deep a value is computed.
const DEEP: u8 = 16;

/// A computed value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value {
    pub(crate) known: Known,
    /// The environment variable that decides; what is known is its default then.
    pub(crate) variable: Option<String>,
    pub(crate) certainty: Certainty,
}

/// What is known of a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Known {
    Text(String),
    Number(f64),
    Flag(bool),
    /// Nothing but where it comes from.
    Nothing,
}

impl Value {
    fn certain(known: Known) -> Self {
        Self { known, variable: None, certainty: Certainty::Certain }
    }

    fn from_variable(name: &str) -> Self {
        let variable = Some(name.to_owned());
        Self { known: Known::Nothing, variable, certainty: Certainty::Certain }
    }

    /// The value as a text.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.known {
            Known::Text(text) => Some(text.clone()),
            Known::Number(number) => Some(number.to_string()),
            Known::Flag(flag) => Some(flag.to_string()),
            Known::Nothing => None,
        }
    }

    /// The value as a number.
    pub(crate) fn number(&self) -> Option<f64> {
        match &self.known {
            Known::Number(number) => Some(*number),
            Known::Text(text) => text.trim().parse().ok(),
            Known::Flag(_) | Known::Nothing => None,
        }
    }

    /// The value as a port.
    pub(crate) fn port(&self) -> Option<u16> {
        let number = self.number()?;
        let text = number.to_string();
        text.parse().ok()
    }
}

/// Objects that hold the environment.
const ENVIRONMENTS: [&str; 4] = ["process.env", "import.meta.env", "Bun.env", "Deno.env"];

impl<'s> Program<'s> {
    /// What a term comes to; `None` if that does not stand in the text.
    pub(crate) fn value(&self, spot: Spot<'s>) -> Option<Value> {
        self.compute(spot, Trail::of(DEEP, &Ways::default()))
    }

    fn compute(&self, spot: Spot<'s>, trail: Trail<'_>) -> Option<Value> {
        let trail = trail.step()?;
        if let Some((name, fallback)) = self.variable(spot) {
            let value = Value::from_variable(name);
            let fallback = fallback.and_then(|spot| self.compute(spot, trail));
            return Some(Value { known: fallback.map_or(Known::Nothing, |it| it.known), ..value });
        }
        let at = |term| Spot { term, ..spot };
        match &spot.term.kind {
            Kind::Text(text) => Some(Value::certain(Known::Text(text.to_string()))),
            Kind::Number(number) => Some(Value::certain(Known::Number(*number))),
            Kind::Flag(flag) => Some(Value::certain(Known::Flag(*flag))),
            Kind::Either(pair) => self.either(at(&pair.0), at(&pair.1), trail),
            Kind::Choice(choice) => {
                let first = self.compute(at(&choice.1), trail);
                let value = first.or_else(|| self.compute(at(&choice.2), trail))?;
                Some(Value { certainty: Certainty::Guess, ..value })
            }
            Kind::Joined(parts) => self.joined(parts.iter().map(at), trail),
            Kind::Call(call) => self.called(spot, call, trail),
            Kind::Name(_) | Kind::Member(..) => match self.settle(spot) {
                Found::Term(found) if !std::ptr::eq(found.term, spot.term) => {
                    self.compute(found, trail)
                }
                _ => self.of_schema(spot),
            },
            _ => None,
        }
    }

    fn either(&self, first: Spot<'s>, second: Spot<'s>, trail: Trail<'_>) -> Option<Value> {
        let fallback = self.compute(second, trail);
        let Some(first) = self.compute(first, trail) else {
            return fallback.map(|value| Value { certainty: Certainty::Likely, ..value });
        };
        if first.known != Known::Nothing {
            return Some(first);
        }
        let known = fallback.map_or(Known::Nothing, |value| value.known);
        Some(Value { known, ..first })
    }

    fn joined(&self, parts: impl Iterator<Item = Spot<'s>>, trail: Trail<'_>) -> Option<Value> {
        let mut whole = Value::certain(Known::Text(String::new()));
        let mut text = String::new();
        for part in parts {
            let value = self.compute(part, trail)?;
            text.push_str(&value.text()?);
            whole.variable = whole.variable.or(value.variable);
            whole.certainty = whole.certainty.min(value.certainty);
        }
        Some(Value { known: Known::Text(text), ..whole })
    }

    /// Conversions keep the value; a function that reads the environment by name is a variable with a
    /// default.
    fn called(&self, spot: Spot<'s>, call: &'s Call, trail: Trail<'_>) -> Option<Value> {
        let first = Spot { term: call.arguments.first()?, ..spot };
        if let Some("Number" | "parseInt" | "parseFloat" | "String" | "Boolean") = call.verb() {
            return self.compute(first, trail);
        }
        let Some(name) = self.asks_environment(spot, call) else {
            // A function that checks a variable gives it back.
            let mut values = call.arguments.iter().filter_map(|term| {
                self.compute(Spot { term, ..spot }, trail).filter(|it| it.variable.is_some())
            });
            return values.next().map(|value| Value { certainty: Certainty::Likely, ..value });
        };
        let fallback = call.arguments.get(1).map(|term| Spot { term, ..spot });
        let known = fallback.and_then(|spot| self.compute(spot, trail)).map(|value| value.known);
        let known = known.unwrap_or(Known::Nothing);
        Some(Value { known, variable: Some(name.to_owned()), certainty: Certainty::Likely })
    }

    /// `config.PORT`, where `config` is what a schema made of the environment.
    fn of_schema(&self, spot: Spot<'s>) -> Option<Value> {
        let (object, name) = match (&spot.term.kind, spot.term.name()) {
            (Kind::Member(object, name), _) => (Spot { term: object, ..spot }, &**name),
            (_, Some(name)) => {
                let (scope, origin) = self.scenes[spot.scene].find(spot.scope, name)?;
                match origin {
                    Origin::Field(term, field) => (Spot { scope, term, ..spot }, &*field.key),
                    Origin::Given(position, field) => {
                        (self.argument(spot.scene, scope, position)?, &*field.key)
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        let field = self.schema_field(object, name)?;
        Some(Value {
            known: field.fallback.map_or(Known::Nothing, Known::Text),
            variable: Some(name.to_owned()),
            certainty: Certainty::Likely,
        })
    }

    /// The variable that a term reads, with the default that stands beside it: `process.env.PORT`, or
    /// `PORT` after `const { PORT = 3000 } = process.env`.
    fn variable(&self, spot: Spot<'s>) -> Option<(&'s str, Option<Spot<'s>>)> {
        match &spot.term.kind {
            Kind::Member(object, name) => {
                let is = self.is_environment_by_name(Spot { term: object, ..spot });
                is.then_some((&**name, None))
            }
            Kind::Name(name) => {
                let (scope, origin) = self.scenes[spot.scene].find(spot.scope, name)?;
                let Origin::Field(term, field) = origin else { return None };
                let at = |term| Spot { scope, term, ..spot };
                let is = self.is_environment_by_name(at(term));
                is.then_some((&*field.key, field.fallback.as_ref().map(at)))
            }
            _ => None,
        }
    }

    /// Whether a term is the environment itself.
    pub(crate) fn is_environment(&self, spot: Spot<'s>) -> bool {
        if is_environment(spot.term) {
            return true;
        }
        // `const { env } = process`.
        if let Some(name) = spot.term.name()
            && let Some((_, Origin::Field(term, field))) =
                self.scenes[spot.scene].find(spot.scope, name)
            && term.name() == Some("process")
        {
            return *field.key == *"env";
        }
        // `const env = process.env`, `import { env } from 'process'`.
        match self.settle(spot) {
            Found::Term(found) => is_environment(found.term),
            Found::Package("process" | "node:process", wanted) => {
                *wanted == Wanted::Name("env".into())
            }
            _ => false,
        }
    }

    /// The same, for what can be the environment by its shape: cheaper where everything is asked.
    pub(crate) fn is_environment_by_name(&self, spot: Spot<'s>) -> bool {
        let may_be = match &spot.term.kind {
            Kind::Name(_) => true,
            Kind::Member(_, name) => matches!(&**name, "env" | "environment"),
            _ => false,
        };
        may_be && self.is_environment(spot)
    }
}

fn is_environment(term: &Term) -> bool {
    ENVIRONMENTS.iter().any(|path| term.is_path(path))
}
