//! What `RunTask` overrides of its definition.

use crate::ecs::definition::size;
use crate::ecs::fault;
use api::Fault;
use api::ecs::{ContainerOverride, TaskOverride};
use model::FargateSize;
use world::{Stored, TaskDefinition};

/// How long overrides may be as JSON (reference §2.4).
const LONGEST: usize = 8192;

/// Checks overrides against the definition, with CPU and memory as plain digits.
pub(super) fn parse(
    given: Option<TaskOverride>,
    definition: &TaskDefinition,
) -> Result<TaskOverride, Fault> {
    let given = given.unwrap_or_default();
    let stored = Stored(given);
    if stored.saved_len() > LONGEST {
        return Err(fault::task::long_overrides());
    }
    let mut overrides = stored.0;
    overrides.container_overrides.iter().flatten().try_for_each(|item| check(item, definition))?;
    if overrides.inference_accelerator_overrides.as_ref().is_some_and(|list| !list.is_empty()) {
        return Err(fault::definition::inference_accelerators());
    }
    let cpu = overrides.cpu.as_deref().map(size::cpu).transpose()?;
    let memory = overrides.memory.as_deref().map(size::memory).transpose()?;
    if cpu.is_some() || memory.is_some() {
        let (cpu, memory) = (cpu.or(definition.cpu), memory.or(definition.memory));
        let (cpu, memory) = (cpu.unwrap_or(0), memory.unwrap_or(0));
        FargateSize::new(cpu, memory).map_err(|_| fault::task::override_size(cpu, memory))?;
    }
    overrides.cpu = cpu.map(|units| units.to_string());
    overrides.memory = memory.map(|mib| mib.to_string());
    match overrides.ephemeral_storage.as_ref().map(|storage| storage.size_in_gi_b) {
        Some(..=20) => Err(fault::definition::storage_below()),
        Some(201..) => Err(fault::definition::storage_above()),
        Some(_) | None => Ok(overrides),
    }
}

fn check(item: &ContainerOverride, definition: &TaskDefinition) -> Result<(), Fault> {
    let name = item.name.as_deref().unwrap_or_default();
    if definition.container(name).is_none() {
        return Err(fault::task::unknown_override(name));
    }
    if item.environment_files.as_ref().is_some_and(|files| !files.is_empty()) {
        let why = "it does not have Amazon S3; 'environment' works";
        return Err(fault::unsupported("overrides.environmentFiles", why));
    }
    match item.resource_requirements.as_ref().and_then(|needs| needs.first()) {
        Some(_) => Err(fault::definition::fargate_gpu()),
        None => Ok(()),
    }
}
