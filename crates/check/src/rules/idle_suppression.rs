//! A line under `checks.ignore` that leaves nothing alone.

use crate::finding::Finding;
use crate::rule::Rule;
use manifest::Ignore;
use source::Place;

pub(super) const RULE: Rule = Rule {
    id: "idle-suppression",
    severity: crate::Severity::Error,
    title: "A line of `checks.ignore` leaves nothing alone.",
    why: "What it was written for is gone, or its rule, service or file has another name. A line that \
          stays behind hides the next finding of that rule.",
    fix: "take the line away, or write the name as it is.",
    limits: "",
    // Known only after all the others have looked.
    look: &[],
};

/// The finding for a line.
pub(crate) fn finding(place: &Place, ignore: &Ignore) -> Finding {
    let rule = &ignore.rule;
    match crate::rule(rule) {
        Ok(_) => {
            let message = format!("`{rule}` finds nothing here that would have to be left alone");
            RULE.at(place, message).help("take the line away").at_most(crate::Severity::Warning)
        }
        Err(meant) => RULE.at(place, format!("there is no rule `{rule}`")).help(meant),
    }
}
