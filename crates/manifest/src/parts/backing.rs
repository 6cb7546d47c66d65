//! `backing`: what the services need beside them on this machine, and is another thing on AWS.

use super::container::image;
use super::environment::EnvironmentRead;
use super::health_check::HealthCheck;
use super::names;
use super::secrets::{self, SecretReference};
use crate::cx::Cx;
use crate::kind::{Command, Format, any_text, command, map, part, record, template, whole};
use crate::nearest::suggest;
use crate::resolve::LOCAL;
use crate::{Code, Diagnostic, Template};
use model::ImageRef;
use std::collections::BTreeMap;

/// Where a value goes. What it names exactly is looked at when the whole is read.
static GIVEN: Format = Format::new(
    "where a value goes",
    "be `ssm:/path/name` or `secretsmanager:name`",
    "^(ssm|secretsmanager):[^:]+$",
    1100,
    "ssm:/shop/local/database-url",
);

part! {
    /// Something that the services need beside them, such as a database. On AWS it is RDS and its
    /// like; the local region runs it as a service of one task that no load balancer leads to. Its
    /// data lives as long as that task.
    pub struct Backing as BackingRead, check check {
        /// The image, for a container engine.
        image: Option<ImageRef> = image(),
            [optional "`run` is given, and the region runs processes"];
        /// What is run where the region runs processes, in the manifest's folder. It stays in the
        /// foreground and listens on the address in `HOSTNAME` and the port in `PORT`.
        run: Option<Command> = command(),
            [optional "the region needs a container engine"], elsewhere ["process"];
        /// The port on which it listens in a container.
        port: u16 = whole::<u16>(1, 65_535), [required], elsewhere ["ports", "expose"];
        /// Its variables: values for this machine alone, no secrets.
        env: BTreeMap<String, String> = map(&names::VARIABLE, any_text()),
            [default "{}", because "nothing is set unasked"],
            elsewhere ["environment", "variables"];
        /// What is run in a container, in place of the image's `CMD`.
        command: Option<Command> = command(),
            [optional "the image's own"], elsewhere ["cmd"];
        /// How it says that it is ready.
        healthcheck: Option<HealthCheck> = record::<HealthCheck>(),
            [optional "it is ready when it listens on its port, which takes a shell and `grep` in \
             the image"], elsewhere ["health", "health_check"];
        /// What the services get from it, by the parameter or secret that they read it from.
        gives: BTreeMap<String, Template> = map(&GIVEN, template()),
            [default "{}", because "the services know where it is"],
            elsewhere ["provides", "outputs", "exports"];
    }
}

/// The name of the ECS service that runs a backing service. No service of a manifest can have it:
/// their names have no `_`.
#[must_use]
pub fn backing_name(name: &str) -> String {
    format!("backing_{name}")
}

// === impl Backing ===

impl Backing {
    /// What it gives: each place with its value.
    pub fn given(&self) -> impl Iterator<Item = (SecretReference, &Template)> {
        self.gives.iter().filter_map(|(place, value)| Some((secrets::parse(place).ok()?, value)))
    }
}

fn check(backing: &BackingRead, cx: &mut Cx<'_>) {
    if !cx.given("image") && !cx.given("run") {
        let name = cx.key().to_owned();
        let message = format!("`{name}` has nothing to run: neither `image` nor `run`");
        let hint = "`image: postgres:17` runs a container, `run: ./database.sh serve` a process";
        cx.report(Diagnostic::new(Code::NoSource, cx.here(), message).hint(hint));
    }
    for place in backing.gives.iter().flat_map(BTreeMap::keys).filter(|key| GIVEN.matches(key)) {
        if let Err(why) = secrets::parse(place) {
            let message = format!("`{place}` is no place for a value: {why}");
            let span = cx.key_place(&format!("gives.{place}"));
            cx.report(Diagnostic::new(Code::BadSecretReference, span, message));
        }
    }
}

/// Backing services stand in the local region alone, and what they give is read there.
pub(super) fn check_backing(environment: &EnvironmentRead, cx: &mut Cx<'_>) {
    if !cx.given("backing") {
        return;
    }
    if cx.environment() != Some(LOCAL) {
        let name = cx.environment().unwrap_or_default();
        let message = format!("`{name}` is on AWS, where `backing` runs nothing");
        let mistake = Diagnostic::new(Code::BackingElsewhere, cx.key_place("backing"), message);
        cx.report(mistake.hint(
            "there it is RDS and its like, whose address is kept in Parameter Store or Secrets \
             Manager; backing services stand in `environments.local`",
        ));
        return;
    }
    let (Some(services), Some(backing)) = (&environment.services, &environment.backing) else {
        return;
    };
    let sidecars = services.values().flat_map(|service| service.sidecars.values());
    let own = services.values().flat_map(|service| service.secrets.values());
    let read: Vec<String> = own
        .chain(sidecars.flat_map(|sidecar| sidecar.secrets.values()))
        .filter_map(SecretReference::source)
        .collect();
    let mut given: Vec<(&str, String)> = Vec::new();
    for (name, held) in backing {
        for place in held.gives.keys() {
            if secrets::parse(place).is_err() {
                continue;
            }
            let path = format!("backing.{name}.gives.{place}");
            if let Some((_, first)) = given.iter().find(|(it, _)| it == place) {
                let message = format!("`{place}` is given twice");
                let mistake = Diagnostic::new(Code::Excluded, cx.key_place(&path), message);
                cx.report(mistake.related(cx.key_place(first), "here first"));
            } else if !read.contains(place) {
                let message = format!("no service reads `{place}`");
                let mistake = Diagnostic::new(Code::GivenToNobody, cx.key_place(&path), message);
                let near = suggest(place, read.iter().map(String::as_str));
                cx.report(mistake.maybe_hint(near));
            }
            given.push((place, path));
        }
    }
}
