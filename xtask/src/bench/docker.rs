//! The container engine of this machine, asked over its socket.

use super::http::{Answer, Request};
use serde_json::Value;
use std::os::unix::net::UnixStream;

const SOCKET: &str = "/var/run/docker.sock";

/// Calls the engine. Null is no body.
pub(crate) fn call(method: &str, target: &str, body: &Value) -> Result<Answer, String> {
    let stream = UnixStream::connect(SOCKET).map_err(|why| format!("{SOCKET}: {why}"))?;
    let fields = [("Content-Type".to_owned(), "application/json".to_owned())];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = Request { method, target, fields: &fields, body: &body };
    let answer = request.over(stream).map_err(|why| format!("{target}: {why}"))?;
    let status = answer.status;
    if status < 300 { Ok(answer) } else { Err(format!("{target}: {status}: {}", answer.body)) }
}
