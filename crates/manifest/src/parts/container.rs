//! What the service's own container and its sidecars have in common, and how they fit in one task.

use super::depends::{self, Condition, Waits};
use super::names;
use super::secrets::SecretReference;
use super::service::{Service, ServiceRead};
use super::sidecar::Sidecar;
use crate::cx::Cx;
use crate::kind::{Format, Kind, formatted, formatted_or_number, parsed};
use crate::{Code, Diagnostic};
use model::ImageRef;
use std::collections::BTreeMap;

/// Containers of a task, the service's own included (reference §2.1).
const MOST_CONTAINERS: usize = 10;

/// An image's name (reference §2.4); what is a name exactly is [`ImageRef`]'s to say.
static IMAGE: Format = Format::new(
    "an image",
    "be a repository with a tag or digest",
    r"^[A-Za-z0-9][A-Za-z0-9._:/@#-]*$",
    // 255 up to the digest, then `@sha256:` and 64 digits.
    327,
    "nginx:1.27",
);

static USER: Format = Format::new(
    "a user",
    "be a name or a number, perhaps with a group behind a colon",
    "^[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?$",
    64,
    "1000:1000",
);

static FOLDER: Format =
    Format::new("a folder in the container", "be an absolute path", r"^/\S*$", 1024, "/app");

pub(super) fn image() -> impl Kind<Value = ImageRef> {
    parsed(formatted(&IMAGE), |text| text.parse().map_err(|error| format!("is no image: {error}")))
}

pub(super) fn user() -> impl Kind<Value = String> {
    formatted_or_number(&USER, 0..=u64::from(u32::MAX))
}

pub(super) fn folder() -> impl Kind<Value = String> {
    formatted(&FOLDER)
}

/// A variable can't be both public and secret.
pub(super) fn check_variables(
    env: Option<&BTreeMap<String, String>>,
    secrets: Option<&BTreeMap<String, SecretReference>>,
    cx: &mut Cx<'_>,
) {
    let (Some(env), Some(secrets)) = (env, secrets) else { return };
    for name in secrets.keys().filter(|name| env.contains_key(*name)) {
        let message = format!("`{name}` is both in `env` and in `secrets`");
        let place = cx.key_place(&format!("env.{name}"));
        let secret = cx.key_place(&format!("secrets.{name}"));
        let mistake = Diagnostic::new(Code::VariableTwice, place, message)
            .label("seen by everybody who can read the task definition")
            .related(secret, "the secret")
            .hint("leave it in `secrets` only, if it is one");
        cx.report(mistake);
    }
}

// === the containers of a task together ===

/// Number, names, order and sizes of the containers.
pub(super) fn check_task(service: &ServiceRead, cx: &mut Cx<'_>) {
    let Some(sidecars) = &service.sidecars else { return };
    if sidecars.len() >= MOST_CONTAINERS {
        let most = MOST_CONTAINERS - 1;
        let message =
            format!("{} sidecars are too many: a task has at most {most}", sidecars.len());
        cx.report(Diagnostic::new(Code::OutOfRange, cx.key_place("sidecars"), message));
    }
    let own = cx.key().to_owned();
    if sidecars.contains_key(&own) {
        let message = format!(
            "`{own}` can't be {}: the service's own container bears it",
            names::CONTAINER.role
        );
        let place = cx.key_place(&format!("sidecars.{own}"));
        cx.report(Diagnostic::new(Code::BadFormat, place, message));
    }
    if let (Some(wait_for), Some(health_check)) = (&service.wait_for, &service.healthcheck) {
        let task = Task { own: &own, wait_for, has_health_check: health_check.is_some(), sidecars };
        task.check_order(cx);
    }
    check_sizes(service, sidecars, cx);
}

/// What the order of the containers hangs on.
struct Task<'s> {
    /// The name of the service and of its container.
    own: &'s str,
    wait_for: &'s BTreeMap<String, Condition>,
    has_health_check: bool,
    sidecars: &'s BTreeMap<String, Sidecar>,
}

impl<'s> Task<'s> {
    /// Each container, what it waits for, and its path below the service's.
    fn containers(
        &self,
    ) -> impl Iterator<Item = (&'s str, &'s BTreeMap<String, Condition>, String)> {
        let own = (self.own, self.wait_for, "wait_for".to_owned());
        let sidecars = self.sidecars.iter().map(|(name, sidecar)| {
            (name.as_str(), &sidecar.wait_for, format!("sidecars.{name}.wait_for"))
        });
        std::iter::once(own).chain(sidecars)
    }

    fn check_order(&self, cx: &mut Cx<'_>) {
        let known: Vec<&str> = self.containers().map(|(name, ..)| name).collect();
        let mut waits = Waits::new();
        for (name, wait_for, path) in self.containers() {
            let place = |other: &&'s str| cx.key_place(&format!("{path}.{other}"));
            let others = wait_for.keys().map(String::as_str);
            waits.insert(name, others.map(|other| (other, place(&other))).collect());
            for (other, condition) in wait_for {
                if let Some(why) = self.impossible(other, *condition) {
                    let message = format!("`{name}` can't wait for that: {why}");
                    let place = cx.place(&format!("{path}.{other}"));
                    cx.report(Diagnostic::new(Code::ImpossibleCondition, place, message));
                }
            }
        }
        depends::check(&waits, &known, "container", cx);
    }

    /// Why a container never reaches a condition, or ECS refuses it (reference §1.6).
    fn impossible(&self, other: &str, condition: Condition) -> Option<String> {
        let sidecar = self.sidecars.get(other);
        if sidecar.is_none() && other != self.own {
            return None;
        }
        let essential = sidecar.is_none_or(|sidecar| sidecar.essential);
        let checked =
            sidecar.map_or(self.has_health_check, |sidecar| sidecar.healthcheck.is_some());
        match condition {
            Condition::Complete | Condition::Success if essential => Some(format!(
                "`{other}` is essential, so the task ends when it does; `essential: false` \
                 lets the task go on"
            )),
            Condition::Healthy if !checked => Some(format!("`{other}` has no `healthcheck`")),
            Condition::Start | Condition::Complete | Condition::Success | Condition::Healthy => {
                None
            }
        }
    }
}

/// The sidecars' shares have to leave something for the service.
fn check_sizes(service: &ServiceRead, sidecars: &BTreeMap<String, Sidecar>, cx: &mut Cx<'_>) {
    let (Some(cpu), Some(memory)) = (service.cpu, service.memory) else { return };
    let Some(size) = Service::size_of(cpu, memory) else { return };
    let sum = |of: fn(&Sidecar) -> Option<u32>| -> u64 {
        sidecars.values().filter_map(of).map(u64::from).sum()
    };
    for (what, asked, has) in [
        ("CPU units", sum(|sidecar| sidecar.cpu), size.cpu()),
        ("MiB of memory", sum(|sidecar| sidecar.memory), size.memory()),
    ] {
        if asked >= u64::from(has) {
            let message = format!(
                "the sidecars take {asked} {what} of the task's {has}: nothing is left for the \
                 service"
            );
            cx.report(Diagnostic::new(Code::TaskTooSmall, cx.key_place("sidecars"), message));
        }
    }
}
