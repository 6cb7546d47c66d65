//! How much of Fargate an environment needs at once. What the account may have, Service Quotas knows,
//! which neargate does not speak to.

use crate::wish::Wish;

/// Units of CPU in a processor.
const UNITS: u64 = 1024;

/// Says what has to be compared by hand.
pub(super) fn remark(wish: &Wish) -> String {
    // While a version rolls out, there are as many tasks as `max` allows.
    let units = wish.services().map(|(_, service)| {
        let most = service.scale.as_ref().map_or(service.desired_count(), |scale| scale.max);
        let tasks = (u64::from(most) * u64::from(service.deploy.max)).div_ceil(100);
        tasks * u64::from(service.size().cpu())
    });
    let units: u64 = units.sum();
    let whole = units / UNITS;
    let hundredths = units % UNITS * 100 / UNITS;
    format!(
        "the quota of Fargate's processors could not be asked for: neargate does not speak to Service \
         Quotas. This environment needs {whole}.{hundredths:02} vCPU at most (L-3032A538, `Fargate \
         On-Demand vCPU resource count`)"
    )
}
