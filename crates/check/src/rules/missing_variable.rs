//! A variable that the code reads and nobody sets.

use crate::finding::{Finding, Severity};
use crate::observed::Seen;
use crate::part::{Given, Part};
use crate::rule::{Look, Rule};
use plan::diagnosis::Cause;
use source::{Certainty, Moment, Need, Origin, Sensitivity, Variable};

pub(super) const RULE: Rule = Rule {
    id: "missing-variable",
    severity: Severity::Error,
    title: "The code needs an environment variable that neither manifest nor image sets.",
    why: "The container ends at its start, or at the first request that needs the value. ECS starts it \
          again and again; a stack that waits for the service waits for hours before it gives up.",
    fix: "set it under `env`, or under `secrets` if nobody may see it. A variable that can be absent \
          needs a default in the code.",
    limits: "whether a parameter or secret that the manifest names exists, and what its value is.",
    look: &[
        Look::Part(find),
        Look::Image { find: seen, shows: "a container that ends because a variable is not set." },
    ],
};

/// Sets of variables of which the code may use one or the other.
const ALTERNATIVES: [[&str; 2]; 3] =
    [["MONGODB_URI", "MONGO_URI"], ["DATABASE_URL", "POSTGRES_URL"], ["REDIS_URL", "REDIS_URI"]];

fn find(part: &Part<'_>) -> Vec<Finding> {
    let (Some(_), Some(project)) = (part.setting, part.project) else { return Vec::new() };
    let missing = project.variables.iter().filter(|it| is_asked_for(it) && !is_set(part, &it.name));
    missing.map(|variable| finding(part, variable)).collect()
}

/// Variables that a deployment has to give. Keys of AWS are what the task's role is for.
fn is_asked_for(variable: &Variable) -> bool {
    let is_key = variable.name.starts_with("AWS_");
    let is_needed = matches!(variable.need, Need::Required | Need::Used);
    let is_known = variable.certainty > Certainty::Guess || variable.need == Need::Required;
    is_needed
        && is_known
        && !is_key
        && variable.moment == Moment::Run
        && variable.origin == Origin::Deployment
        && variable.name != "NODE_ENV"
}

fn is_set(part: &Part<'_>, name: &str) -> bool {
    let other = ALTERNATIVES.iter().find(|pair| pair.contains(&name));
    let set = |name: &str| part.given(name) != Given::Nothing;
    set(name) || other.is_some_and(|pair| pair.iter().any(|name| set(name)))
}

fn finding(part: &Part<'_>, variable: &Variable) -> Finding {
    let name = &variable.name;
    let is_secret = variable.sensitivity == Sensitivity::Secret;
    let list = if is_secret { "secrets" } else { "env" };
    let place = part.key(list);
    let (message, label) = match variable.need {
        Need::Required => (
            format!("`{name}` is set nowhere, and the application does not start without it"),
            "not there",
        ),
        _ => (format!("`{name}` is set nowhere, and the code uses it as it is"), "not there"),
    };
    let reference = match is_secret {
        true => format!("ssm:/{}/${{env}}/{}", app(part), name.to_lowercase().replace('_', "-")),
        false => "…".to_owned(),
    };
    let mut found = RULE
        .at(&place, message)
        .label(label)
        .help(format!("set it: `{list}: {{{name}: {reference}}}`"));
    // The code itself says that it does not start: it need not stand there in so many words.
    if variable.need != Need::Required || variable.certainty == Certainty::Guess {
        found = found.at_most(Severity::Warning).resting_on(variable.certainty);
    }
    for read in variable.places.iter().take(2) {
        found = found.related(read, "read here");
    }
    found
}

fn app<'p>(part: &'p Part<'_>) -> &'p str {
    part.setting.map_or("app", |setting| setting.resolved.app.as_str())
}

/// A container that said so.
fn seen(seen: &Seen<'_>) -> Vec<Finding> {
    let failure = seen.failure().filter(|it| it.cause == Cause::VariableMissing);
    let found = failure.map(|trouble| {
        let found = super::does_not_start::finding(seen, &RULE, trouble);
        // What stood for a secret's value may not be what the code takes for one.
        let named = |name: &String| trouble.title.contains(name.as_str());
        let doubtful = seen.observed.placeholders.iter().any(named);
        if doubtful { found.at_most(Severity::Note) } else { found }
    });
    found.into_iter().collect()
}
