//! What a rule is.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::setting::Setting;
use crate::subject::Tree;
use source::Place;

/// Something that is known to go wrong.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, which stays the same for ever.
    pub id: &'static str,
    /// How bad its findings are at worst.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub title: &'static str,
    /// What happens on ECS, and why.
    pub why: &'static str,
    /// How it is put right.
    pub fix: &'static str,
    /// What it does not see from files, and who does; empty if it sees all.
    pub limits: &'static str,
    pub(crate) look: &'static [Look],
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Look {
    /// The tree as a whole, once.
    Tree(fn(&Tree<'_>) -> Vec<Finding>),
    /// Each environment of the manifest.
    Setting(fn(&Setting<'_>) -> Vec<Finding>),
    /// Each service in each environment; without a manifest, each application of the source.
    Part(fn(&Part<'_>) -> Vec<Finding>),
}

// === impl Rule ===

impl Rule {
    /// A finding of this rule, as bad as the rule.
    pub(crate) fn at(&self, place: &Place, message: impl Into<String>) -> Finding {
        Finding::new(self.id, self.severity, place.clone(), message)
    }

    /// Everything that it finds.
    pub(crate) fn find(&self, tree: &Tree<'_>) -> Vec<Finding> {
        self.look.iter().flat_map(|look| look.find(tree)).collect()
    }
}

// === impl Look ===

impl Look {
    fn find(self, tree: &Tree<'_>) -> Vec<Finding> {
        match self {
            Self::Tree(find) => find(tree),
            Self::Setting(find) => {
                let found = tree.settings.iter().flat_map(|setting| {
                    let name = &setting.resolved.name;
                    find(setting).into_iter().map(|it| within(it, Some(name), None))
                });
                found.collect()
            }
            Self::Part(find) => {
                let found = tree.parts.iter().flat_map(|part| {
                    let environment = part.setting.map(|setting| setting.resolved.name.as_str());
                    let service = Some(part.name).filter(|_| environment.is_some());
                    find(part).into_iter().map(move |it| within(it, environment, service))
                });
                found.collect()
            }
        }
    }
}

fn within(finding: Finding, environment: Option<&str>, service: Option<&str>) -> Finding {
    let service = finding.service.or_else(|| service.map(str::to_owned));
    let environments = environment.map(str::to_owned).into_iter().collect();
    Finding { service, environments, ..finding }
}
