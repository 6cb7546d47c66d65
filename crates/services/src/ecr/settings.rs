//! A repository's settings: which tags may move, and whether images are to be scanned.

use super::{fault, find, registry_id};
use crate::Cx;
use api::Fault;
use api::ecr::{
    ImageScanningConfiguration, ImageTagMutabilityExclusionFilter,
    PutImageScanningConfigurationRequest, PutImageScanningConfigurationResponse,
    PutImageTagMutabilityRequest, PutImageTagMutabilityResponse,
};
use model::Ids;
use world::registry::{Mutability, TagRule};
use world::{Draft, Repository};

type Filters = Vec<ImageTagMutabilityExclusionFilter>;

/// `PutImageTagMutability`.
pub(super) fn put_mutability(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutImageTagMutabilityRequest,
) -> Result<PutImageTagMutabilityResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let filters = input.image_tag_mutability_exclusion_filters.unwrap_or_default();
    let mutability = mutability(&input.image_tag_mutability, filters)?;
    let (word, filters) = show(&mutability);
    draft.put(Repository { mutability, ..row });
    Ok(PutImageTagMutabilityResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        image_tag_mutability: Some(word),
        image_tag_mutability_exclusion_filters: filters,
    })
}

/// `PutImageScanningConfiguration`. It is kept; nothing scans.
pub(super) fn put_scanning(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutImageScanningConfigurationRequest,
) -> Result<PutImageScanningConfigurationResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let scan_on_push = input.image_scanning_configuration.scan_on_push.unwrap_or_default();
    draft.put(Repository { scan_on_push, ..row });
    Ok(PutImageScanningConfigurationResponse {
        registry_id: registry_id(draft),
        repository_name: Some(input.repository_name),
        image_scanning_configuration: Some(ImageScanningConfiguration {
            scan_on_push: Some(scan_on_push),
        }),
    })
}

/// What a request says of tags. Filters go with a setting that has exclusions, and only with one.
pub(super) fn mutability(word: &str, filters: Filters) -> Result<Mutability, Fault> {
    let (rule, excludes) = match word {
        "MUTABLE" => (TagRule::Mutable, false),
        "IMMUTABLE" => (TagRule::Immutable, false),
        "MUTABLE_WITH_EXCLUSION" => (TagRule::Mutable, true),
        "IMMUTABLE_WITH_EXCLUSION" => (TagRule::Immutable, true),
        other => return Err(fault::parameter(format!("there is no tag mutability `{other}`"))),
    };
    if excludes == filters.is_empty() {
        let message = "exclusion filters are given with MUTABLE_WITH_EXCLUSION and \
                       IMMUTABLE_WITH_EXCLUSION, and only with these";
        return Err(fault::parameter(message));
    }
    let except: Vec<String> = filters.into_iter().map(|filter| filter.filter).collect();
    Ok(Mutability { rule, except })
}

/// The setting as clients see it.
pub(super) fn show(mutability: &Mutability) -> (String, Option<Filters>) {
    let word = match mutability.rule {
        TagRule::Mutable => "MUTABLE",
        TagRule::Immutable => "IMMUTABLE",
    };
    if mutability.except.is_empty() {
        return (word.to_owned(), None);
    }
    let filter = |filter: &String| ImageTagMutabilityExclusionFilter {
        filter_type: "WILDCARD".to_owned(),
        filter: filter.clone(),
    };
    let filters = mutability.except.iter().map(filter).collect();
    (format!("{word}_WITH_EXCLUSION"), Some(filters))
}
