//! A message as bytes: a header of 116 bytes and their length, then the payload.
//!
//! Numbers are big-endian. The header's length stands first and does not count itself nor the
//! payload's length, which stands last. What a payload means is in [`content`](crate::content).

use aws_lc_rs::digest::{SHA256, digest};
use model::{Ids, Timestamp};
use std::fmt;

/// The header's length as it is written: where the payload's length stands.
const HEADER: usize = 116;
/// The bytes of the payload's length.
const LENGTH: usize = 4;
/// The bytes of the message's kind, filled up with blanks.
const KIND: usize = 32;
/// The only version there is.
const SCHEMA: u32 = 1;
/// The longest payload that is taken. AWS's ends cut theirs at 1 KiB; handshakes are longer.
const LONGEST: usize = 1 << 20;

/// A message of the data channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What kind it is.
    pub kind: Kind,
    /// When it was made.
    pub created: Timestamp,
    /// Its place among the messages of its end; 0 for those that are not numbered.
    pub sequence: i64,
    /// Says nothing that is needed here.
    pub flags: u64,
    /// Its name, by which it is acknowledged.
    pub id: MessageId,
    /// What its payload is, by AWS's number.
    pub payload_type: u32,
    /// The payload.
    pub payload: Vec<u8>,
}

/// A message's kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// From the client to the agent, numbered.
    Input,
    /// From the agent to the client, numbered.
    Output,
    /// A numbered message has arrived.
    Acknowledge,
    /// The session is over.
    ChannelClosed,
    /// The client may send.
    StartPublication,
    /// The client should wait: nobody listens at the other end.
    PausePublication,
    /// Another one, which is passed over.
    Unknown(String),
}

/// A message's name: a UUID, written with its halves swapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageId([u8; 16]);

/// Bytes that are no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Garbled {
    /// They end before the message does.
    #[error("a message of {0} bytes is too short")]
    Short(usize),
    /// The header has another length than those that are known.
    #[error("a message's header is {0} bytes long")]
    Header(u32),
    /// The payload is longer than any that is taken.
    #[error("a message's payload is {0} bytes long")]
    Long(usize),
    /// The payload is another one than its digest says.
    #[error("a message's payload does not have its digest")]
    Digest,
    /// The payload can't be read as what it should be.
    #[error("a message of type {payload_type} can't be read: {why}")]
    Content {
        /// AWS's number of the payload's type.
        payload_type: u32,
        /// Why.
        why: String,
    },
}

// === impl Message ===

impl Message {
    /// The bytes of it.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + LENGTH + self.payload.len());
        bytes.extend(number(HEADER).to_be_bytes());
        let mut kind = self.kind.as_str().as_bytes().to_vec();
        kind.resize(KIND, b' ');
        bytes.extend(kind);
        bytes.extend(SCHEMA.to_be_bytes());
        bytes.extend(self.created.millis().to_be_bytes());
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(self.flags.to_be_bytes());
        bytes.extend(self.id.swapped());
        bytes.extend(digest(&SHA256, &self.payload).as_ref());
        bytes.extend(self.payload_type.to_be_bytes());
        bytes.extend(number(self.payload.len()).to_be_bytes());
        bytes.extend(&self.payload);
        bytes
    }

    /// Reads a message.
    ///
    /// # Errors
    /// When the bytes are none, or the payload does not have its digest. Only the two kinds that
    /// stop and start the client come without a digest.
    pub fn decode(bytes: &[u8]) -> Result<Self, Garbled> {
        let mut rest = Bytes { rest: bytes, whole: bytes.len() };
        let header = u32::from_be_bytes(rest.take()?);
        if header != number(HEADER) {
            return Err(Garbled::Header(header));
        }
        let kind = Kind::of(&rest.take::<KIND>()?);
        let _schema: [u8; 4] = rest.take()?;
        let created = Timestamp::from_millis(i64::from_be_bytes(rest.take()?));
        let sequence = i64::from_be_bytes(rest.take()?);
        let flags = u64::from_be_bytes(rest.take()?);
        let id = MessageId::of_swapped(rest.take()?);
        let told: [u8; 32] = rest.take()?;
        let payload_type = u32::from_be_bytes(rest.take()?);
        let length = u32::from_be_bytes(rest.take()?);
        let payload = rest.rest;
        if payload.len() > LONGEST {
            return Err(Garbled::Long(payload.len()));
        }
        if number(payload.len()) != length {
            return Err(Garbled::Short(bytes.len()));
        }
        let checked = !matches!(kind, Kind::StartPublication | Kind::PausePublication);
        if checked && length != 0 && digest(&SHA256, payload).as_ref() != told {
            return Err(Garbled::Digest);
        }
        let payload = payload.to_vec();
        Ok(Self { kind, created, sequence, flags, id, payload_type, payload })
    }
}

/// Bytes that are taken from the front.
struct Bytes<'a> {
    rest: &'a [u8],
    whole: usize,
}

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Garbled> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Garbled::Short(self.whole))?;
        self.rest = rest;
        Ok(*taken)
    }
}

/// A length as it is written. No message comes near the limit of its 32 bits.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

// === impl Kind ===

impl Kind {
    /// AWS's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Input => "input_stream_data",
            Self::Output => "output_stream_data",
            Self::Acknowledge => "acknowledge",
            Self::ChannelClosed => "channel_closed",
            Self::StartPublication => "start_publication",
            Self::PausePublication => "pause_publication",
            Self::Unknown(word) => word.get(..KIND.min(word.len())).unwrap_or_default(),
        }
    }

    /// A word, with the blanks or zeros behind it.
    fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let word = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        let known = [
            Self::Input,
            Self::Output,
            Self::Acknowledge,
            Self::ChannelClosed,
            Self::StartPublication,
            Self::PausePublication,
        ];
        let found = known.into_iter().find(|kind| kind.as_str() == word);
        found.unwrap_or_else(|| Self::Unknown(word.to_owned()))
    }
}

// === impl MessageId ===

impl MessageId {
    /// A new name: a UUID of version 4.
    #[must_use]
    pub fn new(ids: &mut Ids) -> Self {
        let [high, low] = [ids.number(), ids.number()];
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&high.to_be_bytes());
        bytes[8..].copy_from_slice(&low.to_be_bytes());
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Self(bytes)
    }

    fn swapped(self) -> [u8; 16] {
        let mut bytes = self.0;
        bytes.rotate_left(8);
        bytes
    }

    fn of_swapped(mut bytes: [u8; 16]) -> Self {
        bytes.rotate_left(8);
        Self(bytes)
    }
}

/// As UUIDs are written.
impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
