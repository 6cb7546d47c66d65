//! What the parts of distributions have in common: a name that is theirs alone, a revision, and
//! that they stay while they are used.

use super::behaviour::behaviours;
use super::{check_revision, fault, id, managed, quantity};
use api::cloudfront::{
    CachePolicyConfig, DistributionConfig, OriginAccessControlConfig, OriginRequestPolicyConfig,
    ResponseHeadersPolicyConfig, errors,
};
use api::{ErrorShape, Fault, Record};
use model::{EdgePartId, Ids, Timestamp};
use world::edge::Part;
use world::{Draft, Row, RowKey, Stored, Table, World};

/// What the parts of a kind are called, where they are kept, and what their refusals say.
pub(super) trait Kind: Record + Clone + std::fmt::Debug + 'static {
    /// The refusals: there is none, there is one already, it is used.
    const REFUSALS: [(&'static ErrorShape, &'static str); 3];

    /// The rows.
    fn rows(world: &World) -> &Table<Part<Self>>;

    /// A row of any kind.
    fn row(part: Part<Self>) -> Row;

    /// Its key.
    fn key(id: EdgePartId) -> RowKey;

    /// Its name.
    fn name(&self) -> &str;

    /// A new id.
    fn new_id(ids: &mut Ids) -> String {
        ids.uuid()
    }

    /// AWS's own, which every account has.
    fn managed() -> &'static [Part<Self>] {
        &[]
    }

    /// Whether a distribution refers to one.
    fn is_used(config: &DistributionConfig, id: &str) -> bool;
}

/// Makes one.
pub(super) fn create<K: Kind>(
    draft: &mut Draft,
    now: Timestamp,
    ids: &mut Ids,
    config: K,
) -> Result<Part<K>, Fault> {
    quantity::check(&config)?;
    check_name(draft, None, &config)?;
    let part = Part {
        id: K::new_id(ids).into(),
        etag: id('E', ids),
        modified_at: now,
        config: Stored(config),
    };
    draft.put(K::row(part.clone()));
    Ok(part)
}

/// Finds one, AWS's own among them.
pub(super) fn find<'a, K: Kind>(world: &'a World, id: &str) -> Result<&'a Part<K>, Fault> {
    let held = K::rows(world).get(id);
    let managed = || K::managed().iter().find(|part| part.id.as_str() == id);
    held.or_else(managed).ok_or_else(|| refuse::<K>(0))
}

/// Changes one.
pub(super) fn update<K: Kind>(
    draft: &mut Draft,
    (now, ids): (Timestamp, &mut Ids),
    (id, revision): (&str, Option<&str>),
    config: K,
) -> Result<Part<K>, Fault> {
    let mut part = find::<K>(draft, id)?.clone();
    if is_managed::<K>(id) {
        return Err(fault::managed_update());
    }
    check_revision(revision, &part.etag)?;
    quantity::check(&config)?;
    check_name(draft, Some(id), &config)?;
    part.config = Stored(config);
    part.modified_at = now;
    part.etag = super::id('E', ids);
    draft.put(K::row(part.clone()));
    Ok(part)
}

/// Removes one that no distribution refers to.
pub(super) fn delete<K: Kind>(
    draft: &mut Draft,
    id: &str,
    revision: Option<&str>,
) -> Result<(), Fault> {
    let part = find::<K>(draft, id)?;
    if is_managed::<K>(id) {
        return Err(fault::managed_delete());
    }
    check_revision(revision, &part.etag)?;
    let key = part.id.clone();
    if draft.distributions.iter().any(|held| K::is_used(&held.config, id)) {
        return Err(refuse::<K>(2));
    }
    draft.remove(K::key(key));
    Ok(())
}

/// All of them that a listing asks for: AWS's own, the account's, or both; in the order of ids.
pub(super) fn all<'a, K: Kind>(
    world: &'a World,
    asked: Option<&str>,
) -> Vec<(&'static str, &'a Part<K>)> {
    let own = K::rows(world).iter().map(|part| ("custom", part));
    let managed = K::managed().iter().map(|part| ("managed", part));
    let mut all: Vec<_> =
        own.chain(managed).filter(|(kind, _)| asked.is_none_or(|asked| asked == *kind)).collect();
    all.sort_by(|(_, one), (_, other)| one.id.cmp(&other.id));
    all
}

fn is_managed<K: Kind>(id: &str) -> bool {
    K::managed().iter().any(|part| part.id.as_str() == id)
}

fn check_name<K: Kind>(draft: &Draft, own: Option<&str>, config: &K) -> Result<(), Fault> {
    let others = K::rows(draft).iter().filter(|part| Some(part.id.as_str()) != own);
    let mut names = others.chain(K::managed()).map(|part| part.config.name());
    if names.any(|name| name == config.name()) { Err(refuse::<K>(1)) } else { Ok(()) }
}

fn refuse<K: Kind>(which: usize) -> Fault {
    let (shape, text) = K::REFUSALS[which];
    fault::of(shape, text)
}

// === the kinds ===

impl Kind for OriginAccessControlConfig {
    const REFUSALS: [(&'static ErrorShape, &'static str); 3] = [
        (&errors::NO_SUCH_ORIGIN_ACCESS_CONTROL, "The origin access control does not exist."),
        (
            &errors::ORIGIN_ACCESS_CONTROL_ALREADY_EXISTS,
            "An origin access control with the same name already exists.",
        ),
        (
            &errors::ORIGIN_ACCESS_CONTROL_IN_USE,
            "Cannot delete the origin access control because it's in use by one or more distributions.",
        ),
    ];

    fn rows(world: &World) -> &Table<Part<Self>> {
        &world.origin_access_controls
    }

    fn row(part: Part<Self>) -> Row {
        Row::OriginAccessControl(Box::new(part))
    }

    fn key(id: EdgePartId) -> RowKey {
        RowKey::OriginAccessControl(id)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn new_id(ids: &mut Ids) -> String {
        id('E', ids)
    }

    fn is_used(config: &DistributionConfig, id: &str) -> bool {
        let mut origins = config.origins.items.iter();
        origins.any(|origin| origin.origin_access_control_id.as_deref() == Some(id))
    }
}

/// A kind of policy, which behaviours refer to in a member of theirs.
macro_rules! policy {
    ($config:ty, $row:ident, $rows:ident, $member:ident, $managed:path, $refusals:expr) => {
        impl Kind for $config {
            const REFUSALS: [(&'static ErrorShape, &'static str); 3] = $refusals;

            fn rows(world: &World) -> &Table<Part<Self>> {
                &world.$rows
            }

            fn row(part: Part<Self>) -> Row {
                Row::$row(Box::new(part))
            }

            fn key(id: EdgePartId) -> RowKey {
                RowKey::$row(id)
            }

            fn name(&self) -> &str {
                &self.name
            }

            fn managed() -> &'static [Part<Self>] {
                $managed()
            }

            fn is_used(config: &DistributionConfig, id: &str) -> bool {
                let mut all = behaviours(config).into_iter();
                all.any(|held| held.$member.as_deref() == Some(id))
            }
        }
    };
}

policy!(
    CachePolicyConfig,
    CachePolicy,
    cache_policies,
    cache_policy_id,
    managed::cache_policies,
    [
        (&errors::NO_SUCH_CACHE_POLICY, "The specified cache policy does not exist."),
        (
            &errors::CACHE_POLICY_ALREADY_EXISTS,
            "A cache policy with this name already exists. You must provide a unique name. To modify an existing cache policy, use UpdateCachePolicy.",
        ),
        (
            &errors::CACHE_POLICY_IN_USE,
            "Cannot delete the cache policy because it is attached to one or more cache behaviors.",
        ),
    ]
);

policy!(
    OriginRequestPolicyConfig,
    OriginRequestPolicy,
    origin_request_policies,
    origin_request_policy_id,
    managed::request_policies,
    [
        (
            &errors::NO_SUCH_ORIGIN_REQUEST_POLICY,
            "The specified origin request policy does not exist."
        ),
        (
            &errors::ORIGIN_REQUEST_POLICY_ALREADY_EXISTS,
            "An origin request policy with this name already exists. You must provide a unique name. To modify an existing origin request policy, use UpdateOriginRequestPolicy.",
        ),
        (
            &errors::ORIGIN_REQUEST_POLICY_IN_USE,
            "Cannot delete the origin request policy because it is attached to one or more cache behaviors.",
        ),
    ]
);

policy!(
    ResponseHeadersPolicyConfig,
    ResponseHeadersPolicy,
    response_headers_policies,
    response_headers_policy_id,
    managed::headers_policies,
    [
        (
            &errors::NO_SUCH_RESPONSE_HEADERS_POLICY,
            "The specified response headers policy does not exist.",
        ),
        (
            &errors::RESPONSE_HEADERS_POLICY_ALREADY_EXISTS,
            "A response headers policy with this name already exists. You must provide a unique name. To modify an existing response headers policy, use UpdateResponseHeadersPolicy.",
        ),
        (
            &errors::RESPONSE_HEADERS_POLICY_IN_USE,
            "Cannot delete the response headers policy because it is attached to one or more cache behaviors in a CloudFront distribution.",
        ),
    ]
);
