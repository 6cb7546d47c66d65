//! A plan as it is shown, kept in a file, and held against the world again.

use super::environment::Survey;
use super::foundation::Foundation;
use super::site::Sites;
use crate::failure::{Failure, Kind};
use crate::ui::live::faint;
use crate::ui::say;
use model::Span;
use plan::cost::{AS_OF, Dollars};
use plan::forecast::{Term, forecast, total};
use plan::observed::Observed;
use plan::{Artifact, Bound, Wish};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a file of a plan says that it is.
const FORMAT: &str = "neargate plan 1";

/// A plan.
#[derive(Debug)]
pub(crate) struct Planned {
    app: String,
    environment: String,
    /// What becomes of the stack, a line each.
    ground: Vec<String>,
    steps: Vec<Told>,
    bound: Bound,
    /// What the tasks cost a month, before and after.
    price: (Dollars, Dollars),
    terms: BTreeMap<String, Vec<Term>>,
    /// Why the environment's budget will not do.
    over_budget: Option<String>,
}

/// A step as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    what: String,
    why: Vec<String>,
}

// === impl Told ===

impl Told {
    /// A step that needs no reasons.
    fn plainly(what: String) -> Self {
        Self { what, why: Vec::new() }
    }
}

// === impl Planned ===

impl Planned {
    /// The plan from what was seen to what is wished for. What services will stand on that are not
    /// founded yet can't be looked at, so these are told in outline.
    pub(crate) fn of(wish: &Wish, survey: &Survey, foundation: &Foundation, sites: &Sites) -> Self {
        let Survey { observed, unfounded } = survey;
        let preview = plan::preview(&without(wish, unfounded), &unseen(observed, unfounded));
        let known = preview.steps.into_iter().map(|step| Told { what: step.what, why: step.why });
        let files = sites.told().map(|(what, why)| Told { what, why });
        let steps = known.chain(outline(wish, survey)).chain(files).collect();
        let terms = wish.services().map(|(name, service)| (name.clone(), forecast(service)));
        Self {
            app: wish.manifest.app.clone(),
            environment: wish.manifest.name.clone(),
            ground: foundation.lines(&wish.names().stack()),
            steps,
            bound: Bound::of(wish, observed),
            price: plan::cost::change(wish, observed),
            terms: terms.collect(),
            over_budget: plan::cost::over_budget(&wish.manifest),
        }
    }

    /// Whether everything is as it should be.
    pub(crate) fn is_nothing(&self) -> bool {
        self.ground.is_empty() && self.steps.is_empty()
    }

    /// Why the environment's budget will not do.
    pub(crate) fn over_budget(&self) -> Option<&str> {
        self.over_budget.as_deref()
    }

    /// Tells it to who is to agree to it.
    pub(crate) fn tell(&self) {
        self.lines().iter().for_each(|line| say::note(line));
        if let Some(over) = self.over_budget() {
            say::warn(over);
        }
    }

    /// As lines for people.
    pub(crate) fn lines(&self) -> Vec<String> {
        let steps = self.steps.iter().flat_map(|step| {
            let why = step.why.iter().map(|why| faint(&format!("    {why}")));
            [format!("  {}", step.what)].into_iter().chain(why)
        });
        let head = format!("{} in {}:", self.app, self.environment);
        let ground = self.ground.iter().map(|line| format!("  {line}"));
        let mut lines: Vec<String> = [head].into_iter().chain(ground).chain(steps).collect();
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
            "foundation": self.ground,
            "steps": steps.collect::<Vec<_>>(),
            "usdPerMonthOfTasks": { "before": before.rounded(), "after": after.rounded() },
            "overBudget": self.over_budget,
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
        let texts =
            |value: &Value| value.as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
        let steps = held["steps"].as_array().into_iter().flatten();
        let steps = steps.map(|step| Told { what: text(&step["what"]), why: texts(&step["why"]) });
        Ok(Self {
            app: text(&held["app"]),
            environment: text(&held["environment"]),
            ground: texts(&held["foundation"]),
            steps: steps.collect(),
            bound: Bound::read(&held["bound"]),
            price: Default::default(),
            terms: BTreeMap::new(),
            over_budget: None,
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
    pub(crate) fn check(&self, now: &Self) -> Result<(), Failure> {
        let moved = self.bound.moved(&now.bound);
        if !moved.is_empty() {
            return Err(outdated(&moved));
        }
        let steps = |held: &Self| -> Vec<Told> {
            let ground = held.ground.iter().map(|line| Told::plainly(line.trim().to_owned()));
            ground.chain(held.steps.iter().cloned()).collect()
        };
        let (then, now) = (steps(self), steps(now));
        let new = now.iter().filter(|step| !then.contains(step));
        let gone = then.iter().filter(|step| !now.contains(step));
        let new = new.map(|step| format!("now: {}", step.what));
        let gone = gone.map(|step| format!("no longer: {}", step.what));
        let changed: Vec<String> = new.chain(gone).collect();
        if changed.is_empty() { Ok(()) } else { Err(outdated(&changed)) }
    }
}

/// A wish without some of its services.
fn without(wish: &Wish, names: &BTreeSet<String>) -> Wish {
    let mut wish = wish.clone();
    wish.manifest.environment.services.retain(|name, _| !names.contains(name));
    wish
}

/// What was observed, as if some services had not been. They are not left over: they are wished for.
fn unseen(observed: &Observed, names: &BTreeSet<String>) -> Observed {
    let mut observed = observed.clone();
    observed.services.retain(|name, _| !names.contains(name));
    observed
}

/// The steps of services that stand on what is yet to come.
fn outline(wish: &Wish, survey: &Survey) -> Vec<Told> {
    let services = wish.services().filter(|(name, _)| survey.unfounded.contains(*name));
    let steps = services.flat_map(|(name, service)| {
        let family = wish.names().family(name);
        let before = service
            .before
            .as_ref()
            .map(|before| format!("run `{}` for service {name}", before.command.words().join(" ")));
        let there = survey.observed.services.get(name);
        let verb = if there.is_some() { "update" } else { "create" };
        let roll = Told {
            what: format!("{verb} service {name}"),
            why: there.and_then(|it| plan::other_strategy(service, it)).into_iter().collect(),
        };
        let define = format!("register task definition {family}");
        let first = [define].into_iter().chain(before).map(Told::plainly);
        first.chain([roll])
    });
    steps.collect()
}

/// The world moved since the plan was made.
fn outdated(what: &[String]) -> Failure {
    let lines: String = what.iter().map(|line| format!("\n  {line}")).collect();
    let what = format!("nothing was deployed: things have changed since the plan was made{lines}");
    Failure::new(Kind::Deployment, what).hint("make a new plan and look at it")
}
