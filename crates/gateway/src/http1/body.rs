//! Where the body of a message ends.
//!
//! Bodies are passed on as they come, chunk sizes and trailers included; this only counts along.

/// What is left of a message's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Body {
    /// So many bytes; none when the message has no body.
    Length(u64),
    /// Chunks, and the trailers behind them.
    Chunked(Chunked),
    /// All that comes until the connection is closed.
    UntilClose,
}

/// Where in the chunks we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chunked {
    /// In the hexadecimal size of a chunk.
    Size { size: u64, digits: u8 },
    /// Behind the size, in front of its line's end; extensions are counted.
    Extension { size: u64, length: u16 },
    /// Between the carriage return and the line feed behind a size.
    SizeEnd { size: u64 },
    /// In the data.
    Data { left: u64 },
    /// Behind the data: a carriage return, then a line feed.
    DataEnd { returned: bool },
    /// In a line behind the last chunk; an empty line is the end.
    Trailer { line: u16, returned: bool },
    /// Behind everything.
    Over,
}

/// The body is not framed as it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// A run of bytes within chunks.
enum Run {
    Data(usize),
    Frame(usize),
}

/// The longest line of an extension or a trailer, as for any header (reference §4.9).
const LINE: u16 = 16 * 1024;

// === impl Body ===

impl Body {
    /// No body.
    pub(crate) const NONE: Self = Self::Length(0);
    /// Chunks that have not begun yet.
    pub(crate) const CHUNKED: Self = Self::Chunked(Chunked::START);

    /// Whether nothing is left.
    pub(crate) fn is_over(self) -> bool {
        matches!(self, Self::Length(0) | Self::Chunked(Chunked::Over))
    }

    /// Counts what arrived; tells how many of the bytes belong to the body.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<usize, Malformed> {
        match self {
            Self::Length(left) => Ok(take_length(left, bytes.len())),
            Self::UntilClose => Ok(bytes.len()),
            Self::Chunked(chunked) => {
                let mut taken = 0;
                while taken < bytes.len() && *chunked != Chunked::Over {
                    let (Run::Data(length) | Run::Frame(length)) = chunked.run(&bytes[taken..])?;
                    taken += length;
                }
                Ok(taken)
            }
        }
    }

    /// Like [`Body::take`], and moves the data together without its framing, for a client that
    /// does not know chunks. Tells how many bytes belong to the body, and how many of data are
    /// now at the front.
    pub(crate) fn strip(&mut self, bytes: &mut [u8]) -> Result<(usize, usize), Malformed> {
        let Self::Chunked(chunked) = self else {
            let taken = self.take(bytes)?;
            return Ok((taken, taken));
        };
        let (mut taken, mut kept) = (0, 0);
        while taken < bytes.len() && *chunked != Chunked::Over {
            match chunked.run(&bytes[taken..])? {
                Run::Frame(length) => taken += length,
                Run::Data(length) => {
                    bytes.copy_within(taken..taken + length, kept);
                    taken += length;
                    kept += length;
                }
            }
        }
        Ok((taken, kept))
    }
}

/// Takes at most `left` of `arrived`.
fn take_length(left: &mut u64, arrived: usize) -> usize {
    let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(arrived);
    *left -= taken as u64;
    taken
}

// === impl Chunked ===

impl Chunked {
    const START: Self = Self::Size { size: 0, digits: 0 };

    /// Goes through one run of data, or one byte of framing.
    fn run(&mut self, bytes: &[u8]) -> Result<Run, Malformed> {
        if let Self::Data { left } = self {
            let length = take_length(left, bytes.len());
            if *left == 0 {
                *self = Self::DataEnd { returned: false };
            }
            return Ok(Run::Data(length));
        }
        *self = self.behind(bytes[0])?;
        Ok(Run::Frame(1))
    }

    /// The state behind one byte of framing. Lines end with both characters: a lone line feed is
    /// read differently by different servers, and that is how requests are smuggled.
    fn behind(self, byte: u8) -> Result<Self, Malformed> {
        match (self, byte) {
            (Self::Size { size, digits }, byte) if byte.is_ascii_hexdigit() => {
                // 15 digits fit 64 bits, and no body is longer.
                let size = size * 16 + u64::from(hexadecimal(byte));
                if digits < 15 {
                    Ok(Self::Size { size, digits: digits + 1 })
                } else {
                    Err(Malformed)
                }
            }
            (Self::Size { digits: 0, .. }, _) => Err(Malformed),
            (Self::Size { size, .. } | Self::Extension { size, .. }, b'\r') => {
                Ok(Self::SizeEnd { size })
            }
            (Self::Size { size, .. }, b';' | b' ' | b'\t') => {
                Ok(Self::Extension { size, length: 0 })
            }
            (Self::Extension { size, length }, byte) if byte != b'\n' && length < LINE => {
                Ok(Self::Extension { size, length: length + 1 })
            }
            (Self::SizeEnd { size: 0 }, b'\n') => Ok(Self::Trailer { line: 0, returned: false }),
            (Self::SizeEnd { size }, b'\n') => Ok(Self::Data { left: size }),
            (Self::DataEnd { returned: false }, b'\r') => Ok(Self::DataEnd { returned: true }),
            (Self::DataEnd { returned: true }, b'\n') => Ok(Self::START),
            (Self::Trailer { line: 0, returned: true }, b'\n') => Ok(Self::Over),
            (Self::Trailer { returned: true, .. }, b'\n') => {
                Ok(Self::Trailer { line: 0, returned: false })
            }
            (Self::Trailer { line, returned: false }, b'\r') => {
                Ok(Self::Trailer { line, returned: true })
            }
            (Self::Trailer { line, returned: false }, byte) if byte != b'\n' && line < LINE => {
                Ok(Self::Trailer { line: line + 1, returned: false })
            }
            _ => Err(Malformed),
        }
    }
}

fn hexadecimal(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit - b'A' + 10,
    }
}

#[cfg(test)]
mod tests;
