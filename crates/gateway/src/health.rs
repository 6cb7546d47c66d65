//! What a target's checks make of it (reference §4.2).
//!
//! Pure: one step from what was known and what a check found. It must not know how targets are
//! probed, or when.

use crate::report::{Health, Unhealthy};
use crate::routes::HealthCheck;

/// What one check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// An answer with this status.
    Answered(u16),
    /// No answer in time.
    TimedOut,
    /// The connection was refused, or closed before an answer, or the answer was not HTTP.
    Failed,
}

/// What a target's checks have said so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Record {
    /// The verdict; none before the first one.
    pub(crate) verdict: Option<Health>,
    /// Checks in a row that spoke against the verdict.
    against: u32,
}

impl Record {
    /// The record of a target on which there may be a verdict already.
    pub(crate) fn starting_with(verdict: Option<Health>) -> Self {
        Self { verdict, against: 0 }
    }

    /// The record behind one more check.
    ///
    /// The first pass of a new target makes it healthy at once, whatever the threshold says. From
    /// then on as many checks in a row as the threshold says are needed to change the verdict.
    pub(crate) fn behind(self, finding: Finding, check: &HealthCheck) -> Self {
        match (self.verdict, failure(finding, check)) {
            (None, None) => Self::of(Health::Healthy),
            (None | Some(Health::Healthy), Some(why)) => {
                self.toward(Health::Unhealthy(why), check.unhealthy_threshold)
            }
            (Some(Health::Healthy), None) => Self { against: 0, ..self },
            (Some(Health::Unhealthy(_)), None) => {
                self.toward(Health::Healthy, check.healthy_threshold)
            }
            // Still unhealthy; the reason is that of the latest check.
            (Some(Health::Unhealthy(_)), Some(why)) => Self::of(Health::Unhealthy(why)),
        }
    }

    fn of(verdict: Health) -> Self {
        Self { verdict: Some(verdict), against: 0 }
    }

    fn toward(self, verdict: Health, threshold: u32) -> Self {
        let against = self.against + 1;
        if against >= threshold { Self::of(verdict) } else { Self { against, ..self } }
    }
}

/// Why a finding is a failure, if it is one.
fn failure(finding: Finding, check: &HealthCheck) -> Option<Unhealthy> {
    match finding {
        Finding::Answered(status) if check.matcher.accepts(status) => None,
        Finding::Answered(status) => Some(Unhealthy::Code(status)),
        Finding::TimedOut => Some(Unhealthy::TimedOut),
        Finding::Failed => Some(Unhealthy::Failed),
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, Record};
    use crate::report::{Health, Unhealthy};
    use crate::routes::HealthCheck;

    const PASS: Finding = Finding::Answered(200);
    const WRONG: Finding = Finding::Answered(500);
    const HEALTHY: Option<Health> = Some(Health::Healthy);
    const CODE: Option<Health> = Some(Health::Unhealthy(Unhealthy::Code(500)));
    const TIMED_OUT: Option<Health> = Some(Health::Unhealthy(Unhealthy::TimedOut));
    const FAILED: Option<Health> = Some(Health::Unhealthy(Unhealthy::Failed));

    /// Verdicts of a target check by check; 3 passes make it healthy again, 2 failures unhealthy.
    fn check(steps: &[(Finding, Option<Health>)]) {
        let settings =
            HealthCheck { healthy_threshold: 3, unhealthy_threshold: 2, ..HealthCheck::default() };
        let mut record = Record::default();
        for (step, (finding, expected)) in steps.iter().enumerate() {
            record = record.behind(*finding, &settings);
            assert_eq!(record.verdict, *expected, "step {step} of {steps:?}");
        }
    }

    #[test]
    fn one_pass_makes_a_new_target_healthy() {
        check(&[(PASS, HEALTHY)]);
        check(&[(WRONG, None), (PASS, HEALTHY)]);
    }

    #[test]
    fn a_new_target_becomes_unhealthy_by_the_threshold() {
        check(&[(WRONG, None), (WRONG, CODE)]);
        check(&[(Finding::TimedOut, None), (Finding::Failed, FAILED)]);
    }

    #[test]
    fn failures_in_a_row_make_a_healthy_target_unhealthy() {
        check(&[(PASS, HEALTHY), (WRONG, HEALTHY), (WRONG, CODE)]);
        check(&[(PASS, HEALTHY), (WRONG, HEALTHY), (PASS, HEALTHY), (WRONG, HEALTHY)]);
    }

    #[test]
    fn an_unhealthy_target_needs_passes_in_a_row() {
        let unhealthy = [(WRONG, None), (WRONG, CODE)];
        let then = |rest: &[(Finding, Option<Health>)]| check(&[&unhealthy[..], rest].concat());
        then(&[(PASS, CODE), (PASS, CODE), (PASS, HEALTHY)]);
        then(&[(PASS, CODE), (PASS, CODE), (WRONG, CODE), (PASS, CODE), (PASS, CODE)]);
    }

    #[test]
    fn the_reason_is_that_of_the_latest_failure() {
        check(&[
            (WRONG, None),
            (WRONG, CODE),
            (Finding::TimedOut, TIMED_OUT),
            (Finding::Failed, FAILED),
        ]);
    }

    #[test]
    fn the_matcher_decides_what_passes() {
        let settings =
            HealthCheck { matcher: "200-399".parse().unwrap(), ..HealthCheck::default() };
        let behind =
            |status| Record::default().behind(Finding::Answered(status), &settings).verdict;
        assert_eq!(behind(302), HEALTHY);
        assert_eq!(behind(404), None);
    }
}
