//! A session between a client and a terminal, from the agent's greeting to the command's end.

use super::Socket;
use crate::door::Door;
use crate::{clock, tailor};
use bytes::Bytes;
use driver::{Exec, Stroke, Terminal, Window};
use futures_util::{SinkExt as _, StreamExt as _};
use model::{Ids, Timestamp};
use services::Errand;
use session::channel::PIECE;
use session::{Channel, Content, Greeting, Reply, Side, Size, words};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use world::TaskKey;

/// After how long without a key or a picture a session is ended: AWS's own time. It is the person's,
/// so that no speed divides it.
const IDLE: Duration = Duration::from_secs(20 * 60);

/// How long the last pictures may take to arrive.
const SETTLING: Duration = Duration::from_secs(5);

/// The agent whose part is played: the oldest that does all of this. Clients ask an agent's version
/// before they use what is newer.
const AGENT: &str = "3.1.1732.0";

/// How many strokes wait for a command that does not take them before no more is heard. What is shown
/// has to be acknowledged all the same, so who is shown nothing more is heard again.
const STROKES: usize = 256;

/// The flag by which a client ends a session.
const TERMINATE: u32 = 2;

/// How a session ended.
#[derive(Debug)]
pub(super) enum Ending {
    /// The client hung up.
    ClientGone,
    /// The command has ended.
    Done,
    /// Something else, which the person should know.
    Because(String),
}

/// A session's two ends.
pub(super) struct Conversation<'a> {
    door: &'a Door,
    socket: &'a mut Socket,
    ids: &'a mut Ids,
    channel: Channel,
    /// What was done at the client's terminal and is not passed on yet.
    strokes: VecDeque<Stroke>,
}

/// What happens next.
enum Turn {
    /// The client said this.
    Heard(Vec<Content>),
    /// The terminal shows this; absent when the command has ended.
    Shown(Option<Bytes>),
}

impl<'a> Conversation<'a> {
    pub(super) fn new(door: &'a Door, socket: &'a mut Socket, ids: &'a mut Ids) -> Self {
        let (channel, strokes) = (Channel::new(Side::Agent), VecDeque::new());
        Self { door, socket, ids, channel, strokes }
    }

    /// Holds the session to its end.
    pub(super) async fn hold(mut self, errand: &Errand) -> Ending {
        match self.try_hold(errand).await {
            Ok(()) => Ending::Done,
            Err(ending) => ending,
        }
    }

    async fn try_hold(&mut self, errand: &Errand) -> Result<(), Ending> {
        let command = errand.command.reveal();
        self.say(&Content::HandshakeRequest(Greeting::of_command(AGENT, command))).await?;
        self.greeted().await?;
        let mut terminal = self.start(errand).await?;
        self.say(&Content::HandshakeComplete { customer_message: String::new() }).await?;
        while let Some(turn) = self.turn(Some(&mut terminal)).await? {
            match turn {
                Turn::Heard(contents) => self.note(contents)?,
                Turn::Shown(Some(picture)) => {
                    for piece in picture.chunks(PIECE) {
                        self.say(&Content::Output(piece.to_vec())).await?;
                    }
                }
                Turn::Shown(None) => return self.finish(&errand.task).await,
            }
        }
        Err(Ending::ClientGone)
    }

    /// Waits for the client's answer to the greeting.
    async fn greeted(&mut self) -> Result<(), Ending> {
        while let Some(turn) = self.turn(None).await? {
            let Turn::Heard(contents) = turn else { continue };
            for content in contents {
                if let Content::HandshakeResponse(Reply { errors, .. }) = content {
                    let errors = errors.unwrap_or_default();
                    let why =
                        || Ending::Because(format!("Handshake failed: {}", errors.join(", ")));
                    return if errors.is_empty() { Ok(()) } else { Err(why()) };
                }
            }
        }
        Err(Ending::ClientGone)
    }

    /// Starts the command, or says why it can't be started, as AWS's agent does.
    async fn start(&mut self, errand: &Errand) -> Result<Terminal, Ending> {
        let failed = |why: &dyn std::fmt::Display| {
            Ending::Because(format!("----------ERROR-------\nUnable to start command: {why}\n"))
        };
        let words = words::split(errand.command.reveal()).map_err(|why| failed(&why))?;
        let container = tailor::container(&errand.task, &errand.container);
        let exec = Exec { container, words, window: Window::default() };
        self.door.driver.exec(exec).await.map_err(|why| failed(&why))
    }

    /// The command has ended: what it showed has to arrive, and why it ended may be worth a word.
    async fn finish(&mut self, task: &TaskKey) -> Result<(), Ending> {
        let settled = async {
            while !self.channel.is_settled() && matches!(self.turn(None).await, Ok(Some(_))) {}
        };
        // What has not arrived by then never will.
        let _late = tokio::time::timeout(SETTLING, settled).await;
        let world = self.door.desk.published.load();
        match world.tasks.get(task).map(|task| &task.stop) {
            Some(Some(stop)) => {
                Err(Ending::Because(format!("The task is stopping: {}", stop.reason)))
            }
            Some(None) => Ok(()),
            None => Err(Ending::Because("The task has stopped".to_owned())),
        }
    }

    /// Notes what the client did at its own terminal.
    fn note(&mut self, contents: Vec<Content>) -> Result<(), Ending> {
        for content in contents {
            match content {
                Content::Output(keys) => self.strokes.push_back(Stroke::Keys(keys.into())),
                Content::Size(size) => self.strokes.push_back(Stroke::Resize(window(size))),
                Content::Flag(TERMINATE) => return Err(Ending::Done),
                _ => {}
            }
        }
        Ok(())
    }

    async fn say(&mut self, content: &Content) -> Result<(), Ending> {
        let bytes = self.channel.send(content, clock::now(), self.ids);
        self.send(bytes).await
    }

    async fn send(&mut self, bytes: Vec<u8>) -> Result<(), Ending> {
        let sent = self.socket.send(Message::Binary(bytes.into())).await;
        sent.map_err(|_| Ending::ClientGone)
    }

    /// Waits until something happens; absent when the client has hung up. Meanwhile what does not
    /// arrive is sent again.
    async fn turn(&mut self, terminal: Option<&mut Terminal>) -> Result<Option<Turn>, Ending> {
        let settles = terminal.is_none();
        let (mut output, input) = match terminal {
            Some(Terminal { output, input }) => (Some(output), Some(&*input)),
            None => (None, None),
        };
        let idle = tokio::time::sleep(IDLE);
        tokio::pin!(idle);
        loop {
            let now = clock::now();
            let due = self.channel.due().map(|due| Duration::from(due.since(now)));
            // Who does not keep up is not shown more.
            let shows = !self.channel.is_full();
            let hears = self.strokes.len() < STROKES || !shows;
            tokio::select! {
                message = self.socket.next(), if hears => {
                    let Some(Ok(message)) = message else { return Ok(None) };
                    if matches!(message, Message::Close(_)) {
                        return Ok(None);
                    }
                    let contents = self.take(message, clock::now()).await?;
                    // An acknowledgement alone is nobody's doing, but it may settle what is waited for.
                    if !contents.is_empty() || self.channel.is_settled() && settles {
                        return Ok(Some(Turn::Heard(contents)));
                    }
                }
                picture = shown(&mut output), if shows => return Ok(Some(Turn::Shown(picture))),
                () = pass_on(&mut self.strokes, input) => {}
                () = tokio::time::sleep(due.unwrap_or(IDLE)), if due.is_some() => {
                    self.send_again().await?;
                }
                () = &mut idle => {
                    let why = "Your session timed out due to inactivity";
                    return Err(Ending::Because(why.to_owned()));
                }
            }
        }
    }

    /// Takes a message. One that can't be read is passed over, and comes again if it was numbered.
    async fn take(&mut self, message: Message, now: Timestamp) -> Result<Vec<Content>, Ending> {
        let Message::Binary(bytes) = message else { return Ok(Vec::new()) };
        match self.channel.receive(&bytes, now, self.ids) {
            Ok(received) => {
                for answer in received.answers {
                    self.send(answer).await?;
                }
                Ok(received.contents)
            }
            Err(why) => {
                tracing::debug!(error = %why, "a message of a data channel can't be read");
                Ok(Vec::new())
            }
        }
    }

    async fn send_again(&mut self) -> Result<(), Ending> {
        let now = clock::now();
        if self.channel.is_lost(now) {
            return Err(Ending::ClientGone);
        }
        for bytes in self.channel.overdue(now) {
            self.send(bytes).await?;
        }
        Ok(())
    }
}

/// What a terminal shows next. Where there is none, nothing ever.
async fn shown(output: &mut Option<&mut mpsc::Receiver<Bytes>>) -> Option<Bytes> {
    match output {
        Some(output) => output.recv().await,
        None => std::future::pending().await,
    }
}

/// Passes the next stroke on, once it is taken. Where there is none, never.
async fn pass_on(strokes: &mut VecDeque<Stroke>, input: Option<&mpsc::Sender<Stroke>>) {
    match input {
        Some(input) if !strokes.is_empty() => {
            // A command that has ended takes nothing, and that it has is seen elsewhere.
            if let Ok(place) = input.reserve().await
                && let Some(stroke) = strokes.pop_front()
            {
                place.send(stroke);
            } else {
                strokes.clear();
            }
        }
        _ => std::future::pending().await,
    }
}

/// A size as terminals have them.
fn window(size: Size) -> Window {
    let number = |count: u32| u16::try_from(count).unwrap_or(u16::MAX);
    Window { columns: number(size.cols), rows: number(size.rows) }
}
