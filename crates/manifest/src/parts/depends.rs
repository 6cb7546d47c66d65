//! Names of others: services that a service depends on, containers that a container waits for.

use crate::cx::Cx;
use crate::kind::Choice;
use crate::nearest::{listed, suggest};
use crate::{Code, Diagnostic, TextSpan};
use std::collections::BTreeMap;

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

/// Every circle once, beginning at its first name; each step with the place where it is said.
fn circles<'n>(waits: &Waits<'n>) -> Vec<Vec<(&'n str, TextSpan)>> {
    let mut found = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for start in waits.keys() {
        walk(start, waits, &mut Vec::new(), &mut done, &mut found);
    }
    found
}

/// Goes on from `name`. `path` holds the names on the way, each with the place where it names the
/// next.
fn walk<'n>(
    name: &'n str,
    waits: &Waits<'n>,
    path: &mut Vec<(&'n str, TextSpan)>,
    done: &mut Vec<&'n str>,
    found: &mut Vec<Vec<(&'n str, TextSpan)>>,
) {
    if let Some(begin) = path.iter().position(|(step, _)| *step == name) {
        found.push(path[begin..].to_vec());
        return;
    }
    if done.contains(&name) {
        return;
    }
    for (next, span) in waits.get(name).into_iter().flatten() {
        path.push((name, *span));
        walk(next, waits, path, done, found);
        path.pop();
    }
    done.push(name);
}
