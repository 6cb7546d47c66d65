//! `aws-chunked`: a body in chunks, each with its length before it and perhaps its signature, and
//! headers behind the last one.
//!
//! Signatures of chunks are not held against anything: a body's checksum, which clients send beside
//! or behind it, is what it is checked by.

/// Takes a body apart as it comes.
#[derive(Debug, Default)]
pub struct Chunked {
    state: State,
    /// What has come of a line.
    line: Vec<u8>,
    trailers: Vec<(String, String)>,
}

/// The body is no body in chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotChunked;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In the line before a chunk.
    #[default]
    Head,
    /// In a chunk of which so many bytes are left.
    Data(u64),
    /// Behind a chunk.
    Behind,
    /// In the headers behind the last chunk.
    Trailers,
    /// At the end.
    Done,
}

/// The most bytes of a line: a length and a signature, or a header.
const LONGEST: usize = 8 * 1024;

impl Chunked {
    /// Takes bytes, and gives those of them that are data to `data`.
    ///
    /// # Errors
    /// When they are not what they should be.
    pub fn take(&mut self, bytes: &[u8], mut data: impl FnMut(&[u8])) -> Result<(), NotChunked> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if let State::Data(left) = self.state {
                let count = usize::try_from(left).unwrap_or(usize::MAX).min(rest.len());
                let (now, later) = rest.split_at(count);
                data(now);
                let left = left - count as u64;
                self.state = if left == 0 { State::Behind } else { State::Data(left) };
                rest = later;
                continue;
            }
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (now, later) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            self.line.extend_from_slice(now);
            rest = later;
            if self.line.len() > LONGEST {
                return Err(NotChunked);
            }
            if end.is_some() {
                let line = std::mem::take(&mut self.line);
                let line = std::str::from_utf8(&line).map_err(|_| NotChunked)?;
                self.state = self.after(line.trim_end())?;
            }
        }
        Ok(())
    }

    /// The headers behind a body that has come to its end.
    ///
    /// # Errors
    /// When there is more to come.
    pub fn finish(self) -> Result<Vec<(String, String)>, NotChunked> {
        match self.state {
            State::Done | State::Trailers if self.line.is_empty() => Ok(self.trailers),
            _ => Err(NotChunked),
        }
    }

    fn after(&mut self, line: &str) -> Result<State, NotChunked> {
        match self.state {
            State::Head => {
                let length = line.split(';').next().unwrap_or_default();
                match u64::from_str_radix(length, 16).map_err(|_| NotChunked)? {
                    0 => Ok(State::Trailers),
                    left => Ok(State::Data(left)),
                }
            }
            State::Behind if line.is_empty() => Ok(State::Head),
            State::Trailers if line.is_empty() => Ok(State::Done),
            State::Trailers => {
                let (name, value) = line.split_once(':').ok_or(NotChunked)?;
                self.trailers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                Ok(State::Trailers)
            }
            State::Done if line.is_empty() => Ok(State::Done),
            State::Behind | State::Done | State::Data(_) => Err(NotChunked),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str =
        "5;chunk-signature=ab\r\nhello\r\n3\r\n, w\r\n0\r\nx-amz-checksum-crc32: AAAA\r\n\r\n";

    fn read(body: &str, step: usize) -> Result<(String, Vec<(String, String)>), NotChunked> {
        let (mut chunked, mut data) = (Chunked::default(), Vec::new());
        for bytes in body.as_bytes().chunks(step) {
            chunked.take(bytes, |bytes| data.extend_from_slice(bytes))?;
        }
        Ok((String::from_utf8(data).unwrap(), chunked.finish()?))
    }

    #[test]
    fn a_body_is_taken_apart_wherever_it_breaks() {
        let trailer = ("x-amz-checksum-crc32".to_owned(), "AAAA".to_owned());
        for step in [1, 2, 7, 200] {
            assert_eq!(read(BODY, step), Ok(("hello, w".to_owned(), vec![trailer.clone()])));
        }
        assert_eq!(read("0\r\n\r\n", 9), Ok((String::new(), Vec::new())));
    }

    #[test]
    fn what_is_no_body_in_chunks_is_refused() {
        for body in ["", "hello", "zz\r\n", "5\r\nhelloworld", "5\r\nhel", "0\r\nno header\r\n"] {
            assert_eq!(read(body, 3), Err(NotChunked), "{body}");
        }
    }
}
