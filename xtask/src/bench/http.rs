//! Just enough HTTP to ask one question: HTTP/1.0, where an answer ends with its connection.

use serde_json::Value;
use std::io::{self, Read, Write};
use std::net::TcpStream;

/// An answer.
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    /// Its body.
    pub(crate) body: String,
}

/// A request.
pub(crate) struct Request<'a> {
    /// `GET`, `POST`, `DELETE`.
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) target: &'a str,
    /// Header fields besides `Host` and `Content-Length`.
    pub(crate) fields: &'a [(String, String)],
    /// The body.
    pub(crate) body: &'a str,
}

impl Request<'_> {
    /// Sends it to a port of this machine.
    pub(crate) fn to_port(&self, port: u16) -> io::Result<Answer> {
        self.over(TcpStream::connect(("127.0.0.1", port))?)
    }

    /// Sends it over a connection.
    pub(crate) fn over(&self, mut stream: impl Read + Write) -> io::Result<Answer> {
        let Self { method, target, fields, body } = self;
        let fields = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!(
            "{method} {target} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n{}\r\n",
            body.len(),
            fields.collect::<String>()
        );
        stream.write_all((head + body).as_bytes())?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        parse(&text).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no HTTP answer"))
    }
}

impl Answer {
    /// Its body, should it be a success.
    pub(crate) fn success(self) -> Result<String, String> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        Err(format!("{}: {}", self.status, self.body))
    }

    /// Its body as JSON, should it be a success.
    pub(crate) fn json(self) -> Result<Value, String> {
        let body = self.success()?;
        serde_json::from_str(&body).map_err(|why| format!("{why}: {body}"))
    }
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}
