//! Session Manager's data channel, which ECS Exec speaks: messages as bytes, and their order.
//!
//! Both ends are here. [`Message`] is the binary frame and [`Content`] what it carries; a
//! [`Channel`] numbers, acknowledges, repeats and sorts them; [`Opening`] is the text that comes
//! first; [`words`] is how a command's line becomes words.
//!
//! This room must not know: WebSockets and sockets, terminals, tasks, what a session runs. It is
//! given `now` and `ids`, and returns the bytes to send.
//!
//! No document of AWS's describes this; it is what AWS's session-manager-plugin and SSM agent, both
//! of which are open source, send and take.
//!
//! Start reading at [`Channel`].

pub mod channel;
pub mod content;
mod incoming;
pub mod message;
pub mod opening;
mod outgoing;
pub mod words;
pub mod wrap;

pub use channel::{Channel, Received, Side};
pub use content::{Action, Closed, Content, Greeting, Reply, Size};
pub use message::{Garbled, Kind, Message, MessageId};
pub use opening::Opening;
