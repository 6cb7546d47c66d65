//! Deployment alarms: whether they are there, and what a service says of them (reference §3.6).

use crate::observed::Observed;
use crate::planner::{Plan, Problem};
use crate::wish::Wish;
use api::ecs::DeploymentAlarms;
use manifest::{Breaker, Service};

/// Says which alarms are missing: ECS refuses a service that names one.
pub(crate) fn check(wish: &Wish, observed: &Observed, plan: &mut Plan) {
    for (name, service) in wish.services() {
        for alarm in &service.deploy.alarms {
            if !observed.alarms.contains_key(alarm) {
                plan.problems.push(Problem {
                    path: format!("services.{name}.deploy.alarms"),
                    what: format!("there is no alarm `{alarm}`"),
                    hint: format!(
                        "make it: aws cloudwatch put-metric-alarm --alarm-name {alarm} …; or take \
                         it away in this environment: `deploy: {{alarms: []}}`"
                    ),
                });
            }
        }
    }
}

/// The alarms of a service. What becomes of a deployment that they fail is what becomes of one whose
/// tasks fail, unless nothing should become of that.
pub(crate) fn configuration(service: &Service) -> DeploymentAlarms {
    let deploy = &service.deploy;
    DeploymentAlarms {
        alarm_names: deploy.alarms.clone(),
        enable: !deploy.alarms.is_empty(),
        rollback: !deploy.alarms.is_empty() && deploy.breaker != Breaker::Stop,
    }
}

/// The alarms that are watched, in words.
pub(crate) fn words(alarms: Option<&DeploymentAlarms>) -> String {
    match alarms.filter(|alarms| alarms.enable) {
        Some(alarms) => {
            let then = if alarms.rollback { "rollback" } else { "stop" };
            format!("{}, {then}", alarms.alarm_names.join(" "))
        }
        None => "none".to_owned(),
    }
}

/// What has to be said of a new deployment: alarms that are there already can't fail it.
pub(crate) fn warnings(observed: &Observed, service: &Service) -> Vec<String> {
    let rings = |alarm: &&String| observed.alarms.get(*alarm).is_some_and(|state| state == "ALARM");
    let ringing = service.deploy.alarms.iter().filter(rings);
    ringing
        .map(|alarm| {
            format!("alarm {alarm} is in ALARM already, so ECS does not watch it this time")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use manifest::{parse, resolve};

    /// A service with these keys under `deploy`.
    fn service(deploy: &str) -> Service {
        let text = format!("app: a\nservices:\n  s: {{image: i, deploy: {{{deploy}}}}}\n");
        let (manifest, _) = parse(&text);
        let (resolved, _) = resolve(&manifest.expect("it parses"), "local", &Default::default());
        resolved.expect("it resolves").environment.services["s"].clone()
    }

    #[test]
    fn what_an_alarm_does_follows_the_breaker() {
        for (deploy, expected) in [
            ("", "none"),
            ("alarms: [a, b]", "a b, rollback"),
            ("alarms: [a], breaker: none", "a, rollback"),
            ("alarms: [a], breaker: stop", "a, stop"),
        ] {
            assert_eq!(words(Some(&configuration(&service(deploy)))), expected, "{deploy}");
        }
        assert_eq!(words(None), "none");
    }

    #[test]
    fn alarms_that_ring_already_are_told() {
        let states = [("a", "OK"), ("b", "ALARM"), ("c", "INSUFFICIENT_DATA")];
        let alarms = states.map(|(name, state)| (name.to_owned(), state.to_owned())).into();
        let observed = Observed { alarms, ..Observed::default() };
        let told = warnings(&observed, &service("alarms: [a, b, c]"));
        assert_eq!(told, ["alarm b is in ALARM already, so ECS does not watch it this time"]);
    }
}
