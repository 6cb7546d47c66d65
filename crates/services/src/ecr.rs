//! Elastic Container Registry: repositories, the images in them, and which of those expire.
//!
//! Layers come and go over the OCI distribution protocol, which is no API of AWS: the engine speaks
//! it, and uses the handlers here for manifests and [`arrive`] for layers. So both ways in lead to
//! the same rows.

mod digest;
mod fault;
mod image;
mod layer;
mod lifecycle;
mod manifest;
mod policy;
mod registry;
mod repository;
mod settings;
mod tags;
#[cfg(test)]
mod tests;
mod token;
mod which;

use crate::Table;
use api::Fault;
use api::ecr::{
    BatchCheckLayerAvailability, BatchDeleteImage, BatchGetImage, CreateRepository,
    DeleteLifecyclePolicy, DeleteRepository, DeleteRepositoryPolicy, DescribeImages,
    DescribeRegistry, DescribeRepositories, GetAuthorizationToken, GetLifecyclePolicy,
    GetLifecyclePolicyPreview, GetRepositoryPolicy, ListImages, ListTagsForResource, PutImage,
    PutImageScanningConfiguration, PutImageTagMutability, PutLifecyclePolicy, SetRepositoryPolicy,
    StartLifecyclePolicyPreview, TagResource, UntagResource,
};
use world::{Repository, World};

pub use layer::arrive;
pub use token::pair as password_pair;

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    (
        "CreateRepository.imageScanningConfiguration, PutImageScanningConfiguration.imageScanningConfiguration",
        "echoed; nothing is scanned, and no image shows a scan",
    ),
    (
        "CreateRepository.encryptionConfiguration",
        "echoed; the region has no KMS, and layers are files of the data directory",
    ),
    ("SetRepositoryPolicy.policyText", "checked and echoed; the region refuses no call by policy"),
    ("SetRepositoryPolicy.force", "no policy locks anybody out, so none has to be forced"),
    (
        "GetAuthorizationToken.registryIds",
        "the token is for the region's own registry, whichever are named",
    ),
];

/// The operations of the registry.
pub(crate) fn table() -> Table {
    Table::default()
        .write::<CreateRepository>(repository::create)
        .read::<DescribeRepositories>(repository::describe)
        .write::<DeleteRepository>(repository::delete)
        .write::<PutImageTagMutability>(settings::put_mutability)
        .write::<PutImageScanningConfiguration>(settings::put_scanning)
        .write::<SetRepositoryPolicy>(policy::set)
        .read::<GetRepositoryPolicy>(policy::get)
        .write::<DeleteRepositoryPolicy>(policy::delete)
        .write::<PutImage>(image::put::image)
        .read::<BatchGetImage>(image::get::images)
        .write::<BatchDeleteImage>(image::delete::images)
        .read::<ListImages>(image::list::images)
        .read::<DescribeImages>(image::describe::images)
        .read::<BatchCheckLayerAvailability>(layer::check)
        .write::<PutLifecyclePolicy>(lifecycle::put)
        .read::<GetLifecyclePolicy>(lifecycle::get)
        .write::<DeleteLifecyclePolicy>(lifecycle::delete)
        .write::<StartLifecyclePolicyPreview>(lifecycle::preview::start)
        .read::<GetLifecyclePolicyPreview>(lifecycle::preview::get)
        .read::<GetAuthorizationToken>(token::get)
        .read::<DescribeRegistry>(registry::describe)
        .write::<TagResource>(tags::tag)
        .write::<UntagResource>(tags::untag)
        .read::<ListTagsForResource>(tags::list)
}

/// The repository of a request. A registry of another account has none here.
fn find<'a>(world: &'a World, registry: Option<&str>, name: &str) -> Result<&'a Repository, Fault> {
    let account = world.place.account.as_str();
    let registry = registry.unwrap_or(account);
    let found = world.repositories.get(name).filter(|_| registry == account);
    found.ok_or_else(|| fault::no_repository(name, registry))
}

/// The account, as nearly every answer has it.
fn registry_id(world: &World) -> Option<String> {
    Some(world.place.account.to_string())
}
