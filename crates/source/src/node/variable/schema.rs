//! Schemas of the environment: zod, envalid, Joi, and what is made of them.

use super::scan::is_variable;
use crate::Certainty;
use crate::fact::variable::{Need, Read};
use crate::node::tree::Tree;
use crate::script::program::{Found, Program, Spot};
use crate::script::term::{Call, Kind, Term};
use crate::script::trail::{Trail, Ways};

/// What a schema says of one variable.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) need: Need,
    pub(crate) fallback: Option<String>,
}

/// How deep schemas are looked for in schemas.
const DEEP: u8 = 6;

/// Every field of every schema that looks like one of the environment.
pub(super) fn reads(tree: &Tree<'_, '_>) -> Vec<Read> {
    let mut found = Vec::new();
    for spot in tree.sites() {
        let Kind::Call(call) = &spot.term.kind else { continue };
        let Some(object) = tree.program.schema_object(spot, call) else { continue };
        for (name, term) in object.term.fields().iter().filter(|(name, _)| is_variable(name)) {
            let at = Spot { term, ..object };
            let field = tree.program.described(at);
            let (name, place) = (name.to_string(), tree.place(at));
            let (need, default) = (field.need, field.fallback);
            found.push(Read { name, need, default, place, certainty: Certainty::Certain });
        }
    }
    found
}

impl<'s> Program<'s> {
    /// The object of fields that a call makes a schema of, if all its names are those of variables:
    /// `z.object({…})`, `Joi.object({…})`, `cleanEnv(process.env, {…})`, `createEnv({ server: {…} })`.
    fn schema_object(&self, spot: Spot<'s>, call: &'s Call) -> Option<Spot<'s>> {
        let verb = call.verb()?;
        let position = match verb {
            "object" | "strictObject" | "looseObject" | "keys" | "extend" | "createEnv" => 0,
            "cleanEnv" => 1,
            _ => return None,
        };
        let argument = Spot { term: call.arguments.get(position)?, ..spot };
        let Found::Term(object) = self.follow(argument) else { return None };
        let object = match object.term.get("server").filter(|_| verb == "createEnv") {
            Some(term) => Spot { term, ..object },
            None => object,
        };
        let mut names = object.term.fields().iter().map(|(name, _)| name);
        let all = names.clone().next().is_some()
            && names.all(|name| is_variable(name) || **name == *"...");
        all.then_some(object)
    }

    /// What a field's own schema says.
    fn described(&self, spot: Spot<'s>) -> Field {
        let mut field = Field { need: Need::Required, fallback: None };
        self.describe(spot, &mut field, DEEP);
        field
    }

    /// Reads a chain of calls from its end: what is said last counts.
    fn describe(&self, spot: Spot<'s>, field: &mut Field, deep: u8) {
        let Some(deep) = deep.checked_sub(1) else { return };
        let mut at = spot;
        let mut joi = None;
        while let Some(call) = at.term.call() {
            let options = call.options().filter(|_| call.method().is_none());
            match call.verb() {
                Some("default" | "prefault" | "catch") => {
                    self.fallback(at, call.arguments.first(), field)
                }
                Some("optional" | "nullish" | "nullable") if field.need == Need::Required => {
                    field.need = Need::Optional;
                }
                Some("required" | "exist") => joi = Some(Need::Required),
                Some("preprocess") => {
                    if let Some(term) = call.arguments.get(1) {
                        return self.describe(Spot { term, ..at }, field, deep);
                    }
                }
                // envalid: `port({ default: 3000 })`.
                _ => self.fallback(at, options.and_then(|it| it.get("default")), field),
            }
            match call.method() {
                Some((object, _)) => at = Spot { term: object, ..at },
                None => break,
            }
        }
        // Joi's fields are optional unless they say otherwise.
        if at.term.name().is_some_and(|name| name.eq_ignore_ascii_case("joi"))
            && field.need == Need::Required
        {
            field.need = joi.unwrap_or(Need::Optional);
        }
    }

    fn fallback(&self, spot: Spot<'s>, term: Option<&'s Term>, field: &mut Field) {
        let Some(term) = term.filter(|_| field.need != Need::Defaulted) else { return };
        field.need = Need::Defaulted;
        field.fallback = self.value(Spot { term, ..spot }).and_then(|value| value.text());
    }

    /// `config.PORT`, where `config` is what a schema made of the environment.
    pub(crate) fn schema_field(&self, config: Spot<'s>, name: &str) -> Option<Field> {
        if !is_variable(name) {
            return None;
        }
        let object = self.schema_behind(config, Trail::of(DEEP, &Ways::default()))?;
        Some(self.described(Spot { term: object.term.get(name)?, ..object }))
    }

    /// The schema that a value was made by: through `parse`, through this tree's own functions.
    fn schema_behind(&self, spot: Spot<'s>, trail: Trail<'_>) -> Option<Spot<'s>> {
        let trail = trail.step()?;
        let Found::Term(found) = self.settle(spot) else { return None };
        match &found.term.kind {
            Kind::Member(object, name) if matches!(&**name, "data" | "value") => {
                self.schema_behind(Spot { term: object, ..found }, trail)
            }
            Kind::Call(call) => {
                if let Some(object) = self.schema_object(found, call) {
                    return Some(object);
                }
                match call.method() {
                    Some((schema, _)) => self.schema_behind(Spot { term: schema, ..found }, trail),
                    None => self
                        .returned(found, call)
                        .into_iter()
                        .find_map(|value| self.schema_behind(value, trail)),
                }
            }
            _ => None,
        }
    }
}
