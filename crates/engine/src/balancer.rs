//! The load balancer of the region: the gateway, and what it tells.

use crate::access::AccessLogs;
use crate::clock;
use crate::hands::lock;
use crate::heart::Event;
use crate::region::StartError;
use crate::report::Report;
use crate::seal::Key;
use gateway::Gateway;
use model::{ListenerArn, TargetGroupArn};
use std::num::NonZeroUsize;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use world::TargetKey;
use world::target::{TargetHealth, Unhealthy};

/// Starts the gateway without routes; what it tells goes to the heart, what
/// access logs say to them. Its cookies are sealed with a
/// key made from the region's, so that clients stay where they are when a region starts again.
pub(crate) fn start(
    heart: Sender<Event>,
    key: &Key,
    logs: &Arc<AccessLogs>,
) -> Result<Gateway, StartError> {
    let heart = Mutex::new(heart);
    let report = move |report: gateway::Report| {
        if let Some(report) = translate(report) {
            let _gone = lock(&heart).send(Event::Report(report));
        }
    };
    let logs = Arc::clone(logs);
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Ok(Gateway::start(gateway::Config {
        threads,
        connect_timeout: gateway::CONNECT_TIMEOUT,
        cookie_key: key.derived("cookies"),
        report: Arc::new(report),
        access: Arc::new(move |line| logs.take(line)),
    })?)
}

/// What the gateway tells, in the World's terms.
fn translate(report: gateway::Report) -> Option<Report> {
    Some(match report {
        gateway::Report::Bound { listener, address } => {
            Report::Bound { listener: ListenerArn::from(listener), port: address.port() }
        }
        gateway::Report::BindFailed { listener, tried, why } => {
            tracing::warn!(listener, ?tried, why, "a listener can't listen");
            return None;
        }
        gateway::Report::Health { group, target, health } => Report::Target {
            target: TargetKey {
                group: TargetGroupArn::from(group),
                id: target.ip.to_string(),
                port: target.port,
            },
            health: match health {
                gateway::Health::Healthy => TargetHealth::Healthy,
                gateway::Health::Unhealthy(why) => TargetHealth::Unhealthy(match why {
                    gateway::Unhealthy::Code(code) => Unhealthy::Codes(code.to_string()),
                    gateway::Unhealthy::TimedOut => Unhealthy::Timeout,
                    gateway::Unhealthy::Failed => Unhealthy::Failed,
                }),
            },
            at: clock::now(),
        },
    })
}
