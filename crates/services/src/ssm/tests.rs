//! Calls to Parameter Store, as clients make them.

mod describe;
mod get;
mod label;
mod path;
mod put;
mod tags;

use crate::testing::{Region, assert_complete};
use api::Service;
use api::ssm::{GetParameter, GetParameterRequest, Parameter, PutParameter, PutParameterRequest};

fn region() -> Region {
    Region::of(super::table())
}

/// A request that makes a parameter of type `String`.
fn new(name: &str, value: &str) -> PutParameterRequest {
    PutParameterRequest {
        name: name.to_owned(),
        value: value.into(),
        r#type: Some("String".to_owned()),
        ..Default::default()
    }
}

/// A request that gives a parameter another value.
fn overwrite(name: &str, value: &str) -> PutParameterRequest {
    PutParameterRequest {
        name: name.to_owned(),
        value: value.into(),
        overwrite: Some(true),
        ..Default::default()
    }
}

fn secure(name: &str, value: &str) -> PutParameterRequest {
    PutParameterRequest { r#type: Some("SecureString".to_owned()), ..new(name, value) }
}

fn put(region: &mut Region, input: PutParameterRequest) -> i64 {
    region.ok::<PutParameter>(input).version.unwrap()
}

fn ask(name: &str) -> GetParameterRequest {
    GetParameterRequest { name: name.to_owned(), with_decryption: Some(true) }
}

fn get(region: &mut Region, name: &str) -> Parameter {
    region.ok::<GetParameter>(ask(name)).parameter.unwrap()
}

/// A parameter's value.
fn value(region: &mut Region, name: &str) -> String {
    get(region, name).value.unwrap().reveal().to_owned()
}

#[test]
fn every_operation_that_has_shapes_has_a_handler() {
    assert_complete(Service::Ssm, &super::table());
}
