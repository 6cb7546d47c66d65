//! What a stack's template finds around it: the stack's resources, other stacks' exports, zones,
//! parameters and secrets.

use model::Timestamp;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use template::{Known, Mistake, Pseudo, Scene, Template, Trouble, parameter};
use world::secret::SecretContent;
use world::stack::{StackVersion, Work};
use world::{Stack, World};

/// What is known when a stack's values are evaluated.
#[derive(Debug, Clone)]
pub(super) struct Surroundings<'a> {
    world: &'a World,
    stack: &'a Stack,
    now: Timestamp,
    /// Resources whose values are not to be relied on: they are new, or will be replaced.
    pub(super) unsure: BTreeSet<String>,
    /// Resources of which a change may change attributes.
    pub(super) moving: BTreeSet<String>,
}

/// A version, read and with its parameters settled.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// The template.
    pub(super) template: Template,
    /// The parameters as `Ref` answers them.
    pub(super) parameters: BTreeMap<String, Json>,
    /// The pseudo parameters.
    pub(super) pseudo: Pseudo,
}

// === impl Reading ===

impl Reading {
    /// Reads a version of a stack. What Parameter Store answered counts as it was then.
    pub(super) fn of(
        world: &World,
        stack: &Stack,
        version: &StackVersion,
    ) -> Result<Self, Mistake> {
        let template = Template::parse(&version.template)?;
        let given = version.parameters.iter();
        let given = given.map(|(name, value)| (name.clone(), value.reveal().to_owned())).collect();
        let looked_up = |name: &str| {
            let asked = version.parameters.iter().find(|(_, value)| value.reveal() == name)?;
            version.looked_up.get(asked.0).cloned()
        };
        let settled = parameter::settle(&template, &given, looked_up)?;
        let pseudo = Pseudo {
            account: world.place.account.to_string(),
            region: world.place.region.to_string(),
            stack_name: stack.name.clone(),
            stack_id: stack.arn.to_string(),
            notifications: version.notifications.clone(),
        };
        Ok(Self { template, parameters: settled.values, pseudo })
    }

    /// The version among what is known.
    pub(super) fn scene<'a>(&'a self, known: &'a dyn Known) -> Scene<'a> {
        let Self { template, parameters, pseudo } = self;
        Scene { template, parameters, pseudo, known }
    }
}

// === impl Surroundings ===

impl<'a> Surroundings<'a> {
    /// What a stack finds around it.
    pub(super) fn of(world: &'a World, stack: &'a Stack, now: Timestamp) -> Self {
        Self { world, stack, now, unsure: BTreeSet::new(), moving: BTreeSet::new() }
    }

    fn standing(&self, resource: &str) -> Option<&'a world::stack::Standing> {
        if self.unsure.contains(resource) {
            return None;
        }
        let mut own = self.world.resources_of(&self.stack.arn);
        let held = own.find(|held| held.is_present() && held.key.logical == resource)?;
        // One that is on its way has no attributes yet, and one that is to go is no part any more.
        held.standing.as_ref().filter(|_| held.work != Work::Leave)
    }
}

impl Known for Surroundings<'_> {
    fn reference(&self, resource: &str) -> Option<Json> {
        self.standing(resource).map(|standing| standing.reference.clone())
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Result<Json, Trouble> {
        if self.moving.contains(resource) {
            return Err(Trouble::Later);
        }
        let standing = self.standing(resource).ok_or(Trouble::Later)?;
        standing.attributes.get(attribute).cloned().ok_or_else(|| {
            let what = format!(
                "resource {resource} does not support attribute type {attribute} in Fn::GetAtt"
            );
            Mistake::error(what).into()
        })
    }

    fn import(&self, name: &str) -> Option<String> {
        let mut exports = self.world.exports();
        let found = exports.find(|(stack, output)| {
            stack.arn != self.stack.arn && output.export.as_deref() == Some(name)
        });
        found.map(|(_, output)| output.value.clone())
    }

    fn zones(&self, region: &str) -> Vec<String> {
        if region != self.world.place.region.as_str() {
            return Vec::new();
        }
        let zones = self.world.vpc.subnets.iter().map(|subnet| subnet.zone.to_string());
        zones.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn dynamic(&self, service: &str, reference: &str) -> Result<String, Mistake> {
        match service {
            "ssm" | "ssm-secure" => self.parameter(reference),
            "secretsmanager" => self.secret(reference),
            _ => Err(Mistake::of(format!(
                "Incorrect format is used in the following dynamic reference: [{service}:{reference}]"
            ))),
        }
    }
}

impl Surroundings<'_> {
    fn parameter(&self, reference: &str) -> Result<String, Mistake> {
        let (name, version) = match reference.rsplit_once(':') {
            Some((name, version)) => (name, Some(version)),
            None => (reference, None),
        };
        let held = self.world.parameter(name, self.now);
        let held = held.and_then(|held| match version {
            Some(version) => held.selected(version),
            None => Some(held.newest()),
        });
        let value = held.map(|held| held.value.reveal().to_owned());
        value.ok_or_else(|| Mistake::of(format!("Parameters: [ssm:{reference}] cannot be found.")))
    }

    /// `secret-id:SecretString:json-key:version-stage:version-id`; an ARN has colons itself.
    fn secret(&self, reference: &str) -> Result<String, Mistake> {
        let missing = || {
            Mistake::of(format!(
                "Could not find a value associated with the secret in the following dynamic reference: [secretsmanager:{reference}]"
            ))
        };
        let (id, rest) = reference.split_once(":SecretString").unwrap_or((reference, ""));
        let key = rest.trim_start_matches(':').split(':').next().unwrap_or_default();
        let found = self.world.secret(id, self.now);
        let current = found.and_then(|secret| secret.at_stage("AWSCURRENT"));
        let text = match current.map(|(_, version)| &version.value) {
            Some(SecretContent::Text(text)) => text.reveal(),
            _ => return Err(missing()),
        };
        if key.is_empty() {
            return Ok(text.to_owned());
        }
        let held: Map<String, Json> = serde_json::from_str(text).map_err(|_| missing())?;
        held.get(key).and_then(super::fit::text_of).ok_or_else(missing)
    }
}
