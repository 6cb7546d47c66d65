//! Calls to Secrets Manager, as clients make them.

mod create;
mod delete;
mod get;
mod list;
mod password;
mod policy;
mod stages;
mod tags;

use crate::testing::{Region, assert_complete};
use api::Service;
use api::secretsmanager::{
    CreateSecret, CreateSecretRequest, DeleteSecret, DeleteSecretRequest, GetSecretValue,
    GetSecretValueRequest, PutSecretValue, PutSecretValueRequest,
};

fn region() -> Region {
    Region::of(super::table())
}

/// A token, which becomes a version's id; they have at least 32 characters.
fn token(name: &str) -> String {
    format!("{name:->32}")
}

fn create(name: &str, value: &str, id: &str) -> CreateSecretRequest {
    CreateSecretRequest {
        name: name.to_owned(),
        secret_string: Some(value.into()),
        client_request_token: Some(token(id)),
        ..Default::default()
    }
}

/// A region with a secret `s` whose version `v1` has the value `one`.
fn with_secret() -> Region {
    let mut region = region();
    region.ok::<CreateSecret>(create("s", "one", "v1"));
    region
}

fn put(id: &str, value: &str, stages: Option<&[&str]>) -> PutSecretValueRequest {
    PutSecretValueRequest {
        secret_id: "s".to_owned(),
        client_request_token: Some(token(id)),
        secret_string: Some(value.into()),
        version_stages: stages.map(|stages| stages.iter().map(|s| (*s).to_owned()).collect()),
        ..Default::default()
    }
}

fn put_value(region: &mut Region, id: &str, stages: Option<&[&str]>) {
    region.ok::<PutSecretValue>(put(id, id, stages));
}

fn ask(id: &str) -> GetSecretValueRequest {
    GetSecretValueRequest { secret_id: id.to_owned(), ..Default::default() }
}

/// The current value of a secret.
fn value(region: &mut Region, id: &str) -> String {
    let value = region.ok::<GetSecretValue>(ask(id)).secret_string.unwrap();
    value.reveal().to_owned()
}

fn delete(id: &str) -> DeleteSecretRequest {
    DeleteSecretRequest { secret_id: id.to_owned(), ..Default::default() }
}

/// The labels of each version of `s`, by the names that the tests gave them.
fn labels(region: &Region) -> Vec<(String, Vec<String>)> {
    let secret = region.world.secret("s", region.now).unwrap();
    let short = |id: &String| id.trim_start_matches('-').to_owned();
    secret.versions.iter().map(|(id, version)| (short(id), version.stages.clone())).collect()
}

fn assert_labels(region: &Region, expected: &[(&str, &[&str])]) {
    let expected: Vec<(String, Vec<String>)> = expected
        .iter()
        .map(|(id, stages)| ((*id).to_owned(), stages.iter().map(|s| (*s).to_owned()).collect()))
        .collect();
    assert_eq!(labels(region), expected);
}

const GONE: &str = "InvalidRequestException: You can't perform this operation on the secret \
    because it was marked for deletion.";
const MISSING: &str = "ResourceNotFoundException: Secrets Manager can't find the specified secret.";

#[test]
fn every_operation_that_has_shapes_has_a_handler() {
    assert_complete(Service::SecretsManager, &super::table());
}
