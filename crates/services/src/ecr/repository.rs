//! Repositories.

use super::{fault, find, registry_id, settings, tags};
use crate::Cx;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecr::{
    CreateRepositoryRequest, CreateRepositoryResponse, DeleteRepositoryRequest,
    DeleteRepositoryResponse, DescribeRepositoriesRequest, DescribeRepositoriesResponse,
    EncryptionConfiguration, ImageScanningConfiguration, Repository as Shown,
};
use model::Ids;
use world::registry::{Encryption, Mutability};
use world::{Draft, Repository, RowKey, World};

/// How many repositories a page has when a request doesn't say, and at most: the model's
/// documentation.
const USUAL: usize = 100;
const MOST: usize = 1000;

/// `CreateRepository`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: CreateRepositoryRequest,
) -> Result<CreateRepositoryResponse, Fault> {
    let account = draft.place.account.to_string();
    if input.registry_id.as_ref().is_some_and(|registry| *registry != account) {
        return Err(fault::parameter("the registry is another account's"));
    }
    let name = input.repository_name;
    if draft.repositories.contains(name.as_str()) {
        return Err(fault::repository_exists(&name, &account));
    }
    let filters = input.image_tag_mutability_exclusion_filters;
    let mutability = match input.image_tag_mutability {
        None => Mutability::mutable(),
        Some(word) => settings::mutability(&word, filters.unwrap_or_default())?,
    };
    let scanning = input.image_scanning_configuration.unwrap_or_default();
    let row = Repository {
        name: name.into(),
        created_at: cx.now,
        mutability,
        scan_on_push: scanning.scan_on_push.unwrap_or_default(),
        encryption: encryption(input.encryption_configuration)?,
        policy: None,
        lifecycle: None,
        preview: None,
        tags: tags::new(input.tags.unwrap_or_default())?,
    };
    let repository = Some(show(&row, draft, cx));
    draft.put(row);
    Ok(CreateRepositoryResponse { repository })
}

/// `DescribeRepositories`.
pub(super) fn describe(
    world: &World,
    cx: &Cx<'_>,
    input: DescribeRepositoriesRequest,
) -> Result<DescribeRepositoriesResponse, Fault> {
    let registry = input.registry_id.as_deref();
    if let Some(names) = input.repository_names.filter(|names| !names.is_empty()) {
        let rows = names.iter().map(|name| find(world, registry, name));
        let shown = rows.map(|row| row.map(|row| show(row, world, cx)));
        let repositories = Some(shown.collect::<Result<_, _>>()?);
        return Ok(DescribeRepositoriesResponse { repositories, next_token: None });
    }
    let own = registry.is_none_or(|registry| registry == world.place.account.as_str());
    let mut rows: Vec<&Repository> = world.repositories.iter().filter(|_| own).collect();
    rows.sort_by(|a, b| a.name.as_str().cmp(b.name.as_str()));
    let ask = Ask {
        listing: "DescribeRepositories",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, USUAL, MOST),
    };
    let page = page(rows, &ask, |row| row.name.to_string()).map_err(fault::bad_token)?;
    let repositories = page.rows.into_iter().map(|row| show(row, world, cx)).collect();
    Ok(DescribeRepositoriesResponse { repositories: Some(repositories), next_token: page.next })
}

/// `DeleteRepository`. What it holds goes with it, if that is said.
pub(super) fn delete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeleteRepositoryRequest,
) -> Result<DeleteRepositoryResponse, Fault> {
    let row = find(draft, input.registry_id.as_deref(), &input.repository_name)?.clone();
    let images = draft.images_of(&row.name).map(|image| RowKey::Image(image.key.clone()));
    let images: Vec<RowKey> = images.collect();
    if !images.is_empty() && input.force != Some(true) {
        return Err(fault::not_empty(row.name.as_str(), draft.place.account.as_str()));
    }
    let layers = draft.layers_of(&row.name).map(|layer| RowKey::Layer(layer.key.clone()));
    let layers: Vec<RowKey> = layers.collect();
    images.into_iter().chain(layers).for_each(|key| draft.remove(key));
    draft.remove(RowKey::Repository(row.name.clone()));
    Ok(DeleteRepositoryResponse { repository: Some(show(&row, draft, cx)) })
}

fn encryption(given: Option<EncryptionConfiguration>) -> Result<Encryption, Fault> {
    let Some(given) = given else {
        return Ok(Encryption { kind: "AES256".to_owned(), key: None });
    };
    if given.encryption_type == "AES256" && given.kms_key.is_some() {
        return Err(fault::parameter("a KMS key can't be given with the encryption type AES256"));
    }
    Ok(Encryption { kind: given.encryption_type, key: given.kms_key })
}

/// A repository as clients see it. Its URI is where Docker finds it, which is not where AWS's is:
/// engines speak plain HTTP with loopback only.
fn show(row: &Repository, world: &World, cx: &Cx<'_>) -> Shown {
    let (mutability, filters) = settings::show(&row.mutability);
    Shown {
        repository_arn: Some(tags::arn(world, &row.name)),
        registry_id: registry_id(world),
        repository_name: Some(row.name.to_string()),
        repository_uri: Some(format!("{}/{}", cx.registry, row.name)),
        created_at: Some(row.created_at),
        image_tag_mutability: Some(mutability),
        image_tag_mutability_exclusion_filters: filters,
        image_scanning_configuration: Some(ImageScanningConfiguration {
            scan_on_push: Some(row.scan_on_push),
        }),
        encryption_configuration: Some(EncryptionConfiguration {
            encryption_type: row.encryption.kind.clone(),
            kms_key: row.encryption.key.clone(),
        }),
    }
}
