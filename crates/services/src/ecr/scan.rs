//! Scans for vulnerabilities. The region has no scanner, and says so as AWS says it of an image that
//! it can't scan: the scan fails, so that whoever waits for its findings is told at once and nobody
//! takes an image for a clean one.

use super::manifest::CONTAINERS;
use super::{fault, find, registry_id, which};
use crate::Cx;
use api::Fault;
use api::ecr::{
    BatchGetRepositoryScanningConfigurationRequest,
    BatchGetRepositoryScanningConfigurationResponse, DescribeImageScanFindingsRequest,
    DescribeImageScanFindingsResponse, GetRegistryScanningConfigurationRequest,
    GetRegistryScanningConfigurationResponse, ImageIdentifier, ImageScanStatus,
    RegistryScanningConfiguration, RepositoryScanningConfiguration,
    RepositoryScanningConfigurationFailure, StartImageScanRequest, StartImageScanResponse,
};
use model::{Ids, Span, Timestamp};
use world::registry::archive::Standing;
use world::{Draft, Image, Repository, World};

/// An image is scanned once a day (AWS's documentation of basic scanning).
const PAUSE: Span = Span::minutes(24 * 60);

/// The error's name is AWS's for an image that basic scanning does not know.
const FAILED: &str = "UnsupportedImageError: the local region has no scanner, so nothing is known of \
                      this image's vulnerabilities";

/// `StartImageScan`.
pub(super) fn start(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: StartImageScanRequest,
) -> Result<StartImageScanResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let image = image(draft, &row, &input.image_id)?.clone();
    if image.standing(cx.now) != Standing::Active {
        return Err(fault::archived());
    }
    if !can_be_scanned(&image) {
        return Err(fault::not_scannable());
    }
    let rested = |last: Timestamp| last + cx.pace.wait(PAUSE) <= cx.now;
    if !image.scanned_at.is_none_or(rested) {
        return Err(fault::scanned_today());
    }
    let image_id = Some(whole_id(&image, input.image_id));
    draft.put(Image { scanned_at: Some(cx.now), ..image });
    Ok(StartImageScanResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        image_id,
        image_scan_status: Some(ImageScanStatus {
            status: Some("IN_PROGRESS".to_owned()),
            description: None,
        }),
    })
}

/// `DescribeImageScanFindings`.
pub(super) fn findings(
    world: &World,
    _: &Cx<'_>,
    input: DescribeImageScanFindingsRequest,
) -> Result<DescribeImageScanFindingsResponse, Fault> {
    let row = find(world, input.registry_id.as_deref(), &input.repository_name)?;
    let image = image(world, row, &input.image_id)?;
    if image.scanned_at.is_none() {
        let account = world.place.account.as_str();
        return Err(fault::no_scan(&input.image_id, row.name.as_str(), account));
    }
    Ok(DescribeImageScanFindingsResponse {
        registry_id: registry_id(world),
        repository_name: Some(input.repository_name),
        image_id: Some(whole_id(image, input.image_id)),
        image_scan_status: Some(ImageScanStatus {
            status: Some("FAILED".to_owned()),
            description: Some(FAILED.to_owned()),
        }),
        image_scan_findings: None,
        next_token: None,
    })
}

/// `GetRegistryScanningConfiguration`: basic scanning, which no rule extends.
pub(super) fn of_registry(
    world: &World,
    _: &Cx<'_>,
    _: GetRegistryScanningConfigurationRequest,
) -> Result<GetRegistryScanningConfigurationResponse, Fault> {
    Ok(GetRegistryScanningConfigurationResponse {
        registry_id: registry_id(world),
        scanning_configuration: Some(RegistryScanningConfiguration {
            scan_type: Some("BASIC".to_owned()),
            rules: Some(Vec::new()),
        }),
    })
}

/// `BatchGetRepositoryScanningConfiguration`.
pub(super) fn of_repositories(
    world: &World,
    _: &Cx<'_>,
    input: BatchGetRepositoryScanningConfigurationRequest,
) -> Result<BatchGetRepositoryScanningConfigurationResponse, Fault> {
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for name in input.repository_names {
        match find(world, None, &name) {
            Ok(row) => found.push(setting(row, world)),
            Err(missing) => failures.push(RepositoryScanningConfigurationFailure {
                repository_name: Some(name),
                failure_code: Some("REPOSITORY_NOT_FOUND".to_owned()),
                failure_reason: Some(missing.message),
            }),
        }
    }
    Ok(BatchGetRepositoryScanningConfigurationResponse {
        scanning_configurations: Some(found),
        failures: Some(failures),
    })
}

fn setting(row: &Repository, world: &World) -> RepositoryScanningConfiguration {
    let frequency = if row.scan_on_push { "SCAN_ON_PUSH" } else { "MANUAL" };
    RepositoryScanningConfiguration {
        repository_arn: Some(super::tags::arn(world, &row.name)),
        repository_name: Some(row.name.to_string()),
        scan_on_push: Some(row.scan_on_push),
        scan_frequency: Some(frequency.to_owned()),
        applied_scan_filters: Some(Vec::new()),
    }
}

/// Whether there is anything to scan: an index has no packages, its images have.
pub(super) fn can_be_scanned(image: &Image) -> bool {
    image.artifact_type.as_deref().is_some_and(|kind| CONTAINERS.contains(&kind))
}

fn image<'w>(world: &'w World, row: &Repository, id: &ImageIdentifier) -> Result<&'w Image, Fault> {
    let account = world.place.account.as_str();
    which::find(world, row, id).map_err(|miss| miss.refusal(id, row, account))
}

/// The identifier of a request, with the digest that it may have left out.
fn whole_id(image: &Image, given: ImageIdentifier) -> ImageIdentifier {
    ImageIdentifier { image_digest: Some(image.key.digest.to_string()), ..given }
}
