//! What a task definition may say on AWS and the local region does not have.
//!
//! A task that needs it would start and fail in a way that AWS never shows, so it is refused when it
//! is registered, in words that say whose limit it is. What is accepted without effect is in
//! [`STORED_ONLY`](crate::ecs::STORED_ONLY).

use crate::ecs::fault;
use api::Fault;
use api::ecs::{ContainerDefinition, RegisterTaskDefinitionRequest, Volume};

/// Refuses what is not here.
pub(super) fn check(given: &RegisterTaskDefinitionRequest) -> Result<(), Fault> {
    given.volumes.iter().flatten().try_for_each(check_volume)?;
    given.container_definitions.iter().try_for_each(check_container)?;
    let platform = given.runtime_platform.as_ref();
    let family = platform.and_then(|platform| platform.operating_system_family.as_deref());
    if family.is_some_and(|family| family != "LINUX") {
        let why = "it runs Linux containers only";
        return Err(fault::not_implemented("runtimePlatform.operatingSystemFamily", why));
    }
    if given.trusted_execution_configuration.is_some() {
        let why = "it has no trusted execution environments";
        return Err(fault::not_implemented("trustedExecutionConfiguration", why));
    }
    Ok(())
}

fn check_volume(volume: &Volume) -> Result<(), Fault> {
    let absent = [
        (volume.efs_volume_configuration.is_some(), "efsVolumeConfiguration", "Amazon EFS"),
        (
            volume.fsx_windows_file_server_volume_configuration.is_some(),
            "fsxWindowsFileServerVolumeConfiguration",
            "Amazon FSx",
        ),
        (volume.s3files_volume_configuration.is_some(), "s3filesVolumeConfiguration", "Amazon S3"),
        (volume.configured_at_launch == Some(true), "configuredAtLaunch", "Amazon EBS"),
    ];
    match absent.into_iter().find(|(is_given, ..)| *is_given) {
        Some((_, member, service)) => {
            let why = format!("it does not have {service}; a volume without configuration works");
            Err(fault::not_implemented(member, &why))
        }
        None => Ok(()),
    }
}

fn check_container(container: &ContainerDefinition) -> Result<(), Fault> {
    if container.environment_files.as_ref().is_some_and(|files| !files.is_empty()) {
        let why = "it does not have Amazon S3; 'environment' and 'secrets' work";
        return Err(fault::not_implemented("environmentFiles", why));
    }
    if container.credential_specs.as_ref().is_some_and(|specs| !specs.is_empty()) {
        let why = "it has no Active Directory";
        return Err(fault::not_implemented("credentialSpecs", why));
    }
    Ok(())
}
