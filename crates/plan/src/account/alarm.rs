//! Alarms that fire before anything was done: ECS does not watch those.

use super::{Lack, Scene};
use crate::ship::firing;

pub(super) fn find(scene: Scene<'_>) -> Vec<Lack> {
    let firing = firing(scene.wish, scene.observed).into_iter();
    let lacks = firing.map(|(service, alarm)| {
        let what = format!("alarm {alarm} is in ALARM, so no deployment is begun");
        let hint = "find out why; when a deployment is the cure: deploy --despite-alarms";
        Lack::warning("aws-alarm", format!("services.{service}.deploy.alarms"), what, hint)
    });
    lacks.collect()
}
