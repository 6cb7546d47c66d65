//! What ECS refuses, and in which words.
//!
//! Every text that a client can see stands here or in one of the files below, each with its source:
//! a paragraph of the reference; "observed", for AWS's own words in public captures that the
//! reference does not list; or "unverified", where no source was found and the words are chosen to
//! look like their neighbours'. What the local region does not have is said in words of our own,
//! which never pretend to be AWS's.
//!
//! This file must not know: when a text applies.

use api::Fault;

pub(super) mod definition;
pub(super) mod deployment;
pub(super) mod exec;
pub(super) mod service;
pub(super) mod task;

/// `InvalidParameterException`.
fn invalid(message: impl Into<String>) -> Fault {
    Fault::refuse("InvalidParameterException", message)
}

/// `ClientException`.
fn client(message: impl Into<String>) -> Fault {
    Fault::refuse("ClientException", message)
}

// === Identifiers ===

/// Observed.
pub(super) fn separators() -> Fault {
    invalid("Invalid identifier: Unexpected number of separators")
}

/// Observed (`RunTask` with a cluster of another account).
pub(super) fn other_account() -> Fault {
    invalid("AccountIDs mismatch")
}

/// Unverified, after [`other_account`].
pub(super) fn other_region() -> Fault {
    invalid("Regions mismatch")
}

/// Unverified: commonly reported, no capture found.
pub(super) fn other_cluster(theirs: &str, ours: &str) -> Fault {
    invalid(format!(
        "Invalid identifier: Identifier is for cluster {theirs}. Your cluster is {ours}"
    ))
}

// === Requests of any kind ===

/// A word outside its list: `launch type should be one of [EC2,FARGATE,EXTERNAL]` (reference §3.13).
pub(super) fn not_one_of(what: &str, words: &[&str]) -> Fault {
    invalid(format!("{what} should be one of [{}]", words.join(",")))
}

/// A list that is too long: `taskIds can have at most 100 items.`, `service names can have at most 10
/// items` (observed, with and without the full stop).
pub(super) fn too_many(what: &str, most: usize) -> Fault {
    invalid(format!("{what} can have at most {most} items."))
}

/// Unverified.
pub(super) fn invalid_token() -> Fault {
    invalid("Invalid token.")
}

/// The tags of a request; the reason is in our words.
pub(super) fn tags(mistake: &crate::tags::TagMistake) -> Fault {
    invalid(mistake.to_string())
}

/// Observed second-hand.
pub(super) fn tag_without_key() -> Fault {
    invalid("Tag key can not be null.")
}

/// The words for what the local region leaves out. They name the member and the reason.
fn not_here(member: &str, why: &str) -> String {
    format!("The local region does not implement '{member}': {why}.")
}

/// A refusal in our own words, for operations whose model declares the code: `CreateService`,
/// `UpdateService`, `RunTask`.
pub(super) fn unsupported(member: &str, why: &str) -> Fault {
    Fault::refuse("UnsupportedFeatureException", not_here(member, why))
}

/// A refusal in our own words, for every other operation.
pub(super) fn not_implemented(member: &str, why: &str) -> Fault {
    client(not_here(member, why))
}

// === Clusters ===

/// Reference §3.13.
pub(super) fn cluster_not_found() -> Fault {
    Fault::refuse("ClusterNotFoundException", "Cluster not found.")
}

/// Observed.
pub(super) fn cluster_inactive() -> Fault {
    Fault::refuse("ClusterNotFoundException", "The referenced cluster was inactive.")
}

/// Observed.
pub(super) fn cluster_name() -> Fault {
    invalid(r"ClusterName must match ^[a-zA-Z0-9\-_]{1,255}$")
}

/// Observed (`DescribeServices`).
pub(super) fn cluster_reference(given: &str) -> Fault {
    invalid(format!(r"Cluster must match ^[a-zA-Z0-9\-_]{{1,255}}$, but was {given}"))
}

/// Observed.
pub(super) fn cluster_not_idempotent() -> Fault {
    invalid(
        "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
    )
}

/// Reference §3.13.
pub(super) fn cluster_has_services() -> Fault {
    let message = "The Cluster cannot be deleted while Services are active.";
    Fault::refuse("ClusterContainsServicesException", message)
}

/// Reference §3.13.
pub(super) fn cluster_has_tasks() -> Fault {
    let message = "The Cluster cannot be deleted while Tasks are active.";
    Fault::refuse("ClusterContainsTasksException", message)
}

/// The code is AWS's for a namespace that is not there, and there is none here.
pub(super) fn no_namespace() -> Fault {
    let why = "it has no Cloud Map, hence no namespaces";
    Fault::refuse("NamespaceNotFoundException", not_here("serviceConnectDefaults", why))
}

// === Settings ===

/// Observed for values; for names by analogy (unverified).
pub(super) fn invalid_setting(part: &str) -> Fault {
    invalid(format!("Invalid setting '{part}'"))
}

// === Capacity providers ===

/// Observed (`DeleteCapacityProvider`).
pub(super) fn unknown_provider() -> Fault {
    invalid(
        "The specified capacity provider does not exist. Specify a valid name or ARN and try again.",
    )
}

/// Observed.
pub(super) fn provider_not_associated() -> Fault {
    invalid(
        "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and try again.",
    )
}

/// Observed second-hand.
pub(super) fn provider_twice() -> Fault {
    invalid("A capacity provider may only be specified once in a strategy.")
}

/// Observed, for a cluster's default strategy.
pub(super) fn two_bases_in_cluster() -> Fault {
    invalid(
        "The specified capacity provider strategy contains multiple capacity providers with a base value defined. Only one capacity provider per strategy can have a base value defined.",
    )
}

/// Observed, for a service's strategy.
pub(super) fn two_bases() -> Fault {
    invalid(
        "There are multiple capacity providers in the specified capacity provider strategy with a base value greater than zero. Only one capacity provider can have a base value greater than zero. Specify a valid capacity provider strategy and try again.",
    )
}

/// Observed.
pub(super) fn no_weight() -> Fault {
    invalid(
        "There are no capacity providers in the capacity provider strategy with a weight value greater than zero. Specify a weight value greater than zero for at least one capacity provider and try again.",
    )
}

/// Unverified; the ranges are reference §3.2.
pub(super) fn provider_number(what: &str, most: u32) -> Fault {
    invalid(format!("{what} should be between 0 and {most}"))
}

/// Observed.
pub(super) fn provider_in_use() -> Fault {
    let message = "The specified capacity provider is in use and cannot be removed.";
    Fault::refuse("ResourceInUseException", message)
}

// === Tags by ARN ===

/// Observed second-hand.
pub(super) fn arn_invalid() -> Fault {
    invalid("The ARN provided is invalid.")
}

/// `The specified cluster is inactive. Specify an active cluster and try again.` and its like for
/// services (observed second-hand).
pub(super) fn tagged_inactive(kind: &str) -> Fault {
    invalid(format!("The specified {kind} is inactive. Specify an active {kind} and try again."))
}

/// `The specified service does not exist.` (observed second-hand).
pub(super) fn tagged_missing(kind: &str) -> Fault {
    invalid(format!("The specified {kind} does not exist."))
}

/// Observed second-hand.
pub(super) fn tagged_task_stopped() -> Fault {
    invalid("The specified task is stopped. Specify a running task and try again.")
}
