//! Addresses in commands: what a health check asks for.

/// What a command asks its own container for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// The port, if it stands there as a number.
    pub(crate) port: Option<u16>,
    /// The path.
    pub(crate) path: String,
}

/// Names of a container's own address.
const OWN: [&str; 4] = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"];

/// The first address of the own container in a text.
pub(crate) fn of(text: &str) -> Option<Address> {
    let (_, rest) = text.split_once("http://")?;
    let own = OWN.iter().find(|own| rest.starts_with(**own))?;
    let rest = &rest[own.len()..];
    let end =
        |it: char| it.is_whitespace() || matches!(it, '"' | '\'' | '`' | ')' | ';' | '|' | '?');
    let (port, rest) = match rest.strip_prefix(':') {
        Some(rest) => port(rest),
        None => (Some(80), rest),
    };
    let path = rest.split(end).next().unwrap_or_default();
    // A path that is made of variables is known to nobody here.
    let is_plain = !path.contains(['$', '{', '+']);
    let path = if path.is_empty() { "/" } else { path };
    is_plain.then(|| Address { port, path: path.to_owned() })
}

/// The port, and what follows it; a port that a variable gives may have braces.
fn port(text: &str) -> (Option<u16>, &str) {
    if let Some(at) = text.strip_prefix("${").and_then(|_| text.find('}')) {
        return (None, &text[at + 1..]);
    }
    let end = text.find(|it: char| !it.is_ascii_alphanumeric() && it != '$' && it != '_');
    let (port, rest) = text.split_at(end.unwrap_or(text.len()));
    (port.parse().ok(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_asks_for_a_path_at_a_port() {
        for (text, expected) in [
            ("curl -f http://localhost:3000/health || exit 1", Some((Some(3000), "/health"))),
            ("wget -qO- 'http://127.0.0.1/api/health?x=1'", Some((Some(80), "/api/health"))),
            ("fetch(`http://127.0.0.1:${process.env.PORT}/up`).then", Some((None, "/up"))),
            ("curl http://localhost:$PORT", Some((None, "/"))),
            ("curl https://example.com/health", None),
            ("pg_isready", None),
        ] {
            let found = of(text);
            let said = found.as_ref().map(|it| (it.port, it.path.as_str()));
            assert_eq!(said, expected, "{text}");
        }
    }
}
