//! Buckets: made, found and removed.

use super::{access, fault, find, name};
use crate::page::{Ask, limit, page};
use crate::{Cx, tags};
use api::Fault;
use api::s3::*;
use api::value::Nothing;
use model::Ids;
use world::bucket::Versioning;
use world::{Bucket as Row, Draft, RowKey, Stored, World};

/// The region whose buckets have no location, and which alone lets a bucket be made twice.
const FIRST: &str = "us-east-1";
/// The most buckets of a page.
const PAGE: usize = 10_000;

/// `CreateBucket`.
pub(super) fn create(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: CreateBucketRequest,
) -> Result<CreateBucketOutput, Fault> {
    refuse_what_is_not_here(&input)?;
    let name = input.bucket;
    name::check(&name)?;
    let configuration = input.create_bucket_configuration.unwrap_or_default();
    check_location(draft, configuration.location_constraint.as_deref())?;
    let ownership = input.object_ownership.unwrap_or_else(|| access::ENFORCED.to_owned());
    let closed = ["private", "bucket-owner-full-control"];
    if input.acl.is_some_and(|acl| !closed.contains(&acl.as_str())) {
        return Err(match ownership.as_str() {
            access::ENFORCED => fault::no_acls(),
            _ => fault::not_implemented("An ACL that lets others in"),
        });
    }
    let pairs = configuration.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
    let tags = tags::new(pairs).map_err(|mistake| fault::bad_tags(&mistake))?;
    let output = CreateBucketOutput {
        location: Some(format!("/{name}")),
        bucket_arn: Some(format!("arn:aws:s3:::{name}")),
    };
    if draft.buckets.get(name.as_str()).is_some() {
        let again = draft.place.region.as_str() == FIRST;
        return if again { Ok(output) } else { Err(fault::owned_by_you(&name)) };
    }
    draft.put(Row {
        name: name.into(),
        created_at: cx.now,
        policy: None,
        versioning: Versioning::Never,
        encryption: None,
        access_block: Some(Stored(access::all_blocked())),
        ownership: Some(ownership),
        lifecycle: None,
        tags,
    });
    Ok(output)
}

/// `DeleteBucket`.
pub(super) fn delete(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: DeleteBucketRequest,
) -> Result<Nothing, Fault> {
    let bucket = find(draft, &input.bucket, input.expected_bucket_owner.as_deref())?;
    if draft.objects_from(&bucket.name, "").next().is_some() {
        return Err(fault::not_empty(&input.bucket));
    }
    let key = RowKey::Bucket(bucket.name.clone());
    let uploads = draft.object_uploads_of(&bucket.name);
    let uploads: Vec<_> = uploads.map(|upload| upload.key.clone()).collect();
    for upload in uploads {
        draft.remove(RowKey::ObjectUpload(upload));
    }
    draft.remove(key);
    Ok(Nothing)
}

/// `HeadBucket`.
pub(super) fn head(
    world: &World,
    _: &Cx<'_>,
    input: HeadBucketRequest,
) -> Result<HeadBucketOutput, Fault> {
    let bucket = find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    Ok(HeadBucketOutput {
        bucket_arn: Some(format!("arn:aws:s3:::{}", bucket.name)),
        bucket_region: Some(world.place.region.to_string()),
        access_point_alias: Some(false),
        ..Default::default()
    })
}

/// `ListBuckets`.
pub(super) fn list(
    world: &World,
    _: &Cx<'_>,
    input: ListBucketsRequest,
) -> Result<ListBucketsOutput, Fault> {
    let region = world.place.region.as_str();
    let elsewhere = input.bucket_region.as_deref().is_some_and(|asked| asked != region);
    let prefix = input.prefix.clone().unwrap_or_default();
    let rows =
        world.buckets.iter().filter(|row| !elsewhere && row.name.as_str().starts_with(&prefix));
    let ask = Ask {
        listing: "ListBuckets",
        token: input.continuation_token.as_deref(),
        limit: limit(input.max_buckets, PAGE, PAGE),
    };
    let page = page(rows, &ask, |row| row.name.to_string())
        .map_err(|_| fault::invalid("The continuation token provided is incorrect"))?;
    let show = |row: &Row| Bucket {
        name: Some(row.name.to_string()),
        creation_date: Some(row.created_at),
        bucket_region: Some(region.to_owned()),
        bucket_arn: Some(format!("arn:aws:s3:::{}", row.name)),
    };
    Ok(ListBucketsOutput {
        buckets: Some(page.rows.into_iter().map(show).collect()),
        owner: Some(owner(world)),
        continuation_token: page.next,
        prefix: input.prefix,
    })
}

/// `GetBucketLocation`.
pub(super) fn location(
    world: &World,
    _: &Cx<'_>,
    input: GetBucketLocationRequest,
) -> Result<GetBucketLocationOutput, Fault> {
    find(world, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let region = world.place.region.as_str();
    let location_constraint = if region == FIRST { "" } else { region };
    Ok(GetBucketLocationOutput { location_constraint: Some(location_constraint.to_owned()) })
}

/// The account, as S3 shows owners: by a canonical id, which here follows from the account's number.
fn owner(world: &World) -> Owner {
    let id = world.place.account.as_str().repeat(6);
    Owner { display_name: None, id: id.get(..64).map(str::to_owned) }
}

/// A bucket is made where the request is sent to.
fn check_location(draft: &Draft, location: Option<&str>) -> Result<(), Fault> {
    let region = draft.place.region.as_str();
    match location {
        Some(given) if given == region => Ok(()),
        None if region == FIRST => Ok(()),
        other => Err(fault::elsewhere(other.unwrap_or("unspecified"))),
    }
}

fn refuse_what_is_not_here(input: &CreateBucketRequest) -> Result<(), Fault> {
    let grants = [
        &input.grant_full_control,
        &input.grant_read,
        &input.grant_read_acp,
        &input.grant_write,
        &input.grant_write_acp,
    ];
    let configuration = input.create_bucket_configuration.as_ref();
    let directory =
        configuration.is_some_and(|given| given.location.is_some() || given.bucket.is_some());
    let regional = input.bucket_namespace.as_deref().is_some_and(|given| given != "global");
    match () {
        () if grants.iter().any(|grant| grant.is_some()) => {
            Err(fault::not_implemented("A grant to others"))
        }
        () if input.object_lock_enabled_for_bucket == Some(true) => {
            Err(fault::not_implemented("Object Lock"))
        }
        () if directory => Err(fault::not_implemented("A directory bucket")),
        () if regional => Err(fault::not_implemented("A namespace of the account's own")),
        () => Ok(()),
    }
}
