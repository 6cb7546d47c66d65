//! Names and ARNs, as clients write them.
//!
//! ECS takes a short name or a full ARN wherever it identifies something, and a cluster may be left
//! out. Here such a text becomes a key; whether anything has that key is asked elsewhere.
//!
//! This file must not know: the World.

use super::fault;
use api::Fault;
use model::{Arn, ClusterName, Family, Place};
use world::service::{RevisionKey, ServiceDeploymentKey};
use world::{ServiceKey, TaskKey};

/// The cluster of requests that name none.
const DEFAULT_CLUSTER: &str = "default";

/// A task definition as clients refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// The family.
    pub(super) family: Family,
    /// One of its revisions; the latest ACTIVE one when absent.
    pub(super) revision: Option<u32>,
}

/// Whether AWS takes the text as a name: 1 to 255 letters, digits, `_` and `-` (reference §2.1,
/// §3.1).
pub(super) fn is_name(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (1..=255).contains(&text.len()) && text.chars().all(known)
}

/// The cluster that a request means.
pub(super) fn cluster(place: &Place, given: Option<&str>) -> Result<ClusterName, Fault> {
    let given = given.filter(|text| !text.is_empty()).unwrap_or(DEFAULT_CLUSTER);
    let resource = resource(place, given, "cluster/")?;
    let name = simple(resource.as_deref().unwrap_or(given))?;
    if is_name(name) { Ok(name.into()) } else { Err(fault::cluster_reference(name)) }
}

/// The service that a request means, in the cluster that it means. Both forms of a service's ARN
/// are taken, with the cluster and, as before 2018, without.
pub(super) fn service(
    place: &Place,
    cluster: &ClusterName,
    given: &str,
) -> Result<ServiceKey, Fault> {
    let resource = resource(place, given, "service/")?;
    let name = in_cluster(cluster, resource.as_deref(), given)?;
    Ok(ServiceKey { cluster: cluster.clone(), name: name.into() })
}

/// The service deployment that an ARN means.
pub(super) fn service_deployment(place: &Place, arn: &str) -> Result<ServiceDeploymentKey, Fault> {
    let (service, id) = of_service(place, arn, "service-deployment/")?;
    Ok(ServiceDeploymentKey { service, id: id.as_str().into() })
}

/// The service revision that an ARN means: it has the digits of its deployment's id.
pub(super) fn service_revision(place: &Place, arn: &str) -> Result<RevisionKey, Fault> {
    let (service, digits) = of_service(place, arn, "service-revision/")?;
    Ok(RevisionKey { service, deployment: format!("ecs-svc/{digits}").into() })
}

/// The service and the last part of an ARN `<kind><cluster>/<service>/<last>`.
fn of_service(place: &Place, arn: &str, kind: &str) -> Result<(ServiceKey, String), Fault> {
    let resource = resource(place, arn, kind)?;
    let resource = resource.ok_or_else(|| fault::deployment::no_arn(arn))?;
    let mut parts = resource.split('/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(cluster), Some(name), Some(last), None) => {
            let service = ServiceKey { cluster: cluster.into(), name: name.into() };
            Ok((service, last.to_owned()))
        }
        _ => Err(fault::separators()),
    }
}

/// The task that a request means, in the cluster that it means.
pub(super) fn task(place: &Place, cluster: &ClusterName, given: &str) -> Result<TaskKey, Fault> {
    let resource = resource(place, given, "task/")?;
    let id = in_cluster(cluster, resource.as_deref(), given)?;
    // 32 hexadecimal digits, or a UUID as before 2018.
    if !matches!(id.len(), 32 | 36) {
        return Err(fault::task::id_length());
    }
    Ok(TaskKey { cluster: cluster.clone(), id: id.into() })
}

/// The task definition that a request means: `family`, `family:revision` or an ARN of either.
pub(super) fn definition(place: &Place, given: &str) -> Result<Reference, Fault> {
    let resource = resource(place, given, "task-definition/")?;
    let text = resource.as_deref().unwrap_or(given);
    let (family, revision) = match text.split_once(':') {
        Some((family, revision)) => (family, Some(parse_revision(revision)?)),
        None => (text, None),
    };
    Ok(Reference { family: simple(family)?.into(), revision })
}

fn parse_revision(text: &str) -> Result<u32, Fault> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| fault::definition::invalid_revision(text))
}

/// What follows `kind` in an ARN; absent when the text is no ARN.
fn resource(place: &Place, text: &str, kind: &str) -> Result<Option<String>, Fault> {
    if !text.starts_with("arn:") {
        return Ok(None);
    }
    let arn: Arn = text.parse().map_err(|_| fault::separators())?;
    let resource = arn.resource_after(kind).filter(|_| arn.service == "ecs");
    let resource = resource.ok_or_else(fault::separators)?;
    if arn.account != place.account.as_str() {
        return Err(fault::other_account());
    }
    if arn.region != place.region.as_str() {
        return Err(fault::other_region());
    }
    Ok(Some(resource.to_owned()))
}

/// A name without separators.
fn simple(text: &str) -> Result<&str, Fault> {
    if text.contains(['/', ':']) { Err(fault::separators()) } else { Ok(text) }
}

/// The last part of an ARN's `cluster/name`, if the cluster is the request's, or the name as given.
fn in_cluster<'a>(
    cluster: &ClusterName,
    resource: Option<&'a str>,
    given: &'a str,
) -> Result<&'a str, Fault> {
    match resource.map(|resource| resource.split_once('/').ok_or(resource)) {
        Some(Ok((owner, name))) if owner == cluster.as_str() => simple(name),
        Some(Ok((owner, _))) => Err(fault::other_cluster(owner, cluster.as_str())),
        Some(Err(name)) => simple(name),
        None => simple(given),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { region: "eu-west-1".into(), account: "000000000000".into() }
    }

    fn arn(resource: &str) -> String {
        place().arn("ecs", resource)
    }

    fn message<T: std::fmt::Debug>(result: Result<T, Fault>) -> String {
        result.unwrap_err().message
    }

    #[test]
    fn a_cluster_is_named_by_name_or_arn_or_left_out() {
        let long = arn("cluster/shop");
        for (given, expected) in [
            (None, "default"),
            (Some(""), "default"),
            (Some("shop"), "shop"),
            (Some(long.as_str()), "shop"),
        ] {
            assert_eq!(cluster(&place(), given).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn services_and_tasks_are_named_by_both_forms_of_their_arns() {
        let shop = ClusterName::from("shop");
        for given in ["api", &arn("service/api"), &arn("service/shop/api")] {
            assert_eq!(service(&place(), &shop, given).unwrap().name.as_str(), "api");
        }
        let id = "0123456789abcdef0123456789abcdef";
        for given in [id, &arn(&format!("task/{id}")), &arn(&format!("task/shop/{id}"))] {
            assert_eq!(task(&place(), &shop, given).unwrap().id.as_str(), id);
        }
    }

    #[test]
    fn a_definition_is_named_with_or_without_its_revision() {
        for (given, revision) in [
            ("web", None),
            ("web:7", Some(7)),
            (&arn("task-definition/web"), None),
            (&arn("task-definition/web:7"), Some(7)),
        ] {
            let expected = Reference { family: "web".into(), revision };
            assert_eq!(definition(&place(), given).unwrap(), expected);
        }
    }

    #[test]
    fn an_identifier_of_something_else_is_refused() {
        let shop = ClusterName::from("shop");
        let separators = "Invalid identifier: Unexpected number of separators";
        let refused = |given: &str| message(cluster(&place(), Some(given)));
        assert_eq!(refused("a/b"), separators);
        assert_eq!(refused("arn:aws"), separators);
        assert_eq!(
            refused("my shop"),
            r"Cluster must match ^[a-zA-Z0-9\-_]{1,255}$, but was my shop"
        );
        assert_eq!(refused(&arn("service/shop")), separators);
        assert_eq!(refused("arn:aws:ecs:eu-west-1:1:cluster/shop"), "AccountIDs mismatch");
        assert_eq!(refused("arn:aws:ecs:x:000000000000:cluster/shop"), "Regions mismatch");
        assert_eq!(message(definition(&place(), "web:x")), "Invalid revision number. Number: x");
        assert_eq!(message(definition(&place(), "web:0")), "Invalid revision number. Number: 0");
        assert_eq!(message(definition(&place(), "a/web")), separators);
        assert_eq!(
            message(service(&place(), &shop, &arn("service/other/api"))),
            "Invalid identifier: Identifier is for cluster other. Your cluster is shop"
        );
        assert_eq!(
            message(task(&place(), &shop, "None")),
            "taskId length should be one of [32,36]"
        );
    }

    #[test]
    fn names_have_letters_digits_underscores_and_hyphens() {
        assert!(is_name("a-B_9") && is_name(&"a".repeat(255)));
        assert!(!is_name("") && !is_name("a b") && !is_name("é") && !is_name(&"a".repeat(256)));
    }
}
