//! HTTP/1.1 as a plain client speaks it: it sends a request once, and reads the answer to its end.

use super::super::PATIENCE;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

/// A connection to the load balancer.
#[derive(Debug)]
pub(super) struct Connection(BufReader<TcpStream>);

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) method: &'static str,
    pub(super) path: String,
    /// JSON; empty when there is none.
    pub(super) body: &'static str,
    /// `keep-alive` or `close`.
    pub(super) connection: &'static str,
}

/// An answer, read to its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    /// Whether the connection can carry another request.
    pub(super) lasts: bool,
}

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Bytes(usize),
    Chunks,
    UntilClose,
}

/// What is needed of a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    status: u16,
    length: Length,
    closes: bool,
}

// === impl Connection ===

impl Connection {
    /// Connects to a port of this machine.
    pub(super) fn open(port: u16) -> io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        // Longer than any answer takes on a busy machine: a late answer is no failure.
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Asks once. An error is a connection that ended before the answer did.
    pub(super) fn ask(&mut self, question: &Question) -> io::Result<Answer> {
        self.0.get_mut().write_all(question.text().as_bytes())?;
        let head = self.head()?;
        let body = match head.length {
            Length::Bytes(length) => self.exactly(length)?,
            Length::Chunks => self.chunks()?,
            Length::UntilClose => {
                let mut body = Vec::new();
                self.0.read_to_end(&mut body)?;
                body
            }
        };
        let lasts = !head.closes && head.length != Length::UntilClose;
        Ok(Answer { status: head.status, body: String::from_utf8_lossy(&body).into_owned(), lasts })
    }

    fn head(&mut self) -> io::Result<Head> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.ok_or_else(|| malformed(&first))?;
        let mut head = Head { status, length: Length::UntilClose, closes: false };
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok(head);
            }
            let (name, value) = line.split_once(':').ok_or_else(|| malformed(&line))?;
            let value = value.trim().to_ascii_lowercase();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => {
                    head.length = Length::Bytes(value.parse().map_err(|_| malformed(&line))?);
                }
                "transfer-encoding" if value == "chunked" => head.length = Length::Chunks,
                "connection" => head.closes = value == "close",
                _ => {}
            }
        }
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size = usize::from_str_radix(&line, 16).map_err(|_| malformed(&line))?;
            body.extend(self.exactly(size)?);
            self.line()?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(body)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}

// === impl Question ===

impl Question {
    fn text(&self) -> String {
        let Self { method, path, body, connection } = self;
        let length = body.len();
        format!(
            "{method} {path} HTTP/1.1\r\nHost: drill\r\nConnection: {connection}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    }
}

fn malformed(line: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("`{line}` is no HTTP"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    /// What a client makes of these bytes, after which the connection ends.
    fn hear(bytes: &'static str) -> io::Result<Answer> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 1024];
            assert!(stream.read(&mut asked).unwrap() > 0);
            stream.write_all(bytes.as_bytes()).unwrap();
        });
        let (body, connection, path) = ("", "keep-alive", "/".to_owned());
        let question = Question { method: "GET", path, body, connection };
        let answer = Connection::open(port).unwrap().ask(&question);
        served.join().unwrap();
        answer
    }

    /// Checks the status, the body, and what becomes of the connection.
    fn check(bytes: &'static str, (status, body, connection): (u16, &str, &str)) {
        let expected = Answer { status, body: body.to_owned(), lasts: connection == "lasts" };
        assert_eq!(hear(bytes).unwrap(), expected, "{bytes}");
    }

    #[test]
    fn an_answer_is_read_to_its_end_however_it_ends() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", (200, "ok", "lasts"));
        check("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", (201, "", "lasts"));
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
        check(chunked, (200, "ok", "lasts"));
        let last = "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx";
        check(last, (502, "x", "ends"));
        check("HTTP/1.1 200 OK\r\n\r\nall of it", (200, "all of it", "ends"));
    }

    #[test]
    fn half_an_answer_is_an_error() {
        for bytes in
            ["", "HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"]
        {
            assert!(hear(bytes).is_err(), "{bytes}");
        }
    }
}
