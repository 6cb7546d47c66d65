//! The end of a region's tasks.

use driver::Driver;
use std::sync::Arc;
use std::time::Duration;

/// How long tasks get to end when the region stops. A user who stops a region waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Ends all tasks: the stop signal, some time, then removal.
pub(crate) async fn end_tasks(driver: &Arc<dyn Driver>) {
    let Ok(found) = driver.inventory().await else { return };
    for task in &found {
        for container in &task.containers {
            let key =
                driver::ContainerKey { task: task.task.clone(), name: container.name.clone() };
            // What can't be signalled is removed below.
            let _signalled = driver.signal(key).await;
        }
    }
    let ended = async {
        while driver.inventory().await.is_ok_and(|found| found.iter().any(runs)) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let _in_time = tokio::time::timeout(PATIENCE, ended).await;
    if let Err(why) = driver.withdraw().await {
        tracing::error!(error = %why, "what the region had of its driver can't be removed");
    }
}

fn runs(found: &driver::Found) -> bool {
    found.containers.iter().any(|container| container.state == driver::State::Running)
}
