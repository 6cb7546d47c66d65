//! What the manifest says to leave alone.

use crate::finding::Finding;
use crate::observed::Observed;
use crate::rules::idle_suppression;
use crate::setting::Setting;
use crate::subject::Subject;
use manifest::Ignore;
use source::Place;
use std::collections::BTreeMap;

/// One line under `checks.ignore`, by its place: environments that share it are one.
struct Line<'s> {
    ignore: &'s Ignore,
    environments: Vec<&'s str>,
    used: bool,
}

/// Leaves out what the manifest says to leave alone, and says which of its lines leave nothing alone.
///
/// A line whose rule looks at images too is idle only if they were run.
pub(crate) fn apply(
    subject: &Subject<'_>,
    found: Vec<Finding>,
    observed: &[Observed],
) -> Vec<Finding> {
    let Some(manifest) = subject.manifest else { return found };
    let mut lines: BTreeMap<Place, Line<'_>> = BTreeMap::new();
    for resolved in manifest.environments {
        let setting = Setting { resolved, manifest };
        for (index, ignore) in resolved.environment.checks.ignore.iter().enumerate() {
            let place = setting.place(&format!("checks.ignore.{index}.rule"));
            let new = || Line { ignore, environments: Vec::new(), used: false };
            lines.entry(place).or_insert_with(new).environments.push(&resolved.name);
        }
    }
    let mut kept: Vec<Finding> = Vec::new();
    for finding in found {
        kept.extend(left(finding, lines.values_mut()));
    }
    let may_be_seen = |line: &Line<'_>| {
        let known = crate::rule(&line.ignore.rule);
        observed.is_empty() && known.is_ok_and(|rule| rule.shows().is_some())
    };
    let idle = lines.iter().filter(|(_, line)| !line.used && !may_be_seen(line));
    kept.extend(idle.map(|(place, line)| idle_suppression::finding(place, line.ignore)));
    kept.sort_by(|a, b| a.place.cmp(&b.place));
    kept
}

/// What is left of a finding: the environments in which nobody leaves it alone.
fn left<'l, 's: 'l>(
    mut finding: Finding,
    lines: impl Iterator<Item = &'l mut Line<'s>>,
) -> Option<Finding> {
    for line in lines.filter(|line| fits(line.ignore, &finding)).collect::<Vec<_>>() {
        let before = finding.environments.len();
        finding.environments.retain(|name| !line.environments.contains(&name.as_str()));
        let is_of_all = before == 0;
        line.used |= is_of_all || finding.environments.len() < before;
        if is_of_all || finding.environments.is_empty() {
            return None;
        }
    }
    Some(finding)
}

fn fits(ignore: &Ignore, finding: &Finding) -> bool {
    let service = ignore.service.as_ref();
    let file = ignore.file.as_ref();
    finding.rule == ignore.rule
        && service.is_none_or(|name| finding.service.as_ref() == Some(name))
        && file.is_none_or(|name| finding.place.file == *name)
}
