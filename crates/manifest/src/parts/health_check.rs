//! `healthcheck`: how a container says of itself that it works (reference §1.6).

use super::health::check_timeout;
use crate::cx::Cx;
use crate::kind::{HealthCommand, health_command, part, seconds, whole};
use model::Span;

part! {
    /// A command inside the container that says whether it works. A `HEALTHCHECK` of the image
    /// counts for nothing on ECS; this one does.
    pub struct HealthCheck as HealthCheckRead, short "command", check check_times {
        /// What is run; success is exit code 0. A text is run by the container's shell, a list is
        /// run as it is. Its program has to be in the image: Alpine and slim images have no `curl`.
        command: HealthCommand = health_command(), [required], elsewhere ["test"];
        /// Time between two checks.
        interval: Span = seconds(5, 300),
            [default "10s", because
                "AWS's 30s takes a minute and a half to notice a broken container"];
        /// How long a check may take; shorter than `interval`.
        timeout: Span = seconds(2, 60),
            [default "5s", because "AWS's default"];
        /// Failures in a row that make the container unhealthy.
        retries: u32 = whole::<u32>(1, 10),
            [default "3", because "AWS's default"];
        /// How long failures do not count after the start. A success ends it at once.
        start_period: Span = seconds(0, 300),
            [default "60s", because "it costs a fast container nothing and keeps a slow one alive"],
            elsewhere ["startPeriod"];
    }
}

fn check_times(check: &HealthCheckRead, cx: &mut Cx<'_>) {
    if let (Some(timeout), Some(interval)) = (check.timeout, check.interval) {
        check_timeout(timeout, interval, cx);
    }
}
