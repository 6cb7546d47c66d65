//! What a rule is.

use crate::finding::{Finding, Severity};
use crate::observed::Seen;
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
    /// Each service whose image was run.
    Image {
        /// The look itself.
        find: fn(&Seen<'_>) -> Vec<Finding>,
        /// What it shows that files do not, as part of a sentence.
        shows: &'static str,
    },
}

// === impl Rule ===

impl Rule {
    /// A finding of this rule, as bad as the rule.
    pub(crate) fn at(&self, place: &Place, message: impl Into<String>) -> Finding {
        Finding::new(self.id, self.severity, place.clone(), message)
    }

    /// Everything that it finds in files.
    pub(crate) fn find(&self, tree: &Tree<'_>) -> Vec<Finding> {
        self.look.iter().flat_map(|look| look.find(tree)).collect()
    }

    /// Everything that it finds in a running container.
    pub(crate) fn find_in(&self, seen: &Seen<'_>) -> Vec<Finding> {
        let Seen { observed, .. } = seen;
        let looks = self.look.iter().filter_map(|look| match look {
            Look::Image { find, .. } => Some(find),
            Look::Tree(_) | Look::Setting(_) | Look::Part(_) => None,
        });
        let found = looks.flat_map(|find| find(seen));
        let (environment, service) = (observed.environment.as_str(), observed.service.as_str());
        found.map(|it| within(it, Some(environment), Some(service))).collect()
    }

    /// What it shows of a running container, if it looks at one.
    #[must_use]
    pub fn shows(&self) -> Option<&'static str> {
        self.look.iter().find_map(|look| match look {
            Look::Image { shows, .. } => Some(*shows),
            Look::Tree(_) | Look::Setting(_) | Look::Part(_) => None,
        })
    }

    /// Whether it finds anything in files.
    #[must_use]
    pub fn reads_files(&self) -> bool {
        self.look.is_empty() || self.look.iter().any(|look| !matches!(look, Look::Image { .. }))
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
            Self::Image { .. } => Vec::new(),
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
