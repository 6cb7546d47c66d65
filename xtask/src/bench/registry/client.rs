//! One exchange of HTTP whose body may be long, either way: on a connection of its own, which ends
//! with the answer (HTTP/1.0).

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

/// How much is read at once.
const PIECE: usize = 256 * 1024;

/// A request about to be made.
pub(super) struct Exchange<'a> {
    port: u16,
    method: &'a str,
    target: &'a str,
    kind: &'a str,
}

/// What is sent.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    Empty,
    Text(&'a str),
    /// A file of so many bytes.
    File(&'a Path, u64),
}

/// An answer whose body was counted and thrown away.
pub(super) struct Answer {
    status: u16,
    /// Path and query of its `Location`; empty when it has none.
    pub(super) location: String,
    /// How many bytes its body had.
    pub(super) received: u64,
    /// What it was an answer to.
    request: String,
}

// === impl Exchange ===

impl<'a> Exchange<'a> {
    pub(super) fn new(port: u16, method: &'a str, target: &'a str) -> Self {
        Self { port, method, target, kind: "application/octet-stream" }
    }

    /// With a media type: of what is sent, or of what is wanted.
    pub(super) fn kind(self, kind: &'a str) -> Self {
        Self { kind, ..self }
    }

    /// Makes the request and reads the answer to its end.
    pub(super) fn run(self, body: Body<'_>) -> Result<Answer, String> {
        let request = format!("{} {}", self.method, self.target);
        self.exchange(body).map_err(|why| format!("{request}: {why}"))
    }

    fn exchange(&self, body: Body<'_>) -> io::Result<Answer> {
        let Self { port, method, target, kind } = self;
        let length = match body {
            Body::Empty => 0,
            Body::Text(text) => text.len() as u64,
            Body::File(_, length) => length,
        };
        let mut stream = TcpStream::connect(("127.0.0.1", *port))?;
        let head = format!(
            "{method} {target} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: {kind}\r\n\
             Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        match body {
            Body::Empty => {}
            Body::Text(text) => stream.write_all(text.as_bytes())?,
            Body::File(path, _) => drop(io::copy(&mut File::open(path)?, &mut stream)?),
        }
        read(stream, format!("{method} {target}"))
    }
}

fn read(mut stream: TcpStream, request: String) -> io::Result<Answer> {
    let (mut head, mut piece) = (Vec::new(), vec![0; PIECE]);
    let end = loop {
        let length = stream.read(&mut piece)?;
        head.extend_from_slice(&piece[..length]);
        if let Some(at) = head.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if length == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "no HTTP answer"));
        }
    };
    let mut received = (head.len() - end) as u64;
    loop {
        match stream.read(&mut piece)? {
            0 => break,
            length => received += length as u64,
        }
    }
    let text = String::from_utf8_lossy(&head[..end]);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok(Answer { status, location: location(&text), received, request })
}

/// `Location: http://127.0.0.1:5000/v2/…` → `/v2/…`.
fn location(head: &str) -> String {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let found = fields.find(|(name, _)| name.eq_ignore_ascii_case("location"));
    let url = found.map_or("", |(_, url)| url);
    let path = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    path.unwrap_or(url).to_owned()
}

// === impl Answer ===

impl Answer {
    /// The same, when it has this status.
    pub(super) fn expect(self, status: u16) -> Result<Self, String> {
        if self.status == status {
            return Ok(self);
        }
        Err(format!("{}: {} was answered, not {status}", self.request, self.status))
    }
}
