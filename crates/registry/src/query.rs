//! What stands behind the question mark.

/// The parameters that the protocol knows; others are ignored, as its specification says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The digest that an upload must have.
    pub digest: Option<String>,
    /// The digest of a blob that another repository has.
    pub mount: Option<String>,
    /// That repository.
    pub from: Option<String>,
    /// The most names to list.
    pub n: Option<String>,
    /// The last name of the page before.
    pub last: Option<String>,
    /// What kind of referrers to list.
    pub artifact_type: Option<String>,
}

// === impl Query ===

impl Query {
    /// Reads a query. What is given twice counts the first time.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for pair in text.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let field = match name {
                "digest" => &mut query.digest,
                "mount" => &mut query.mount,
                "from" => &mut query.from,
                "n" => &mut query.n,
                "last" => &mut query.last,
                "artifactType" => &mut query.artifact_type,
                _ => continue,
            };
            field.get_or_insert_with(|| decoded(value));
        }
        query
    }
}

/// `sha256%3Aab` → `sha256:ab`. What is no escape stands for itself.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%').then(|| after.get(..2)).flatten().and_then(hex);
        match (escaped, first) {
            (Some(byte), _) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (None, b'+') => {
                bytes.push(b' ');
                rest = after;
            }
            (None, other) => {
                bytes.push(other);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_parameters_are_read_and_decoded() {
        let query = Query::parse("_state=x&digest=sha256%3Aab&from=a%2Fb&n=5&digest=other");
        assert_eq!(query.digest.as_deref(), Some("sha256:ab"));
        assert_eq!(query.from.as_deref(), Some("a/b"));
        assert_eq!(query.n.as_deref(), Some("5"));
        assert_eq!(query.mount, None);
        assert_eq!(Query::parse(""), Query::default());
        assert_eq!(Query::parse("last=%zz%4").last.as_deref(), Some("%zz%4"));
    }
}
