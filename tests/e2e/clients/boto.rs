//! boto3, and through it AWS's own model of each operation.

use crate::stage::clients::{python, script};
use crate::stage::{Driver, Region};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;

/// Every operation that the region has is called with success at least once, in a story of realistic
/// input, and each raw answer is what AWS's model says: no unknown member, right types, known words,
/// required members, times that can be read. Every operation that it has not says so, with AWS's
/// code for an unknown one.
#[tokio::test]
#[expect(clippy::print_stderr, reason = "the counts are for who reads the tests' output")]
async fn every_operation_answers_as_its_model_says_or_says_that_it_is_absent() {
    let Some(python) = python("conformance").await else { return };
    let region = Region::start(Driver::Process).await;
    let operations = region.neargate("region operations --json").output().await;
    let line = script(&python, "conformance.py", &region).stdin(Stdio::piped());
    let mut child = line.spawn();
    child.stdin.take().unwrap().write_all(operations.as_bytes()).await.unwrap();
    let output = tokio::time::timeout(Duration::from_secs(400), child.wait_with_output()).await;
    let output = output.unwrap().unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    eprintln!("conformance: {}", out.lines().next().unwrap_or_default());
    assert!(output.status.success(), "{out}\n{err}");
}

/// What holds answers against the model can fail: it is given answers with one fault each.
#[tokio::test]
async fn the_check_of_answers_finds_each_kind_of_fault() {
    let Some(python) = python("conformance").await else { return };
    let region = Region::shared(Driver::Process).await;
    script(&python, "shapes_check.py", &region).output().await;
}

/// A network that a client made is as good as the local one: a load balancer in it reaches tasks in it.
#[tokio::test]
async fn a_service_stands_in_a_network_that_a_client_made() {
    let Some(python) = python("networks with boto3").await else { return };
    let region = Region::shared(Driver::Process).await;
    script(&python, "network.py", &region).output().await;
}

/// What CDK makes of a balanced service comes as one stack, changes as one, and goes without a trace.
#[tokio::test]
async fn a_stack_brings_its_network_along() {
    let Some(python) = python("stacks of networks with boto3").await else { return };
    let region = Region::start(Driver::Process).await;
    script(&python, "grounded.py", &region).output().await;
}

#[tokio::test]
async fn waiters_and_paginators_work_unchanged() {
    let Some(python) = python("boto3's waiters and paginators").await else { return };
    let region = Region::shared(Driver::Process).await;
    script(&python, "paging.py", &region).output().await;
}

/// Objects come, are listed, copied and read in parts, and go, as boto3 does it unasked: with checksums,
/// in several parts, by presigned URLs.
#[tokio::test]
async fn objects_are_kept_as_they_were_sent() {
    let Some(python) = python("objects with boto3").await else { return };
    let region = Region::shared(Driver::Process).await;
    script(&python, "objects.py", &region).output().await;
}
