//! Who may push and pull.
//!
//! The door is on loopback and for this machine's programs, so nobody has to log in: an engine can
//! pull for a task without credentials. But who does log in is held to it, as on AWS: user `AWS`
//! with a token that the region gave, and that has not expired.

use crate::clock;
use crate::door::Door;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};
use registry::Refusal;

/// Refuses credentials that are wrong.
pub(super) fn check(door: &Door, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(given) = headers.get(header::AUTHORIZATION) else { return Ok(()) };
    let wrong = || {
        Refusal::unauthorized(
            "the user is AWS, the password comes from `aws ecr get-login-password`",
        )
    };
    let basic = given.to_str().ok().and_then(|given| given.strip_prefix("Basic "));
    let text = basic.and_then(|basic| STANDARD.decode(basic.trim()).ok());
    let text = text.and_then(|text| String::from_utf8(text).ok()).ok_or_else(wrong)?;
    let password = text.strip_prefix("AWS:").ok_or_else(wrong)?;
    let (key, token) = services::ecr::password_pair(password).ok_or_else(wrong)?;
    let session = door.desk.issuer.session(key, token).ok_or_else(wrong)?;
    if session.expires <= clock::now() {
        // The text is unverified (reference §6.4).
        let message = "Your authorization token has expired. Reauthenticate and try again.";
        return Err(Refusal::unauthorized(message));
    }
    Ok(())
}
