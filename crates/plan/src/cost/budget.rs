//! What an environment costs, held against what it may cost.

use super::{Dollars, cost};
use manifest::Resolved;

/// Millionths in a dollar.
const WHOLE: u64 = 1_000_000;

/// Why a budget will not do, where it is known beforehand. What is billed by use comes on top.
#[must_use]
pub fn over_budget(manifest: &Resolved) -> Option<String> {
    let budget = manifest.environment.budget.as_ref()?;
    let limit = Dollars(u64::from(budget.monthly) * WHOLE);
    let estimate = cost(manifest);
    let (least, most) = (estimate.least(), estimate.most());
    let told = |sum: Dollars, when: &str| {
        format!(
            "{} costs {} USD a month{when}, and the budget is {}",
            manifest.name,
            sum.rounded(),
            limit.rounded()
        )
    };
    if least > limit {
        return Some(told(least, " before the first request"));
    }
    (most > limit).then(|| told(most, " with as many tasks as `scale` allows"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use manifest::{parse, resolve};

    fn check(monthly: u32, most: u32, expected: Option<&str>) {
        let text = format!(
            "app: shop\nservices:\n  job: {{image: i, scale: {{max: {most}}}}}\nenvironments:\n  prod: \
             {{region: eu-west-1, budget: {{monthly: {monthly}, notify: [a@b.ch]}}}}\n"
        );
        let (manifest, found) = parse(&text);
        let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
        let (resolved, found) = resolve(&manifest, "prod", &Default::default());
        let told = over_budget(&resolved.unwrap_or_else(|| panic!("{found:?}")));
        let fits = match (&told, expected) {
            (Some(told), Some(expected)) => told.contains(expected),
            (told, expected) => told.as_deref() == expected,
        };
        assert!(fits, "{told:?}");
    }

    #[test]
    fn a_budget_is_held_against_the_least_and_the_most() {
        check(10_000, 2, None);
        check(1, 2, Some("before the first request, and the budget is 1.00"));
        check(60, 50, Some("with as many tasks as `scale` allows, and the budget is 60.00"));
    }
}
