//! CBOR's data items (RFC 8949), one at a time: nothing here knows a shape.

use std::borrow::Cow;

/// How deep lists and maps may lie in each other; the deepest shape has a fraction of that.
const MAX_DEPTH: usize = 128;

/// The kinds of data items, which stand in the three highest bits of their first byte.
pub(super) mod major {
    pub(in super::super) const UNSIGNED: u8 = 0;
    pub(in super::super) const NEGATIVE: u8 = 1;
    pub(in super::super) const BYTES: u8 = 2;
    pub(in super::super) const TEXT: u8 = 3;
    pub(in super::super) const LIST: u8 = 4;
    pub(in super::super) const MAP: u8 = 5;
    pub(in super::super) const TAG: u8 = 6;
    pub(in super::super) const OTHER: u8 = 7;
}

/// What ends a list, map or string that does not tell its length.
const BREAK: u8 = 0xff;

/// A data item; of a list or map its beginning.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item<'a> {
    /// A whole number.
    Integer(i128),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
    /// Text.
    Text(Cow<'a, str>),
    /// So many items follow.
    List(Count),
    /// So many pairs of items follow.
    Map(Count),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`, or `undefined`.
    Null,
    /// A floating-point number.
    Float(f64),
}

/// How many items are still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// This many.
    Known(u64),
    /// As many as come before a break.
    Open,
}

/// The bytes are no CBOR, or of a kind that no shape has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// A reader of data items.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    depth: usize,
}

/// The beginning of every data item. `bits` is absent where the length is open.
struct Head {
    major: u8,
    info: u8,
    bits: Option<u64>,
}

// === impl Reader ===

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, depth: 0 }
    }

    /// Whether nothing is left.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next item. Tags are passed over: what an item means, its shape says.
    pub(super) fn item(&mut self) -> Result<Item<'a>, Malformed> {
        loop {
            let head = self.head()?;
            return Ok(match head.major {
                major::UNSIGNED => Item::Integer(head.known()?.into()),
                major::NEGATIVE => Item::Integer(-1 - i128::from(head.known()?)),
                major::BYTES => Item::Bytes(self.string(&head)?),
                major::TEXT => Item::Text(text(self.string(&head)?)?),
                major::LIST => Item::List(head.count()),
                major::MAP => Item::Map(head.count()),
                major::TAG => {
                    head.known()?;
                    continue;
                }
                _ => other(&head)?,
            });
        }
    }

    /// Whether one more item of a list, or pair of a map, is to come.
    pub(super) fn more(&mut self, count: &mut Count) -> Result<bool, Malformed> {
        match count {
            Count::Known(0) => Ok(false),
            Count::Known(left) => {
                *left -= 1;
                Ok(true)
            }
            Count::Open => {
                let ended = *self.rest.first().ok_or(Malformed)? == BREAK;
                if ended {
                    self.rest = &self.rest[1..];
                }
                Ok(!ended)
            }
        }
    }

    /// Reads what lies one level further in.
    pub(super) fn inside<T, E: From<Malformed>>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.depth == MAX_DEPTH {
            return Err(Malformed.into());
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// Passes over an item, and over all that lies in it.
    pub(super) fn skip(&mut self) -> Result<(), Malformed> {
        let (mut count, each) = match self.item()? {
            Item::List(count) => (count, 1),
            Item::Map(count) => (count, 2),
            _ => return Ok(()),
        };
        self.inside(|reader| {
            while reader.more(&mut count)? {
                (0..each).try_for_each(|_| reader.skip())?;
            }
            Ok(())
        })
    }

    fn head(&mut self) -> Result<Head, Malformed> {
        let first = self.take(1)?[0];
        let (major, info) = (first >> 5, first & 0x1f);
        let bits = match info {
            0..24 => Some(info.into()),
            24..28 => {
                let bytes = self.take(1 << (info - 24))?;
                Some(bytes.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte)))
            }
            31 => None,
            _ => return Err(Malformed),
        };
        Ok(Head { major, info, bits })
    }

    /// The bytes of a string, whole or in pieces.
    fn string(&mut self, head: &Head) -> Result<Cow<'a, [u8]>, Malformed> {
        if let Some(length) = head.bits {
            return Ok(Cow::Borrowed(self.take(length)?));
        }
        let mut whole = Vec::new();
        let mut pieces = Count::Open;
        while self.more(&mut pieces)? {
            let piece = self.head()?;
            if piece.major != head.major {
                return Err(Malformed);
            }
            whole.extend_from_slice(self.take(piece.known()?)?);
        }
        Ok(Cow::Owned(whole))
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(length).map_err(|_| Malformed)?;
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }
}

// === impl Head ===

impl Head {
    fn known(&self) -> Result<u64, Malformed> {
        self.bits.ok_or(Malformed)
    }

    fn count(&self) -> Count {
        self.bits.map_or(Count::Open, Count::Known)
    }
}

fn text(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Malformed> {
    match bytes {
        Cow::Borrowed(bytes) => {
            std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| Malformed)
        }
        Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Malformed),
    }
}

/// The items that say by their first byte alone what they are, and floating-point numbers.
fn other(head: &Head) -> Result<Item<'static>, Malformed> {
    let bits = head.known()?;
    #[expect(clippy::cast_possible_truncation, reason = "so many bytes were read")]
    Ok(match head.info {
        20 => Item::Boolean(false),
        21 => Item::Boolean(true),
        22 | 23 => Item::Null,
        25 => Item::Float(half(bits as u16)),
        26 => Item::Float(f32::from_bits(bits as u32).into()),
        27 => Item::Float(f64::from_bits(bits)),
        _ => return Err(Malformed),
    })
}

/// A number of half precision: a sign, 5 bits of exponent, 10 bits of fraction. `0x3c00` is 1.
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let fraction = f64::from(bits & 0x3ff);
    sign * match (bits >> 10) & 0x1f {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1.0 + fraction / 1024.0) * 2_f64.powi(i32::from(exponent) - 15),
    }
}

#[cfg(test)]
mod tests;
