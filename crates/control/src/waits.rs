//! AWS-side waits: how long AWS itself takes, each with its source.
//!
//! All of them are divided by the region's speed where they are used. What is the container's own
//! time (start-up, stop timeout, grace, start period, the time between restarts) is not here and is
//! never divided.

use model::Span;

// === Tasks ===

/// A task's network interface is made and attached: PROVISIONING (reference §7: 10 to 16 s).
pub const ATTACH: Span = Span::seconds(10);

/// The agent takes a task up: PENDING. Between the interface and the first image pull AWS was
/// observed to spend 2.9 s (reference §7, T11).
pub const AGENT: Span = Span::seconds(3);

/// A task's network interface is removed: DEPROVISIONING (reference §7: 10 to 16 s).
pub const DETACH: Span = Span::seconds(10);

/// How long a stopped task stays visible (reference §1.1: at least an hour).
pub const STOPPED_SHOWN: Span = Span::minutes(60);

// === Services ===

/// From a change to the scheduler's first pass, for a service at rest (reference §7: 15 to 16 s
/// from `UpdateService`, 18 s from `StopTask`).
pub const NOTICE: Span = Span::seconds(15);

/// From one pass to the next while a service is in motion (reference §7: 9.6 to 10.1 s).
pub const PASS: Span = Span::seconds(10);

/// How long a new target is watched before a deployment stops an old task for it, and how long a
/// deployment is watched before it is COMPLETED (reference §7, T2: 50 to 52 s, both).
pub const SETTLE: Span = Span::seconds(50);

/// The longest that a rolling deployment is watched for its alarms when no time is given (reference
/// §3.6: under 5 minutes).
pub const LONGEST_BAKE: Span = Span::minutes(5);

/// How long a task without any health check must have been RUNNING to count as healthy (reference
/// §3.3).
pub const RUNNING_IS_HEALTHY: Span = Span::seconds(40);

/// A steady service says so again after this time, and no bad state is told twice within it
/// (reference §3.11).
pub const REPEAT: Span = Span::minutes(6 * 60);

/// How long a deleted service or cluster can still be described. AWS says "some time" (reference
/// §3.1, §3.14); an hour, as for tasks.
pub const INACTIVE_SHOWN: Span = Span::minutes(60);

/// How long a stage of a deployment may take (reference §3.8).
pub const LONGEST_STAGE: Span = Span::minutes(24 * 60);

/// How long a service remembers its deployments (reference §3.7, unverified).
pub const HISTORY: Span = Span::minutes(90 * 24 * 60);

/// How long `RunTask` remembers a client token (reference §3.1).
pub const TOKEN: Span = Span::minutes(24 * 60);

/// How often a definition that is to be deleted is looked at, while something uses it. Nobody
/// waits for it, so once a minute is plenty.
pub const DELETION_CHECK: Span = Span::minutes(1);

/// From the end of a task that was RUNNING and never healthy to the next start. AWS documents that
/// it is replaced with the next pass, but was observed to try a container that exits at once every
/// 51 s, without growth (reference §3.9): of those, 16 s go by until it runs.
pub const RETRY: Span = Span::seconds(35);

/// The pause after the `failures`th start in a row that never reached RUNNING: twice a short one,
/// then 5 minutes, doubled up to 27 (reference §3.9: the maximum is documented, the first three
/// pauses were observed, the doubling is a fit).
#[must_use]
pub fn pause_after(failures: u32) -> Span {
    let longest = Span::minutes(27);
    match failures {
        0 => Span::ZERO,
        1 | 2 => Span::seconds(35),
        more => Span::minutes(5u64 << (more - 3).min(8)).min(longest),
    }
}

// === Stacks ===

/// How often a stack looks whether a resource is stable, or gone.
pub const STACK_LOOK: Span = Span::seconds(5);

/// How long a deleted stack can still be described by its ARN: AWS documents 90 days.
pub const DELETED_STACK_SHOWN: Span = Span::minutes(90 * 24 * 60);

// === Registry ===

/// From a lifecycle policy's put, or its last look, to its next (reference §6.4: within 24 h).
pub const LIFECYCLE: Span = Span::minutes(24 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_27_minutes() {
        let pauses: Vec<_> = (0..8).map(|failures| pause_after(failures).to_string()).collect();
        assert_eq!(pauses, ["0ms", "35s", "35s", "5m", "10m", "20m", "27m", "27m"]);
        assert_eq!(pause_after(u32::MAX), Span::minutes(27));
    }
}
