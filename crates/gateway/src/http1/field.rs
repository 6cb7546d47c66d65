//! Headers that mean something to a proxy.

/// What a header is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Host,
    Connection,
    Upgrade,
    TransferEncoding,
    ContentLength,
    Expect,
    ForwardedFor,
    ForwardedProto,
    ForwardedPort,
    TraceId,
    /// Any other header that concerns one connection only.
    HopByHop,
    /// Passed on.
    Other,
}

/// What a header of that name is. The length decides almost everything, so most names cost one look.
pub(crate) fn kind(name: &str) -> Kind {
    let (word, kind) = match name.len() {
        2 => ("te", Kind::HopByHop),
        4 => ("host", Kind::Host),
        6 => ("expect", Kind::Expect),
        7 => ("upgrade", Kind::Upgrade),
        10 if name.starts_with(['k', 'K']) => ("keep-alive", Kind::HopByHop),
        10 => ("connection", Kind::Connection),
        14 => ("content-length", Kind::ContentLength),
        15 if name.ends_with(['d', 'D']) => ("x-amzn-trace-id", Kind::TraceId),
        15 => ("x-forwarded-for", Kind::ForwardedFor),
        16 if name.starts_with(['p', 'P']) => ("proxy-connection", Kind::HopByHop),
        16 => ("x-forwarded-port", Kind::ForwardedPort),
        17 if name.starts_with(['t', 'T']) => ("transfer-encoding", Kind::TransferEncoding),
        17 => ("x-forwarded-proto", Kind::ForwardedProto),
        _ => return Kind::Other,
    };
    if name.eq_ignore_ascii_case(word) { kind } else { Kind::Other }
}

/// The tokens of a comma-separated list, without blanks and empty ones.
pub(crate) fn tokens(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind, tokens};

    #[test]
    fn names_are_known_in_any_case() {
        for (name, expected) in [
            ("Host", Kind::Host),
            ("CONNECTION", Kind::Connection),
            ("Keep-Alive", Kind::HopByHop),
            ("keep-alive", Kind::HopByHop),
            ("Proxy-Connection", Kind::HopByHop),
            ("TE", Kind::HopByHop),
            ("Upgrade", Kind::Upgrade),
            ("transfer-Encoding", Kind::TransferEncoding),
            ("Content-length", Kind::ContentLength),
            ("Expect", Kind::Expect),
            ("x-Forwarded-For", Kind::ForwardedFor),
            ("X-Forwarded-Proto", Kind::ForwardedProto),
            ("X-Forwarded-Port", Kind::ForwardedPort),
            ("X-Amzn-Trace-Id", Kind::TraceId),
            ("X-AMZN-TRACE-ID", Kind::TraceId),
            ("Hosts", Kind::Other),
            ("Content-Types_", Kind::Other),
            ("Range", Kind::Other),
            ("", Kind::Other),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }

    #[test]
    fn tokens_are_trimmed_and_never_empty() {
        let found: Vec<_> = tokens(b" close ,, keep-alive,\tx ").collect();
        assert_eq!(found, [&b"close"[..], b"keep-alive", b"x"]);
    }
}
