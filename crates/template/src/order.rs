//! Who has to be there before whom.

use crate::refer::referred;
use crate::{Mistake, Template};
use std::collections::{BTreeMap, BTreeSet};

/// The resources that each resource needs: those that its properties name and those in `DependsOn`.
///
/// # Panics
/// Never: a template that was parsed has no function that can't be read.
#[must_use]
pub fn dependencies(template: &Template) -> BTreeMap<String, BTreeSet<String>> {
    let of = |name: &String| {
        let resource = &template.resources[name];
        let found = referred(&resource.properties).expect("a parsed template has been read before");
        let mut needed: BTreeSet<String> =
            found.names.into_iter().chain(found.attributes).collect();
        needed.extend(resource.depends_on.iter().cloned());
        needed.retain(|other| template.resources.contains_key(other));
        needed
    };
    template.resources.keys().map(|name| (name.clone(), of(name))).collect()
}

/// Refuses circles.
pub(crate) fn check(template: &Template) -> Result<(), Mistake> {
    let mut left = dependencies(template);
    loop {
        let free: Vec<String> = left
            .iter()
            .filter(|(_, needed)| needed.iter().all(|other| !left.contains_key(other)))
            .map(|(name, _)| name.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        for name in free {
            left.remove(&name);
        }
    }
    // What only leads to a circle is no part of it.
    loop {
        let needed: BTreeSet<String> = left.values().flatten().cloned().collect();
        let before = left.len();
        left.retain(|name, _| needed.contains(name));
        if left.len() == before {
            break;
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = left.keys().map(String::as_str).collect();
    Err(Mistake::of(format!("Circular dependency between resources: [{}]", names.join(", "))))
}
