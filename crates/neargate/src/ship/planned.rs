//! A plan as it is shown, kept in a file, and held against the world again.

use crate::failure::{Failure, Kind};
use crate::ui::live::faint;
use crate::ui::say;
use model::Span;
use plan::cost::{AS_OF, Dollars};
use plan::forecast::{Term, forecast, total};
use plan::observed::Observed;
use plan::{Artifact, Bound, Wish};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// What a file of a plan says that it is.
const FORMAT: &str = "neargate plan 1";

/// A plan.
#[derive(Debug)]
pub(crate) struct Planned {
    app: String,
    environment: String,
    steps: Vec<Told>,
    bound: Bound,
    /// What the tasks cost a month, before and after.
    price: (Dollars, Dollars),
    terms: BTreeMap<String, Vec<Term>>,
}

/// A step as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    what: String,
    why: Vec<String>,
}

// === impl Planned ===

impl Planned {
    /// The plan from what was observed to what is wished for.
    pub(crate) fn of(wish: &Wish, observed: &Observed) -> Self {
        let steps = plan::preview(wish, observed).steps.into_iter();
        let terms = wish.services().map(|(name, service)| (name.clone(), forecast(service)));
        Self {
            app: wish.manifest.app.clone(),
            environment: wish.manifest.name.clone(),
            steps: steps.map(|step| Told { what: step.what, why: step.why }).collect(),
            bound: Bound::of(wish, observed),
            price: plan::cost::change(wish, observed),
            terms: terms.collect(),
        }
    }

    /// Whether everything is as it should be.
    pub(crate) fn is_nothing(&self) -> bool {
        self.steps.is_empty()
    }

    /// Tells it to who is to agree to it.
    pub(crate) fn tell(&self) {
        self.lines().iter().for_each(|line| say::note(line));
    }

    /// As lines for people.
    pub(crate) fn lines(&self) -> Vec<String> {
        let steps = self.steps.iter().flat_map(|step| {
            let why = step.why.iter().map(|why| faint(&format!("    {why}")));
            [format!("  {}", step.what)].into_iter().chain(why)
        });
        let head = format!("{} in {}:", self.app, self.environment);
        let mut lines: Vec<String> = [head].into_iter().chain(steps).collect();
        let (before, after) = self.price;
        let price = match before == after {
            true => format!("{} USD a month, as before", after.rounded()),
            false => format!("{} USD a month now, and {} then", before.rounded(), after.rounded()),
        };
        lines.push(format!(
            "tasks cost {price} (prices of {AS_OF}; `neargate cost --env {}` has all lines)",
            self.environment
        ));
        let slowest = self.terms.iter().max_by_key(|(_, terms)| total(terms));
        if let Some((name, terms)) = slowest {
            lines.push(format!("it takes about {}, for service {name}:", total(terms)));
            let terms = terms.iter().map(|term| faint(&format!("    {} {}", term.span, term.what)));
            lines.extend(terms);
        }
        lines
    }

    /// As data.
    pub(crate) fn value(&self) -> Value {
        let steps = self.steps.iter().map(|step| json!({ "what": step.what, "why": step.why }));
        let seconds = |span: Span| span.as_seconds();
        let term = |term: &Term| json!({ "what": term.what, "seconds": seconds(term.span) });
        let expected = self.terms.iter().map(|(name, terms)| {
            let all: Vec<Value> = terms.iter().map(term).collect();
            (name.clone(), json!({ "seconds": seconds(total(terms)), "terms": all }))
        });
        let (before, after) = self.price;
        json!({
            "format": FORMAT,
            "app": self.app,
            "environment": self.environment,
            "changes": !self.is_nothing(),
            "steps": steps.collect::<Vec<_>>(),
            "usdPerMonthOfTasks": { "before": before.rounded(), "after": after.rounded() },
            "expected": expected.collect::<serde_json::Map<_, _>>(),
            "bound": self.bound.value(),
        })
    }

    /// Reads a plan that was kept. Only what it is bound to and its steps are needed of it.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display();
        let text = std::fs::read_to_string(path);
        let text =
            text.map_err(|why| Failure::because(Kind::Usage, format!("can't read {name}"), why))?;
        let held: Value = serde_json::from_str(&text).unwrap_or_default();
        if held["format"] != FORMAT {
            let what = format!("{name} is no plan of this version");
            return Err(Failure::new(Kind::Usage, what).hint("make one: neargate plan --out FILE"));
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let texts = |value: &Value| value.as_array().into_iter().flatten().map(text).collect();
        let steps = held["steps"].as_array().into_iter().flatten();
        let steps = steps.map(|step| Told { what: text(&step["what"]), why: texts(&step["why"]) });
        Ok(Self {
            app: text(&held["app"]),
            environment: text(&held["environment"]),
            steps: steps.collect(),
            bound: Bound::read(&held["bound"]),
            price: Default::default(),
            terms: BTreeMap::new(),
        })
    }

    /// The images that it is for.
    pub(crate) fn artifacts(&self, wish: &Wish) -> Result<BTreeMap<String, Artifact>, Failure> {
        let Wish { manifest, .. } = wish;
        if (&self.app, &self.environment) != (&manifest.app, &manifest.name) {
            let what = format!("the plan is for {} in {}", self.app, self.environment);
            return Err(Failure::new(Kind::Usage, what));
        }
        let images = wish.services().map(|(name, _)| match self.bound.image(name) {
            Some(image) => Ok((name.clone(), super::image::named(image.to_owned()))),
            None => Err(outdated(&[format!("service {name} is not in it")])),
        });
        images.collect()
    }

    /// Refuses the plan when the world or the manifest is another one than it was made for.
    pub(crate) fn check(&self, wish: &Wish, observed: &Observed) -> Result<(), Failure> {
        let moved = self.bound.moved(&Bound::of(wish, observed));
        if !moved.is_empty() {
            return Err(outdated(&moved));
        }
        let now = Self::of(wish, observed);
        let other = |step: &&Told| !self.steps.contains(step);
        let new = now.steps.iter().filter(other).map(|step| format!("now: {}", step.what));
        let gone = self.steps.iter().filter(|step| !now.steps.contains(step));
        let gone = gone.map(|step| format!("no longer: {}", step.what));
        let changed: Vec<String> = new.chain(gone).collect();
        if changed.is_empty() { Ok(()) } else { Err(outdated(&changed)) }
    }
}

/// The world moved since the plan was made.
fn outdated(what: &[String]) -> Failure {
    let lines: String = what.iter().map(|line| format!("\n  {line}")).collect();
    let what = format!("nothing was deployed: things have changed since the plan was made{lines}");
    Failure::new(Kind::Deployment, what).hint("make a new plan and look at it")
}
