//! What files say and what was seen, together: what was seen is surer.

use crate::finding::Finding;
use crate::observed::{Seen, refutes};

/// The findings of files, without those that running the image refutes, and those of running it. Of two
/// about the same the one that was seen stays, with what the other knew.
pub(crate) fn together(read: Vec<Finding>, seen: Vec<Finding>, all: &[Seen<'_>]) -> Vec<Finding> {
    let mut seen = seen;
    let mut kept = Vec::new();
    for finding in read.into_iter().filter_map(|finding| doubted(finding, all)) {
        match seen.iter_mut().find(|other| is_same(&finding, other)) {
            Some(other) => enrich(other, finding),
            None => kept.push(finding),
        }
    }
    kept.extend(seen);
    kept
}

/// A finding without the environments in which it was seen to be wrong; `None` if none is left.
fn doubted(mut finding: Finding, all: &[Seen<'_>]) -> Option<Finding> {
    for seen in all {
        if !refutes(seen, &finding) {
            continue;
        }
        let (service, environment) = (&seen.observed.service, &seen.observed.environment);
        if finding.service.as_ref() == Some(service) && finding.environments.contains(environment) {
            finding.environments.retain(|it| it != environment);
            if finding.environments.is_empty() {
                return None;
            }
        }
    }
    Some(finding)
}

fn is_same(read: &Finding, seen: &Finding) -> bool {
    let shared = seen.environments.iter().any(|it| read.environments.contains(it));
    read.rule == seen.rule && read.service == seen.service && shared
}

/// Takes over what only the source knows: its place, its fix, where else it holds.
fn enrich(seen: &mut Finding, read: Finding) {
    for name in read.environments {
        if !seen.environments.contains(&name) {
            seen.environments.push(name);
        }
    }
    if read.place != seen.place {
        let label = if read.label.is_empty() { read.message } else { read.label };
        seen.related.push(crate::Related { place: read.place, label });
    }
    for related in read.related {
        if !seen.related.iter().any(|it| it.place == related.place) && related.place != seen.place {
            seen.related.push(related);
        }
    }
    seen.edit = seen.edit.take().or(read.edit);
    seen.help = read.help.or(seen.help.take());
}
