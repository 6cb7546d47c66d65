//! Names of others: services that a service depends on, containers that a container waits for.

use crate::cx::Cx;
use crate::kind::Choice;
use crate::nearest::{listed, suggest};
use crate::{Code, Diagnostic, TextSpan};
use std::collections::{BTreeMap, BTreeSet};

/// What a container waits for in another one (reference §1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// It has started.
    Start,
    /// It has ended, with whatever exit code.
    Complete,
    /// It has ended with exit code 0.
    Success,
    /// Its health check has passed.
    Healthy,
}

pub(crate) static CONDITIONS: [Choice<Condition>; 4] = [
    Choice::new("start", Condition::Start, "it has started"),
    Choice::new("complete", Condition::Complete, "it has ended, with whatever exit code"),
    Choice::new("success", Condition::Success, "it has ended with exit code 0"),
    Choice::new("healthy", Condition::Healthy, "its health check has passed"),
];

/// Who waits for whom, and where that is said.
pub(crate) type Waits<'n> = BTreeMap<&'n str, Vec<(&'n str, TextSpan)>>;

/// Reports names that do not exist and circles.
pub(crate) fn check<'n>(waits: &Waits<'n>, known: &[&'n str], what: &str, cx: &mut Cx<'_>) {
    for (name, span) in waits.values().flatten() {
        if !known.contains(name) {
            let message = format!("there is no {what} `{name}`");
            let mistake = Diagnostic::new(Code::UnknownName, *span, message);
            cx.report(mistake.maybe_hint(suggest(name, known.iter().copied())));
        }
    }
    for circle in circles(waits) {
        let steps: Vec<String> = circle.iter().map(|(name, _)| format!("`{name}`")).collect();
        let message = match steps.as_slice() {
            [only] => format!("{only} waits for itself"),
            _ => format!(
                "{} wait for each other: {} → {}",
                listed(&steps),
                steps.join(" → "),
                steps[0]
            ),
        };
        let (_, span) = circle[0];
        let mistake = Diagnostic::new(Code::Cycle, span, message);
        let rest = circle.iter().skip(1);
        let mistake = rest.fold(mistake, |mistake, (name, span)| {
            mistake.related(*span, format!("`{name}` waits here"))
        });
        cx.report(mistake);
    }
}

/// A name on the way from waiter to waiter.
struct Step<'n> {
    name: &'n str,
    /// How many of those it waits for have been looked at.
    looked_at: usize,
    /// Where it names the next on the way.
    place: TextSpan,
}

/// Every circle once, beginning at the name that was met first; each step with the place where it
/// names the next.
fn circles<'n>(waits: &Waits<'n>) -> Vec<Vec<(&'n str, TextSpan)>> {
    let mut found = Vec::new();
    let mut done = BTreeSet::new();
    for start in waits.keys() {
        walk(start, waits, &mut done, &mut found);
    }
    found
}

/// Goes from one name to all it waits for, and on, with a list of its own instead of recursion: the
/// way can be as long as the manifest has services.
fn walk<'n>(
    start: &'n str,
    waits: &Waits<'n>,
    done: &mut BTreeSet<&'n str>,
    found: &mut Vec<Vec<(&'n str, TextSpan)>>,
) {
    if done.contains(start) {
        return;
    }
    let step = |name: &'n str| Step { name, looked_at: 0, place: TextSpan::default() };
    let mut way = vec![step(start)];
    let mut on_the_way = BTreeMap::from([(start, 0)]);
    while let Some(last) = way.last_mut() {
        let others = waits.get(last.name).map(Vec::as_slice).unwrap_or_default();
        let Some((next, place)) = others.get(last.looked_at) else {
            done.insert(last.name);
            on_the_way.remove(last.name);
            way.pop();
            continue;
        };
        last.looked_at += 1;
        last.place = *place;
        if let Some(begin) = on_the_way.get(next) {
            found.push(way[*begin..].iter().map(|step| (step.name, step.place)).collect());
        } else if !done.contains(next) {
            on_the_way.insert(next, way.len());
            way.push(step(next));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edges: &[(&'static str, &[&'static str])], expected: &[&[&str]]) {
        let place = TextSpan::default();
        let wait = |(name, others): &(&'static str, &[&'static str])| {
            (*name, others.iter().map(|other| (*other, place)).collect())
        };
        let found = circles(&edges.iter().map(wait).collect());
        let names = |circle: &Vec<(&'static str, TextSpan)>| {
            circle.iter().map(|(name, _)| *name).collect::<Vec<_>>()
        };
        assert_eq!(found.iter().map(names).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_circle_is_found_once() {
        check(&[("a", &["b"]), ("b", &["c"]), ("c", &[])], &[]);
        check(&[("a", &["b", "c"]), ("b", &["d"]), ("c", &["d"]), ("d", &[])], &[]);
        check(&[("a", &["a"])], &[&["a"]]);
        check(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])], &[&["b", "c"]]);
        check(&[("a", &["b", "c"]), ("b", &["a"]), ("c", &["a"])], &[&["a", "b"], &["a", "c"]]);
        check(&[("a", &["nobody"])], &[]);
    }

    #[test]
    fn a_very_long_way_is_walked() {
        let names: Vec<String> = (0..100_000).map(|number| number.to_string()).collect();
        let place = TextSpan::default();
        let pairs =
            names.windows(2).map(|pair| (pair[0].as_str(), vec![(pair[1].as_str(), place)]));
        assert_eq!(circles(&pairs.collect()).len(), 0);
    }
}
