//! `GetParameter` and `GetParameters`.

use super::name::Reference;
use super::show::{self, Decryption};
use super::{fault, reference};
use crate::Cx;
use api::Fault;
use api::ssm::{
    GetParameterRequest, GetParameterResult, GetParametersRequest, GetParametersResult,
    Parameter as Answered,
};
use std::collections::BTreeSet;
use world::World;

/// Where AWS's own parameters are, which everybody can read there.
pub(super) const PUBLIC: &str = "/aws/service/";

/// `GetParameter`.
pub(super) fn parameter(
    world: &World,
    cx: &Cx<'_>,
    input: GetParameterRequest,
) -> Result<GetParameterResult, Fault> {
    let decryption = Decryption::of(input.with_decryption);
    let parameter = one(world, cx, &input.name, decryption)?;
    Ok(GetParameterResult { parameter: Some(parameter) })
}

/// `GetParameters`: what is not there is told, and no fault.
pub(super) fn parameters(
    world: &World,
    cx: &Cx<'_>,
    input: GetParametersRequest,
) -> Result<GetParametersResult, Fault> {
    let decryption = Decryption::of(input.with_decryption);
    let (mut parameters, mut missing) = (Vec::new(), Vec::new());
    let names: BTreeSet<String> = input.names.into_iter().collect();
    for name in names {
        match one(world, cx, &name, decryption) {
            Ok(parameter) => parameters.push(parameter),
            Err(fault) if fault.code == "ValidationException" => return Err(fault),
            Err(_) => missing.push(name),
        }
    }
    Ok(GetParametersResult { parameters: Some(parameters), invalid_parameters: Some(missing) })
}

fn one(world: &World, cx: &Cx<'_>, text: &str, decryption: Decryption) -> Result<Answered, Fault> {
    if let Some(secret) = reference::secret(text) {
        return reference::read(world, secret, decryption, cx.now);
    }
    let reference = Reference::parse(world, text)?;
    if reference.name.starts_with(PUBLIC) {
        return Err(Fault {
            message: "The local region has no public parameters (/aws/service/…).".to_owned(),
            ..fault::not_found(reference.name)
        });
    }
    let found = reference.find(world, cx.now)?;
    let name = match text.starts_with("arn:") {
        true => found.0.name.as_str(),
        false => reference.name,
    };
    Ok(Answered {
        selector: reference.selector.map(|selector| format!(":{selector}")),
        ..show::value(world, name, found, decryption)
    })
}
