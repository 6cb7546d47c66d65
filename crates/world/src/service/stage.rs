//! The stages of a deployment that brings the new revision up beside the old one (reference §3.8).

use model::Timestamp;
use serde::{Deserialize, Serialize};

/// A lifecycle stage, in the order in which a deployment goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Stage {
    /// What an interrupted deployment left is taken away first. Only when there is something left.
    ReconcileService,
    /// The new revision has no task yet.
    PreScaleUp,
    /// The new revision gets all of its tasks.
    ScaleUp,
    /// They are all healthy.
    PostScaleUp,
    /// Test requests go to the new revision.
    TestTrafficShift,
    /// All test requests go there.
    PostTestTrafficShift,
    /// Production requests are about to move; comes before each of their steps.
    PreProductionTrafficShift,
    /// Production requests move.
    ProductionTrafficShift,
    /// All production requests go to the new revision.
    PostProductionTrafficShift,
    /// The old revision stays for a while, should it be needed again.
    BakeTime,
    /// The old revision's tasks are stopped.
    CleanUp,
}

/// Where a deployment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The stage.
    pub stage: Stage,
    /// Since when it is there.
    pub since: Timestamp,
    /// How many steps of production traffic have been made.
    pub step: u16,
}

// === impl Stage ===

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 11] = [
        Self::ReconcileService,
        Self::PreScaleUp,
        Self::ScaleUp,
        Self::PostScaleUp,
        Self::TestTrafficShift,
        Self::PostTestTrafficShift,
        Self::PreProductionTrafficShift,
        Self::ProductionTrafficShift,
        Self::PostProductionTrafficShift,
        Self::BakeTime,
        Self::CleanUp,
    ];

    /// AWS's word, as hooks name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReconcileService => "RECONCILE_SERVICE",
            Self::PreScaleUp => "PRE_SCALE_UP",
            Self::ScaleUp => "SCALE_UP",
            Self::PostScaleUp => "POST_SCALE_UP",
            Self::TestTrafficShift => "TEST_TRAFFIC_SHIFT",
            Self::PostTestTrafficShift => "POST_TEST_TRAFFIC_SHIFT",
            Self::PreProductionTrafficShift => "PRE_PRODUCTION_TRAFFIC_SHIFT",
            Self::ProductionTrafficShift => "PRODUCTION_TRAFFIC_SHIFT",
            Self::PostProductionTrafficShift => "POST_PRODUCTION_TRAFFIC_SHIFT",
            Self::BakeTime => "BAKE_TIME",
            Self::CleanUp => "CLEAN_UP",
        }
    }

    /// AWS's word, as `lifecycleStage` shows it: what comes before a step of production traffic is
    /// known to hooks only, and belongs to that step.
    #[must_use]
    pub fn lifecycle(self) -> &'static str {
        match self {
            Self::PreProductionTrafficShift => Self::ProductionTrafficShift.as_str(),
            other => other.as_str(),
        }
    }

    /// Whether a Lambda function may be called here.
    #[must_use]
    pub fn takes_hooks(self) -> bool {
        !matches!(self, Self::ScaleUp | Self::BakeTime | Self::CleanUp)
    }

    /// Whether a deployment may pause here. It may not where requests move: they also move when it
    /// goes back, and that has to wait for nobody.
    #[must_use]
    pub fn takes_pauses(self) -> bool {
        self.takes_hooks() && !matches!(self, Self::TestTrafficShift | Self::ProductionTrafficShift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference §3.8, the table of stages.
    #[test]
    fn each_stage_takes_the_hooks_that_aws_lets_it_take() {
        let expected = [
            ("RECONCILE_SERVICE", true, true),
            ("PRE_SCALE_UP", true, true),
            ("SCALE_UP", false, false),
            ("POST_SCALE_UP", true, true),
            ("TEST_TRAFFIC_SHIFT", true, false),
            ("POST_TEST_TRAFFIC_SHIFT", true, true),
            ("PRE_PRODUCTION_TRAFFIC_SHIFT", true, true),
            ("PRODUCTION_TRAFFIC_SHIFT", true, false),
            ("POST_PRODUCTION_TRAFFIC_SHIFT", true, true),
            ("BAKE_TIME", false, false),
            ("CLEAN_UP", false, false),
        ];
        let all =
            Stage::ALL.map(|stage| (stage.as_str(), stage.takes_hooks(), stage.takes_pauses()));
        assert_eq!(all, expected);
        assert!(Stage::ALL.is_sorted());
    }
}
