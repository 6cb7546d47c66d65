//! Builds by BuildKit, the second builder of Docker engines: it can mount secrets for a step, which the
//! first one can't.
//!
//! The engine's API is spoken by hand here, for the client that speaks the rest of it knows BuildKit
//! only with a stack for gRPC of its own. A [`session`] is open while the build runs; through it the
//! engine asks for the secrets that a step mounts, and for nothing else.

mod protobuf;
mod session;
mod trace;

use super::Hints;
use super::build::{Build, BuildError};
use super::context::{self, Context};
use super::engine;
use crate::lines::LineSplitter;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::Request;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use model::Secret;
use serde_json::Value as Json;
use session::Session;
use std::collections::BTreeMap;
use std::io;
use tokio::net::UnixStream;
use tokio::sync::mpsc;

/// The version of the engine's API that has all of this: Docker 20.10's.
const API: &str = "/v1.41";

/// How many chunks of the context wait for the engine.
const CHUNKS: usize = 8;

/// Builds an image and answers its id. Each line that a step prints goes to `progress`, without the
/// secrets' values.
///
/// # Errors
/// Says what of engine, context or Dockerfile was at fault, or that the engine has no BuildKit.
pub(super) async fn build(
    hints: &Hints,
    build: &Build,
    mut progress: impl FnMut(&str) + Send,
) -> Result<String, BuildError> {
    let socket = engine::socket(hints).await?;
    let context = context::read(&build.context, &build.dockerfile)?;
    let session = Session::open(&socket, build.secrets.clone()).await?;
    let path = path(build, &context, session.id());
    let stream = UnixStream::connect(&socket).await.map_err(failed)?;
    let (chunks, sent) = mpsc::channel(CHUNKS);
    let sending = tokio::task::spawn_blocking(move || context.send(chunks));
    let mut hiding = |line: &str| progress(&hidden(line, &build.secrets));
    let built = ask(stream, &path, sent, &mut hiding).await;
    // A context that broke off explains what the engine says of it.
    sending.await.map_err(|error| BuildError::Failed(error.to_string()))??;
    built
}

/// What the engine is asked for.
fn path(build: &Build, context: &Context, session: &str) -> String {
    let arguments: BTreeMap<&String, &String> = build.arguments.iter().collect();
    let arguments = serde_json::to_string(&arguments).unwrap_or_default();
    let query = [
        ("version", "2"),
        ("session", session),
        ("dockerfile", &context.dockerfile),
        ("t", &build.tag),
        ("buildargs", &arguments),
        ("target", build.target.as_deref().unwrap_or_default()),
        ("platform", build.platform.as_deref().unwrap_or_default()),
        ("rm", "1"),
        ("forcerm", "1"),
    ];
    let query = query.map(|(name, value)| format!("{name}={}", escaped(value)));
    format!("{API}/build?{}", query.join("&"))
}

/// Sends the context and reads what the build says until it ends.
async fn ask(
    stream: UnixStream,
    path: &str,
    chunks: mpsc::Receiver<io::Result<Bytes>>,
    progress: &mut (impl FnMut(&str) + Send),
) -> Result<String, BuildError> {
    let body = stream::unfold(chunks, async |mut chunks| Some((chunks.recv().await?, chunks)));
    let body = StreamBody::new(body.map(|chunk| chunk.map(Frame::data)));
    let (mut sender, connection): (SendRequest<_>, _) =
        handshake(TokioIo::new(stream)).await.map_err(failed)?;
    tokio::spawn(connection);
    let request = Request::post(path).header("host", "docker");
    let request = request.header("content-type", "application/x-tar").body(body).map_err(failed)?;
    let answer = sender.send_request(request).await.map_err(failed)?;
    if !answer.status().is_success() {
        let said = answer.into_body().collect().await.map_err(failed)?.to_bytes();
        let said: Json = serde_json::from_slice(&said).unwrap_or_default();
        let why = said["message"].as_str().unwrap_or("the engine refused the build");
        return Err(BuildError::Failed(why.trim().to_owned()));
    }
    read(answer.into_body(), progress).await
}

/// Reads the answer, a JSON value a line.
async fn read(
    mut body: Incoming,
    progress: &mut (impl FnMut(&str) + Send),
) -> Result<String, BuildError> {
    let (mut lines, mut said) = (LineSplitter::default(), Said::default());
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(failed)?;
        let Some(data) = frame.data_ref() else { continue };
        lines.push(data, |line| said.take(&line, progress));
    }
    if let Some(line) = lines.finish() {
        said.take(&line, progress);
    }
    match (said.failure, said.id) {
        (Some(why), _) => Err(BuildError::Failed(why)),
        (None, Some(id)) => Ok(id),
        (None, None) => Err(BuildError::Failed("the engine does not say what it built".to_owned())),
    }
}

/// What a build has said so far.
#[derive(Debug, Default)]
struct Said {
    id: Option<String>,
    failure: Option<String>,
    trace: trace::Trace,
}

impl Said {
    fn take(&mut self, line: &str, progress: &mut (impl FnMut(&str) + Send)) {
        let Ok(line) = serde_json::from_str::<Json>(line) else { return };
        if let Some(error) = line["error"].as_str() {
            self.failure = Some(error.trim().to_owned());
        }
        match (line["id"].as_str(), &line["aux"]) {
            (Some("moby.image.id"), aux) => self.id = aux["ID"].as_str().map(str::to_owned),
            (Some("moby.buildkit.trace"), Json::String(aux)) => {
                let bytes = STANDARD.decode(aux).unwrap_or_default();
                self.trace.take(&bytes, |line| progress(line));
            }
            _ => {}
        }
    }
}

/// A line without the values of secrets: a step may print what it was given.
fn hidden(line: &str, secrets: &BTreeMap<String, Secret>) -> String {
    let values = secrets.values().map(Secret::reveal).filter(|value| value.len() > 3);
    values.fold(line.to_owned(), |line, value| line.replace(value.trim(), "[secret]"))
}

/// A value of a query.
fn escaped(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte);
    let escape = |byte: u8| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    value.bytes().map(escape).collect()
}

fn failed(error: impl std::fmt::Display) -> BuildError {
    BuildError::Failed(format!("the engine's builder BuildKit can't be used: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_query_are_escaped() {
        assert_eq!(escaped("a b/ü&{\"c\":1}"), "a%20b/%C3%BC%26%7B%22c%22:1%7D");
    }

    #[test]
    fn secrets_are_hidden_in_what_steps_print() {
        let secrets = [("T".to_owned(), Secret::from("hunter2\n"))].into();
        assert_eq!(hidden("got hunter2!", &secrets), "got [secret]!");
    }
}
