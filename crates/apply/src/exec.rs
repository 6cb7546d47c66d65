//! Commands in running containers: asks ECS for a session and holds the client's end of it.
//!
//! The session's address is AWS's to say; it is reached as AWS's own plugin reaches it, by a signed
//! WebSocket, whose token then says which session it is.

mod talk;

use crate::client::{CallError, Client};
use api::ecs::{ExecuteCommand, ExecuteCommandRequest};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use model::{Ids, Secret};
use session::Opening;
use talk::Talk;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

/// The service that sessions are signed for.
pub(crate) const SIGNING_NAME: &str = "ssmmessages";

/// The client whose part is played: a version of AWS's plugin that does as much.
const VERSION: &str = "1.2.707.0";

/// A command to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The cluster.
    pub cluster: String,
    /// The task's ARN or id.
    pub task: String,
    /// The container's name.
    pub container: String,
    /// The command's line, which is cut into words at the other end.
    pub line: String,
}

/// What is done at the client's terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stroke {
    /// Keys.
    Keys(Vec<u8>),
    /// A size: columns and lines.
    Resize(u32, u32),
}

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ended {
    /// Why, as the other end says; empty when the command just ended.
    pub why: String,
    /// The command's exit code, where an agent tells it. ECS's do not.
    pub code: Option<i32>,
}

/// Why a session came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExecError {
    /// ECS refused it, or could not be asked.
    #[error(transparent)]
    Call(#[from] CallError),
    /// ECS opened a session and did not say where it is.
    #[error("ECS opened a session and does not say where it is")]
    Nowhere,
    /// The session can't be reached.
    #[error("the session can't be reached at {host}")]
    Unreachable {
        /// Where.
        host: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The connection broke off.
    #[error("the connection to the session broke off")]
    Broken,
    /// The other end wants something that is not known here.
    #[error("the session asks for what neargate can't do: {0}")]
    Wanted(String),
}

/// A session that was opened.
#[derive(Debug)]
pub struct Session {
    socket: WebSocketStream<TokioIo<Upgraded>>,
    ids: Ids,
}

/// Opens a session for a command. The command runs from then on.
///
/// # Errors
/// When ECS refuses, or the session can't be reached.
pub async fn open(client: &Client, order: Order) -> Result<Session, ExecError> {
    let request = ExecuteCommandRequest {
        cluster: Some(order.cluster),
        container: Some(order.container),
        command: order.line,
        interactive: true,
        task: order.task,
    };
    let opened = client.call::<ExecuteCommand>(request).await?.session;
    let session = opened.ok_or(ExecError::Nowhere)?;
    let (Some(url), Some(token)) = (session.stream_url, session.token_value) else {
        return Err(ExecError::Nowhere);
    };
    let stream = client.web_socket(&url).await.map_err(|source| {
        let host = url.split('/').nth(2).unwrap_or_default().to_owned();
        ExecError::Unreachable { host, source }
    })?;
    let stream = TokioIo::new(stream);
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
    let mut ids = Ids::seeded(getrandom::u64().unwrap_or_default());
    introduce(&mut socket, &mut ids, token).await?;
    Ok(Session { socket, ids })
}

async fn introduce(
    socket: &mut WebSocketStream<TokioIo<Upgraded>>,
    ids: &mut Ids,
    token_value: Secret,
) -> Result<(), ExecError> {
    use futures_util::SinkExt as _;
    let opening = Opening {
        message_schema_version: "1.0".to_owned(),
        request_id: ids.uuid(),
        token_value,
        client_id: ids.uuid(),
        client_version: VERSION.to_owned(),
    };
    let said = socket.send(Message::Text(opening.encode().into())).await;
    said.map_err(|_| ExecError::Broken)
}

impl Session {
    /// Holds the session to its end: strokes go to the other end, what that shows to `shown`. When no
    /// stroke can come any more the session goes on all the same.
    ///
    /// # Errors
    /// When the connection breaks off, or the two ends do not understand each other.
    pub async fn hold(
        self,
        strokes: mpsc::Receiver<Stroke>,
        shown: mpsc::Sender<Vec<u8>>,
    ) -> Result<Ended, ExecError> {
        Talk::new(self.socket, self.ids, shown).hold(strokes).await
    }
}
