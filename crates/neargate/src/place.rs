//! Where services run, as far as whoever watches them has to know.

use crate::admin::Status;
use crate::local;
use plan::wish::ArtifactKind;
use std::collections::BTreeSet;
use std::time::Duration;

/// A region that is looked at as AWS is looked at: its calls cost somebody's quota.
const FAR: Duration = Duration::from_secs(5);

/// From one look to the next at this machine's region.
const NEAR: Duration = Duration::from_millis(300);

/// Where services run.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// What tasks are made of.
    pub(crate) kind: ArtifactKind,
    /// The local region's own door, for what AWS does not tell.
    pub(crate) door: Option<u16>,
    /// How fast AWS's waits pass, where they do not take as long as on AWS.
    pub(crate) pace: Option<String>,
    /// From one look to the next.
    pub(crate) pause: Duration,
    /// What is shipped there, where it is an environment on AWS.
    pub(crate) shipping: Option<Shipping>,
}

/// What is asked of a deployment to an environment on AWS beyond that it runs.
#[derive(Debug, Clone)]
pub(crate) struct Shipping {
    /// The environment.
    pub(crate) environment: String,
    /// Alarms that fire and are not minded.
    pub(crate) unminded: BTreeSet<String>,
}

// === impl Place ===

impl Place {
    /// The environment `local`.
    pub(crate) fn local(region: &Status) -> Self {
        Self {
            kind: local::kind(region),
            door: Some(region.port),
            pace: Some(local::pace(region)),
            pause: NEAR,
            shipping: None,
        }
    }

    /// The environment's name, unless it is the local region.
    pub(crate) fn environment(&self) -> Option<&str> {
        self.shipping.as_ref().map(|shipping| shipping.environment.as_str())
    }

    /// An environment on AWS, or on a local region that stands for it.
    pub(crate) fn shipping(region: Option<&Status>, shipping: Shipping) -> Self {
        let shipping = Some(shipping);
        match region {
            Some(region) => Self { shipping, ..Self::local(region) },
            None => {
                let kind = ArtifactKind::Container;
                Self { kind, door: None, pace: None, pause: FAR, shipping }
            }
        }
    }
}
