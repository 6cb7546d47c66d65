//! Container health checks (reference §1.6).

use crate::stage::cluster::{FOREVER, container, shell};
use crate::stage::{Cluster, Region, on_both_drivers, with};
use serde_json::json;

on_both_drivers![health_comes_and_goes_with_the_check];

/// A task without a service goes on when it is unhealthy; one success makes it healthy again.
async fn health_comes_and_goes_with_the_check(region: &Region) {
    let cluster = Cluster::new(region).await;
    // Its second run fails, and no other.
    let counted = "runs=$(cat \"$HOME/runs\" 2>/dev/null || echo 0); \
                   echo $((runs + 1)) > \"$HOME/runs\"; [ $runs -ne 1 ]";
    let check = json!({ "command": ["CMD-SHELL", counted], "interval": 5, "retries": 1 });
    let checked = with(shell("main", FOREVER), json!({ "healthCheck": check }));
    let task = cluster.run(&[checked, shell("beside", FOREVER)]).await;
    for health in ["HEALTHY", "UNHEALTHY", "HEALTHY"] {
        let seen = cluster.until_that(&task, health, |task| task["healthStatus"] == health).await;
        assert_eq!(container(&seen, "main")["healthStatus"], health);
        assert_eq!(container(&seen, "beside")["healthStatus"], "UNKNOWN");
        assert_eq!(seen["desiredStatus"], "RUNNING");
    }
}
