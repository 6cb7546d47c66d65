//! When a container's health check runs, and what its result means (reference §1.6).

use super::step::Step;
use model::{Pace, Span};
use world::{ContainerSpec, ContainerState};

/// How many times longer than the last check the container is left alone, where time passes faster
/// than on AWS: a check is a process of its own, and what is divided by a speed must not end in a
/// machine that does nothing but check.
const REST: u64 = 9;

/// Judges the result of a container's last check, or sends the next when it is due.
///
/// As with Docker, which runs the checks on AWS, the first one comes an interval after the start
/// and each next one an interval after the end of the one before. The interval is an AWS-side wait;
/// the check's time-out and the start period are the container's own time.
pub(super) fn check(step: &mut Step<'_>, at: usize, spec: &ContainerSpec) {
    let container = &step.task.containers[at];
    let ContainerState::Running { since } = container.state else { return };
    let Some(check) = &spec.health_check else { return };
    let health = &container.health;
    if health.is_unjudged() {
        let judged = health.judged(check, since, step.now());
        if judged.status != health.status {
            step.task.version += 1;
        }
        step.task.containers[at].health = judged;
    } else if !health.is_probing() {
        let last = health.probed_at.unwrap_or(since);
        if step.passed(last + rest(check.interval, health.took, step.moment.pace)) {
            step.task.containers[at].health.probing_since = Some(step.moment.now);
        }
    }
}

/// The time between two checks. It is never longer than AWS's.
fn rest(interval: Span, took: Span, pace: Pace) -> Span {
    let spared = Span::millis(took.as_millis().saturating_mul(REST));
    pace.wait(interval).max(spared.min(interval))
}

#[cfg(test)]
mod tests {
    use super::rest;
    use model::{Pace, Span};

    #[test]
    fn a_check_takes_a_tenth_of_the_time_at_most_and_never_waits_longer_than_on_aws() {
        for (speed, took, expected) in [
            (1.0, 100, 30_000),
            (1.0, 20_000, 30_000),
            (20.0, 0, 1_500),
            (20.0, 100, 1_500),
            (20.0, 500, 4_500),
            (20.0, 20_000, 30_000),
        ] {
            let found = rest(Span::seconds(30), Span::millis(took), Pace::new(speed).unwrap());
            assert_eq!(found, Span::millis(expected), "speed {speed}, {took} ms");
        }
    }
}
