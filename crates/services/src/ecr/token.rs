//! `GetAuthorizationToken`: what `docker login` sends.

use crate::Cx;
use api::Fault;
use api::ecr::{AuthorizationData, GetAuthorizationTokenRequest, GetAuthorizationTokenResponse};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use model::Span;
use world::World;

/// How long a token is good (reference §6.4).
const LASTING: Span = Span::minutes(12 * 60);

/// A token for the region's registry.
pub(super) fn get(
    _: &World,
    cx: &Cx<'_>,
    _: GetAuthorizationTokenRequest,
) -> Result<GetAuthorizationTokenResponse, Fault> {
    let issued = cx.issuer.issue(&cx.caller.arn, "ecr", cx.now, LASTING);
    let password = format!("{}.{}", issued.access_key, issued.token.reveal());
    let data = AuthorizationData {
        authorization_token: Some(BASE64_STANDARD.encode(format!("AWS:{password}"))),
        expires_at: Some(issued.expires),
        proxy_endpoint: Some(format!("http://{}", cx.registry)),
    };
    Ok(GetAuthorizationTokenResponse { authorization_data: Some(vec![data]) })
}

/// The access key and the token that a password is made of.
#[must_use]
pub fn pair(password: &str) -> Option<(&str, &str)> {
    password.split_once('.')
}
