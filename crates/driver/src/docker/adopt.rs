//! Finding what is there, and following it after a restart of the region.

use super::{Docker, find};
use crate::{ContainerKey, Error, Found, Mark, State};
use std::collections::BTreeMap;

impl Docker {
    pub(super) async fn take_inventory(&self) -> Result<Vec<Found>, Error> {
        let containers = find::list(&self.engine, self.names.filter()).await?;
        find::tasks(&self.engine, self.reach(), containers).await
    }

    pub(super) async fn adopt_all(
        &self,
        marks: BTreeMap<ContainerKey, Mark>,
    ) -> Result<Vec<Found>, Error> {
        let found = self.take_inventory().await?;
        for Found { task, containers, .. } in &found {
            for container in containers {
                let key = ContainerKey { task: task.clone(), name: container.name.clone() };
                self.follow(&key, container.run, marks.get(&key).copied().unwrap_or_default());
                if container.state == State::Running {
                    self.hang_up_in(&key).await;
                }
            }
        }
        Ok(found)
    }
}
