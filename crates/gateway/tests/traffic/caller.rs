//! A client that says exactly what a test wants, and reads what comes.

use crate::expect;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// A client's connection.
pub(crate) struct Caller {
    reader: Box<dyn AsyncRead + Send + Unpin>,
    pub(crate) writer: Box<dyn AsyncWrite + Send + Unpin>,
    arrived: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The head, with plain line ends and without the empty line.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

impl Caller {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = expect("a connection", TcpStream::connect(address)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (reader, writer) = stream.into_split();
        Self { reader: Box::new(reader), writer: Box::new(writer), arrived: Vec::new() }
    }

    /// A client on any connection.
    pub(crate) fn on(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        Self { reader: Box::new(reader), writer: Box::new(writer), arrived: Vec::new() }
    }

    /// Sends text; `\n` is sent as it is.
    pub(crate) async fn send(&mut self, text: &str) {
        expect("the gateway reads", self.writer.write_all(text.as_bytes())).await.unwrap();
        self.writer.flush().await.unwrap();
    }

    /// Sends a head written with plain line ends and without the empty line.
    pub(crate) async fn head(&mut self, head: &str) {
        self.send(&format!("{}\r\n\r\n", head.replace('\n', "\r\n"))).await;
    }

    /// Asks for a path and reads the answer.
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.head(&format!("GET {path} HTTP/1.1\nHost: example.com")).await;
        self.answer().await
    }

    /// Reads an answer, framed by length, chunks or close.
    pub(crate) async fn answer(&mut self) -> Answer {
        self.try_answer().await.expect("the connection ended before an answer")
    }

    /// Reads an answer; none when the connection ends before or within it.
    pub(crate) async fn try_answer(&mut self) -> Option<Answer> {
        let head = self.try_read_head().await?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut answer = Answer { status, head, body: String::new() };
        answer.body = if let Some(length) = answer.header("Content-Length") {
            let length = length.parse().unwrap();
            self.try_read(length).await?
        } else if answer.header("Transfer-Encoding").is_some() {
            self.chunks().await?
        } else if matches!(status, 101..200 | 204 | 304) {
            String::new()
        } else {
            self.rest().await
        };
        Some(answer)
    }

    /// Reads an answer that has no body whatever it says.
    pub(crate) async fn answer_to_head(&mut self) -> Answer {
        let head = self.try_read_head().await.expect("an answer");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: String::new() }
    }

    async fn try_read_head(&mut self) -> Option<String> {
        let end = loop {
            if let Some(at) = self.arrived.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            self.more().await?;
        };
        let head = String::from_utf8(self.arrived[..end].to_vec()).unwrap();
        self.arrived.drain(..end + 4);
        Some(head.replace("\r\n", "\n"))
    }

    /// Reads exactly so many bytes.
    pub(crate) async fn read(&mut self, length: usize) -> String {
        self.try_read(length).await.expect("the connection ended too early")
    }

    async fn try_read(&mut self, length: usize) -> Option<String> {
        while self.arrived.len() < length {
            self.more().await?;
        }
        let rest = self.arrived.split_off(length);
        let bytes = std::mem::replace(&mut self.arrived, rest);
        Some(String::from_utf8(bytes).unwrap())
    }

    /// Reads up to the end of a text.
    pub(crate) async fn read_to(&mut self, end: &str) -> String {
        loop {
            let found = self.arrived.windows(end.len()).position(|part| part == end.as_bytes());
            if let Some(at) = found {
                return self.read(at + end.len()).await;
            }
            self.more().await.expect("the connection ended too early");
        }
    }

    async fn chunks(&mut self) -> Option<String> {
        let mut body = String::new();
        loop {
            let line = self.read_to("\r\n").await;
            let size = usize::from_str_radix(line.trim_end(), 16).unwrap();
            if size == 0 {
                while self.read_to("\r\n").await != "\r\n" {}
                return Some(body);
            }
            body.push_str(&self.try_read(size).await?);
            assert_eq!(self.try_read(2).await?, "\r\n");
        }
    }

    /// Reads to the end of the connection.
    pub(crate) async fn rest(&mut self) -> String {
        while self.more().await.is_some() {}
        String::from_utf8(std::mem::take(&mut self.arrived)).unwrap()
    }

    /// Reads to the end; tells whether it is an error.
    pub(crate) async fn is_reset(&mut self) -> bool {
        expect("the end", self.reader.read_to_end(&mut self.arrived)).await.is_err()
    }

    /// Reads more; none at the end.
    async fn more(&mut self) -> Option<()> {
        let read = expect("more bytes, or the end", self.reader.read_buf(&mut self.arrived)).await;
        (read.unwrap_or(0) > 0).then_some(())
    }
}
