//! The client's end of a session, from the agent's greeting to the end.

use super::{Ended, ExecError, Stroke, VERSION};
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use model::Ids;
use session::channel::PIECE;
use session::{Channel, Closed, Content, Side, Size};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// How often the connection is told that somebody is there: as often as by AWS's plugin.
const PING: Duration = Duration::from_secs(5 * 60);

/// One end of a session.
pub(super) struct Talk {
    socket: WebSocketStream<TokioIo<Upgraded>>,
    ids: Ids,
    shown: mpsc::Sender<Vec<u8>>,
    channel: Channel,
    /// Whether both ends know each other, so that keys may be sent.
    is_complete: bool,
    code: Option<i32>,
}

impl Talk {
    pub(super) fn new(
        socket: WebSocketStream<TokioIo<Upgraded>>,
        ids: Ids,
        shown: mpsc::Sender<Vec<u8>>,
    ) -> Self {
        let channel = Channel::new(Side::Client);
        Self { socket, ids, shown, channel, is_complete: false, code: None }
    }

    pub(super) async fn hold(
        mut self,
        mut strokes: mpsc::Receiver<Stroke>,
    ) -> Result<Ended, ExecError> {
        let mut is_open = true;
        let mut ping = tokio::time::interval(PING);
        loop {
            let now = crate::now();
            let due = self.channel.due().map(|due| Duration::from(due.since(now)));
            let types = is_open && self.is_complete && !self.channel.is_full();
            tokio::select! {
                message = self.socket.next() => match message {
                    Some(Ok(Message::Binary(bytes))) => {
                        if let Some(closed) = self.take(&bytes).await? {
                            return Ok(Ended { why: closed.output, code: self.code });
                        }
                    }
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(ExecError::Broken),
                    Some(Ok(_)) => {}
                },
                stroke = strokes.recv(), if types => match stroke {
                    Some(stroke) => self.pass_on(stroke).await?,
                    None => is_open = false,
                },
                () = tokio::time::sleep(due.unwrap_or(PING)), if due.is_some() => {
                    self.send_again().await?;
                }
                _ = ping.tick() => self.send(Message::Ping(b"keepalive".to_vec().into())).await?,
            }
        }
    }

    /// Takes a message; answers the session's end, if it is that.
    async fn take(&mut self, bytes: &[u8]) -> Result<Option<Closed>, ExecError> {
        // What can't be read is passed over, and comes again if it was numbered.
        let Ok(received) = self.channel.receive(bytes, crate::now(), &mut self.ids) else {
            return Ok(None);
        };
        for answer in received.answers {
            self.send(Message::Binary(answer.into())).await?;
        }
        for content in received.contents {
            self.heed(content).await?;
        }
        Ok(received.closed)
    }

    async fn heed(&mut self, content: Content) -> Result<(), ExecError> {
        match content {
            Content::Output(bytes) | Content::StandardError(bytes) => {
                // Nobody looks any more, and the command goes on.
                let _gone = self.shown.send(bytes).await;
            }
            Content::ExitCode(code) => self.code = Some(code),
            Content::HandshakeRequest(greeting) => {
                let reply = greeting.answer(VERSION);
                let errors = reply.errors.clone();
                self.say(&Content::HandshakeResponse(reply)).await?;
                if let Some(errors) = errors {
                    return Err(ExecError::Wanted(errors.join(", ")));
                }
            }
            Content::HandshakeComplete { customer_message } => {
                self.is_complete = true;
                if !customer_message.is_empty() {
                    let _gone = self.shown.send(format!("{customer_message}\r\n").into()).await;
                }
            }
            Content::Size(_)
            | Content::HandshakeResponse(_)
            | Content::Flag(_)
            | Content::Other { .. } => {}
        }
        Ok(())
    }

    async fn pass_on(&mut self, stroke: Stroke) -> Result<(), ExecError> {
        match stroke {
            Stroke::Keys(keys) => {
                for piece in keys.chunks(PIECE) {
                    self.say(&Content::Output(piece.to_vec())).await?;
                }
                Ok(())
            }
            Stroke::Resize(cols, rows) => self.say(&Content::Size(Size { cols, rows })).await,
        }
    }

    async fn say(&mut self, content: &Content) -> Result<(), ExecError> {
        let bytes = self.channel.send(content, crate::now(), &mut self.ids);
        self.send(Message::Binary(bytes.into())).await
    }

    async fn send_again(&mut self) -> Result<(), ExecError> {
        let now = crate::now();
        if self.channel.is_lost(now) {
            return Err(ExecError::Broken);
        }
        for bytes in self.channel.overdue(now) {
            self.send(Message::Binary(bytes.into())).await?;
        }
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Result<(), ExecError> {
        self.socket.send(message).await.map_err(|_| ExecError::Broken)
    }
}
