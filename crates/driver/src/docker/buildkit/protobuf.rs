//! Protocol Buffers, as far as BuildKit's few messages need them: fields that are bytes, and none of
//! their types known beforehand.

/// A field of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'m> {
    /// Its number.
    pub(super) number: u64,
    /// Its bytes; empty for numbers, which nobody asks for here.
    pub(super) bytes: &'m [u8],
}

/// The fields of a message, up to where it is none.
pub(super) fn fields(message: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let mut rest = message;
    std::iter::from_fn(move || {
        let key = varint(&mut rest)?;
        let length = match key & 7 {
            0 => {
                varint(&mut rest)?;
                0
            }
            1 => skip(&mut rest, 8)?,
            2 => usize::try_from(varint(&mut rest)?).ok()?,
            5 => skip(&mut rest, 4)?,
            _ => return None,
        };
        let (bytes, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(Field { number: key >> 3, bytes })
    })
}

/// The first field of a number that is a text.
pub(super) fn text(message: &[u8], number: u64) -> Option<&str> {
    let field = fields(message).find(|field| field.number == number)?;
    std::str::from_utf8(field.bytes).ok()
}

/// A message of one field of bytes.
pub(super) fn bytes(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut message = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length >= 0x80 {
        message.push(length.to_le_bytes()[0] | 0x80);
        length >>= 7;
    }
    message.push(length.to_le_bytes()[0]);
    message.extend(bytes);
    message
}

fn skip(rest: &mut &[u8], count: usize) -> Option<usize> {
    *rest = rest.get(count..)?;
    Some(0)
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_other_types_are_passed_over() {
        let long = vec![b'x'; 300];
        let mut message = vec![0x08, 0x96, 0x01, 0x0d, 1, 2, 3, 4, 0x11, 1, 2, 3, 4, 5, 6, 7, 8];
        message.extend(bytes(3, &long));
        message.extend(bytes(4, b"end"));
        let numbers: Vec<u64> = fields(&message).map(|field| field.number).collect();
        assert_eq!(numbers, [1, 1, 2, 3, 4]);
        assert_eq!(text(&message, 3).map(str::len), Some(300));
        assert_eq!(text(&message, 4), Some("end"));
    }

    #[test]
    fn broken_messages_end_where_they_break() {
        for broken in [&[0x0a_u8, 5, 1][..], &[0xff; 12], &[0x0b], &[0x0d, 1]] {
            assert_eq!(fields(broken).count(), 0, "{broken:?}");
        }
    }
}
