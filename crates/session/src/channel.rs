//! One end of a data channel: it numbers what it sends, and sorts what it receives.
//!
//! Nothing waits here: who holds an end sends the bytes that it is given, gives it the bytes that
//! come, and asks again when [`Channel::due`] says.

use crate::content::{Acknowledgement, Closed, Content, json};
use crate::incoming::{Incoming, Taken};
use crate::message::{Garbled, Kind, Message, MessageId};
use crate::outgoing::Outgoing;
use model::{Ids, Timestamp};

/// The most bytes of a terminal in one message: AWS's own pieces.
pub const PIECE: usize = 1024;

/// The flags that AWS's ends put on acknowledgements.
const ACKNOWLEDGING: u64 = 3;

/// One end.
#[derive(Debug)]
pub struct Channel {
    side: Side,
    outgoing: Outgoing,
    incoming: Incoming,
}

/// Which end it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The person's.
    Client,
    /// The container's.
    Agent,
}

/// What a message came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Received {
    /// Messages to be sent now.
    pub answers: Vec<Vec<u8>>,
    /// What has come, in its order.
    pub contents: Vec<Content>,
    /// That the session is over, and why.
    pub closed: Option<Closed>,
}

impl Channel {
    /// An end that has sent and received nothing.
    #[must_use]
    pub fn new(side: Side) -> Self {
        Self { side, outgoing: Outgoing::default(), incoming: Incoming::default() }
    }

    /// A content as the message to be sent, which is kept until it is acknowledged.
    pub fn send(&mut self, content: &Content, now: Timestamp, ids: &mut Ids) -> Vec<u8> {
        let (payload_type, payload) = content.encode();
        let kind = match self.side {
            Side::Client => Kind::Input,
            Side::Agent => Kind::Output,
        };
        let sequence = self.outgoing.next();
        let id = MessageId::new(ids);
        let message = Message { kind, created: now, sequence, flags: 0, id, payload_type, payload };
        let bytes = message.encode();
        self.outgoing.keep(bytes.clone(), now);
        bytes
    }

    /// Takes a message that has come.
    ///
    /// # Errors
    /// When it can't be read. What can be read and is not for this end is passed over.
    pub fn receive(
        &mut self,
        bytes: &[u8],
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Received, Garbled> {
        let message = Message::decode(bytes)?;
        let mut received = Received::default();
        match (self.side, &message.kind) {
            (Side::Client, Kind::Output) | (Side::Agent, Kind::Input) => {
                let content = Content::decode(message.payload_type, &message.payload)?;
                if let Taken::InOrder(contents) = self.incoming.take(message.sequence, content) {
                    received.answers.push(acknowledge(&message, now, ids));
                    received.contents = contents;
                }
            }
            (_, Kind::Acknowledge) => {
                let told: Acknowledgement = read(&message)?;
                self.outgoing.acknowledge(told.sequence);
            }
            (Side::Client, Kind::ChannelClosed) => received.closed = Some(read(&message)?),
            _ => {}
        }
        Ok(received)
    }

    /// Whether who has more to send should wait until some of it has arrived.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.outgoing.is_full()
    }

    /// Whether all that was sent has arrived.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.outgoing.is_empty()
    }

    /// When something has to be sent again, unless it is acknowledged before.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.outgoing.due()
    }

    /// What has to be sent again by now.
    pub fn overdue(&mut self, now: Timestamp) -> Vec<Vec<u8>> {
        self.outgoing.overdue(now)
    }

    /// Whether the other end has not acknowledged anything for so long that it is gone.
    #[must_use]
    pub fn is_lost(&self, now: Timestamp) -> bool {
        self.outgoing.is_lost(now)
    }
}

/// The message that ends a session, which only the agent's side sends. `why` is empty when the
/// command has just ended.
#[must_use]
pub fn closing(session: &str, why: &str, now: Timestamp, ids: &mut Ids) -> Vec<u8> {
    let id = MessageId::new(ids);
    let closed = Closed {
        message_id: id.to_string(),
        created_date: now.to_string(),
        destination_id: String::new(),
        session_id: session.to_owned(),
        message_type: Kind::ChannelClosed.as_str().to_owned(),
        schema_version: 1,
        output: why.to_owned(),
    };
    unnumbered(Kind::ChannelClosed, id, json(&closed), now).encode()
}

fn acknowledge(message: &Message, now: Timestamp, ids: &mut Ids) -> Vec<u8> {
    let told = Acknowledgement {
        message_type: message.kind.as_str().to_owned(),
        message_id: message.id.to_string(),
        sequence: message.sequence,
        is_sequential: true,
    };
    let id = MessageId::new(ids);
    let flags = ACKNOWLEDGING;
    Message { flags, ..unnumbered(Kind::Acknowledge, id, json(&told), now) }.encode()
}

fn unnumbered(kind: Kind, id: MessageId, payload: Vec<u8>, now: Timestamp) -> Message {
    Message { kind, created: now, sequence: 0, flags: 0, id, payload_type: 0, payload }
}

fn read<T: serde::de::DeserializeOwned>(message: &Message) -> Result<T, Garbled> {
    serde_json::from_slice(&message.payload).map_err(|why| Garbled::Content {
        payload_type: message.payload_type,
        why: why.to_string(),
    })
}

#[cfg(test)]
mod tests;
