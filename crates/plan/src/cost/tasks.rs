//! What the tasks of an environment cost a month: those that run now, and those of a manifest.

use super::{Dollars, HOURS, prices, tasks};
use crate::foundation::Ground;
use crate::observed::Observed;
use crate::wish::Wish;
use api::ecs::TaskDefinition;

/// Before and after: the tasks of the services that run now, and the least of the manifest.
#[must_use]
pub fn change(wish: &Wish, observed: &Observed) -> (Dollars, Dollars) {
    let (prices, _) = prices(wish.manifest.environment.region.as_deref());
    let ground = Ground::new(&wish.manifest);
    let after = ground.services().map(|(name, service)| tasks(name, service, prices).least);
    let after = after.fold(Dollars::default(), |sum, each| sum + each);
    let mut before = Dollars::default();
    for (name, service) in &observed.services {
        let family = wish.names().family(name);
        let Some(held) = observed.definitions.get(&family) else { continue };
        let (cpu, memory) = match is_arm(&held.definition) {
            true => prices.arm,
            false => prices.x86,
        };
        let number = |text: &Option<String>| {
            text.as_deref().and_then(|text| text.parse::<u64>().ok()).unwrap_or_default()
        };
        let (units, megabytes) = (number(&held.definition.cpu), number(&held.definition.memory));
        let each = Dollars((cpu.0 * units + memory.0 * megabytes) * HOURS / 1024);
        let count = service.desired_count.and_then(|it| u64::try_from(it).ok());
        before = before + each * count.unwrap_or_default();
    }
    (before, after)
}

fn is_arm(definition: &TaskDefinition) -> bool {
    let platform = definition.runtime_platform.as_ref();
    platform.and_then(|held| held.cpu_architecture.as_deref()) == Some("ARM64")
}
