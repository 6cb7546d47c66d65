//! `AWS::ECS::TaskDefinition`. A revision never changes: whatever changes makes a new one.

use super::{Kind, Look, Removal, ecs, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish};
use api::ecs::{DeregisterTaskDefinition, RegisterTaskDefinition};
use serde_json::json;
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct TaskDefinition;

const FAMILY: Naming = Naming { most: 255, lower: Case::Any };

impl Kind for TaskDefinition {
    fn name(&self) -> &'static str {
        "AWS::ECS::TaskDefinition"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["TaskDefinitionArn"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &[
            "ContainerDefinitions",
            "Cpu",
            "EnableFaultInjection",
            "EphemeralStorage",
            "ExecutionRoleArn",
            "Family",
            "IpcMode",
            "Memory",
            "NetworkMode",
            "PidMode",
            "PlacementConstraints",
            "ProxyConfiguration",
            "RequiresCompatibilities",
            "RuntimePlatform",
            "TaskRoleArn",
            "Volumes",
        ]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let mut input = wish.without(&[]);
        let family = wish.name("Family", FAMILY, hand);
        input.insert("Family".to_owned(), json!(family));
        input.extend(wish.tag_list().map(|tags| ("tags".to_owned(), tags)));
        let made = hand.call::<RegisterTaskDefinition>(input)?;
        Ok(made.task_definition.and_then(|it| it.task_definition_arn).unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        ecs::retag(hand, &held.physical, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let input = members([("taskDefinition", json!(held.physical))]);
        hand.call::<DeregisterTaskDefinition>(input)?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("TaskDefinitionArn", json!(held.physical))]))
    }
}
