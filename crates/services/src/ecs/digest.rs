//! A digest of a request, to tell a repeat from another request with the same token.

use std::fmt::{self, Debug, Write};

/// FNV-1a over the request's `Debug` form: short, the same on every machine, and nothing of the
/// request can be read from it. Tokens are the caller's own, so nobody gains by a collision.
pub(super) fn of(request: &impl Debug) -> String {
    let mut digest = Fnv(0xcbf2_9ce4_8422_2325);
    // Writing into a number can't fail.
    let _: fmt::Result = write!(digest, "{request:?}");
    format!("{:016x}", digest.0)
}

struct Fnv(u64);

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn equal_requests_have_equal_digests_and_others_do_not() {
        assert_eq!(of(&("web", 1)), of(&("web", 1)));
        assert_ne!(of(&("web", 1)), of(&("web", 2)));
        assert_eq!(of(&"").len(), 16);
    }
}
