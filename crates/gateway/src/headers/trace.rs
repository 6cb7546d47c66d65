//! `X-Amzn-Trace-Id` (reference §4.9).

/// What makes a trace id: when, and a number that nobody else has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Seconds since 1970.
    pub(crate) seconds: u32,
    /// By chance.
    pub(crate) id: [u8; 12],
}

impl Stamp {
    /// A number by chance.
    pub(crate) fn chance(self) -> u64 {
        let [.., a, b, c, d, e, f, g, h] = self.id;
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

/// Appends the value that the target is sent, given the one that came.
pub(super) fn write(out: &mut Vec<u8>, known: Option<&[u8]>, stamp: Stamp) {
    let Some(known) = known else { return field(out, b"Root=", stamp) };
    if let Some(place) = find(known, b"Self=") {
        // Our own mark of an earlier hop: its value is renewed in its place.
        let (front, rest) = known.split_at(place);
        let end = rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len());
        out.extend_from_slice(front);
        field(out, b"Self=", stamp);
        out.extend_from_slice(&rest[end..]);
    } else {
        let name: &[u8] = if find(known, b"Root=").is_some() { b"Self=" } else { b"Root=" };
        field(out, name, stamp);
        out.push(b';');
        out.extend_from_slice(known);
    }
}

/// Where the field of that name begins.
fn find(value: &[u8], name: &[u8]) -> Option<usize> {
    let mut start = 0;
    for part in value.split(|byte| *byte == b';') {
        let blanks = part.len() - part.trim_ascii_start().len();
        if part[blanks..].starts_with(name) {
            return Some(start + blanks);
        }
        start += part.len() + 1;
    }
    None
}

/// `Root=1-58337262-36d228ad5d99923122bbe354`.
fn field(out: &mut Vec<u8>, name: &[u8], stamp: Stamp) {
    out.extend_from_slice(name);
    out.extend_from_slice(b"1-");
    hexadecimal(out, &stamp.seconds.to_be_bytes());
    out.push(b'-');
    hexadecimal(out, &stamp.id);
}

fn hexadecimal(out: &mut Vec<u8>, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| DIGITS[usize::from(value & 15)];
    out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]));
}
