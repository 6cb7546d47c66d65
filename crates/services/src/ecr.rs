//! Elastic Container Registry: repositories, the images in them, and which of those expire.
//!
//! Images come and go over the OCI distribution protocol, which is no API of AWS: the engine speaks
//! it, and uses the handlers here for manifests, [`arrive`] for layers and [`pulled`] for what it
//! gave out. So both ways in lead to the same rows.

mod digest;
mod fault;
mod image;
mod layer;
mod lifecycle;
mod manifest;
mod policy;
mod registry;
mod repository;
mod scan;
mod settings;
mod storage;
mod tags;
#[cfg(test)]
mod tests;
mod token;
mod upload;
mod which;

use crate::Table;
use api::Fault;
use api::ecr::{
    BatchCheckLayerAvailability, BatchDeleteImage, BatchGetImage,
    BatchGetRepositoryScanningConfiguration, CompleteLayerUpload, CreateRepository,
    DeleteLifecyclePolicy, DeleteRepository, DeleteRepositoryPolicy, DescribeImageScanFindings,
    DescribeImages, DescribeRegistry, DescribeRepositories, GetAuthorizationToken,
    GetDownloadUrlForLayer, GetLifecyclePolicy, GetLifecyclePolicyPreview,
    GetRegistryScanningConfiguration, GetRepositoryPolicy, InitiateLayerUpload, ListImageReferrers,
    ListImages, ListTagsForResource, PutImage, PutImageScanningConfiguration,
    PutImageTagMutability, PutLifecyclePolicy, SetRepositoryPolicy, StartImageScan,
    StartLifecyclePolicyPreview, TagResource, UntagResource, UpdateImageStorageClass,
    UploadLayerPart,
};
use world::{Repository, World};

#[cfg(test)]
pub(crate) use digest::of as digest_of;
pub use image::pull::{is_worth_a_note, pulled};
pub use layer::arrive;
pub use token::pair as password_pair;

/// What is accepted and has no effect locally, with the reason.
pub const STORED_ONLY: &[(&str, &str)] = &[
    (
        "CreateRepository.imageScanningConfiguration, PutImageScanningConfiguration.imageScanningConfiguration",
        "kept; the region has no scanner, so that every scan fails and says so",
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
        .write::<UpdateImageStorageClass>(storage::update)
        .write::<SetRepositoryPolicy>(policy::set)
        .read::<GetRepositoryPolicy>(policy::get)
        .write::<DeleteRepositoryPolicy>(policy::delete)
        .write::<PutImage>(image::put::image)
        .read::<BatchGetImage>(image::get::images)
        .write::<BatchDeleteImage>(image::delete::images)
        .read::<ListImages>(image::list::images)
        .read::<DescribeImages>(image::describe::images)
        .read::<ListImageReferrers>(image::referrers::images)
        .disk::<InitiateLayerUpload>(upload::initiate)
        .disk::<UploadLayerPart>(upload::part)
        .write::<CompleteLayerUpload>(upload::complete)
        .read::<GetDownloadUrlForLayer>(upload::url)
        .read::<BatchCheckLayerAvailability>(layer::check)
        .write::<StartImageScan>(scan::start)
        .read::<DescribeImageScanFindings>(scan::findings)
        .read::<GetRegistryScanningConfiguration>(scan::of_registry)
        .read::<BatchGetRepositoryScanningConfiguration>(scan::of_repositories)
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
