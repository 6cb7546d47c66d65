//! The end of what a command printed.

/// How much of a probe's output is kept, in bytes; Docker keeps as much of a health check's.
const KEPT: usize = 4096;

/// Keeps the last 4 KiB of what is pushed into it.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    bytes: Vec<u8>,
}

impl Tail {
    /// Adds bytes at the end and forgets from the front.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        let surplus = self.bytes.len().saturating_sub(KEPT);
        self.bytes.drain(..surplus);
    }

    /// The text kept so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_kept() {
        let mut tail = Tail::default();
        tail.push(b"begin");
        tail.push(&[b'x'; KEPT - 3]);
        tail.push(b"end");
        assert_eq!(tail.text(), format!("{}end", "x".repeat(KEPT - 3)));
    }
}
