//! `NODE_ENV` that holds something else than `production`.

use crate::finding::{Finding, Severity};
use crate::part::{Given, Part};
use crate::rule::{Look, Rule};
use crate::subject::Tree;
use source::Language;

pub(super) const RULE: Rule = Rule {
    id: "node-env",
    severity: Severity::Error,
    title: "NODE_ENV holds an environment's name instead of `production`.",
    why: "Node's frameworks know `production` and nothing like `prod` or `staging`: with anything else \
          Express compiles views on each request and shows stack traces to strangers, React runs its slow \
          half, and code behind `=== 'production'` (TLS, secure cookies) stays off.",
    fix: "`NODE_ENV: production` in every environment that is deployed, and a variable of your own for \
          the environment's name.",
    limits: "",
    look: &[Look::Part(of_part), Look::Tree(of_files)],
};

fn of_part(part: &Part<'_>) -> Vec<Finding> {
    judge(part).into_iter().collect()
}

fn of_files(tree: &Tree<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for definition in &tree.definitions {
        for container in &definition.containers {
            let pairs = definition.pairs(container, "environment", "value").into_iter();
            let wrong = pairs.filter(|pair| pair.name == "NODE_ENV" && !is_right(&pair.value));
            found.extend(wrong.map(|pair| wrong_value(&pair.value, &pair.place)));
        }
    }
    found.extend(tree.modules.iter().flat_map(of_module));
    found
}

fn judge(part: &Part<'_>) -> Option<Finding> {
    let setting = part.setting.filter(|setting| !setting.is_local())?;
    let is_node = part.project.is_some_and(|project| project.language == Language::Node);
    match part.given("NODE_ENV") {
        Given::Value(value) if is_right(value) => None,
        Given::Value(value) if part.gives("env.NODE_ENV") => {
            let found = wrong_value(value, &part.place("env.NODE_ENV"));
            let edit = part.replace("env.NODE_ENV", "production");
            let is_name = value == setting.resolved.name;
            Some(if is_name { found.label("the environment's name") } else { found }.edit(edit))
        }
        Given::Value(value) => {
            let place = part.image.as_ref()?.variable("NODE_ENV")?.1;
            Some(wrong_value(value, place))
        }
        Given::Secret => None,
        Given::Nothing if is_node && part.image.is_some() => {
            let message = "NODE_ENV is set nowhere: Node's frameworks take that for development";
            let found = RULE.at(&part.key("env"), message).help("`env: {NODE_ENV: production}`");
            Some(found.at_most(Severity::Warning))
        }
        Given::Nothing => None,
    }
}

/// `value = var.environment` right after `name = "NODE_ENV"`.
fn of_module(module: &crate::terraform::Module<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for block in &module.blocks {
        for pair in block.attributes.windows(2) {
            let [name, value] = pair else { continue };
            let is_it = name.path.last() == Some(&"name") && name.text() == "NODE_ENV";
            if is_it && value.path.last() == Some(&"value") && !is_right(value.text()) {
                found.push(wrong_value(value.text(), &value.place));
            }
        }
    }
    found
}

fn is_right(value: &str) -> bool {
    value == "production"
}

fn wrong_value(value: &str, place: &source::Place) -> Finding {
    let message = format!("NODE_ENV is `{value}`, which no framework knows: it means development");
    RULE.at(place, message)
        .help("`production`, and a variable of your own for the environment's name")
}
